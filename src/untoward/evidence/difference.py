"""What changed between two evidence bases, field by field, and which answers may change with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import ExpectedCourse, expected_course
from untoward.evidence.pooling import pooled_incidences
from untoward.evidence.records import Criterion, Incidence, Pair, Record, Timing

SECTIONS: Mapping[str, Callable[[EvidenceBase], Mapping[str, Any]]] = {
    "sources": lambda base: base.sources,
    "compounds": lambda base: base.compounds,
    "terms": lambda base: base.terms.terms,
    "substances": lambda base: base.substances.substances,
    "records": lambda base: base.records,
}
"""The entries of each section by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that differs; None where an entry does not have it."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of a section that was added, removed or changed."""

    section: str
    key: str
    what: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseChange:
    """The days by which 5 %, 50 % and 95 % of a reaction were over, before and now; None is "no data"."""

    compound: str
    term: str
    old: tuple[float, float, float] | None
    new: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """The counts (n, N) behind how often a reaction follows a compound, and their pooled share where there is one."""

    compound: str
    term: str
    old: tuple[tuple[int, int], ...]
    new: tuple[tuple[int, int], ...]
    old_pooled: tuple[float, ...]
    new_pooled: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All changes, and what hangs on them. Empty when both bases say the same."""

    old: str
    new: str
    changes: tuple[Change, ...]
    courses: tuple[CourseChange, ...]
    rates: tuple[RateChange, ...]
    criteria: tuple[str, ...]
    pairs: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether the two say the same, whatever their files look like."""
        return not self.changes


def difference(old: EvidenceBase, new: EvidenceBase) -> Difference:
    """What was added, removed or changed from `old` to `new`.

    An answer may change where a record of it does, and where a compound got other parts.
    """
    changes = tuple(
        change
        for section, entries in SECTIONS.items()
        for change in _changes(section, entries(old), entries(new))
    )
    touched = [
        record for change in changes if change.section == "records" for record in _both(old, new, change.key)
    ]
    return Difference(
        old=old.version,
        new=new.version,
        changes=changes,
        courses=tuple(_course_changes(old, new)),
        rates=tuple(_rate_changes(old, new, touched)),
        criteria=tuple(dict.fromkeys(record.key for record in touched if isinstance(record, Criterion))),
        pairs=tuple(dict.fromkeys(record.key for record in touched if isinstance(record, Pair))),
    )


def _changes(section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if key not in new:
            yield Change(section=section, key=key, what="removed")
        elif key not in old:
            yield Change(section=section, key=key, what="added")
        elif old[key] != new[key]:
            found = tuple(_field_changes(_plain(old[key]), _plain(new[key])))
            yield Change(section=section, key=key, what="changed", fields=found)


def _plain(entry: object) -> Mapping[str, Any]:
    if is_dataclass(entry) and not isinstance(entry, type):
        return {name.rstrip("_"): value for name, value in asdict(entry).items()}
    return entry if isinstance(entry, Mapping) else {"value": entry}


def _field_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield FieldChange(field=name, old=old.get(name), new=new.get(name))


def _both(old: EvidenceBase, new: EvidenceBase, key: str) -> Iterator[Record]:
    for base in (old, new):
        if key in base.records:
            yield base.records[key]


def _course_changes(old: EvidenceBase, new: EvidenceBase) -> Iterator[CourseChange]:
    terms = sorted({r.term for base in (old, new) for r in base.of_class(Timing) if r.kind == "duration"})
    for compound in sorted({*old.compounds, *new.compounds}):
        for term in terms:
            before, now = (
                _band(expected_course(old, compound, term)),
                _band(expected_course(new, compound, term)),
            )
            if before != now:
                yield CourseChange(compound=compound, term=term, old=before, new=now)


def _band(course: ExpectedCourse | None) -> tuple[float, float, float] | None:
    return None if course is None else course.band_days


def _rate_changes(old: EvidenceBase, new: EvidenceBase, touched: Iterable[Record]) -> Iterator[RateChange]:
    for compound, term in sorted({(r.compound, r.term) for r in touched if isinstance(r, Incidence)}):
        before, now = _counts(old, compound, term), _counts(new, compound, term)
        if before != now:
            yield RateChange(
                compound=compound,
                term=term,
                old=before,
                new=now,
                old_pooled=tuple(one.share for one in pooled_incidences(old, compound, term)),
                new_pooled=tuple(one.share for one in pooled_incidences(new, compound, term)),
            )


def _counts(base: EvidenceBase, compound: str, term: str) -> tuple[tuple[int, int], ...]:
    return tuple((record.n, record.of) for record in base.incidences(compound, term))
