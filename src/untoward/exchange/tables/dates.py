"""Reading one column of dates: the order of day and month is settled for the whole column, from the column alone.

"25/03/2026" can only be day first and "03/25/2026" only month first. A column with evidence of one order is read in that
order. With evidence of both, or of none, the dates that could mean two days are not read: a guess would put a reaction
weeks away from its session. ISO dates need no order and may stand beside the others.
"""

from __future__ import annotations

import polars as pl

from untoward.exchange.tables.date_parts import FIRST_YEAR, LAST_YEAR, take_apart, with_instants
from untoward.exchange.tables.faults import FaultLog, shorten
from untoward.exchange.tables.values import UNKNOWN_WORDS

_EXPECTED = "a date such as 2026-03-02, 2026-03-02T14:30, 2026-03 or 2026"
_MONTHS = "January February March April May June July August September October November December".split()

_PROBLEMS = (
    ("calendar", "no calendar has this day", "a day that exists", ""),
    ("clock", "no clock shows this time", "a time from 00:00 to 23:59", ""),
    ("year", "the year cannot be right", f"a year from {FIRST_YEAR} to {LAST_YEAR}", ""),
    ("short year", "year of two digits", "a year of four digits", "Write the century: 2026, not 26."),
    (
        "serial number",
        "a number where a date belongs",
        _EXPECTED,
        "Format the column as a date, or as text, and save again.",
    ),
    ("none", "not a date", _EXPECTED, ""),
)


def read_dates(text: pl.Series, column: str, log: FaultLog) -> pl.DataFrame:
    """`text` (unknown words set to null), `from` and `to` for every value of the column; what cannot be read goes to `log`."""
    unique = text.drop_nulls().unique()
    unique = unique.filter(~unique.str.to_lowercase().is_in(UNKNOWN_WORDS))
    parts = take_apart(unique)
    order = _Order(parts)
    parts = with_instants(order.settle())
    read = parts.select(
        "text", "from", "to", pl.coalesce("unsettled", "shape_problem", "problem").alias("problem")
    )
    rows = pl.DataFrame({"text": text}).join(read, on="text", how="left", maintain_order="left")
    known = pl.DataFrame({"text": unique, "known": True}, schema={"text": pl.String, "known": pl.Boolean})
    rows = rows.join(known, on="text", how="left", maintain_order="left")
    for problem, what, expected, hint in _PROBLEMS:
        log.about_rows(rows["problem"] == problem, what, field=column, got=text, expected=expected, hint=hint)
    order.report(rows, column, log)
    return rows.select(
        pl.when(pl.col("known")).then(pl.col("text")).alias("text"),
        pl.when(pl.col("problem").is_null()).then(pl.col("from")).alias("from"),
        pl.when(pl.col("problem").is_null()).then(pl.col("to")).alias("to"),
    )


class _Order:
    """The order of day and month in the year-last dates of one column, and the evidence for it."""

    def __init__(self, parts: pl.DataFrame) -> None:
        self.parts = parts
        first, second = pl.col("first"), pl.col("second")
        last = parts.filter(pl.col("shape") == "year last")
        self.day_first = last.filter(first.is_between(13, 31) & second.is_between(1, 12))["text"].sort()
        self.month_first = last.filter(second.is_between(13, 31) & first.is_between(1, 12))["text"].sort()
        self.unclear = last.filter(self._could_be_either()).sort("text")

    @staticmethod
    def _could_be_either() -> pl.Expr:
        first, second = pl.col("first"), pl.col("second")
        return first.is_between(1, 12) & second.is_between(1, 12) & (first != second)

    @property
    def settled(self) -> bool:
        return self.unclear.is_empty() or (self.day_first.is_empty() != self.month_first.is_empty())

    def settle(self) -> pl.DataFrame:
        """The parts with month and day filled in, `unsettled` where the order stays open, `shape_problem` by shape."""
        first, second = pl.col("first"), pl.col("second")
        last = pl.col("shape") == "year last"
        month_first = pl.lit(self.day_first.is_empty() and not self.month_first.is_empty())
        swapped = (
            pl.when((second > 12) & (first <= 12))
            .then(True)
            .when(first > 12)
            .then(False)
            .otherwise(month_first)
        )
        open_order = last & self._could_be_either() & pl.lit(not self.settled)
        return self.parts.with_columns(
            pl.when(last)
            .then(pl.when(swapped).then(first).otherwise(second))
            .otherwise(pl.col("month"))
            .alias("month"),
            pl.when(last)
            .then(pl.when(swapped).then(second).otherwise(first))
            .otherwise(pl.col("day"))
            .alias("day"),
            pl.when(open_order).then(pl.lit("order")).alias("unsettled"),
            pl.when(pl.col("shape").is_in(["short year", "serial number", "none"]))
            .then(pl.col("shape"))
            .alias("shape_problem"),
        )

    def report(self, rows: pl.DataFrame, column: str, log: FaultLog) -> None:
        """One fault for all dates of the column whose order is open, with both readings of one of them."""
        open_order = (rows["problem"] == "order").fill_null(False)
        both = bool(len(self.day_first) and len(self.month_first))
        expected, hint = "one order, or ISO dates such as 2026-03-02", "Write the column as year-month-day."
        evidence = "no date of the column shows which"
        if both:
            evidence = (
                f"{shorten(self.day_first[0])} is day first, {shorten(self.month_first[0])} is month first"
            )
        if open_order.any():
            log.mark(open_order)
            log.about_group(
                log.rows.filter(open_order).to_list(),
                "dates of which day and month cannot be told apart",
                field=column,
                got=f"{self._both_readings(self.unclear.row(0, named=True))}; {evidence}",
                expected=expected,
                hint=hint,
            )
        elif both:
            log.about_table(
                "dates in two orders of day and month",
                field=column,
                got=evidence,
                expected=expected,
                hint=hint,
            )

    def _both_readings(self, date: dict[str, object]) -> str:
        first, second, year = (int(str(date[name])) for name in ("first", "second", "year"))
        return f"{shorten(date['text'])} is {first} {_MONTHS[second - 1]} or {second} {_MONTHS[first - 1]} {year}"
