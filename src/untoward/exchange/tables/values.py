"""From text to numbers, counts and yes or no, a column at a time. What cannot be converted is a fault of its row."""

from __future__ import annotations

import polars as pl

from untoward.exchange.tables.faults import FaultLog
from untoward.model.tables import Column

UNKNOWN_WORDS = [
    "unknown", "unk", "not known", "not recorded", "missing", "no data", "?", "-", "--", ".", "nd", "n/d", "ns/nc",
    "desconocido", "desconocida", "sin dato", "sin datos", "no consta",
]  # fmt: skip
"""Words that say a value is not known, in lower case. An unknown value becomes null, never zero and never "no"."""

YES_WORDS = ["yes", "y", "true", "t", "1", "1.0", "sí", "si", "s", "verdadero", "sim", "oui"]
NO_WORDS = ["no", "n", "false", "f", "0", "0.0", "falso", "não", "nao", "non"]
_LARGEST_COUNT = 2.0**53


def read_numbers(text: pl.Series, column: Column, log: FaultLog, *, decimal_comma: bool) -> pl.Series:
    """Finite numbers within the column's range, as Float64; null where unknown or at fault."""
    marked = _two_decimal_marks(text, column, log) if decimal_comma else None
    plain = text.str.replace(",", ".", literal=True) if decimal_comma else text
    values = plain.cast(pl.Float64, strict=False)
    finite = values.is_finite().fill_null(False)
    wrong = text.is_not_null() & ~finite
    if wrong.any():
        wrong = wrong & ~is_unknown(text)
        hint = "Write the number alone, with a point for the decimals: 1.5, not 1,5 and not 1.5 mg."
        log.about_rows(
            wrong, "not a number", field=column.name, got=text, expected=_range_of(column), hint=hint
        )
    outside = _outside_range(values, finite, column, text, log)
    keep = finite & ~outside if marked is None else finite & ~outside & ~marked
    return blanked(values, keep)


def blanked(values: pl.Series, keep: pl.Series) -> pl.Series:
    """The values where `keep` is true, null elsewhere."""
    return (
        pl.DataFrame({"value": values, "keep": keep})
        .select(pl.when("keep").then("value").alias(values.name))
        .to_series()
    )


def _two_decimal_marks(text: pl.Series, column: Column, log: FaultLog) -> pl.Series:
    """Numbers with a point in a column that also has decimal commas: the point may part thousands, so it is not read."""
    commas = text.str.contains(",", literal=True).fill_null(False)
    points = text.str.contains(".", literal=True).fill_null(False)
    marked = points & bool(commas.any())
    log.about_rows(
        marked, "a point in a column of decimal commas", field=column.name, got=text, expected=_range_of(column),
        hint="It may be a decimal mark or part thousands; use one mark in the whole column.",
    )  # fmt: skip
    return marked


def is_unknown(text: pl.Series) -> pl.Series:
    """Whether the text is one of the words for "not known"."""
    return text.str.to_lowercase().is_in(UNKNOWN_WORDS).fill_null(False)


def _range_of(column: Column) -> str:
    unit = f" in {column.unit}" if column.unit else ""
    if column.minimum is not None and column.maximum is not None:
        return f"a number from {column.minimum:g} to {column.maximum:g}{unit}"
    if column.minimum is not None:
        return f"a number of at least {column.minimum:g}{unit}"
    return f"a number{unit}"


def _outside_range(
    values: pl.Series, finite: pl.Series, column: Column, text: pl.Series, log: FaultLog
) -> pl.Series:
    below = (
        finite & (values < column.minimum).fill_null(False) if column.minimum is not None else finite & False
    )
    above = (
        finite & (values > column.maximum).fill_null(False) if column.maximum is not None else finite & False
    )
    negative = below & (values < 0).fill_null(False)
    expected = _range_of(column)
    log.about_rows(negative, "a negative number", field=column.name, got=text, expected=expected)
    log.about_rows(
        below & ~negative, "the number is too small", field=column.name, got=text, expected=expected
    )
    log.about_rows(above, "the number is too large", field=column.name, got=text, expected=expected)
    return below | above


def read_counts(text: pl.Series, column: Column, log: FaultLog, *, decimal_comma: bool) -> pl.Series:
    """Whole numbers within the column's range, as Int64; null where unknown or at fault."""
    values = read_numbers(text, column, log, decimal_comma=decimal_comma)
    broken = ((values != values.floor()) | (values.abs() > _LARGEST_COUNT)).fill_null(False)
    log.about_rows(broken, "not a whole number", field=column.name, got=text, expected="a count: 0, 1, 2, …")
    return blanked(values, ~broken).cast(pl.Int64, strict=False)


def read_yes_no(
    text: pl.Series, column: str, log: FaultLog, *, yes: list[str] = YES_WORDS, no: list[str] = NO_WORDS
) -> pl.Series:
    """True, false, or null where unknown or at fault."""
    lower = text.str.to_lowercase()
    is_yes, is_no = lower.is_in(yes), lower.is_in(no)
    wrong = text.is_not_null() & ~(is_yes | is_no).fill_null(False)
    if wrong.any():
        wrong = wrong & ~is_unknown(text)
        log.about_rows(
            wrong,
            "neither yes nor no",
            field=column,
            got=text,
            expected=f"{yes[0]} or {no[0]}, or nothing when it is not known",
        )
    return blanked(is_yes, (is_yes | is_no).fill_null(False))
