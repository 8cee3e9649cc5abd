"""Rows of delimited text, of which none is lost without a word.

A block of lines that keeps to the rules (as many cells in each line as in the header, no quotation marks) is read by
Polars. Any other block goes line by line: cells may hold line breaks, quotation marks may stray, separators may be
missing. A line that is beyond repair is dropped alone, and reading goes on with the next one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.headers import Columns, must_have
from untoward.exchange.reports.line_tally import example
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.exchange.reports.text_blocks import Lines, text_blocks

MOST_COLUMNS = 1_000
BATCH = 100_000
_SPARE = b"\x1f"
_LINES_OF_A_CELL = 100
_LINES_OF_A_CELL_UNSURE = 20
_LETTERS_OF_A_ROW = 2_000_000
_UNPAIRED = "quotation marks do not pair up"
_HOMELESS = "the line belongs to no row"
_LONG = "more cells than the header has"
_SHORT = "the row ends before the cells that are needed"

Sift = Callable[[pl.DataFrame], pl.DataFrame]
"""Given each batch as it was read; what it returns is kept. Saves memory where most rows are not wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How rows of one kind of file are laid out.

    `starts` is what every row begins with; a line that begins otherwise goes on with the row before. `header` is
    given for files that have none. With `quoted`, cells may stand in quotation marks. With `open_end`, separators
    beyond the last column are part of its text.
    """

    columns: Columns
    required: tuple[str, ...]
    separator: str = ","
    quoted: bool = True
    starts: re.Pattern[str] | None = None
    header: tuple[str, ...] | None = None
    open_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """The layout of one file: what its header says, and which cells are wanted."""

    layout: Layout
    width: int
    places: dict[str, int]

    @property
    def names(self) -> list[str]:
        return list(self.layout.columns)

    @property
    def needed(self) -> int:
        """So many cells a row must have."""
        return max(self.places.values()) + 1


def split_line(line: str, separator: str, quoted: bool) -> list[str]:
    """The cells of one line."""
    if not quoted or '"' not in line:
        return line.split(separator)
    cells = _parsed(line, separator, strict=False)
    return cells if cells is not None else line.split(separator)


def read_delimited(
    source: SourceFile, layout: Layout, tally: Tally, sift: Sift | None = None
) -> pl.DataFrame:
    """The rows of a file: FILE, LINE and the columns of the layout as text, null where nothing stands.

    Raises InputError when a column that is needed is not there.
    """
    file = tally.begin(source.name)
    lines = Lines(text_blocks(source))
    shape = _shape(source.name, layout, lines)
    kept = [_frame([], shape)]
    for batch in _batches(lines, shape, tally, file):
        tidy = batch.with_columns(pl.lit(file, dtype=pl.UInt32).alias(FILE), *_tidied(shape.names))
        kept.append(sift(tidy) if sift is not None else tidy)
    kept[0] = kept[0].with_columns(pl.lit(file, dtype=pl.UInt32).alias(FILE))
    return pl.concat(kept, how="diagonal").select(FILE, LINE, *shape.names)


def _tidied(names: Sequence[str]) -> list[pl.Expr]:
    stripped = [pl.col(name).str.strip_chars() for name in names]
    return [pl.when(cell != "").then(cell).alias(name) for cell, name in zip(stripped, names, strict=True)]


def _shape(file: str, layout: Layout, lines: Lines) -> _Shape:
    headers = layout.header
    if headers is None:
        line = lines.take()
        while line is not None and not line.strip():
            line = lines.take()
        if line is None:
            fault = Fault(what="the file is empty", file=file, expected="a header and rows below it")
            raise InputError(f"{file} cannot be read", [fault])
        headers = tuple(split_line(line, layout.separator, layout.quoted))
    if len(headers) > MOST_COLUMNS:
        fault = Fault(
            what="too many columns", file=file, got=f"{len(headers):,}", expected=f"at most {MOST_COLUMNS}"
        )
        raise InputError(f"{file} cannot be read", [fault])
    places = must_have(file, headers, layout.columns, layout.required)
    return _Shape(layout=layout, width=len(headers), places=places)


def _batches(lines: Lines, shape: _Shape, tally: Tally, file: int) -> Iterator[pl.DataFrame]:
    """Frames of rows; each row is told to the tally as read, and the bad ones as dropped."""
    while (block := lines.whole_block()) is not None:
        frame = _fast(block, shape, lines.number) if _ends_a_row(lines, shape) else None
        if frame is not None:
            lines.skip(frame.height)
            tally.read(file, frame.height)
            yield frame
            continue
        lines.give_back(block)
        yield from _careful(lines, lines.number + block.count(b"\n"), shape, tally, file)


def _ends_a_row(lines: Lines, shape: _Shape) -> bool:
    """Whether the last line of a block is the end of its row, by the line that comes after the block."""
    starts = shape.layout.starts
    if shape.layout.quoted or starts is None:
        return True
    after = lines.peek(0)
    return after is None or starts.match(after) is not None


def _fast(block: bytes, shape: _Shape, before: int) -> pl.DataFrame | None:
    """The block as Polars reads it, or None when a line of it breaks a rule. `before` lines came before it."""
    layout = shape.layout
    if (layout.quoted and b'"' in block) or _SPARE in block or b"\n\n" in block or block.startswith(b"\n"):
        return None
    try:
        line = _columns_of(block, _SPARE.decode(), 1).to_series()
        if not _regular(line, shape):
            return None
        cells = _columns_of(block, layout.separator, shape.width)
    except pl.exceptions.PolarsError:
        return None
    wanted = [pl.nth(place).alias(name) for name, place in shape.places.items()]
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in shape.names if name not in shape.places]
    number = pl.int_range(before + 1, before + cells.height + 1, dtype=pl.UInt32).alias(LINE)
    return cells.select(number, *wanted, *absent)


def _columns_of(block: bytes, separator: str, width: int) -> pl.DataFrame:
    return pl.read_csv(
        io.BytesIO(block),
        has_header=False,
        schema={f"c{place}": pl.String for place in range(width)},
        separator=separator,
        quote_char=None,
    )


def _regular(line: pl.Series, shape: _Shape) -> bool:
    separators = line.str.count_matches(shape.layout.separator, literal=True)
    if line.has_nulls() or not bool((separators == shape.width - 1).all()):
        return False
    starts = shape.layout.starts
    return shape.layout.quoted or starts is None or bool(line.str.contains(starts.pattern).all())


def _careful(lines: Lines, until: int, shape: _Shape, tally: Tally, file: int) -> Iterator[pl.DataFrame]:
    """Row by row up to a line, and to the end of the row that line is in."""
    rows = _quoted_rows if shape.layout.quoted else _plain_rows
    good: list[tuple[str | int | None, ...]] = []
    bad: dict[str, list[str]] = {}
    read = 0
    order = [shape.places.get(name) for name in shape.names]
    for number, cells, raw in rows(lines, until, shape):
        read += 1
        fault = _UNPAIRED if cells is None else _fault_of(cells, shape)
        if fault is None and cells is not None:
            good.append((number, *(None if place is None else cells[place] for place in order)))
        else:
            bad.setdefault(_HOMELESS if cells == [] else fault or "", []).append(example(number, raw))
        if len(good) >= BATCH:
            yield _frame(good, shape)
            good = []
    tally.read(file, read)
    for reason, examples in bad.items():
        tally.lose(file, reason, len(examples), examples)
    yield _frame(good, shape)


def _fault_of(cells: list[str], shape: _Shape) -> str | None:
    if len(cells) == shape.width or (shape.layout.open_end and len(cells) > shape.width):
        return None
    if len(cells) > shape.width:
        return _LONG if any(cell.strip() for cell in cells[shape.width :]) else None
    return _SHORT if len(cells) < shape.needed else None


def _frame(rows: list[tuple[str | int | None, ...]], shape: _Shape) -> pl.DataFrame:
    schema = {LINE: pl.UInt32, **dict.fromkeys(shape.names, pl.String)}
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pl.DataFrame(
        [
            pl.Series(name, list(column), dtype=kind)
            for (name, kind), column in zip(schema.items(), columns, strict=True)
        ]
    )


_Row = tuple[int, list[str] | None, str]
"""The number of a row's first line; its cells (None: quotation marks stray, empty: not a row); the text of it."""


