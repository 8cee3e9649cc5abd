"""Check a mixture: every pair, the whole set, the dose, the law and the person; the worst finding decides."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from untoward.evidence.base import EvidenceBase
from untoward.mixture.doses import dose_findings
from untoward.mixture.pairs import PairKnowledge, compatible_pairs, pair_findings
from untoward.mixture.person import person_findings, unrecognised_words
from untoward.mixture.status import status_findings
from untoward.model.mixture import Mixture, MixtureCheck, MixtureFinding, Verdict
from untoward.model.substances import SubstanceList


class MixtureChecker:
    """Checks mixtures against one evidence base. Holds nothing of any person."""

    def __init__(self, evidence: EvidenceBase, substances: SubstanceList) -> None:
        self._evidence = evidence
        self._substances = substances
        self._pairs = PairKnowledge(evidence)

    def check(self, mixture: Mixture) -> MixtureCheck:
        """The verdict with everything behind it. The order of the ingredients never matters."""
        compounds = sorted({item.compound for item in mixture.ingredients if item.compound is not None})
        findings = _worst_first(
            [
                *pair_findings(self._pairs, compounds),
                *person_findings(self._evidence, self._substances, compounds, mixture.person),
                *dose_findings(self._evidence, mixture),
                *status_findings(self._evidence, compounds, mixture.country),
            ]
        )
        compatible = compatible_pairs(self._pairs, compounds)
        decided = {frozenset(finding.subjects[:2]) for finding in findings if finding.verdict is not None}
        unknown = [
            pair
            for pair in combinations(compounds, 2)
            if pair not in compatible and frozenset(pair) not in decided
        ]
        unread = tuple(item.as_named for item in mixture.ingredients if item.compound is None)
        return MixtureCheck(
            verdict=_verdict(findings, compounds, unknown, unread),
            findings=tuple(findings),
            compatible=compatible,
            no_data=tuple(unknown),
            unrecognised=(*unread, *unrecognised_words(self._substances, self._evidence, mixture.person)),
            ingredients=mixture.ingredients,
            evidence_version=self._evidence.version,
        )


def _verdict(
    findings: Iterable[MixtureFinding],
    compounds: list[str],
    unknown: list[tuple[str, str]],
    unread: tuple[str, ...],
) -> Verdict:
    """The worst verdict of any finding;

    `ok` only when every ingredient was recognised and every pair was tested.
    """
    verdicts = [finding.verdict for finding in findings if finding.verdict is not None]
    if unknown or unread or len(compounds) < 2:
        verdicts.append(Verdict.NO_DATA)
    return Verdict.worst([*verdicts, Verdict.OK])


def _worst_first(findings: list[MixtureFinding]) -> list[MixtureFinding]:
    def key(finding: MixtureFinding) -> tuple[int, str, tuple[str, ...], str]:
        rank = len(Verdict) if finding.verdict is None else finding.verdict.rank
        return rank, finding.kind.value, finding.subjects, finding.statement

    return sorted(findings, key=key)
