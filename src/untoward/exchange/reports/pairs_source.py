"""The rows of a user's own table, as text, from CSV (with comma, semicolon, tab or bar), Parquet or an XLSX workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.cell_values import folded_name
from untoward.exchange.reports.delimited import Layout, read_delimited, split_line
from untoward.exchange.reports.headers import Columns, has, must_have
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.exchange.tables.raw import ROW, cell_names, foreign_errors
from untoward.exchange.tables.workbook import Workbook

SEPARATORS = (",", ";", "\t", "|")
BINARY = (".PARQUET", ".XLSX")


def separator_of(header: str, columns: Columns, required: Sequence[str]) -> str | None:
    """The separator with which a header has the columns that are needed; None when it has not."""
    return next(
        (mark for mark in SEPARATORS if has(split_line(header, mark, quoted=True), columns, required)), None
    )


def read_rows(
    file: SourceFile, columns: Columns, required: Sequence[str], tally: Tally, hint: str = ""
) -> pl.DataFrame:
    """FILE, LINE and the columns as text, null where nothing stands. Raises InputError when a column is missing."""
    if file.base.endswith(".PARQUET"):
        return _from_parquet(file, columns, required, tally, hint)
    if file.base.endswith(".XLSX"):
        return _from_workbook(file, columns, required, tally, hint)
    header = file.first_line()
    separator = separator_of(header, columns, required) or max(SEPARATORS, key=header.count)
    must_have(file.name, split_line(header, separator, quoted=True), columns, required, hint)
    layout = Layout(columns=columns, required=tuple(required), separator=separator)
    return read_delimited(file, layout, tally)


def fold_names(frame: pl.DataFrame, column: str, into: str) -> pl.DataFrame:
    """The frame with the names of a column as they are counted; each distinct name is worked on once."""
    names = frame.select(column).unique().with_columns(folded_name(pl.col(column)).alias(into))
    return frame.join(names, on=column, how="left", maintain_order="left")


def _from_parquet(
    file: SourceFile, columns: Columns, required: Sequence[str], tally: Tally, hint: str
) -> pl.DataFrame:
    with foreign_errors(
        file.name, "is not a whole Parquet file", "Was it cut short? Write or copy it again."
    ):
        lazy = pl.scan_parquet(file.path if file.path is not None else io.BytesIO(file.read()), glob=False)
        schema = lazy.collect_schema()
        places = must_have(file.name, schema.names(), columns, required, hint)
        wanted = {name: schema.names()[place] for name, place in places.items()}
        nested = [header for header in wanted.values() if schema[header].is_nested()]
        frame = lazy.select(list(dict.fromkeys(wanted.values()))).collect() if not nested else pl.DataFrame()
    if nested:
        fault = Fault(
            what="a cell holds more than one value", file=file.name, field=nested[0], expected="one value"
        )
        raise InputError(f"{file.name} cannot be read", [fault])
    return _numbered(
        frame.select(_as_text(frame[header], name) for name, header in wanted.items()), columns, file, tally
    )


def _as_text(values: pl.Series, name: str) -> pl.Series:
    kind = values.dtype
    if kind == pl.Binary:
        values = values.cast(pl.String, strict=False)
    elif kind.is_float():  # a whole number that a program wrote as 12.0 is 12
        whole = (values == values.round(0)).all() and values.abs().max() is not None
        values = values.cast(pl.Int64, strict=False) if whole else values
    elif kind == pl.Datetime:
        values = values.cast(pl.Date)
    return values.cast(pl.String, strict=False).alias(name)


def _from_workbook(
    file: SourceFile, columns: Columns, required: Sequence[str], tally: Tally, hint: str
) -> pl.DataFrame:
    if file.path is None:
        fault = Fault(
            what="a workbook inside an archive", file=file.name, hint="Unpack it, or save the sheet as CSV."
        )
        raise InputError(f"{file.name} cannot be read", [fault])
    book = Workbook(file.path, file.name)
    known = frozenset(header for headers in columns.values() for header in headers)
    raw = book.read(book.sheets[0], known)
    places = must_have(file.name, raw.headers, columns, required, hint)
    cells = cell_names(len(raw.headers))
    frame = raw.frame.select(*(pl.col(cells[place]).alias(name) for name, place in places.items()))
    return _numbered(frame, columns, file, tally, raw.frame[ROW])


def _numbered(
    frame: pl.DataFrame, columns: Columns, file: SourceFile, tally: Tally, lines: pl.Series | None = None
) -> pl.DataFrame:
    place = tally.begin(file.name)
    tally.read(place, frame.height)
    line = pl.int_range(1, frame.height + 1, dtype=pl.UInt32) if lines is None else pl.lit(lines)
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in columns if name not in frame.columns]
    stripped = [pl.col(name).str.strip_chars() for name in frame.columns]
    tidy = [
        pl.when(cell != "").then(cell).alias(name) for cell, name in zip(stripped, frame.columns, strict=True)
    ]
    whole = frame.with_columns(pl.lit(place, dtype=pl.UInt32).alias(FILE), line.alias(LINE), *tidy, *absent)
    return whole.select(FILE, LINE, *columns)
