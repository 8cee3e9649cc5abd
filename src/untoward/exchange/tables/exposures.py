"""Which further columns of a line list are exposures, and how each is read: yes or no, or a category."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from untoward.exchange.tables.date_parts import take_apart
from untoward.exchange.tables.values import NO_WORDS, YES_WORDS, blanked, is_unknown
from untoward.model.names import fold

MOST_NUMBERS = 12
"""A column of numbers with more distinct values than this is a measurement, not an exposure, unless it is named."""

MOST_CATEGORIES = 100

YES_NO_SHARE = 0.8
"""A column is read as yes or no when at least this share of its values is; the others are faults of their rows."""

_KEY_HEADERS = frozenset(
    fold(name)
    for name in (
        "id",
        "case id",
        "patient",
        "patient id",
        "person id",
        "name",
        "no",
        "nr",
        "row",
        "nombre",
        "record id",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One further column: its values when it is an exposure, and in words how it was taken.

    Of a yes/no column, `odd` marks the rows that say something else, and `without_no` tells that nobody wrote "no".
    """

    header: str
    values: pl.Series | None
    how: str
    without_no: bool = False
    odd: pl.Series | None = None


def judge_exposure(header: str, text: pl.Series, named: Collection[str] | None) -> Exposure:
    """Decide about one column. With `named`, exactly the named columns are exposures."""
    known = text.set(is_unknown(text), None)
    if named is not None and header not in named:
        return Exposure(header=header, values=None, how="not used: not among the exposures that were named")
    found = known.drop_nulls()
    if found.is_empty():
        return Exposure(header=header, values=None, how="not used: no values")
    lower = found.str.to_lowercase()
    if float(lower.is_in([*YES_WORDS, *NO_WORDS]).mean() or 0.0) >= YES_NO_SHARE:  # type: ignore[arg-type]
        return _yes_no(header, known, without_no=not bool(lower.is_in(NO_WORDS).any()))
    reason = None if named is not None else _why_not(header, found)
    if reason is not None:
        return Exposure(header=header, values=None, how=f"not used: {reason}")
    return Exposure(header=header, values=known, how="an exposure, by category")


def _yes_no(header: str, text: pl.Series, *, without_no: bool) -> Exposure:
    lower = text.str.to_lowercase()
    clear = lower.is_in([*YES_WORDS, *NO_WORDS]).fill_null(False)
    values = blanked(lower.is_in(YES_WORDS), clear)
    odd = text.is_not_null() & ~clear
    return Exposure(
        header=header, values=values, how="an exposure, yes or no", without_no=without_no, odd=odd
    )


def _why_not(header: str, found: pl.Series) -> str | None:
    distinct = found.n_unique()
    if fold(header) in _KEY_HEADERS:
        return "a key of the person"
    if (distinct > MOST_NUMBERS or distinct == len(found) > 2) and _all_numbers(found):
        return f"numbers, {distinct:,} different ones; put them into groups, or name it as an exposure"
    if bool((take_apart(found.unique())["day"].is_not_null()).all()):
        return "dates"
    if distinct > MOST_NUMBERS and distinct == len(found):
        return "every row has a value of its own"
    if distinct > MOST_CATEGORIES:
        return f"{distinct:,} different values; name it as an exposure to use it all the same"
    return None


def _all_numbers(found: pl.Series) -> bool:
    return found.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).null_count() == 0
