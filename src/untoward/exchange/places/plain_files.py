"""Files without a header, as the well-known scan programs take them: cells parted by spaces, tabs or commas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from untoward.exchange.tables.layout import first_rows, known_headers
from untoward.exchange.tables.raw import ROW, Origin, RawTable, cell_names, foreign_errors, refuse, tidy
from untoward.exchange.tables.text_bytes import TextFile
from untoward.model.names import fold, singular_forms
from untoward.model.tables import Table

MOST_LINES = 2_000_000
MOST_CELLS = 60
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?|\d{4}(?:[-/]\d{1,2}){1,2}")
_YEAR = re.compile(r"\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_CELL = re.compile(r'"([^"]*)"|(\S+)')


def has_header(head: str, table: Table) -> bool:
    """Whether a text begins with headers: its first line names a column of the table, or holds no number at all."""
    known = known_headers([table])
    first = next((line for line in head.splitlines() if line.strip()), "")
    cells = [cell for separator in ",;\t|" for row in first_rows(first, separator)[:1] for cell in row]
    cells += split_line(first)
    named = any(form in known for cell in cells for form in singular_forms(fold(cell)))
    tree = table.name == "tree"
    return named or (not tree and not any(_NUMBER.fullmatch(cell.strip()) for cell in cells))


def split_line(line: str) -> list[str]:
    """The cells of a line: parted by commas when it has one outside quotation marks, else by spaces and tabs."""
    if "," in re.sub(r'"[^"]*"', "", line):
        return [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True), [])]
    return [quoted or bare for quoted, bare in _CELL.findall(line)]


def read_plain(text: TextFile, order: Sequence[str]) -> RawTable:
    """The text as a table whose columns are called by `order`, and any further ones category_1, category_2, …

    A population in two columns has no date, and neither have cases whose third column never holds a year. Raises
    InputError for a text with too many lines or cells.
    """
    rows = list(_rows(text))
    headers = _headers([cells for _number, cells in rows], order)
    names = cell_names(len(headers))
    padded = [
        (number, *cells[: len(headers)], *[None] * (len(headers) - len(cells))) for number, cells in rows
    ]
    schema = {ROW: pl.UInt32, **dict.fromkeys(names, pl.String)}
    uneven = [(number, len(cells)) for number, cells in rows if len(cells) != len(headers)]
    return RawTable(
        file=text.file,
        headers=headers,
        frame=tidy(pl.DataFrame(padded, schema=schema, orient="row").select(*names, ROW)),
        origin=Origin.TEXT,
        uneven=pl.DataFrame(uneven, schema={ROW: pl.UInt32, "cells": pl.UInt32}, orient="row"),
        nul=text.nul,
        damaged=text.damaged,
        notes=(f"{text.file}: no header; its columns were read as {', '.join(headers)}",),
    )


def _rows(text: TextFile) -> Iterator[tuple[int, list[str]]]:
    with foreign_errors(text.file, "cannot be read"):
        raw = text.source.read_bytes() if isinstance(text.source, Path) else text.source
        lines = raw.decode("utf-8", errors="replace").removeprefix("\ufeff").splitlines()
        if len(lines) > MOST_LINES:
            raise refuse(
                text.file, "too many lines", got=f"{len(lines):,}", expected=f"at most {MOST_LINES:,}"
            )
        for number, line in enumerate(lines, start=1):
            cells = split_line(line)
            if len(cells) > MOST_CELLS:
                raise refuse(
                    text.file, "too many cells in a line", got=f"{len(cells):,} in line {number}",
                    expected=f"at most {MOST_CELLS}",
                )  # fmt: skip
            if any(cells):
                yield number, cells


def _headers(rows: Sequence[Sequence[str]], order: Sequence[str]) -> tuple[str, ...]:
    width, shortest = max(map(len, rows), default=0), min(map(len, rows), default=0)
    if "date" in order and not _dated(rows, order.index("date"), shortest):
        order = [name for name in order if name != "date"]
    named = (*order, *(f"category_{place}" for place in range(1, width - len(order) + 1)))
    return named[: max(shortest, 2)] if shortest < len(order) else named


def _dated(rows: Sequence[Sequence[str]], place: int, shortest: int) -> bool:
    """Whether the column that may hold dates does; where a column must follow it, that is told by how many there are."""
    if place == 1:
        return shortest > 2
    return any(_YEAR.match(cells[place]) for cells in rows if len(cells) > place)
