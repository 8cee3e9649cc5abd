"""What is known of each pair of ingredients: incompatible, interacting, tested and compatible, or nothing.

A record that names the compounds themselves beats one that names their classes ("instance beats class"):
where a pair was tested, what the class would predict is not shown for that property. Several records about
one pair stand side by side, and the worst decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Pair
from untoward.model.mixture import MixtureFinding, MixtureKind, Verdict

VERDICT_OF: Mapping[tuple[str, str], Verdict] = {
    ("incompatibility", "high"): Verdict.AVOID,
    ("incompatibility", "moderate"): Verdict.CAUTION,
    ("incompatibility", "low"): Verdict.CAUTION,
    ("interaction", "high"): Verdict.AVOID,
    ("interaction", "moderate"): Verdict.CAUTION,
    ("interaction", "low"): Verdict.CAUTION,
}
KIND_OF = {"incompatibility": MixtureKind.INCOMPATIBILITY, "interaction": MixtureKind.INTERACTION}


@dataclass(frozen=True)
class PairKnowledge:
    """All pair records, ready to be asked about any set of compounds."""

    base: EvidenceBase

    @cached_property
    def _records(self) -> tuple[Pair, ...]:
        return tuple(record for record in self.base.of_class(Pair) if record.with_ is None)

    @cached_property
    def _by_first(self) -> Mapping[str, tuple[Pair, ...]]:
        """Records by each compound or class they name."""
        index: dict[str, list[Pair]] = {}
        for record in self._records:
            for name in {*record.compounds, *record.classes}:
                index.setdefault(name, []).append(record)
        return {name: tuple(records) for name, records in index.items()}

    def members(self, compounds: Iterable[str]) -> tuple[str, ...]:
        """The compounds, and the parts of those that are mixtures themselves."""
        found: dict[str, None] = {}
        for key in compounds:
            found.setdefault(key)
            for part in self.base.compounds[key].parts:
                found.setdefault(part)
        return tuple(found)

    def records_for(self, first: str, second: str) -> tuple[Pair, ...]:
        """Records about a pair of different compounds:

        those that name both if there are any, else by class.
        """
        candidates = dict.fromkeys(
            record
            for name in (first, second, *self._classes(first), *self._classes(second))
            for record in self._by_first.get(name, ())
        )
        fitting = [record for record in candidates if self._fits(record, first, second)]
        by_property: dict[str, list[Pair]] = {}
        for record in fitting:
            by_property.setdefault("interaction" if record.kind == "interaction" else "mixing", []).append(
                record
            )
        return tuple(record for records in by_property.values() for record in _most_specific(records))

    def _classes(self, key: str) -> tuple[str, ...]:
        return (self.base.compounds[key].drug_class,)

    def _fits(self, record: Pair, first: str, second: str) -> bool:
        """Whether the two compounds can stand for everything the record names, each for one of its names."""
        wanted = [*record.compounds, *record.classes]
        if len(wanted) != 2:
            return False
        pairings = ((first, second), (second, first))
        return any(
            self._stands_for(one, wanted[0]) and self._stands_for(other, wanted[1]) for one, other in pairings
        )

    def _stands_for(self, key: str, name: str) -> bool:
        return key == name or name in self._classes(key)

    def larger_sets(self, compounds: Sequence[str]) -> tuple[Pair, ...]:
        """Records that name three or more compounds, all of which are there."""
        present = set(compounds)
        return tuple(
            record
            for record in self._records
            if len(record.compounds) > 2 and set(record.compounds) <= present
        )


def _most_specific(records: Sequence[Pair]) -> tuple[Pair, ...]:
    fewest = min(len(record.classes) for record in records)
    return tuple(record for record in records if len(record.classes) == fewest)


def pair_findings(knowledge: PairKnowledge, compounds: Sequence[str]) -> Iterator[MixtureFinding]:
    """Every incompatibility and interaction among the compounds, and every class that is there twice."""
    members = sorted(knowledge.members(compounds))
    for first, second in combinations(members, 2):
        if _one_holds_the_other(knowledge, first, second):
            continue
        for record in knowledge.records_for(first, second):
            if record.kind in KIND_OF:
                yield _finding(record, (first, second))
    for record in knowledge.larger_sets(members):
        if record.kind in KIND_OF:
            yield _finding(record, tuple(sorted(record.compounds)))
    yield from _duplicates(knowledge, compounds)


def compatible_pairs(
    knowledge: PairKnowledge, compounds: Sequence[str]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Pairs that were tested and found compatible, with the records that say so."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for first, second in combinations(sorted(set(compounds)), 2):
        keys = tuple(
            r.key for r in knowledge.records_for(first, second) if r.kind == "compatibility" and not r.classes
        )
        if keys or _one_holds_the_other(knowledge, first, second):
            found[(first, second)] = keys
    return found


def _one_holds_the_other(knowledge: PairKnowledge, first: str, second: str) -> bool:
    compounds = knowledge.base.compounds
    return first in compounds[second].parts or second in compounds[first].parts


def _finding(record: Pair, subjects: tuple[str, ...]) -> MixtureFinding:
    severity = record.severity or "moderate"
    vehicle = f" (in {record.vehicle})" if record.vehicle else ""
    return MixtureFinding(
        kind=KIND_OF[record.kind],
        subjects=subjects,
        severity=severity,
        verdict=VERDICT_OF[(record.kind, severity)],
        statement=f"{record.outcome[:1].upper()}{record.outcome[1:]}{vehicle}. {record.statement}",
        evidence=(record.key,),
    )


NOT_A_DUTY_OF_CLASS = frozenset(
    {"diluent", "preservative", "vitamin", "procedure", "trace element", "amino acid", "homeopathic"}
)
"""Classes whose members do different things: two of them are no duplicate."""


def _duplicates(knowledge: PairKnowledge, compounds: Sequence[str]) -> Iterator[MixtureFinding]:
    classes = Counter(knowledge.base.compounds[key].drug_class for key in set(compounds))
    for name, count in sorted(classes.items()):
        if count > 1 and name not in NOT_A_DUTY_OF_CLASS:
            members = tuple(
                sorted(key for key in set(compounds) if knowledge.base.compounds[key].drug_class == name)
            )
            yield MixtureFinding(
                kind=MixtureKind.DUPLICATE_CLASS,
                subjects=members,
                severity="moderate",
                verdict=Verdict.CAUTION,
                statement=f"{len(members)} compounds of one class ({name}): their effects and unwanted effects add up.",
                evidence=(),
            )
