"""What is known of each pair of ingredients: incompatible, interacting, tested and compatible, or nothing.

For mixing, the closest knowledge counts: a set that was tested or is sold as one covers its pairs; a pair that
was tested beats what its classes would predict; a bar on mixing one compound with anything stands until the
very pair was found compatible. For effects on the body a record of the pair beats one of its classes, and no
test of mixing takes an effect away. Of records of one rank the worst decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Pair
from untoward.mixture.vehicles import Applies, Vehicle, applies

COMPATIBLE = "compatibility"
INTERACTION = "interaction"

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A record that counts, and whether it holds for the vehicle or might."""

    record: Pair
    applies: Applies


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAnswer:
    """What is known of one pair of ingredients.

    `against` holds what speaks against it, `compatible` what was tested without fault, `part` the name of the
    part of an ingredient that the records are about, `holds` whether one ingredient is a part of the other.
    """

    first: str
    second: str
    against: tuple[Known, ...] = ()
    compatible: tuple[Known, ...] = ()
    holds: bool = False

    @property
    def known(self) -> bool:
        """Whether anything at all is known of the pair."""
        return bool(self.against or self.compatible or self.holds)


@dataclass(frozen=True)
class PairKnowledge:
    """All records of pairs and sets, indexed once, ready to be asked about any compounds."""

    base: EvidenceBase

    @cached_property
    def _records(self) -> tuple[Pair, ...]:
        return tuple(record for record in self.base.of_class(Pair) if record.with_ is None)

    @cached_property
    def _by_names(self) -> Mapping[Names, tuple[Pair, ...]]:
        """Records of one name (any partner) and of two, by their sorted names."""
        index: dict[Names, list[Pair]] = {}
        for record in self._records:
            names = tuple(sorted((*record.compounds, *record.classes)))
            if len(names) <= 2:
                index.setdefault(names, []).append(record)
        return {names: tuple(records) for names, records in index.items()}

    @cached_property
    def _sets(self) -> tuple[Pair, ...]:
        """Records of three and more together."""
        return tuple(record for record in self._records if len(record.compounds) + len(record.classes) > 2)

    def drug_class(self, key: str) -> str:
        """The class of a compound."""
        return self.base.compounds[key].drug_class

    def sets_in(self, compounds: Iterable[str], vehicle: Vehicle) -> tuple[tuple[Known, frozenset[str]], ...]:
        """Records of sets that are there as a whole, each with the compounds that stand in it."""
        present = frozenset(compounds)
        found = ((record, self._set_members(record, present)) for record in self._sets)
        return tuple(
            (Known(record, holds), members)
            for record, members in found
            if members is not None and (holds := applies(record, vehicle)) is not Applies.NO
        )

    def _set_members(self, record: Pair, present: frozenset[str]) -> frozenset[str] | None:
        if not present.issuperset(record.compounds):
            return None
        members = set(record.compounds)
        for name in record.classes:
            of_class = {key for key in present - members if self.drug_class(key) == name}
            if not of_class:
                return None
            members |= of_class
        return frozenset(members)

    def answer(
        self, first: str, second: str, vehicle: Vehicle, tested: Sequence[Known] = (), covered: bool = False
    ) -> PairAnswer:
        """What is known of a pair; `tested` are sets found compatible that hold it, `covered` when one surely does."""
        compounds = self.base.compounds
        holds = first in compounds[second].parts or second in compounds[first].parts
        against, compatible = self._direct(first, second, vehicle, tested, covered)
        if not compatible and not holds:
            against += self._through_parts(first, second, vehicle)
        unique = tuple(dict.fromkeys(against))
        return PairAnswer(
            first=first, second=second, against=unique, compatible=tuple(compatible), holds=holds
        )

    def _direct(
        self, first: str, second: str, vehicle: Vehicle, tested: Sequence[Known], covered: bool
    ) -> tuple[list[Known], list[Known]]:
        by_rank = [
            self._holding(names, vehicle)
            for names in (self._pair_names(first, second), self._class_names(first, second))
        ]
        mixing = [[known for known in rank if known.record.kind != INTERACTION] for rank in by_rank]
        effects = [[known for known in rank if known.record.kind == INTERACTION] for rank in by_rank]
        closest_mixing = mixing[0] or mixing[1]
        compatible = [*tested, *(known for known in closest_mixing if known.record.kind == COMPATIBLE)]
        tested_as_pair = [*tested, *(known for known in mixing[0] if known.record.kind == COMPATIBLE)]
        against = [known for known in closest_mixing if known.record.kind != COMPATIBLE]
        if tested and not mixing[0]:
            against = []
        if not tested_as_pair:
            against += self._holding(self._alone_names(first, second), vehicle)
        return ([] if covered else against) + (effects[0] or effects[1]), compatible

    def _holding(self, names: Iterable[Names], vehicle: Vehicle) -> list[Known]:
        found: dict[Pair, Applies] = {}
        for key in names:
            for record in self._by_names.get(key, ()):
                holds = applies(record, vehicle)
                if holds is not Applies.NO:
                    found[record] = holds
        return [Known(record, holds) for record, holds in found.items()]

    def _pair_names(self, first: str, second: str) -> tuple[Names, ...]:
        return (_sorted(first, second),)

    def _class_names(self, first: str, second: str) -> tuple[Names, ...]:
        one, other = self.drug_class(first), self.drug_class(second)
        return _sorted(first, other), _sorted(one, second), _sorted(one, other)

    def _alone_names(self, first: str, second: str) -> tuple[Names, ...]:
        return tuple((name,) for name in (first, second, self.drug_class(first), self.drug_class(second)))

    def _through_parts(self, first: str, second: str, vehicle: Vehicle) -> list[Known]:
        """What speaks against a part of one ingredient beside the other, or beside a part of it."""
        ones, others = self._with_parts(first), self._with_parts(second)
        return [
            known
            for one in ones
            for other in others
            if one != other and (one, other) != (first, second)
            for known in self._direct(one, other, vehicle, (), False)[0]
        ]

    def _with_parts(self, key: str) -> tuple[str, ...]:
        return (key, *self.base.compounds[key].parts)

    def effects(self, first: str, second: str) -> tuple[Pair, ...]:
        """Interactions on the body of two compounds, however each is given."""
        ranks = (self._pair_names(first, second), self._class_names(first, second))
        return next((found for names in ranks if (found := self._effects_of(names))), ())

    def effects_with_class(self, key: str, drug_class: str) -> tuple[Pair, ...]:
        """Interactions on the body of a compound with any compound of a class."""
        return self._effects_of((_sorted(key, drug_class), _sorted(self.drug_class(key), drug_class)))

    def _effects_of(self, names: Iterable[Names]) -> tuple[Pair, ...]:
        found = (record for key in names for record in self._by_names.get(key, ()))
        return tuple(dict.fromkeys(record for record in found if record.kind == INTERACTION))


