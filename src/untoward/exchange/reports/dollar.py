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
_STEP = 8 * 1024 * 1024
_INTEREST = np.zeros(256, dtype=bool)
_INTEREST[[_SEPARATOR, _NEWLINE]] = True

BAD_KEY = "the number of the report is not a whole number"
SHIFTED = "the fields are shifted: where a number or a date should be is something else"


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the lines of a text end, and how many separators each has. A last line without its end counts too."""

    text: bytes
    ends: NDArray[np.int64]
    separators: NDArray[np.int32]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each line starts."""
        starts = np.empty_like(self.ends)
        starts[:1] = 0
        starts[1:] = self.ends[:-1] + 1
        return starts

    def line(self, at: int) -> str:
        """One line as text, without its end."""
        start = int(self.ends[at - 1]) + 1 if at else 0
        return self.text[start : int(self.ends[at])].decode("utf-8", errors="replace").rstrip("\r")


def read_dollar(file: SourceFile, table: Table, aliases: Mapping[str, str], tally: LineTally) -> pl.DataFrame:
    """The used columns of a file as text, the key as a whole number; the tally is told of each line.

    A used column that the file does not have is null throughout. Rows come in the order of the file, mended ones
    last. Raises InputError when the file has no header, or not the header of this table.
    """
    text, above = _body(file)
    header = read_header(above[-1], table, aliases, file.name)
    lines = find_lines(text)
    closed = _rows_are_closed(lines, header.width)
    odd = _odd_lines(lines, header.width if closed else header.width - 1, closed)
    plain = _parse(_without(lines, odd), header)
    tally.add(Fate.READ, len(lines.ends) - int(odd.sum()))
    frame = _sound_rows(plain, header, lines, odd, len(above), tally)
    mended = mend(list(_texts(lines, odd, len(above))), header, closed, tally)
    return pl.concat([frame, _frame_of(mended, header)]) if mended else frame


def count_lines(file: SourceFile) -> int:
    """How many lines stand below the header of a file that is not used."""
    ends, last = 0, b"\n"
    for part in file.chunks():
        ends += part.count(b"\n")
        last = part[-1:]
    return max(0, ends + (last != b"\n") - 1)


def find_lines(text: bytes) -> Lines:
    """The lines of a text, with their separators counted."""
    ends: list[NDArray[np.int64]] = []
    counts: list[NDArray[np.int32]] = []
    open_separators = 0
    for start in range(0, len(text), _STEP):
        signs = np.frombuffer(text, dtype=np.uint8, count=min(_STEP, len(text) - start), offset=start)
        places = np.flatnonzero(_INTEREST[signs])
        at = np.flatnonzero(signs[places] == _NEWLINE)
        between = np.diff(at, prepend=-1).astype(np.int32) - 1
        between[:1] += open_separators
        open_separators = len(places) - 1 - int(at[-1]) if len(at) else open_separators + len(places)
        ends.append(places[at] + start)
        counts.append(between)
    if text and not text.endswith(b"\n"):
        ends.append(np.array([len(text)]))
        counts.append(np.array([open_separators], dtype=np.int32))
    ends.append(np.empty(0, dtype=np.int64))
    counts.append(np.empty(0, dtype=np.int32))
    return Lines(text, np.concatenate(ends), np.concatenate(counts))


def _body(file: SourceFile) -> tuple[bytes, list[str]]:
    """The text below the header, and the lines down to the header."""
    text = as_utf8(file.read())
    if b"\r\n" in text:
        text = text.replace(b"\r\n", b"\n")
    elif b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    above: list[str] = []
    start = 0
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        above.append(text[start:end].decode("utf-8", errors="replace"))
        start = end + 1
        if above[-1].strip(" \t\r\0"):
            return text[start:], above
    raise InputError("A source is empty.", [Fault(what="there is no header in it", file=file.name)])


def _rows_are_closed(lines: Lines, width: int) -> bool:
    """Whether most rows end in a separator: then they have as many as there are fields."""
    closed = np.count_nonzero(lines.separators == width)
    return bool(closed > np.count_nonzero(lines.separators == width - 1))


def _odd_lines(lines: Lines, full: int, closed: bool) -> NDArray[np.bool_]:
    """Which lines are not plain."""
    starts = lines.starts
    signs = np.frombuffer(lines.text + b"\n", dtype=np.uint8)
    first = signs[starts]
    odd: NDArray[np.bool_] = (lines.separators != full) | (first < ord("0")) | (first > ord("9"))
    if _NUL in lines.text:
        nuls = np.flatnonzero(signs == _NUL)
        odd[np.searchsorted(lines.ends, nuls)] = True
    if not closed:  # a line without separators may be the end of the row above it
        loose = (lines.separators == 0) & (lines.ends > starts)
        odd[:-1] |= loose[1:]
    return odd


def _without(lines: Lines, odd: NDArray[np.bool_]) -> bytes:
    """The text of the plain lines."""
    places = np.flatnonzero(odd)
    if not len(places):
        return lines.text
    starts, ends = lines.starts[places], lines.ends[places] + 1
    parts, done = [], 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start > done:
            parts.append(lines.text[done:start])
        done = end
    parts.append(lines.text[done:])
    return b"".join(parts)


def _texts(lines: Lines, odd: NDArray[np.bool_], above: int) -> Iterator[Line]:
    last = len(lines.ends) - 1
    for at in np.flatnonzero(odd).tolist():
        cut = at == last and not lines.text.endswith(b"\n")
        yield Line(at + above + 1, lines.line(at), cut)


def _parse(text: bytes, header: Header) -> pl.DataFrame:
    names = [header.names[at] for at in header.used]
    if not text:
        frame = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    else:
        frame = pl.read_csv(
            text,
            separator="$",
            quote_char=None,
            has_header=False,
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
    frame: pl.DataFrame, header: Header, lines: Lines, odd: NDArray[np.bool_], above: int, tally: LineTally
) -> pl.DataFrame:
    """The rows whose key is a whole number and whose firm columns hold what they should; the others are dropped."""
    key = header.table.key
    frame = frame.with_columns(pl.col(key).str.strip_chars(' "').cast(pl.Int64, strict=False))
    faults = frame.select(pl.col(key).is_null().alias(BAD_KEY), _is_shifted(header.table).alias(SHIFTED))
    for reason in (BAD_KEY, SHIFTED):
        wrong = faults.get_column(reason)
        if reason == SHIFTED:
            wrong = wrong & ~faults.get_column(BAD_KEY)
        if wrong.any():
            places = np.flatnonzero(~odd)[wrong.arg_true().to_numpy()]
            shown = (example(at + above + 1, lines.line(at)) for at in places.tolist())
            tally.add(Fate.DROPPED, len(places), reason, shown)
    return frame.filter(~faults.get_column(BAD_KEY) & ~faults.get_column(SHIFTED))


def _is_shifted(table: Table) -> pl.Expr:
    """Whether a firm column holds what cannot stand in it."""
    fits = [
        pl.col(column.name).str.strip_chars().str.contains(f"^(?:{column.pattern})$").fill_null(True)
        for column in table.columns
        if column.firm
    ]
    return ~pl.all_horizontal(fits) if fits else pl.lit(False)
