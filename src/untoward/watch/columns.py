"""Reading columns that a hand-made or partly filled table may lack."""

from __future__ import annotations

import polars as pl


def column_or_null(frame: pl.DataFrame, name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    """The column as `dtype`, or nulls when the table lacks it. Text that is no number becomes null."""
    if name in frame.columns:
        return pl.col(name).cast(dtype, strict=False)
    # A bare literal would be one row long when it is selected alone.
    return pl.repeat(None, pl.len(), dtype=dtype).alias(name)


def text_or_null(frame: pl.DataFrame, name: str) -> pl.Expr:
    """The column as text without blanks around it; blank text is unknown, hence null."""
    text = column_or_null(frame, name, pl.String).str.strip_chars()
    return pl.when(text.str.len_bytes() > 0).then(text).alias(name)


def instant_or_null(frame: pl.DataFrame, name: str) -> pl.Expr:
    """The column as an instant without zone, whether it holds dates, instants or ISO 8601 text."""
    if name in frame.columns and frame.schema[name] == pl.String:
        text = pl.col(name).str.strip_chars()
        whole = pl.concat_str(
            text.str.slice(0, 10),
            pl.lit("T"),
            pl.when(text.str.len_bytes() >= 16).then(text.str.slice(11, 5)).otherwise(pl.lit("00:00")),
        )
        return whole.str.to_datetime("%Y-%m-%dT%H:%M", strict=False, time_unit="us").alias(name)
    return column_or_null(frame, name, pl.Datetime("us"))
