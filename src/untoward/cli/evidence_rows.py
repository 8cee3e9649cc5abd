"""Rows of a page in the terminal: columns that share the width, and below each row a line that spans it.

A table of rich cannot let a line run below its columns, and the keys of records are too long for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.text import Text

from untoward.model.profile import Line, Section

DIM = "dim"
TONES = {"good": "green", "caution": "yellow", "bad": "bold red"}
INDENT = "  "
_GAP = 2
_NARROW = 100
_LEAST_TEXT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of one section that hold anything: their places, widths, and which hold numbers."""

    places: tuple[int, ...]
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    numeric: tuple[bool, ...]
    state: int | None


def columns_of(section: Section, lines: Sequence[Line], width: int) -> Columns:
    """Widths by what the lines hold: numbers as wide as they are, words by how much there is to say."""
    places = [place for place in range(len(section.columns)) if any(line.cells[place] for line in lines)]
    headings = [section.columns[place] for place in places]
    numeric = [heading.startswith("#") for heading in headings]
    lengths = [[len(line.cells[place]) for line in lines] for place in places]
    most = 13 if width < _NARROW else 24
    widths = [
        min(max([*found, _longest_word(heading)]), most) if number else 0
        for found, heading, number in zip(lengths, headings, numeric, strict=True)
    ]
    left = width - len(INDENT) - sum(widths) - _GAP * (len(places) - 1)
    wanted = [0 if number else max(found) for found, number in zip(lengths, numeric, strict=True)]
    for place, share in enumerate(_shared(left, wanted)):
        widths[place] = widths[place] or share
    return Columns(
        places=tuple(places),
        headings=tuple(heading.lstrip("#") for heading in headings),
        widths=tuple(widths),
        numeric=tuple(numeric),
        state=section.state,
    )


def _longest_word(heading: str) -> int:
    return max(len(word) for word in heading.lstrip("#").split())


def _shared(left: int, wanted: Sequence[int]) -> list[int]:
    """The room for each column of words: all it wants where that fits, else by the root of what it wants."""
    if sum(wanted) <= left:
        return list(wanted)
    weights = [want**0.5 if want else 0.0 for want in wanted]
    shares = [max(_LEAST_TEXT, int(left * weight / sum(weights))) if weight else 0 for weight in weights]
    shares = [min(share, want) for share, want in zip(shares, wanted, strict=True)]
    widest = max(range(len(wanted)), key=lambda place: wanted[place])
    shares[widest] += left - sum(shares)
    return [max(share, 1) if want else 0 for share, want in zip(shares, wanted, strict=True)]


def heading_lines(columns: Columns) -> Iterator[Text]:
    """The headings, dim."""
    for cells in _wrapped(columns, columns.headings):
        yield _joined(columns, cells, [DIM] * len(cells))


def row_lines(columns: Columns, line: Line, name: str) -> Iterator[Text]:
    """The cells of a line; `name` is the first."""
    texts = [name if place == 0 else line.cells[place] for place in columns.places]
    styles = ["bold" if place == 0 else TONES.get(line.tone, "") if place == columns.state else ""
              for place in columns.places]  # fmt: skip
    for cells in _wrapped(columns, texts):
        yield _joined(columns, cells, styles)


def _wrapped(columns: Columns, texts: Sequence[str]) -> Iterator[list[str]]:
    pieces = [wrap(text, max(width, 1)) or [""] for text, width in zip(texts, columns.widths, strict=True)]
    for number in range(max(map(len, pieces))):
        yield [piece[number] if number < len(piece) else "" for piece in pieces]


def _joined(columns: Columns, cells: Sequence[str], styles: Sequence[str]) -> Text:
    text = Text(INDENT)
    for place, (cell, style) in enumerate(zip(cells, styles, strict=True)):
        width = columns.widths[place]
        text.append(cell.rjust(width) if columns.numeric[place] else cell.ljust(width), style=style)
        text.append(" " * _GAP)
    text.rstrip()
    return text


def below(text: str, width: int, *, deeper: int = 0) -> Iterator[Text]:
    """A dim text over the whole width, indented below its row."""
    indent = INDENT * (2 + deeper)
    for piece in wrap(text, max(width - len(indent), 20), break_on_hyphens=False):
        yield Text(f"{indent}{piece}", style=DIM)
