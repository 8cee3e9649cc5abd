"""Dates as agencies write them, as expressions over columns of text.

A date that lacks its day or month is no date here: the first of the month would be an invention, and a time to onset
worked out from it would be wrong. Its digits still order versions (`digits_of_date`).
"""

from __future__ import annotations

import polars as pl

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years outside are slips of the pen."""


def compact_date(text: pl.Expr) -> pl.Expr:
    """YYYYMMDD as a date; null for parts of dates (YYYYMM, YYYY) and for days that no calendar has."""
    trimmed = text.str.strip_chars()
    whole = pl.when(trimmed.str.len_bytes() == 8).then(trimmed)
    return _plausible(whole.str.to_date("%Y%m%d", strict=False))


def digits_of_date(text: pl.Expr) -> pl.Expr:
    """YYYYMMDD, YYYYMM or YYYY as a whole number of eight digits that orders them; a missing part counts as 0."""
    return text.str.strip_chars().str.extract(r"^(\d{4,8})$").str.pad_end(8, "0").cast(pl.Int32, strict=False)


def _plausible(date: pl.Expr) -> pl.Expr:
    return pl.when(date.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(date)
