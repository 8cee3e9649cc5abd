"""Onsets as instants, with how exactly each is known, and lengths of time as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.errors import UsageError
from untoward.watch.columns import instant_or_null
from untoward.watch.epi_curve import whole_date
from untoward.watch.investigation.people import Mask, People

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

_UNITS = {
    unit: length
    for units, length in (("h hour hours", HOUR), ("d day days", DAY), ("w week weeks", 7 * DAY))
    for unit in units.split()
}
_LONGEST = 20 * 365 * DAY
_TO = r"\s*(?:-|–|to)\s*"
_AMOUNT = r"(\d{1,6}(?:\.\d{1,3})?)"
_RANGE = re.compile(rf"\s*{_AMOUNT}{_TO}(?:{_AMOUNT}{_TO})?{_AMOUNT}\s*([a-z]*)\s*", re.IGNORECASE)
_WRITTEN = "such as 10-114, 1-6h, 2-4w, or with the usual one between: 10-33-114"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incubation:
    """Shortest and longest incubation period, the usual one when known, and whether they were given in hours."""

    shortest: timedelta
    longest: timedelta
    usual: timedelta | None
    hours: bool

    @property
    def unit(self) -> str:
        """The unit they are spoken of in."""
        return "hours" if self.hours else "days"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instants:
    """One instant a row (its first moment when only the day is known), whether it is known at all, and to the minute."""

    at: pl.Series
    known: Mask
    to_the_minute: Mask


def incubation_of(text: str) -> Incubation:
    """A range such as "10-114" (days), "1-6h", "2-4w" or "10-33-114". Raises UsageError for anything else."""
    found = _RANGE.fullmatch(text)
    unit = _UNITS.get(found[4].lower() or "days") if found else None
    if found is None or unit is None:
        raise UsageError(f"incubation period: got {text[:40]!r}, expected {_WRITTEN}")
    low, high = float(found[1]), float(found[3])
    usual = None if found[2] is None else float(found[2])
    # Compared as numbers: a length of time cannot hold every number of weeks that can be written.
    if not low <= (low if usual is None else usual) <= high or high > _LONGEST / unit:
        expected = "the shortest first and the longest last, at most 20 years"
        raise UsageError(f"incubation period: got {text[:40]!r}, expected {expected}")
    return Incubation(
        shortest=low * unit,
        longest=high * unit,
        usual=None if usual is None else usual * unit,
        hours=unit == HOUR,
    )


def instants_of(frame: pl.DataFrame, name: str) -> Instants:
    """The instants of a date column that was read, `name` with `name_from` and `name_to` where the reader gives them.

    A month or a year alone is not known: no day was stated.
    """
    day = frame.select(whole_date(frame, name).cast(pl.Datetime("us")).alias("day")).to_series()
    first = frame.select(instant_or_null(frame, f"{name}_from").alias("from")).to_series()
    last = frame.select(instant_or_null(frame, f"{name}_to").alias("to")).to_series()
    minute = (first == last).fill_null(False)
    if f"{name}_from" not in frame.columns and frame.schema.get(name) == pl.Datetime:
        first = frame.get_column(name).cast(pl.Datetime("us"))
        minute = first.is_not_null()
    at = pl.select(pl.when(minute).then(first).otherwise(day)).to_series()
    return Instants(at=at, known=at.is_not_null().to_numpy(), to_the_minute=minute.to_numpy())


def case_onsets(people: People) -> tuple[Instants, Mask]:
    """Onsets of all rows, and which of them are ill with an onset known to the day at least."""
    onsets = instants_of(people.frame, "onset")
    return onsets, people.ill & onsets.known


def hours_between(later: pl.Series, earlier: pl.Series) -> NDArray[np.float64]:
    """Hours from one instant to another; nan where either is not known."""
    minutes = (later - earlier).dt.total_seconds().cast(pl.Float64) / 3600.0
    return minutes.fill_null(np.nan).to_numpy()


def spoken(at: datetime, *, hours: bool) -> str:
    """An instant in ISO 8601: to the minute where hours matter, else its day."""
    return at.isoformat(timespec="minutes") if hours else at.date().isoformat()
