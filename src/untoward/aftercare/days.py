"""Days after a session as dates in a person's language, or as counts of days when the date is not known.

A day that is not whole is counted up: "over by" a date must be true on that date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from untoward.aftercare.texts import Texts
from untoward.model.time import DAYS_PER_WEEK, PartialDate

_LONG = 28
"""Days from which weeks are easier to count."""


@dataclass(frozen=True)
class Days:
    """The days after one session, in words. `start` is the session's date as it was recorded."""

    texts: Texts
    start: PartialDate | None

    @property
    def day_zero(self) -> date | None:
        """The date of the session; None when it is not known to the day."""
        start = self.start
        if start is None or start.month is None or start.day is None:
            return None
        return date(start.year, start.month, start.day)

    def date_of(self, days: float) -> date | None:
        """The date so many days after the session; None when the session has no date."""
        zero = self.day_zero
        return None if zero is None else zero + timedelta(days=ceil(days))

    def until(self, days: float) -> str:
        """As in "until Thursday 14 May 2026": on that date it is over. Without a date, whole weeks are said as weeks."""
        if self.day_zero is None and days >= _LONG and days % DAYS_PER_WEEK == 0:
            return self.texts("date.until_weeks", weeks=int(days // DAYS_PER_WEEK))
        return self._said("until", days)

    def by(self, days: float) -> str:
        """As in "by Tuesday 5 May"; with the year only when it is not that of the session."""
        return self._said("by", days, brief=True)

    def cell(self, days: float) -> str:
        """For a table: the date alone, or "day 12"."""
        when = self.date_of(days)
        return self.texts("date.cell_days", days=ceil(days)) if when is None else self._brief(when)

    def on(self, days: float) -> str:
        """As in "on Monday 8 June", or "on day 28"."""
        return self._said("on", days, brief=True)

    def recorded(self, value: PartialDate) -> str:
        """A recorded date as precise as it is."""
        if value.month is None:
            return str(value.year)
        if value.day is None:
            month = self.texts.listed("date.months")[value.month - 1]
            return self.texts("date.month_only", month=month, year=value.year)
        return self.full(date(value.year, value.month, value.day))

    def full(self, when: date) -> str:
        """A date with weekday and year."""
        return self.texts("date.full", year=when.year, **self._parts(when))

    def _brief(self, when: date) -> str:
        zero = self.day_zero
        if zero is None or zero.year != when.year:
            return self.full(when)
        return self.texts("date.without_year", **self._parts(when))

    def _said(self, kind: str, days: float, *, brief: bool = False) -> str:
        when = self.date_of(days)
        if when is None:
            return self.texts(f"date.{kind}_days", days=ceil(days))
        return self.texts(f"date.{kind}_date", date=self._brief(when) if brief else self.full(when))

    def _parts(self, when: date) -> dict[str, str]:
        first = when.day == 1
        return {
            "weekday": self.texts.listed("date.weekdays")[when.weekday()],
            "day": self.texts("date.first_of_month") if first else str(when.day),
            "month": self.texts.listed("date.months")[when.month - 1],
        }
