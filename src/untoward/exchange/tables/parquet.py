"""Reading a Parquet file as text, so that it goes through the same checks as every other table."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import polars as pl

from untoward.exchange.tables.raw import (
    MOST_COLUMNS,
    ROW,
    Origin,
    RawTable,
    cell_names,
    foreign_errors,
    refuse,
    tidy,
)

MOST_CELLS = 2_000_000_000
_MIDNIGHT = time()


def read_parquet(path: Path, file: str) -> RawTable:
    """The table in a Parquet file. Raises InputError when it is broken, too wide, or holds cells that are no plain values."""
    with foreign_errors(file, "is not a whole Parquet file", "Was it cut short? Write or copy it again."):
        lazy = pl.scan_parquet(path, glob=False)
        schema = lazy.collect_schema()
        rows = int(lazy.select(pl.len()).collect().item())
        _check_size(file, rows, schema)
        frame = lazy.collect()
        cells = [
            _as_text(frame[name], file).alias(cell)
            for name, cell in zip(schema.names(), cell_names(len(schema)), strict=True)
        ]
    numbered = pl.DataFrame(cells).with_columns(
        pl.int_range(2, rows + 2, dtype=pl.UInt32, eager=True).alias(ROW)
    )
    return RawTable(
        file=file,
        headers=tuple(name.strip() for name in schema.names()),
        frame=tidy(numbered),
        origin=Origin.PARQUET,
    )


def _check_size(file: str, rows: int, schema: pl.Schema) -> None:
    if not len(schema):
        raise refuse(file, "the file has no columns")
    if len(schema) > MOST_COLUMNS or rows * len(schema) > MOST_CELLS:
        raise refuse(
            file,
            "the table is larger than this reader takes",
            got=f"{rows:,} rows and {len(schema):,} columns",
            expected=f"at most {MOST_COLUMNS} columns and {MOST_CELLS:,} cells",
        )


def _as_text(values: pl.Series, file: str) -> pl.Series:
    kind = values.dtype
    if kind == pl.String:
        return values
    if isinstance(kind, pl.Datetime):
        return _instants_as_text(values)
    if kind.is_float():
        return _floats_as_text(values)
    if isinstance(kind, pl.List) and kind.inner == pl.String:
        return values.list.join("; ", ignore_nulls=True)
    if kind.is_nested() or kind in (pl.Binary, pl.Object, pl.Time, pl.Duration):
        raise refuse(
            file,
            "a column holds no plain values",
            got=f"{values.name}: {kind}",
            expected="text, numbers, dates or yes/no",
        )
    return values.cast(pl.String)


def _instants_as_text(values: pl.Series) -> pl.Series:
    """A column of nothing but midnights holds dates; a clock time is kept as soon as one value has one."""
    clock = values.drop_nulls().dt.time()
    plain = bool((clock == _MIDNIGHT).all())
    return values.dt.strftime("%Y-%m-%d" if plain else "%Y-%m-%dT%H:%M")


def _floats_as_text(values: pl.Series) -> pl.Series:
    """Whole numbers without ".0": a key such as 12 is often stored as 12.0 because another row had none."""
    filled = values.drop_nulls()
    whole = bool((filled.is_finite() & (filled == filled.floor()) & (filled.abs() < 2**53)).all())
    return (values.cast(pl.Int64) if whole else values).cast(pl.String)
