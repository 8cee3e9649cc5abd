"""Days since the session for whole columns: the vectorised twin of `untoward.model.time.DaySpan.between`.

All functions give expressions over the columns that hold first and last instants. An instant pair is known to the minute
when both are the same, to the day when they are a day apart.
"""

from __future__ import annotations

import polars as pl

_MINUTES_PER_DAY = 1440.0
TOLERANCE = 1e-9
"""Days by which two numbers may differ and still be the same day."""


def day_low(start: str, end: str) -> pl.Expr:
    """Earliest day on which `end` can lie, counted from `start`; never below zero."""
    return pl.max_horizontal(
        _days(pl.col(f"{end}:from") - pl.col(f"{start}:to")), pl.lit(0.0)
    ) + _null_unless_both(start, end)


def day_high(start: str, end: str) -> pl.Expr:
    """Latest day on which `end` can lie, counted from `start`."""
    return pl.max_horizontal(
        _days(pl.col(f"{end}:to") - pl.col(f"{start}:from")), pl.lit(0.0)
    ) + _null_unless_both(start, end)


def day_shown(start: str, end: str) -> pl.Expr:
    """The day to show: the difference of two plain dates, the decimal difference of two times, the middle when mixed.

    Null when either date is only a month or a year: the middle of a month would be a day nobody stated.
    """
    difference = _days(pl.col(f"{end}:from") - pl.col(f"{start}:from"))
    middle = (day_low(start, end) + day_high(start, end)) / 2.0
    return (
        pl.when(_to_the_day(start) & _to_the_day(end) | _to_the_minute(start) & _to_the_minute(end))
        .then(difference)
        .when((_to_the_day(start) | _to_the_minute(start)) & (_to_the_day(end) | _to_the_minute(end)))
        .then(middle)
    )


def wholly_before(end: str, start: str) -> pl.Expr:
    """Whether all that `end` can mean lies before all that `start` can mean; false when either is not known."""
    last, first = pl.col(f"{end}:to"), pl.col(f"{start}:from")
    return pl.when(_to_the_minute(end)).then(last < first).otherwise(last <= first).fill_null(False)


def _days(difference: pl.Expr) -> pl.Expr:
    return difference.dt.total_minutes() / _MINUTES_PER_DAY


def _to_the_minute(name: str) -> pl.Expr:
    return pl.col(f"{name}:from") == pl.col(f"{name}:to")


def _to_the_day(name: str) -> pl.Expr:
    return pl.col(f"{name}:to") - pl.col(f"{name}:from") == pl.duration(days=1)


def _null_unless_both(start: str, end: str) -> pl.Expr:
    # max_horizontal passes over nulls; adding this brings them back
    return pl.when(pl.col(f"{start}:from").is_not_null() & pl.col(f"{end}:from").is_not_null()).then(
        pl.lit(0.0)
    )
