"""Check a mixture: every pair, the whole set, the vehicle, the dose, the law and the person; the worst finding
decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from untoward.evidence.base import EvidenceBase
from untoward.mixture.doses import DoseKnowledge, dose_findings
from untoward.mixture.names import NameReader
from untoward.mixture.pair_findings import compatible_pairs, conditions_of_compatibility, pair_findings
from untoward.mixture.pairs import PairKnowledge, pair_answers
from untoward.mixture.person import PersonKnowledge, facts_not_known, person_findings
from untoward.mixture.reading import mixture_from
from untoward.mixture.status import StatusKnowledge, status_findings
from untoward.mixture.vehicles import vehicle_of, vehicle_of_mixture
from untoward.mixture.words import PersonRead, WordReader
from untoward.model.mixture import GivenMixture, Mixture, MixtureCheck, MixtureFinding, Verdict


class MixtureChecker:
    """Checks mixtures against one evidence base. Holds nothing of any person."""

    def __init__(self, evidence: EvidenceBase) -> None:
        self._evidence = evidence
        self._names = NameReader(evidence.compound_names)
        self._words = WordReader(evidence)
        self._pairs = PairKnowledge(evidence)
        self._people = PersonKnowledge(evidence, self._pairs)
        self._doses = DoseKnowledge(evidence)
        self._status = StatusKnowledge(evidence)

    def read(self, given: GivenMixture) -> Mixture:
        """Read every name of a mixture as it was written."""
        return mixture_from(given, self._names)

    def check(self, mixture: Mixture) -> MixtureCheck:
        """The verdict with everything behind it. The order of the ingredients never matters."""
        compounds = sorted({item.compound for item in mixture.ingredients if item.compound is not None})
        fluids = [item.as_named for item in mixture.ingredients if item.read_as == "vehicle"]
        unread = sorted(
            {
                item.as_named
                for item in mixture.ingredients
                if item.compound is None and item.read_as != "vehicle"
            }
        )
        vehicle = vehicle_of_mixture(mixture.vehicle, fluids, compounds)
        person = self._words.read(mixture.person, also_given=unread)
        answers = tuple(pair_answers(self._pairs, compounds, vehicle))
        findings = _worst_first(
            [
                *pair_findings(self._pairs, answers, compounds, vehicle),
                *person_findings(self._people, compounds, mixture.person, person),
                *dose_findings(self._doses, mixture),
                *status_findings(self._status, compounds, mixture.country),
            ]
        )
        unknown = tuple((answer.first, answer.second) for answer in answers if not answer.known)
        missing = (
            *conditions_of_compatibility(answers),
            *(fact for finding in findings for fact in finding.facts_missing),
            *facts_not_known(self._people, compounds, mixture.person, person),
        )
        return MixtureCheck(
            verdict=_verdict(findings, compounds, bool(unknown or unread)),
            findings=tuple(findings),
            compatible=compatible_pairs(answers),
            no_data=unknown,
            unrecognised=_unrecognised(mixture, unread, person),
            ingredients=mixture.ingredients,
            vehicle=tuple(sorted(vehicle.fluids)),
            person=person.words,
            facts_missing=tuple(dict.fromkeys(missing)),
            evidence_version=self._evidence.version,
        )


def _verdict(findings: Iterable[MixtureFinding], compounds: Sequence[str], gaps: bool) -> Verdict:
    """The worst verdict of any finding.

    `ok` only when every ingredient was recognised and every pair was tested.
    """
    verdicts = [finding.verdict for finding in findings if finding.verdict is not None]
    if gaps or len(compounds) < 2:
        verdicts.append(Verdict.NO_DATA)
    return Verdict.worst([*verdicts, Verdict.OK])


def _worst_first(findings: list[MixtureFinding]) -> list[MixtureFinding]:
    def key(finding: MixtureFinding) -> tuple[int, str, tuple[str, ...], str]:
        rank = len(Verdict) if finding.verdict is None else finding.verdict.rank
        return rank, finding.kind.value, finding.subjects, finding.statement

    return sorted(findings, key=key)


def _unrecognised(mixture: Mixture, unread: Sequence[str], person: PersonRead) -> tuple[str, ...]:
    told = (mixture.vehicle or "").strip()
    an_ingredient = any(item.as_named == mixture.vehicle for item in mixture.ingredients)
    vehicle = () if not told or an_ingredient or vehicle_of(told).says_something else (told,)
    return tuple(dict.fromkeys((*unread, *vehicle, *person.unrecognised)))
