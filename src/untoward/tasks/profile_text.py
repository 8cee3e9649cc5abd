"""How a profile writes its numbers, and what each line carries of the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

from untoward.evidence.records import Incidence, Record
from untoward.model.profile import Figure, Line
from untoward.tasks.profile_figures import Figures

_UNITS = {"person": "people", "session": "sessions", "injection": "injections", "lesion": "lesions"}


def line(
    cells: Sequence[str],
    records: Sequence[Record],
    *,
    detail: str = "",
    under: bool = False,
    tone: str = "",
    figures: Iterable[Figure] = (),
) -> Line:
    """A line with keys, grade and state of its records. Of several grades the lowest is shown."""
    return Line(
        cells=tuple(cells),
        keys=tuple(record.key for record in records),
        grade=max((record.grade for record in records), default=""),
        verified=all(record.verified for record in records),
        detail=detail,
        under=under,
        tone=tone,
        figures=tuple(figures),
    )


def percent(share: float) -> str:
    """A share in per cent with one decimal; below 1 % with two digits that count; nought as "0"."""
    value = 100 * share
    if value == 0 or value == 100:
        return f"{value:.0f}"
    if value >= 1:
        return f"{value:.1f}" if value < 99.95 else "more than 99.9"
    return f"{value:.2g}" if value >= 0.001 else "0.001 or less"


def share_figure(record: Incidence) -> Figure:
    """As in "71.7": cases divided by those at risk."""
    return Figure(text=percent(record.n / record.of), method="share", keys=(record.key,))


def interval_figure(record: Incidence, figures: Figures) -> Figure:
    """As in "67.6 to 75.6": the exact interval of a share."""
    low, high = figures.intervals[record.n, record.of]
    return Figure(text=f"{percent(low)} to {percent(high)}", method="exact interval", keys=(record.key,))


def counted(record: Incidence) -> str:
    """As in "368 of 513 people"."""
    return f"{record.n:,} of {record.of:,} {_UNITS[record.per]}"


def in_all(records: Sequence[Incidence]) -> str:
    """As in "574 people": everybody who was at risk in several records of one unit."""
    return f"{sum(record.of for record in records):,} {_UNITS[records[0].per]}"


def day(value: float) -> str:
    """A day with one decimal where less than two days matter; an endless one in words."""
    if not isfinite(value) or value > 36500:
        return "no limit"
    return f"{value:.1f}" if value < 1.95 else f"{value:,.0f}"


def days(middle: float, between: tuple[float, float]) -> str:
    """A day and its interval, as in "27 (18 to 42)"."""
    return f"{day(middle)} ({day(between[0])} to {day(between[1])})"


def joined(*parts: str | None, by: str = "; ") -> str:
    """The parts that are there, joined."""
    return by.join(part.rstrip(".") for part in parts if part)


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]
