"""Files of `$`-separated lines without quoting, as FAERS and AERS have them, into columns of text.

Plain lines go straight to the parser of Polars. A line is plain when it starts with a digit and has as many
separators as most lines of the file; the others, few in a sound file, go through `repair`. Every line below the
header gets a fate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import SourceFile, as_utf8
from untoward.exchange.reports.columns import Header, Table, read_header
from untoward.exchange.reports.line_tally import LineTally, example
from untoward.exchange.reports.repair import Line, mend
from untoward.model.ledger import Fate

_SEPARATOR, _NEWLINE, _NUL = ord("$"), ord("\n"), 0
_STEP = 256 * 1024
"""Bytes looked at together: few enough to stay in the cache of the processor."""

MOST_ODD_LINES = 1_000
"""A file with more odd lines than this is refused when they are more than half of it."""

BAD_KEY = "the number of the report is not a whole number"
SHIFTED = "the fields are shifted: where a number or a date should be is something else"


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines of a text end, and how many separators each has. A last line without its end counts too.

    Lines are looked at from the place `begin` on, which is below the header; there are `above` lines before it.
    """

    text: bytes
    begin: int
    above: int
    ends: NDArray[np.int64]
    separators: NDArray[np.int32]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each line starts."""
        starts = np.empty_like(self.ends)
        starts[:1] = self.begin
        starts[1:] = self.ends[:-1] + 1
        return starts

    def number(self, at: int) -> int:
        """The number of a line in the file, counted from 1."""
        return at + self.above + 1

    def line(self, at: int) -> str:
        """One line as text, without its end."""
        start = int(self.ends[at - 1]) + 1 if at else self.begin
        return self.text[start : int(self.ends[at])].decode("utf-8", errors="replace").rstrip("\r")


def read_dollar(file: SourceFile, table: Table, aliases: Mapping[str, str], tally: LineTally) -> pl.DataFrame:
    """The used columns of a file as text, the key as a whole number; the tally is told of each line.

    A used column that the file does not have is null throughout. Rows come in the order of the file, mended ones
    last. Raises InputError when the file has no header, or not the header of this table.
    """
    text = _whole_text(file)
    head, begin, above = _head(text, file.name)
    header = read_header(head, table, aliases, file.name)
    lines = find_lines(text, begin, above)
    closed = _rows_are_closed(lines, header.width)
    odd = _odd_lines(lines, header.width, closed)
    _check_most_are_plain(odd, header, file.name)
    tally.add(Fate.READ, len(lines.ends) - int(odd.sum()))
    frame = _sound_rows(_parse(lines, odd, header), header, lines, odd, tally)
    mended = mend(list(_texts(lines, odd)), header, closed, tally)
    return pl.concat([frame, _frame_of(mended, header)]) if mended else frame


def count_lines(file: SourceFile) -> int:
    """How many lines stand below the header of a file that is not used."""
    ends, last = 0, b"\n"
    for part in file.chunks():
        ends += part.count(b"\n")
        last = part[-1:]
    return max(0, ends + (last != b"\n") - 1)


def find_lines(text: bytes, begin: int = 0, above: int = 0) -> Lines:
    """The lines of a text from a place on, with their separators counted."""
    ends: list[NDArray[np.int64]] = []
    counts: list[NDArray[np.int32]] = []
    open_separators = 0
    for start in range(begin, len(text), _STEP):
        signs = np.frombuffer(text, dtype=np.uint8, count=min(_STEP, len(text) - start), offset=start)
        places = np.flatnonzero((signs == _SEPARATOR) | (signs == _NEWLINE))
        at = np.flatnonzero(signs[places] == _NEWLINE)
        between = np.diff(at, prepend=-1).astype(np.int32) - 1
        between[:1] += open_separators
        open_separators = len(places) - 1 - int(at[-1]) if len(at) else open_separators + len(places)
        ends.append(places[at] + start)
        counts.append(between)
    if len(text) > begin and not text.endswith(b"\n"):
        ends.append(np.array([len(text)]))
        counts.append(np.array([open_separators], dtype=np.int32))
    ends.append(np.empty(0, dtype=np.int64))
    counts.append(np.empty(0, dtype=np.int32))
    return Lines(text, begin, above, np.concatenate(ends), np.concatenate(counts))


def _whole_text(file: SourceFile) -> bytes:
    """The file in UTF-8 with one kind of line end."""
    text = as_utf8(file.read())
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
        text = text if b"\n" in text else text.replace(b"\r", b"\n")
    return text


def _head(text: bytes, name: str) -> tuple[str, int, int]:
    """The header line, where the text below it begins, and how many lines that leaves above."""
    start = above = 0
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].decode("utf-8", errors="replace")
        start, above = end + 1, above + 1
        if line.strip(" \t\r\0"):
            return line, min(start, len(text)), above
    raise InputError("A source is empty.", [Fault(what="there is no header in it", file=name)])


def _closing(lines: Lines) -> NDArray[np.bool_]:
    """Which lines end in a separator."""
    signs = np.frombuffer(lines.text, dtype=np.uint8)
    closing: NDArray[np.bool_] = signs[np.maximum(lines.ends - 1, 0)] == _SEPARATOR
    return closing


def _rows_are_closed(lines: Lines, width: int) -> bool:
    """Whether most rows end in a separator of their own: then they have as many as there are fields."""
    closed = np.count_nonzero((lines.separators == width) & _closing(lines))
    return bool(closed > np.count_nonzero(lines.separators == width - 1))


def _odd_lines(lines: Lines, width: int, closed: bool) -> NDArray[np.bool_]:
    """Which lines are not plain."""
    starts = lines.starts
    signs = np.frombuffer(lines.text, dtype=np.uint8)
    first = signs[starts]
    odd: NDArray[np.bool_] = (first < ord("0")) | (first > ord("9"))
    odd |= lines.separators != (width if closed else width - 1)
    if _NUL in lines.text:
        nuls = np.flatnonzero(signs[lines.begin :] == _NUL) + lines.begin
        odd[np.searchsorted(lines.ends, nuls)] = True
    if closed:
        odd |= ~_closing(lines)
    else:  # a line without separators may be the end of the row above it
        loose = (lines.separators == 0) & (lines.ends > starts)
        odd[:-1] |= loose[1:]
    return odd


def _check_most_are_plain(odd: NDArray[np.bool_], header: Header, name: str) -> None:
    """Refuse a long file of which most lines do not have the fields of its header: it is not what it says."""
    count = int(odd.sum())
    if count > MOST_ODD_LINES and 2 * count > len(odd):
        fault = Fault(
            what="most lines do not fit the header",
            file=name,
            got=f"{count:,} of {len(odd):,} lines",
            expected=f"{header.width} fields in a line",
        )
        raise InputError("A source does not fit its header.", [fault])


def _plain_text(lines: Lines, odd: NDArray[np.bool_]) -> bytes:
    """The text of the plain lines."""
    places = np.flatnonzero(odd)
    parts, done = [], lines.begin
    for start, end in zip(lines.starts[places].tolist(), lines.ends[places].tolist(), strict=True):
        if start > done:
            parts.append(lines.text[done:start])
        done = end + 1
    parts.append(lines.text[done:])
    return b"".join(parts)


def _texts(lines: Lines, odd: NDArray[np.bool_]) -> Iterator[Line]:
    last = len(lines.ends) - 1
    for at in np.flatnonzero(odd).tolist():
        cut = at == last and not lines.text.endswith(b"\n")
        yield Line(lines.number(at), lines.line(at), cut)


def _parse(lines: Lines, odd: NDArray[np.bool_], header: Header) -> pl.DataFrame:
    """The used columns of the plain lines."""
    names = [header.names[at] for at in header.used]
    if odd.all():
        frame = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    else:
        some = bool(odd.any())
        frame = pl.read_csv(
            _plain_text(lines, odd) if some else lines.text,
            separator="$",
            quote_char=None,
            has_header=False,
            skip_lines=0 if some else lines.above,
            columns=list(header.used),
            infer_schema=False,
        )
        frame.columns = names  # rows have as many fields as the header, by the count of their separators
    return _with_all_columns(frame, header.table)


def _with_all_columns(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=pl.String).alias(name) for name in table.used if name not in frame.columns]
    return frame.with_columns(absent).select(table.used)


def _frame_of(rows: list[list[str]], header: Header) -> pl.DataFrame:
    columns = {header.names[at]: [row[at].strip() or None for row in rows] for at in header.used}
    frame = _with_all_columns(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), header.table)
    return frame.with_columns(pl.col(header.table.key).cast(pl.Int64, strict=False))


def _sound_rows(
    frame: pl.DataFrame, header: Header, lines: Lines, odd: NDArray[np.bool_], tally: LineTally
) -> pl.DataFrame:
    """The rows whose key is a whole number and whose firm columns hold what they should; the others are dropped."""
    key = header.table.key
    number = frame.get_column(key).cast(pl.Int64, strict=False)
    if number.has_nulls():
        number = frame.select(pl.col(key).str.strip_chars(' "').cast(pl.Int64, strict=False)).to_series()
    shifted = frame.select(_is_shifted(header.table)).to_series() & number.is_not_null()
    for reason, wrong in ((BAD_KEY, number.is_null()), (SHIFTED, shifted)):
        places = np.flatnonzero(~odd)[wrong.arg_true().to_numpy()] if wrong.any() else ()
        shown = (example(lines.number(at), lines.line(at)) for at in map(int, places))
        tally.add(Fate.DROPPED, len(places), reason, shown)
    frame = frame.with_columns(number)
    sound = number.is_not_null() & ~shifted
    return frame if sound.all() else frame.filter(sound)


def _is_shifted(table: Table) -> pl.Expr:
    """Whether a firm column holds what cannot stand in it."""
    fits = [
        pl.col(column.name).str.contains(rf"^\s*(?:{column.pattern})\s*$").fill_null(True)
        for column in table.columns
        if column.firm
    ]
    return ~pl.all_horizontal(fits) if fits else pl.first().is_null() & False
