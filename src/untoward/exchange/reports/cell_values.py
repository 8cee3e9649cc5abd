"""What the text of a cell means: dates, ages, flags, names. What cannot be read so is null, never a guess."""

from __future__ import annotations

import polars as pl

OLDEST_YEAR = 1900
OLDEST_PERSON = 130.0
_TEN_YEARS, _WEEK, _DAY, _HOUR = 10.0, 1 / 52.1775, 1 / 365.2425, 1 / 8765.82
_YEARS_IN = {
    "decade": _TEN_YEARS,
    "dec": _TEN_YEARS,
    "year": 1.0,
    "yr": 1.0,
    "month": 1 / 12,
    "mon": 1 / 12,
    "mo": 1 / 12,
    "week": _WEEK,
    "wk": _WEEK,
    "day": _DAY,
    "dy": _DAY,
    "da": _DAY,
    "hour": _HOUR,
    "hr": _HOUR,
}
"""Years in one unit of age; a year of 365.2425 days, as in the calendar."""

_NOTHING = (
    "*",
    "UNK",
    "UNKNOWN",
    "N/A",
    "NA",
    "NI",
    "NONE",
    "NOT AVAILABLE",
    "NOT REPORTED",
    "ASKU",
    "-",
    "?",
)


def known(cell: pl.Expr) -> pl.Expr:
    """The text, or null where a word for "not known" stands."""
    return pl.when(~cell.str.to_uppercase().is_in(_NOTHING)).then(cell)


def date(cell: pl.Expr, *formats: str) -> pl.Expr:
    """A whole date in the first of the formats that fits; null for a part of a date and for years before 1900.

    What stands after the date itself (a time of day) is given to the format by the caller.
    """
    tried = [cell.str.to_date(format, strict=False) for format in formats]
    found = pl.coalesce(tried)
    return pl.when(found.dt.year() >= OLDEST_YEAR).then(found)


def number(cell: pl.Expr) -> pl.Expr:
    """A number that is finite and not negative."""
    value = cell.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite() & (value >= 0)).then(value)


def age(years: pl.Expr) -> pl.Expr:
    """An age a person can have, in years."""
    return pl.when(years <= OLDEST_PERSON).then(years)


def age_in(value: pl.Expr, unit: pl.Expr) -> pl.Expr:
    """An age in years, from a number and the word for its unit ("Month(s)", "YR", "years")."""
    word = unit.str.to_lowercase().str.extract(r"^([a-z]+?)s?(?:\(s\))?\.?$")
    factor = word.replace_strict(_YEARS_IN, default=None, return_dtype=pl.Float64)
    return age(number(value) * factor)


def sex(cell: pl.Expr) -> pl.Expr:
    """F or M by the first letter of f, female, m, male; null for anything else."""
    word = cell.str.to_lowercase()
    return pl.when(word.is_in(["f", "female", "m", "male"])).then(word.str.slice(0, 1).str.to_uppercase())


def ticked(*cells: pl.Expr) -> pl.Expr:
    """True where one of the boxes is ticked with Y. A box left open is not a "no": null then."""
    return pl.when(pl.any_horizontal(cell.str.to_uppercase() == "Y" for cell in cells)).then(pl.lit(True))


def folded_name(cell: pl.Expr) -> pl.Expr:
    """A name for matching: upper case, one space between words, no full stop or comma at its end."""
    name = cell.str.to_uppercase().str.replace_all(r"\s+", " ").str.strip_chars(" ")
    return name.str.strip_chars_end(" .,;")
