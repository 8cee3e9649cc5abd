"""Texts of reports made comparable: names of drugs, and words that say that nothing is known."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

NOTHING = (
    "", "-", "--", ".", "?", "ASKU", "COUNTRY NOT SPECIFIED", "N/A", "NA", "NI", "NK", "NONE",
    "NOT APPLICABLE", "NOT AVAILABLE", "NOT KNOWN", "NOT PROVIDED", "NOT REPORTED", "NOT SPECIFIED",
    "NULL", "UNK", "UNKN", "UNKNOWN", "UNSPECIFIED",
)  # fmt: skip
"""What people write where they know nothing, in upper case. As a lot number it would make one lot of all of them."""

_DICTIONARY_NUMBER = r"/\d{6,11}/"
"""The number of a drug dictionary that old reports carry behind a name: "ASPIRIN /00002701/"."""

_EDGES = " \t\r\n\"'`,;:"


def by_distinct(column: pl.Series, change: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """A column of text changed value by value, with the work done once for each distinct value; null stays null.

    Several times as fast as the change itself where few values fill many rows, as in reports.
    """
    codes, values = coded(column)
    changed = values.to_frame("value").select(change(pl.col("value"))).to_series()
    return changed.gather(codes).alias(column.name)


def coded(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """A column of text as whole numbers from 0, null where it is, and the value that each number stands for."""
    codes = column.cast(pl.Categorical(pl.Categories.random()))
    distinct = codes.drop_nulls().unique()
    pairs = pl.DataFrame({"code": distinct.to_physical(), "value": distinct.cast(pl.String)}).sort("code")
    return codes.to_physical(), pairs.get_column("value")


def tidy(text: pl.Expr) -> pl.Expr:
    """Text with single spaces and without quotes around it; null when nothing is left."""
    one_line = text.str.replace_all(r"\s{2,}|[\t\r\n\x00]", " ").str.strip_chars(_EDGES)
    return pl.when(one_line.str.len_bytes() > 0).then(one_line)


def known(text: pl.Expr) -> pl.Expr:
    """Tidy text; null when all it says is that nothing is known."""
    tidied = tidy(text)
    return pl.when(~tidied.str.to_uppercase().is_in(NOTHING)).then(tidied)


def drug_name(text: pl.Expr) -> pl.Expr:
    """A name of a drug in upper case, without dictionary numbers, quotes and a stop at its end; null when empty."""
    plain = text.str.replace_all(_DICTIONARY_NUMBER, " ").str.replace_all('"', "", literal=True)
    bare = tidy(plain.str.to_uppercase()).str.strip_chars_end(". ")
    return pl.when(bare.str.len_bytes() > 0).then(bare)
