"""Findings on the mixture itself: pairs, sets, and classes that are there twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from untoward.evidence.records import Pair
from untoward.mixture.pairs import INTERACTION, Known, PairAnswer, PairKnowledge, sets_against
from untoward.mixture.vehicles import Applies, Vehicle, vehicle_of
from untoward.model.mixture import MixtureFinding, MixtureKind, Verdict

VERDICT_OF = {"high": Verdict.AVOID, "moderate": Verdict.CAUTION, "low": Verdict.CAUTION}
KIND_OF = {"incompatibility": MixtureKind.INCOMPATIBILITY, INTERACTION: MixtureKind.INTERACTION}

DIFFERENT_DUTIES = frozenset(
    {
        "diluent", "preservative", "vitamin", "procedure", "trace element", "amino acid", "homeopathic",
        "plant extract", "enzyme", "hormone", "medical gas", "mineral salt", "antioxidant", "antiseptic",
    }
)  # fmt: skip
"""Classes whose members do different things: two of them are no duplicate."""

VEHICLE_MISSING = "vehicle"
SULFITE_MISSING = "whether a product holds sulfite"


def pair_findings(
    knowledge: PairKnowledge, answers: Iterable[PairAnswer], compounds: Sequence[str], vehicle: Vehicle
) -> Iterator[MixtureFinding]:
    """Every incompatibility and interaction among the compounds, and every class that is there twice.

    One finding for each record: a bar on mixing a compound with anything names all the partners it meets.
    """
    met: dict[Pair, tuple[Known, set[str]]] = {}
    for answer in answers:
        for known in answer.against:
            met.setdefault(known.record, (known, set()))[1].update((answer.first, answer.second))
        if answer.holds:
            yield _holds_finding(knowledge, answer)
    for known, members in sets_against(knowledge, compounds, vehicle):
        met.setdefault(known.record, (known, set()))[1].update(members)
    twice = _classes_twice(knowledge, compounds)
    for record, (known, subjects) in met.items():
        if not _says_why(record, twice):
            yield _finding(known, tuple(sorted(subjects)))
    yield from _duplicates(twice, [record for record in met if _says_why(record, twice)])


def compatible_pairs(answers: Iterable[PairAnswer]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Pairs that were tested and found to mix well, with the records; what they do to the body is another matter."""
    return {
        (answer.first, answer.second): tuple(known.record.key for known in answer.compatible)
        for answer in answers
        if answer.compatible and all(known.record.kind == INTERACTION for known in answer.against)
    }


def conditions_of_compatibility(answers: Iterable[PairAnswer]) -> tuple[str, ...]:
    """What was not told and on which it hangs that a pair mixes well: the vehicle, or whether sulfite is there."""
    doubtful = [
        known
        for answer in answers
        if answer.compatible and all(one.applies is Applies.UNKNOWN for one in answer.compatible)
        for known in answer.compatible
    ]
    return tuple(dict.fromkeys(fact for known in doubtful for fact in _missing(known)))


def _finding(known: Known, subjects: tuple[str, ...]) -> MixtureFinding:
    record = known.record
    severity = record.severity or "moderate"
    vehicle = f" (in {record.vehicle})" if record.vehicle else ""
    return MixtureFinding(
        kind=KIND_OF[record.kind],
        subjects=subjects,
        severity=severity,
        verdict=VERDICT_OF[severity],
        statement=f"{record.outcome[:1].upper()}{record.outcome[1:]}{vehicle}. {record.statement}",
        evidence=(record.key,),
        facts_missing=_missing(known),
    )


def _missing(known: Known) -> tuple[str, ...]:
    if known.applies is not Applies.UNKNOWN:
        return ()
    asked = vehicle_of(known.record.vehicle or "")
    return (VEHICLE_MISSING,) if asked.fluids else (SULFITE_MISSING,)


def _holds_finding(knowledge: PairKnowledge, answer: PairAnswer) -> MixtureFinding:
    compounds = knowledge.base.compounds
    whole, part = answer.first, answer.second
    if whole in compounds[part].parts:
        whole, part = part, whole
    return MixtureFinding(
        kind=MixtureKind.DUPLICATE_CLASS,
        subjects=(answer.first, answer.second),
        severity="moderate",
        verdict=Verdict.CAUTION,
        statement=f"{compounds[part].label} is already a part of {compounds[whole].label}: the amounts add up.",
        evidence=(),
    )


def _classes_twice(knowledge: PairKnowledge, compounds: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    members: dict[str, list[str]] = defaultdict(list)
    for key in sorted(set(compounds)):
        members[knowledge.drug_class(key)].append(key)
    return {
        name: tuple(keys)
        for name, keys in sorted(members.items())
        if len(keys) > 1 and name not in DIFFERENT_DUTIES
    }


def _says_why(record: Pair, twice: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a record speaks of a class beside itself that is there twice: then it belongs to that finding."""
    return (
        record.kind == INTERACTION
        and len(record.classes) == 2
        and set(record.classes) <= twice.keys()
        and (record.classes[0] == record.classes[1])
    )


def _duplicates(twice: Mapping[str, tuple[str, ...]], rules: Sequence[Pair]) -> Iterator[MixtureFinding]:
    """Two of one class, with what the literature says of that class beside itself."""
    for name, members in twice.items():
        own = [record for record in rules if name in record.classes]
        severity = "high" if any(record.severity == "high" for record in own) else "moderate"
        said = " ".join(dict.fromkeys(record.statement for record in own))
        yield MixtureFinding(
            kind=MixtureKind.DUPLICATE_CLASS,
            subjects=members,
            severity=severity,
            verdict=VERDICT_OF[severity],
            statement=(
                f"{len(members)} compounds of one class ({name}): wanted and unwanted effects add up. {said}".strip()
            ),
            evidence=tuple(record.key for record in own),
        )
