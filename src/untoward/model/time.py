"""Time as untoward counts it. Every convention about days stands here, once.

Day 0 is the moment of the session. A *day* is a decimal number of days since the last session before the
reaction: 0.5 is twelve hours, 1.0 is the same clock time on the next day. Where only calendar dates are
known, the session's date is day 0 and the next date is day 1, and the true decimal day lies within one day
either side: `DaySpan` keeps that uncertainty instead of hiding it.

Windows are closed: "day 7 to day 203" contains both ends. A rule that must not miss an emergency asks whether
the span *may* lie in the window; a rule that reassures asks whether it *must*.

    session 2026-03-02 (no time)     reaction 2026-03-04 (no time)
    |-- day 0 ........ |-- day 1 ...... |-- day 2 ........ |
    earliest possible difference 1 day, latest 3 days  ->  DaySpan(1.0, 3.0), reported as day 2

Dates are kept as they were given. "2026-03" stays a month; it becomes a span of days only when it is
compared.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import total_ordering

HOURS_PER_DAY = 24.0
DAYS_PER_WEEK = 7.0
_MINUTES_PER_DAY = 1440

_ISO_PARTIAL = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?"
)


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as it was given: year, month, day or minute. Never rounded to a false day.

    Dates are ordered by the first instant they can mean; of two that begin together the vaguer comes first,
    so that "2026" stands before "2026-01", and that before "2026-01-01".
    """

    year: int
    month: int | None = None
    day: int | None = None
    minute_of_day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day of the month needs its month")
        if self.minute_of_day is not None and self.day is None:
            raise ValueError("a time of day needs its day")
        if self.minute_of_day is not None and not 0 <= self.minute_of_day < _MINUTES_PER_DAY:
            raise ValueError(f"a day has the minutes 0 to 1439, not {self.minute_of_day}")
        self.earliest()  # raises ValueError for a date that the calendar does not have

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read "2026", "2026-03", "2026-03-02" or "2026-03-02T14:30" (ISO 8601; a zone is accepted and
        ignored).

        Raises ValueError with the reason when the text is none of these or names no day of the calendar.
        """
        match = _ISO_PARTIAL.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not an ISO 8601 date such as 2026-03-02, 2026-03 or 2026")
        part = {key: int(value) for key, value in match.groupdict().items() if value is not None}
        minute = part["hour"] * 60 + part["minute"] if "hour" in part else None
        if minute is not None and not (
            part["hour"] < 24 and part["minute"] < 60 and part.get("second", 0) <= 60
        ):
            raise ValueError(f"{text!r} has a time that no clock shows")
        return cls(part["year"], part.get("month"), part.get("day"), minute)

    def earliest(self) -> datetime:
        """First instant this date can mean."""
        month = 1 if self.month is None else self.month
        start = datetime(self.year, month, 1 if self.day is None else self.day)
        return start + timedelta(minutes=self.minute_of_day or 0)

    def latest(self) -> datetime:
        """First instant after everything this date can mean (the instant itself when the minute is known).

        For the last day, month and year of the calendar it is the calendar's last instant.
        """
        start = self.earliest()
        if self.minute_of_day is not None:
            return start
        try:
            return start + timedelta(days=self._days_long())
        except OverflowError:
            return datetime.max

    def _days_long(self) -> int:
        if self.month is None:
            return 366 if calendar.isleap(self.year) else 365
        return calendar.monthrange(self.year, self.month)[1] if self.day is None else 1

    def __lt__(self, other: PartialDate) -> bool:
        return self._place_in_order() < other._place_in_order()

    def _place_in_order(self) -> tuple[datetime, timedelta]:
        return self.earliest(), self.earliest() - self.latest()

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        if self.minute_of_day is not None:
            text += f"T{self.minute_of_day // 60:02d}:{self.minute_of_day % 60:02d}"
        return text


@dataclass(frozen=True, slots=True)
class DaySpan:
    """A time since the session that is known to lie between two decimal days (both included)."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"a span of days must not run backwards: {self.low} to {self.high}")

    @classmethod
    def exactly(cls, day: float) -> DaySpan:
        """The span of a day that is known exactly."""
        return cls(day, day)

    @classmethod
    def between(cls, start: PartialDate, end: PartialDate) -> DaySpan:
        """Days from `start` to `end`, as wide as the two dates leave it; never below zero if zero is
        possible.

        Raises ValueError when the end lies wholly before the start.
        """
        if _wholly_before(end, start):
            raise ValueError(f"{end} is before {start}")
        low = (end.earliest() - start.latest()) / timedelta(days=1)
        high = (end.latest() - start.earliest()) / timedelta(days=1)
        return cls(max(low, 0.0), high)

    @property
    def middle(self) -> float:
        """The day to show a person: the middle of the span."""
        return (self.low + self.high) / 2.0

    def may_be_within(self, low: float, high: float) -> bool:
        """Whether some day of this span lies in the closed window."""
        return self.low <= high and self.high >= low

    def must_be_within(self, low: float, high: float) -> bool:
        """Whether every day of this span lies in the closed window."""
        return low <= self.low and self.high <= high

    def __str__(self) -> str:
        if self.low == self.high:
            return f"day {self.low:g}"
        return f"day {self.low:g} to {self.high:g}"


def _wholly_before(end: PartialDate, start: PartialDate) -> bool:
    """Whether all that `end` can mean lies before all that `start` can; `latest` itself is meant by times only."""
    last, first = end.latest(), start.earliest()
    return last < first or (last == first and end.minute_of_day is None)
