"""A case definition as values: person, place, time, and for each level the condition that makes a case of it.

Field Epidemiology Manual, chapter on case definitions: clinical and laboratory criteria bounded by person, place and
time, in levels that say how sure a case is. Exposures belong into a definition only while the question is not whether
that exposure is to blame: a definition that holds the suspect exposure finds every case exposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from untoward.model.time import PartialDate

LEVELS = ("confirmed", "probable", "suspect")
"""Levels of a case, the surest first."""

CANNOT_BE_TOLD, NOT_A_CASE, OUTSIDE = "cannot be told", "not a case", "outside"
"""What a person is who meets no level: perhaps one, none, or nobody the definition speaks of."""

STANDINGS = (*LEVELS, CANNOT_BE_TOLD, NOT_A_CASE, OUTSIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A closed range of numbers; None is no limit."""

    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is None:
            return f"up to {self.high:g}"
        return f"{self.low:g} or more" if self.high is None else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A closed range of days; None is no limit."""

    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        if self.first is None:
            return f"up to {self.last}"
        return f"from {self.first}" if self.last is None else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HasTerm:
    """A reaction with one of these terms, begun so many days after a session of the definition, on such a date.

    With `after_last` the days run from the last session before the reaction alone; else from any earlier session of
    the person: in weekly courses the last session is rarely the one that caused an infection.
    """

    label: str
    terms: tuple[str, ...]
    onset_day: Between | None = None
    after_last: bool = False
    onset: Dates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HasFinding:
    """A finding recorded at an observation, such as a culture: present (or absent), or a number in a range."""

    label: str
    terms: tuple[str, ...]
    present: bool = True
    value: Between | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HasMeasure:
    """A measure of a reaction at an observation: `count` or `size_cm`."""

    label: str
    measure: str
    value: Between


@dataclass(frozen=True, slots=True, kw_only=True)
class HasExposure:
    """A session of the definition with one of these values on an axis."""

    label: str
    axis: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Several conditions: `kind` is all, any, none, or at_least with `number` of them."""

    label: str
    kind: str
    parts: tuple[Condition, ...]
    number: int = 0


Condition = HasTerm | HasFinding | HasMeasure | HasExposure | Joined


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDefinition:
    """Who can be a case, where, when, and by what.

    `person` and `place` map columns of sessions to the values that count; `counts_as_ill` are the levels that make
    somebody ill in an analysis.
    """

    name: str
    question: str
    age: Between | None
    person: Mapping[str, tuple[str, ...]]
    place: Mapping[str, tuple[str, ...]]
    sessions: Dates | None
    onset: Dates | None
    levels: Mapping[str, Condition]
    counts_as_ill: tuple[str, ...]


def leaves(condition: Condition) -> Iterator[HasTerm | HasFinding | HasMeasure | HasExposure]:
    """The single conditions of a tree, in the order in which they are written."""
    if isinstance(condition, Joined):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def affirmed_terms(condition: Condition) -> Iterator[HasTerm]:
    """The conditions on terms that speak for a case, not those under "none"."""
    if isinstance(condition, Joined):
        if condition.kind != "none":
            for part in condition.parts:
                yield from affirmed_terms(part)
    elif isinstance(condition, HasTerm):
        yield condition


def definition_from(document: Mapping[str, Any]) -> CaseDefinition:
    """The definition of a checked document (`case-definition.json`), its terms and compounds resolved."""
    person = dict(document.get("person") or {})
    age = person.pop("age", None)
    time = document.get("time") or {}
    levels = document["levels"]
    return CaseDefinition(
        name=document["name"],
        question=document.get("question") or "",
        age=_between(age),
        person={column: _listed(values) for column, values in person.items()},
        place={column: _listed(values) for column, values in (document.get("place") or {}).items()},
        sessions=_dates(time.get("sessions")),
        onset=_dates(time.get("onset")),
        levels={level: condition_from(levels[level]) for level in LEVELS if level in levels},
        counts_as_ill=tuple(document.get("counts") or [level for level in LEVELS if level in levels]),
    )


def condition_from(item: Mapping[str, Any]) -> Condition:
    """One condition and all below it."""
    if "term" in item:
        return _term_from(item)
    if "finding" in item:
        return _finding_from(item)
    if "measure" in item:
        value = Between(low=item.get("from"), high=item.get("to"))
        return HasMeasure(
            label=_label(item, f"{item['measure']} {value}"), measure=item["measure"], value=value
        )
    if "exposure" in item:
        values = _listed(item["value"])
        return HasExposure(
            label=_label(item, f"{item['exposure']} {' or '.join(values)}"),
            axis=item["exposure"],
            values=values,
        )
    return _joined_from(item)


def _term_from(item: Mapping[str, Any]) -> HasTerm:
    terms, window, onset = _listed(item["term"]), _between(item.get("onset_day")), _dates(item.get("onset"))
    after_last = item.get("after") == "last session"
    return HasTerm(
        label=_label(item, _term_words(terms, window, onset, after_last)),
        terms=terms,
        onset_day=window,
        after_last=after_last,
        onset=onset,
    )


def _finding_from(item: Mapping[str, Any]) -> HasFinding:
    terms, present = _listed(item["finding"]), bool(item.get("is", True))
    value = _between(item)
    words = _spoken(terms) + (f" {value}" if value else "" if present else " absent")
    return HasFinding(label=_label(item, words), terms=terms, present=present, value=value)


def _joined_from(item: Mapping[str, Any]) -> Joined:
    kind = next(name for name in ("all", "any", "none", "at_least") if name in item)
    parts = tuple(condition_from(part) for part in item["of" if kind == "at_least" else kind])
    number = int(item["at_least"]) if kind == "at_least" else 0
    return Joined(
        label=_label(item, _joined_words(kind, parts, number)), kind=kind, parts=parts, number=number
    )


def _joined_words(kind: str, parts: tuple[Condition, ...], number: int) -> str:
    listed = [f"({part.label})" if isinstance(part, Joined) else part.label for part in parts]
    if kind == "none":
        return f"none of: {', '.join(listed)}"
    if kind == "at_least":
        return f"at least {number} of: {', '.join(listed)}"
    return (" and " if kind == "all" else " or ").join(listed)


def _term_words(terms: tuple[str, ...], window: Between | None, onset: Dates | None, after_last: bool) -> str:
    words = _spoken(terms)
    words += f", begun day {window} after {'the last' if after_last else 'a'} session" if window else ""
    return words + (f", onset {onset}" if onset else "")


def _spoken(terms: tuple[str, ...]) -> str:
    return " or ".join(term.replace("-", " ") for term in terms)


def _label(item: Mapping[str, Any], words: str) -> str:
    return str(item.get("label") or words)


def _listed(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else (str(value),)


def _between(item: Mapping[str, Any] | None) -> Between | None:
    if not item or (item.get("from") is None and item.get("to") is None):
        return None
    return Between(low=item.get("from"), high=item.get("to"))


def _dates(item: Mapping[str, Any] | None) -> Dates | None:
    """A month or a year counts with all of its days."""
    if not item or (item.get("from") is None and item.get("to") is None):
        return None
    first, last = item.get("from"), item.get("to")
    return Dates(
        first=None if first is None else PartialDate.parse(first).earliest().date(),
        last=None if last is None else _last_day(PartialDate.parse(last)),
    )


def _last_day(day: PartialDate) -> date:
    return day.latest().date() if day.minute_of_day is not None else (day.latest() - timedelta(days=1)).date()