def _sorted(first: str, second: str) -> Names:
    return (first, second) if first <= second else (second, first)


SetsFound = Sequence[tuple[Known, frozenset[str]]]


def pair_answers(
    knowledge: PairKnowledge, compounds: Sequence[str], vehicle: Vehicle
) -> Iterator[PairAnswer]:
    """What is known of every pair of different compounds, in the order of their keys."""
    found = knowledge.sets_in(compounds, vehicle)
    tested = [entry for entry in found if entry[0].record.kind == COMPATIBLE]
    covers = _covers(found)
    for first, second in combinations(sorted(set(compounds)), 2):
        holding = [known for known, members in tested if first in members and second in members]
        covered = any(first in members and second in members for members in covers)
        yield knowledge.answer(first, second, vehicle, holding, covered)


def sets_against(
    knowledge: PairKnowledge, compounds: Sequence[str], vehicle: Vehicle
) -> Iterator[tuple[Known, tuple[str, ...]]]:
    """Sets that go wrong together, unless a larger tested set covers all of them."""
    found = knowledge.sets_in(compounds, vehicle)
    covers = _covers(found)
    for known, members in found:
        if known.record.kind == COMPATIBLE:
            continue
        if known.record.kind == INTERACTION or not any(members < cover for cover in covers):
            yield known, tuple(sorted(members))


def _covers(found: SetsFound) -> list[frozenset[str]]:
    """Sets that were tested without fault and surely hold; not those of which another test says otherwise."""
    contested = {members for known, members in found if known.record.kind not in (COMPATIBLE, INTERACTION)}
    return [
        members
        for known, members in found
        if known.record.kind == COMPATIBLE and known.applies is Applies.YES and members not in contested
    ]
