"""Where the header stands and what parts the cells, judged from the beginning of a text file.

The separator is the one under which most headers are known; failing that, the one that parts the following rows into as
many cells as the header. A first line such as `sep=;`, which one spreadsheet program writes for another, is obeyed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from untoward.exchange.tables.text_bytes import TextFile
from untoward.model.names import fold, singular_forms
from untoward.model.tables import Table

_SEPARATOR_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
_ROWS_LOOKED_AT = 40
_HEADER_WITHIN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`skip` records stand before the header; `hidden` of them are not counted as rows by a spreadsheet."""

    separator: str
    headers: tuple[str, ...]
    skip: int
    hidden: int = 0

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers may carry a decimal comma: where the semicolon parts the cells, the comma is free for it."""
        return self.separator == ";"

    def notes(self, text: TextFile) -> tuple[str, ...]:
        """What was decided about a text that its sender may want to know."""
        notes = []
        if text.encoding != "UTF-8":
            notes.append(
                f"{text.file}: read as {text.encoding}; check the accented letters, or save it as UTF-8"
            )
        if self.separator != ",":
            notes.append(f"{text.file}: cells are parted by {_SEPARATOR_NAMES[self.separator]}")
        if self.skip > self.hidden:
            notes.append(f"{text.file}: the header was found in row {self.skip + 1 - self.hidden}")
        return tuple(notes)


def known_headers(tables: Sequence[Table], more: Sequence[str] = ()) -> frozenset[str]:
    """Every header, folded, by which a column of these tables is recognised."""
    names = [name for table in tables for column in table.columns for name in (column.name, *column.aliases)]
    return frozenset(fold(name) for name in [*names, *more])


def find_layout(head: str, known: frozenset[str]) -> Layout | None:
    """The layout of a text that begins with `head`; None when it has no line with anything in it."""
    first, _, rest = head.partition("\n")
    told = _SEPARATOR_LINE.fullmatch(first.strip())
    if told:
        return _with_separator(rest, told[1], known, hidden=1)
    candidates = [_with_separator(head, separator, known) for separator in _SEPARATOR_NAMES]
    layouts = [layout for layout in candidates if layout is not None]
    return max(layouts, key=lambda layout: _likeness(head, layout, known), default=None)


def find_header(rows: Sequence[Sequence[str]], known: frozenset[str]) -> int | None:
    """Place of the header among the first rows: the first that is not blank, unless only a later one is recognised."""
    filled = [place for place, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not filled:
        return None
    if not _recognised(rows[filled[0]], known):
        for place in filled[1:_HEADER_WITHIN]:
            if _recognised(rows[place], known) >= 2:
                return place
    return filled[0]


def _recognised(row: Sequence[str], known: frozenset[str]) -> int:
    return sum(any(form in known for form in singular_forms(fold(cell))) for cell in row if cell.strip())


def _with_separator(head: str, separator: str, known: frozenset[str], hidden: int = 0) -> Layout | None:
    rows = first_rows(head, separator)
    place = find_header(rows, known)
    if place is None:
        return None
    headers = tuple(cell.strip() for cell in rows[place])
    return Layout(separator=separator, headers=headers, skip=place + hidden, hidden=hidden)


def first_rows(head: str, separator: str) -> list[list[str]]:
    """The first records of a text, read leniently."""
    rows: list[list[str]] = []
    reader = csv.reader(_lines(head), delimiter=separator)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == _ROWS_LOOKED_AT:
                break
    except csv.Error:
        pass  # a runaway quotation mark: what was read so far is enough to judge by
    return rows


def _lines(head: str) -> list[str]:
    lines = head.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [f"{line}\n" for line in lines]


def _likeness(head: str, layout: Layout, known: frozenset[str]) -> tuple[int, int, int]:
    rows = [
        row
        for row in first_rows(head, layout.separator)[layout.skip + 1 :]
        if any(cell.strip() for cell in row)
    ]
    alike = sum(len(row) == len(layout.headers) for row in rows) if len(layout.headers) > 1 else 0
    return _recognised(layout.headers, known), alike, len(layout.headers)
