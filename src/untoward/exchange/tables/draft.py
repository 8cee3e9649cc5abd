"""One table while it is being read: typed as far as each cell allows, with the faults found so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from untoward.exchange.tables.dates import read_dates
from untoward.exchange.tables.faults import FaultLog
from untoward.exchange.tables.headers import FindTerm, HeaderMatch, match_headers
from untoward.exchange.tables.raw import ROW, Origin, RawTable
from untoward.exchange.tables.values import read_counts, read_numbers, read_yes_no
from untoward.model.tables import Column, ColumnKind, ColumnTaken, RowLedger, Table

_TYPES: dict[ColumnKind, pl.DataType] = {
    ColumnKind.NUMBER: pl.Float64(),
    ColumnKind.COUNT: pl.Int64(),
    ColumnKind.YES_NO: pl.Boolean(),
}
_FAILED_FORMULA = r"^#(?:REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$"


def type_of(column: Column) -> pl.DataType:
    """The Polars type of a column: text as given for keys, texts, lists and dates; derived dates are instants."""
    if column.kind is ColumnKind.DATE and column.derived:
        return pl.Datetime("us")
    return _TYPES.get(column.kind, pl.String())


def schema_of(table: Table) -> dict[str, pl.DataType]:
    """The columns of a table that was read, in order, with their types."""
    return {column.name: type_of(column) for column in table.columns}


@dataclass(slots=True)
class Draft:
    """A table being read. `frame` has ROW, every column of the table, and for each date `<name>:from` and `<name>:to`.

    `usable` is false when the table is not there, cannot be read, or lacks a required column: then no row is good.
    `read` counts its rows. `findings` maps extra columns to term ids.
    """

    table: Table
    log: FaultLog
    frame: pl.DataFrame
    read: int
    usable: bool = True
    present: bool = True
    findings: dict[str, str] = field(default_factory=dict)
    taken: tuple[ColumnTaken, ...] = ()

    def good(self) -> pl.DataFrame:
        """The rows without a fault so far."""
        return self.frame.filter(~self.log.bad) if self.usable else self.frame.clear()

    def ledger(self, kept: int) -> RowLedger:
        """The account of the rows, when `kept` of them are kept."""
        return RowLedger(table=self.table.name, read=self.read, kept=kept, left_out=self.read - kept)


def empty_draft(table: Table, file: str, *, present: bool) -> Draft:
    """The draft of a table that is not there (`present` false), or is there and cannot be read."""
    frame = pl.DataFrame(schema={ROW: pl.UInt32, **schema_of(table), **_instants_of(table)})
    return Draft(table, FaultLog(file, frame[ROW]), frame, 0, usable=not present, present=present)


def draft_table(raw: RawTable, table: Table, find_term: FindTerm | None = None) -> Draft:
    """Type every cell of a raw table; whatever cannot be converted is a fault of its row."""
    log = FaultLog(raw.file, raw.frame[ROW])
    match = match_headers(raw, table, log, find_term)
    report_broken_rows(raw, log)
    usable = all(name in match.cells for name in table.required)
    frame = type_columns(raw, table, match, log)
    extra = [raw.frame[cell].alias(header) for header, (cell, _term) in match.findings.items()]
    findings = {header: term for header, (_cell, term) in match.findings.items()}
    frame = frame.with_columns(extra)
    return Draft(table, log, frame, raw.frame.height, usable=usable, findings=findings, taken=match.taken)


def report_broken_rows(raw: RawTable, log: FaultLog) -> None:
    """Faults of rows that were not whole rows to begin with; their cells are not judged any further."""
    rows = log.rows
    _report_uneven(raw, log)
    if raw.unquoted:
        mask = rows.is_in(list(raw.unquoted))
        log.about_rows(
            mask,
            "quotation marks do not pair up",
            field="",
            hint='Write a quotation mark inside a cell twice: "".',
        )
    cells = pl.all().exclude(ROW)
    for present, sign, what, hint in (
        (raw.nul, "\0", "a zero byte in the row", "Copy or export the file again."),
        (raw.damaged, "\ufffd", "bytes that are not UTF-8", "Save the file as UTF-8."),
    ):
        if present:
            hit = raw.frame.select(
                pl.any_horizontal(cells.str.contains(sign, literal=True).fill_null(False)).alias("hit")
            )
            log.about_rows(hit["hit"], what, field="", hint=hint)
    if raw.origin is not Origin.PARQUET:
        failed = cells.str.starts_with("#") & cells.str.contains(_FAILED_FORMULA)
        hit = raw.frame.select(pl.any_horizontal(failed.fill_null(False)).alias("hit"))
        log.about_rows(
            hit["hit"], "a formula that failed", field="", hint="Mend the formula, or write the value."
        )
    log.hush()


def _report_uneven(raw: RawTable, log: FaultLog) -> None:
    if raw.uneven.is_empty():
        return
    cells = pl.DataFrame({ROW: log.rows}).join(raw.uneven, on=ROW, how="left", maintain_order="left")["cells"]
    expected = f"{len(raw.headers)} cells, as in the header"
    got = pl.DataFrame({"cells": cells}).select(pl.col("cells").cast(pl.String) + " cells").to_series()
    hint = "Is there a separator inside a cell that is not in quotation marks?"
    log.about_rows(
        cells > len(raw.headers), "too many cells in the row", field="", got=got, expected=expected, hint=hint
    )
    log.about_rows(cells < len(raw.headers), "too few cells in the row", field="", got=got, expected=expected)


def type_columns(raw: RawTable, table: Table, match: HeaderMatch, log: FaultLog) -> pl.DataFrame:
    """ROW and every column of the table, typed; columns that are absent are null throughout."""
    series: list[pl.Series] = [raw.frame[ROW]]
    for column in table.columns:
        cell = match.cells.get(column.name)
        if cell is None or column.derived:
            series += _absent(column, raw.frame.height)
        else:
            text = raw.frame[cell]
            series += [values.alias(name) for name, values in _typed(text, column, log, raw).items()]
            if column.required:
                log.about_rows(
                    text.is_null(),
                    "the cell is empty",
                    field=column.name,
                    expected=column.description.rstrip("."),
                )
    return pl.DataFrame(series)


def _typed(text: pl.Series, column: Column, log: FaultLog, raw: RawTable) -> dict[str, pl.Series]:
    name = column.name
    if column.kind is ColumnKind.NUMBER:
        return {name: read_numbers(text, column, log, decimal_comma=raw.decimal_comma)}
    if column.kind is ColumnKind.COUNT:
        return {name: read_counts(text, column, log, decimal_comma=raw.decimal_comma)}
    if column.kind is ColumnKind.YES_NO:
        return {name: read_yes_no(text, name, log)}
    if column.kind is ColumnKind.DATE:
        return typed_dates(text, name, log, raw.origin)
    return {name: text}


def typed_dates(text: pl.Series, name: str, log: FaultLog, origin: Origin) -> dict[str, pl.Series]:
    """The text of a date column, and the first and last instant of each of its dates."""
    if origin is Origin.WORKBOOK:
        text = text.str.strip_suffix(" 00:00:00")  # a spreadsheet stores a plain date as its midnight
    dates = read_dates(text, name, log)
    return {name: dates["text"], f"{name}:from": dates["from"], f"{name}:to": dates["to"]}


def _absent(column: Column, height: int) -> list[pl.Series]:
    names = {column.name: type_of(column), **_instants_of_column(column)}
    return [pl.Series(name, [None], dtype=kind).new_from_index(0, height) for name, kind in names.items()]


def _instants_of_column(column: Column) -> dict[str, pl.DataType]:
    if column.kind is not ColumnKind.DATE or column.derived:
        return {}
    return {f"{column.name}:from": pl.Datetime("us"), f"{column.name}:to": pl.Datetime("us")}


def _instants_of(table: Table) -> dict[str, pl.DataType]:
    return {name: kind for column in table.columns for name, kind in _instants_of_column(column).items()}