def _plain_rows(lines: Lines, until: int, shape: _Shape) -> Iterator[_Row]:
    """Rows without quoting; a line that begins no row goes on with the one before."""
    starts, separator = shape.layout.starts, shape.layout.separator
    while lines.number < until and (line := lines.take()) is not None:
        number = lines.number
        if not line.strip():
            continue
        if starts is not None and not starts.match(line):
            yield number, [], line
            continue
        while starts is not None and (after := lines.peek(0)) is not None and not starts.match(after):
            if len(line) > _LETTERS_OF_A_ROW:
                break
            line = f"{line} {after}" if after.strip() else line
            lines.take()
        yield number, line.split(separator), line


def _quoted_rows(lines: Lines, until: int, shape: _Shape) -> Iterator[_Row]:
    """Rows with quoting; one that is broken is None, and the line below it begins the next."""
    separator = shape.layout.separator
    while lines.number < until and (line := lines.take()) is not None:
        number = lines.number
        if '"' not in line:
            if line.strip():
                yield number, line.split(separator), line
            continue
        yield number, _quoted_cells(line, lines, shape), line


def _quoted_cells(line: str, lines: Lines, shape: _Shape) -> list[str] | None:
    """The cells of the row that begins with this line; takes the further lines it needs, or none when it is broken."""
    separator = shape.layout.separator
    cells = _parsed(line, separator, strict=True)
    if cells is not None:
        return cells
    if line.count('"') % 2:
        return _over_several_lines(line, lines, shape)
    cells = _parsed(line, separator, strict=False)
    return cells if cells is not None and len(cells) == shape.width else None


def _over_several_lines(line: str, lines: Lines, shape: _Shape) -> list[str] | None:
    starts = shape.layout.starts
    whole, odd = line, True
    for ahead in range(_LINES_OF_A_CELL if starts is not None else _LINES_OF_A_CELL_UNSURE):
        after = lines.peek(ahead)
        if after is None or len(whole) > _LETTERS_OF_A_ROW or (starts is not None and starts.match(after)):
            break
        whole = f"{whole}\n{after}"
        odd ^= bool(after.count('"') % 2)
        cells = None if odd else _parsed(whole, shape.layout.separator, strict=True)
        if cells is not None and len(cells) == shape.width:
            for _line in range(ahead + 1):
                lines.take()
            return cells
    return None


def _parsed(text: str, separator: str, *, strict: bool) -> list[str] | None:
    try:
        return next(csv.reader((text,), delimiter=separator, strict=strict), [])
    except csv.Error:
        return None
