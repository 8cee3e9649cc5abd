"""Taking date texts apart, all at once: which shape each one has, and the numbers in it.

The result is the vectorised twin of `untoward.model.time.PartialDate`: for every text that PartialDate can parse, the first
and the last instant are the same. Besides, it reads year-first dates with other signs between, and the two families with
the year last, whose order of day and month is settled elsewhere (`dates`).
"""

from __future__ import annotations

import polars as pl

FIRST_YEAR, LAST_YEAR = 1900, 2100

_CLOCK = r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?"
_ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})"
_YEAR_FIRST = rf"^([0-9]{{4}})(?:[-/.]([0-9]{{1,3}})(?:[-/.]([0-9]{{1,3}})(?:[T ]{_CLOCK}\s?{_ZONE}?)?)?)?$"
_BASIC = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$"
_YEAR_LAST = (
    rf"^([0-9]{{1,3}})[-/.]([0-9]{{1,3}})[-/.]([0-9]{{4}})(?:(?:T|,? +){_CLOCK}(?:\s?([AaPp])\.?[Mm]\.?)?)?$"
)
_MONTH_YEAR = r"^([0-9]{1,2})[-/.]([0-9]{4})$"
_SHORT_YEAR = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}(?:[T ,].*)?$"
_SERIAL = r"^[0-9]{5}(?:\.[0-9]+)?$"


def take_apart(texts: pl.Series) -> pl.DataFrame:
    """One row per text: `text`, `shape` and, as far as the shape has them, the numbers.

    Shapes: "year first" (year, month, day, hour, minute), "year last" (first, second, year, hour, minute),
    "month and year", "short year", "serial number", "none".
    """
    text = pl.col("text")
    frame = pl.DataFrame({"text": texts.cast(pl.String)}).with_columns(
        text.str.extract_groups(_YEAR_FIRST).alias("iso"),
        text.str.extract_groups(_BASIC).alias("basic"),
        text.str.extract_groups(_YEAR_LAST).alias("last"),
        text.str.extract_groups(_MONTH_YEAR).alias("month_year"),
    )
    iso, basic, last, month_year = (_groups(name) for name in ("iso", "basic", "last", "month_year"))
    return frame.select(
        text,
        _shape(text, iso, basic, last, month_year),
        pl.coalesce(iso(1), basic(1), last(3), month_year(2)).alias("year"),
        pl.coalesce(iso(2), basic(2), month_year(1)).alias("month"),
        pl.coalesce(iso(3), basic(3)).alias("day"),
        last(1).alias("first"),
        last(2).alias("second"),
        pl.coalesce(iso(4), _hour_of_day(last(4), pl.col("last").struct.field("6"))).alias("hour"),
        pl.coalesce(iso(5), last(5)).alias("minute"),
    )


class _groups:  # noqa: N801 - reads as a function: iso(1) is the first group of the pattern
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, number: int) -> pl.Expr:
        return pl.col(self.name).struct.field(str(number)).cast(pl.Int32, strict=False)


def _shape(text: pl.Expr, iso: _groups, basic: _groups, last: _groups, month_year: _groups) -> pl.Expr:
    return (
        pl.when(iso(1).is_not_null() | basic(1).is_not_null())
        .then(pl.lit("year first"))
        .when(last(3).is_not_null())
        .then(pl.lit("year last"))
        .when(month_year(2).is_not_null())
        .then(pl.lit("month and year"))
        .when(text.str.contains(_SHORT_YEAR))
        .then(pl.lit("short year"))
        .when(text.str.contains(_SERIAL))
        .then(pl.lit("serial number"))
        .otherwise(pl.lit("none"))
        .alias("shape")
    )


def _hour_of_day(hour: pl.Expr, half: pl.Expr) -> pl.Expr:
    """The hour on a clock of 24; 99, which no clock shows, for an hour that a clock of 12 does not have."""
    afternoon = half.str.to_lowercase() == "p"
    on_twelve = (
        pl.when(hour.is_between(1, 12)).then(hour % 12 + 12 * afternoon.cast(pl.Int32)).otherwise(pl.lit(99))
    )
    return pl.when(hour.is_null()).then(None).when(half.is_null()).then(hour).otherwise(on_twelve)


def with_instants(parts: pl.DataFrame) -> pl.DataFrame:
    """Add `problem` (null, "calendar", "clock" or "year") and, where there is none, `from` and `to`.

    `from` is the first instant the date can mean; `to` the first instant after all of it, or the same instant when
    the minute is known. `year` must be settled for every row; `month` and `day` may be null.
    """
    year, month, day = pl.col("year"), pl.col("month"), pl.col("day")
    hour, minute = pl.col("hour"), pl.col("minute")
    month_found = month.is_null() | month.is_between(1, 12)
    some_month = pl.when(month.is_between(1, 12)).then(month).otherwise(1)
    some_year = pl.when(year.is_between(1, 9998)).then(year).otherwise(1)
    last_day = pl.date(some_year, some_month, 1).dt.month_end().dt.day().cast(pl.Int32)
    day_found = day.is_null() | day.is_between(1, last_day)
    clock_found = hour.is_null() | (hour.is_between(0, 23) & minute.is_between(0, 59))
    problem = (
        pl.when(~month_found | ~day_found)
        .then(pl.lit("calendar"))
        .when(~clock_found)
        .then(pl.lit("clock"))
        .when(~year.is_between(FIRST_YEAR, LAST_YEAR))
        .then(pl.lit("year"))
        .alias("problem")
    )
    return parts.with_columns(problem).with_columns(_start()).with_columns(_end())


def _start() -> pl.Expr:
    fine = pl.col("problem").is_null() & pl.col("year").is_not_null()
    parts = [
        pl.when(fine).then(pl.col(name).fill_null(least))
        for name, least in (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0))
    ]
    return pl.datetime(*parts, time_unit="us").alias("from")


def _end() -> pl.Expr:
    start = pl.col("from")
    return (
        pl.when(pl.col("hour").is_not_null())
        .then(start)
        .when(pl.col("month").is_null())
        .then(start.dt.offset_by("1y"))
        .when(pl.col("day").is_null())
        .then(start.dt.offset_by("1mo"))
        .otherwise(start.dt.offset_by("1d"))
        .alias("to")
    )
