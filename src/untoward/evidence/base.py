"""The evidence base in memory, and typed look-ups over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from untoward.evidence.records import Criterion, Incidence, Parameter, Record, Source, Timing, subjects_of
from untoward.model.names import NameIndex
from untoward.model.product import Compound
from untoward.model.substances import SubstanceList
from untoward.model.terms import TermList

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class EvidenceBase:
    """Every record, source, compound, term and substance, with a version that changes whenever any of them does."""

    version: str
    sources: Mapping[str, Source]
    compounds: Mapping[str, Compound]
    compound_names: NameIndex
    terms: TermList
    records: Mapping[str, Record]
    substances: SubstanceList

    def compound(self, name: str) -> Compound | None:
        """The compound of any of its names, synonyms or brands; None when it is not known."""
        key = self.compound_names.find(name)
        return None if key is None else self.compounds[key]

    def of_class(self, kind: type[R]) -> tuple[R, ...]:
        """All records of one class, in the order of their files."""
        return tuple(record for record in self.records.values() if isinstance(record, kind))

    def about(self, compound: str) -> tuple[Record, ...]:
        """All records that name this compound."""
        return self._by_compound.get(compound, ())

    def incidences(self, compound: str, term: str) -> tuple[Incidence, ...]:
        """How often this term follows this compound, one record per population."""
        return self._incidences.get((compound, term), ())

    def durations(self, compound: str, term: str) -> tuple[Timing, ...]:
        """How long this term lasts after this compound, one record per population."""
        return self._timings.get(("duration", compound, term), ())

    def onsets(self, compound: str, term: str) -> tuple[Timing, ...]:
        """When this term begins after this compound, one record per population."""
        return self._timings.get(("onset", compound, term), ())

    def criterion(self, key: str) -> Criterion:
        """The published criterion of this key; raises KeyError when there is none."""
        record = self.records[key]
        if not isinstance(record, Criterion):
            raise KeyError(f"{key} is a {record.kind}, not a criterion")
        return record

    def parameters(self) -> Mapping[str, Parameter]:
        """Simulation parameters by name."""
        return {record.name: record for record in self.of_class(Parameter)}

    def source_of(self, record: Record) -> Source:
        """Where a record was read."""
        return self.sources[record.source]

    @cached_property
    def _by_compound(self) -> Mapping[str, tuple[Record, ...]]:
        return _grouped((key, record) for record in self.records.values() for key in subjects_of(record))

    @cached_property
    def _incidences(self) -> Mapping[tuple[str, str], tuple[Incidence, ...]]:
        return _grouped(((record.compound, record.term), record) for record in self.of_class(Incidence))

    @cached_property
    def _timings(self) -> Mapping[tuple[str, str, str], tuple[Timing, ...]]:
        return _grouped(
            ((record.kind, record.compound, record.term), record) for record in self.of_class(Timing)
        )


K = TypeVar("K")
V = TypeVar("V")


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
