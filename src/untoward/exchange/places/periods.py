"""The study period cut into days, weeks, months or years, and which of them a date falls into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Unit = Literal["day", "week", "month", "year"]
MOST_PERIODS = 20_000
LONGEST_DATE: dict[str, int] = {"day": 1, "week": 1, "month": 31, "year": 366}
"""How many days a date may span and still tell its period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Consecutive periods; `edges` are ordinal days, one more than there are periods: period i ends before `edges[i + 1]`.

    Weeks are blocks of seven days that end with the last day of the study, so the newest is whole; the oldest may be short.
    Months and years are those of the calendar; the first and the last may be cut short by the study period.
    """

    unit: Unit
    edges: NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many periods there are."""
        return len(self.edges) - 1

    def first_day(self, place: int) -> str:
        """The ISO date on which a period begins."""
        return date.fromordinal(int(self.edges[place])).isoformat()

    def last_day(self, place: int) -> str:
        """The ISO date of the last day of a period."""
        return date.fromordinal(int(self.edges[place + 1]) - 1).isoformat()

    def place_of(self, days: NDArray[np.float64]) -> NDArray[np.int64]:
        """The period of each ordinal day; -1 for a day outside the study period."""
        found = np.searchsorted(self.edges, days, side="right") - 1
        return np.where((found < 0) | (days >= self.edges[-1]), -1, found).astype(np.int64)


def cut(first: date, last: date, unit: Unit) -> Periods:
    """The periods from `first` to `last`, both days counted in. Raises ValueError when there would be too many or none."""
    if last < first:
        raise ValueError(f"it begins on {first}, after its end on {last}")
    edges = _edges(first, last, unit)
    if len(edges) > MOST_PERIODS + 1:
        raise ValueError(f"it has {len(edges) - 1:,} {unit}s; at most {MOST_PERIODS:,} can be scanned")
    return Periods(unit=unit, edges=np.array(edges, float))


def _edges(first: date, last: date, unit: Unit) -> list[int]:
    start, end = first.toordinal(), last.toordinal() + 1
    if unit == "day":
        return list(range(start, end + 1))
    if unit == "week":
        return sorted({start, *range(end, start, -7)})
    turns = [end, start]
    for year in range(first.year, last.year + 1):
        for month in range(1, 13) if unit == "month" else (1,):
            turn = date(year, month, 1).toordinal()
            if start < turn < end:
                turns.append(turn)
    return sorted(turns)
