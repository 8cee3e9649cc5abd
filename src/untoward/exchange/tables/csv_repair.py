"""The careful reader of delimited text: cells with line breaks, stray quotation marks, line ends of two kinds.

Slower than Polars by far, and it holds the text in memory, so there is a limit to what it takes. A record whose quotation
marks do not pair up is one faulty row; reading goes on with the line after the one in which it began, so that one
forgotten mark does not swallow the rest of a file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from untoward.exchange.tables.layout import Layout
from untoward.exchange.tables.raw import ROW, Origin, RawTable, cell_names, no_uneven_rows, refuse, tidy
from untoward.exchange.tables.text_bytes import TextFile

MOST_CAREFUL_BYTES = 512 * 1024**2
_BATCH = 50_000
_MOST_RESTARTS = 1_000


def read_with_care(text: TextFile, layout: Layout) -> RawTable:
    """The table of a text that breaks the rules of delimited text somewhere. Raises InputError above half a gigabyte."""
    if text.size > MOST_CAREFUL_BYTES:
        raise refuse(
            text.file,
            "cells with line breaks or stray quotation marks in a file of this size",
            got=f"{text.size:,} bytes",
            expected=f"at most {MOST_CAREFUL_BYTES:,} bytes",
            hint="Export it without line breaks inside cells, or as Parquet.",
        )
    gathered = _Gathered(layout)
    for place, row in _records(text, layout.separator):
        gathered.add(place, row)
    frame = tidy(gathered.frame())
    return RawTable(
        file=text.file,
        headers=layout.headers,
        frame=frame,
        origin=Origin.TEXT,
        decimal_comma=layout.decimal_comma,
        uneven=gathered.uneven().join(frame.select(ROW), on=ROW, how="semi"),
        unquoted=tuple(gathered.unquoted),
        nul=text.nul,
        damaged=text.damaged,
        notes=layout.notes(text),
    )


class _Gathered:
    """Records on their way into a frame, in batches, so that the Python lists stay short."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.names = cell_names(len(layout.headers))
        self.batches = [pl.DataFrame(schema={ROW: pl.UInt32, **dict.fromkeys(self.names, pl.String)})]
        self.rows: list[tuple[int | str | None, ...]] = []
        self.odd: list[tuple[int, int]] = []
        self.unquoted: list[int] = []

    def add(self, place: int, row: list[str] | None) -> None:
        if place <= self.layout.skip:
            return
        number = place + 1 - self.layout.hidden
        if row is None:
            self.unquoted.append(number)
            row = ["?"]  # kept as a row, so that the ledger counts it
        elif len(row) != len(self.names):
            self.odd.append((number, len(row)))
        cells = [*row[: len(self.names)], *[None] * (len(self.names) - len(row))]
        self.rows.append((number, *cells))
        if len(self.rows) == _BATCH:
            self._close_batch()

    def _close_batch(self) -> None:
        self.batches.append(pl.DataFrame(self.rows, schema=self.batches[0].schema, orient="row"))
        self.rows = []

    def frame(self) -> pl.DataFrame:
        self._close_batch()
        return pl.concat(self.batches)

    def uneven(self) -> pl.DataFrame:
        return pl.DataFrame(self.odd, schema=no_uneven_rows().schema, orient="row")


def _records(text: TextFile, separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Every record with its place; None for one whose quotation marks do not pair up."""
    lines = _lines_of(text)
    place, start, restarts = 0, 0, 0
    while start < len(lines) and restarts < _MOST_RESTARTS:
        reader = csv.reader(_from(lines, start), delimiter=separator, strict=True)
        read = 0
        try:
            for row in reader:
                yield place, row
                place, read = place + 1, reader.line_num
            return
        except csv.Error:
            yield place, None
            place, start, restarts = place + 1, start + read + 1, restarts + 1
    yield from _line_by_line(lines[start:], separator, place)


def _line_by_line(lines: list[str], separator: str, place: int) -> Iterator[tuple[int, list[str] | None]]:
    """Past hope of quoting that means anything: each line is a record, and one with an odd mark is faulty."""
    for offset, line in enumerate(lines):
        yield place + offset, None if line.count('"') % 2 else line.rstrip("\n").split(separator)


def _from(lines: list[str], start: int) -> Iterator[str]:
    for number in range(start, len(lines)):
        yield lines[number]


def _lines_of(text: TextFile) -> list[str]:
    raw = text.source.read_bytes() if isinstance(text.source, Path) else text.source
    whole = raw.decode("utf-8", errors="replace").removeprefix("\ufeff")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [f"{line}\n" for line in lines]
