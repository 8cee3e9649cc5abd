"""One file of a scan, from its bytes to a typed draft: a table with headers (CSV, XLSX, Parquet) or a plain file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from untoward.exchange.places.plain_files import has_header, read_plain
from untoward.exchange.tables.draft import Draft, report_broken_rows, type_columns
from untoward.exchange.tables.faults import FaultLog, shorten
from untoward.exchange.tables.headers import match_headers
from untoward.exchange.tables.layout import known_headers
from untoward.exchange.tables.raw import ROW, RawTable, refuse
from untoward.exchange.tables.sources import (
    PARQUET_SUFFIXES,
    WORKBOOK_SUFFIXES,
    Source,
    check_contents,
    must_exist,
)
from untoward.exchange.tables.text_bytes import open_text
from untoward.model.names import fold
from untoward.model.tables import ColumnKind, Table

MOST_BYTES = 512 * 1024**2
MOST_ROWS = 5_000_000
LONGEST_NAME = 120
_UNSHOWABLE = r"[\x00-\x1f\x7f-\x9f\u{202a}-\u{202e}\u{2066}-\u{2069}]"


def open_table(path: Path, table: Table, order: Sequence[str]) -> RawTable:
    """The text of a file; `order` says what stands where when it has no header. Raises InputError."""
    label = "standard input" if str(path) == "-" else path.name
    if str(path) != "-":
        must_exist(path)
        if path.is_dir():
            raise refuse(label, "is a folder", expected="a file")
        check_contents(path, label)
    known = known_headers([table])
    if path.suffix.lower() in (*PARQUET_SUFFIXES, *WORKBOOK_SUFFIXES):
        return _bounded(Source(path=path, label=label).read(known, MOST_BYTES))
    text = open_text(path, label, MOST_BYTES)
    if not has_header(text.head[:10_000], table):
        return read_plain(text, order)
    from untoward.exchange.tables.csv_read import read_csv

    return _bounded(read_csv(text, known))


def _bounded(raw: RawTable) -> RawTable:
    if raw.frame.height > MOST_ROWS:
        raise refuse(
            raw.file, "too many rows", got=f"{raw.frame.height:,}", expected=f"at most {MOST_ROWS:,}"
        )
    return raw


def draft_of(raw: RawTable, table: Table, chosen: Mapping[str, str]) -> Draft:
    """Every cell typed. `chosen` maps columns to the headers that the caller wants for them, where the file has them."""
    log = FaultLog(raw.file, raw.frame[ROW])
    named = {name: header for name, wanted in chosen.items() if (header := _header(raw, wanted)) is not None}
    match = match_headers(raw, table, log, named=named)
    report_broken_rows(raw, log)
    usable = all(name in match.cells for name in table.required)
    if not raw.frame.height:
        log.about_table("there are no rows", expected=table.row)
    draft = Draft(table, log, type_columns(raw, table, match, log), raw.frame.height, usable=usable)
    draft.taken = match.taken
    _check_names(draft)
    return draft


def _check_names(draft: Draft) -> None:
    """Names that a terminal or a page could not show as they are, or that no table has room for, are faults."""
    for column in draft.table.columns:
        if column.kind in (ColumnKind.KEY, ColumnKind.TEXT) and has(draft, column.name):
            names = draft.frame[column.name]
            draft.log.about_rows(
                names.str.contains(_UNSHOWABLE), "a character that cannot be shown", field=column.name, got=names,
                expected="letters, digits and signs",
            )  # fmt: skip
            draft.log.about_rows(
                names.str.len_chars() > LONGEST_NAME, "the name is too long", field=column.name, got=names,
                expected=f"at most {LONGEST_NAME} characters",
            )  # fmt: skip


def must_have(raw: RawTable, header: str) -> None:
    """Raise InputError unless the file has a column of this header."""
    if _header(raw, header) is None:
        listed = ", ".join(shorten(one) for one in raw.headers[:30] if one)
        raise refuse(raw.file, "no such column", got=shorten(header), expected=f"one of {listed}")


def _header(raw: RawTable, wanted: str) -> str | None:
    if wanted in raw.headers:
        return wanted
    alike = [header for header in raw.headers if header and fold(header) == fold(wanted)]
    return alike[0] if len(alike) == 1 else None


def has(draft: Draft, column: str) -> bool:
    """Whether the file has this column."""
    return any(one.taken_for == column for one in draft.taken)
