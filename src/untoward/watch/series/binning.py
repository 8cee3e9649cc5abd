"""Dated counts to a series of equal periods. A period that nobody wrote down is a gap, unless the record is complete.

A line list shows weeks with cases and no others, and a table of counts may leave weeks out: whether nothing happened or
nothing was written, only the caller knows. Said to be complete, missing periods up to the day of the look become zeros,
those after the last case too; else they are gaps (nan), which no method takes for a zero. A period that is not over
on the day of the look is left out: half a week compared with whole ones looks calm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from untoward.errors import UsageError

FloatArray = NDArray[np.float64]
Step = Literal["week", "day"]

DAYS: dict[Step, int] = {"week": 7, "day": 1}
PER_YEAR: dict[Step, int] = {"week": 52, "day": 364}
"""Periods in a year; 364 days keep the day of the week."""

MOST_PERIODS = 40_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """Counts of one group: `starts[i]` is the first day of the period of `counts[i]` (nan: a gap).

    `gaps` counts the gaps, `filled` the missing periods taken for zeros, `running` whether a period that is not over was
    left out.
    """

    name: str
    step: Step
    starts: tuple[date, ...]
    counts: FloatArray
    gaps: int
    filled: int
    running: bool


def step_of(days: Sequence[date], *, line_list: bool) -> Step:
    """The step of a record: days when counts stand closer than a week, else weeks; a line list is counted by weeks."""
    ordered = sorted(set(days))
    if line_list or len(ordered) < 2:
        return "week"
    apart = min((later - earlier).days for earlier, later in pairwise(ordered))
    return "week" if apart >= DAYS["week"] else "day"


def series_of(
    name: str,
    days: Sequence[date],
    counts: Sequence[float],
    *,
    step: Step,
    complete: bool,
    as_of: date,
    first: date | None = None,
    weekday: int = 0,
) -> Series:
    """The series of one group from dated counts, up to the last period that was over at the end of `as_of`.

    Weeks begin on `weekday` (0: Monday). `first` begins the series earlier than the group's own
    first day. Raises UsageError when the series would be longer than 40,000 periods.
    """
    width = DAYS[step]
    earliest = min(days) if first is None else min(first, *days)
    begin = earliest - timedelta(days=(earliest.weekday() - weekday) % 7 if step == "week" else 0)
    over = ((as_of - begin).days + 1) // width
    if over > MOST_PERIODS:
        raise UsageError(
            f"{name}: {over:,} {step}s from {begin} to {as_of}; at most {MOST_PERIODS:,} can be looked at."
        )
    size = max(over, 0)
    place = np.array([(day - begin).days // width for day in days])
    seen = place < size
    total = np.bincount(place[seen], np.asarray(counts, dtype=np.float64)[seen], minlength=size)
    known = np.bincount(place[seen], minlength=size) > 0
    missing = int(size - known.sum())
    return Series(
        name=name,
        step=step,
        starts=tuple(begin + timedelta(days=width * at) for at in range(size)),
        counts=np.where(known, total, 0.0 if complete else np.nan),
        gaps=0 if complete else missing,
        filled=missing if complete else 0,
        running=bool((~seen & (np.array([day <= as_of for day in days]))).any()),
    )


def weekday_of(days: Sequence[date], *, line_list: bool) -> int:
    """The weekday on which weeks begin: the one that all counts share, else Monday (0); Monday for a line list."""
    shared = {day.weekday() for day in days}
    return shared.pop() if len(shared) == 1 and not line_list else 0
