"""The slow path for `$`-separated lines that are not plain: mended where only one reading fits, else dropped.

What goes wrong in the published files: a line break inside a text cuts a row in two or more lines; a `$` inside a
text makes a field too many; a separator is lost; two rows run together in one line; NUL bytes and lines of
nothing. A reading fits when the row has the right number of fields and each holds what its column may hold.
A row is mended when all readings that fit agree in every column that is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from untoward.exchange.reports.columns import Header
from untoward.exchange.reports.line_tally import LineTally, example
from untoward.model.ledger import Fate

MOST_EXTRA = 3
"""A row with more superfluous fields than this is not mended."""

JOINED = "repaired: a line break inside a field was taken out"
CONTINUES = "the rest of the row above"
PARTED = "repaired: two rows in one line were parted"
EXTRA = "repaired: a separator inside a text"
TAIL = "repaired: empty fields, or none, where the row should end"
NULS = "repaired: NUL bytes were taken out"
LOST = "repaired: a separator was lost beside an empty field"
BLANK = "a blank line"
FRAGMENT = "a piece of a row: it does not start with the number of a report"
TOO_FEW = "too few fields, and nothing tells which are missing"
TOO_MANY = "too many fields, and nothing tells which are wrong"
CUT = "the file ends inside this row"
MISFIT = "the right number of fields, but with values that cannot stand there"

_START = re.compile(r'[\s"]*\d{1,18}[\s"]*\$')


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not plain: its number in the file from 1, its text, and whether the file ends inside it."""

    number: int
    text: str
    cut: bool = False


def mend(lines: Sequence[Line], header: Header, closed: bool, tally: LineTally) -> list[list[str]]:
    """Rows out of lines that are not plain; the tally is told what became of each line.

    `closed` says that the rows of the file end in a separator. Lines are in order; those that stood next to each
    other in the file have numbers next to each other.
    """
    rows: list[list[str]] = []
    for group in _groups(lines):
        rows.extend(_mend_group(group, header, closed, tally))
    return rows


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that may be one row: one that starts like a row, and the pieces that follow it directly."""
    group: list[Line] = []
    for line in lines:
        follows = group and line.number == group[-1].number + 1 and not _START.match(line.text)
        if not follows and group:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _mend_group(group: list[Line], header: Header, closed: bool, tally: LineTally) -> list[list[str]]:
    first, *pieces = group
    if not _START.match(first.text):
        _drop(group, FRAGMENT, tally)
        return []
    taken = _pieces_taken(first, pieces, header, closed)
    fields = _joined(first, pieces[:taken], header)
    if taken and fields is not None:
        _count_joined(group[: taken + 1], tally)
        _drop(pieces[taken:], FRAGMENT, tally)
        return [fields]
    _drop(pieces, FRAGMENT, tally)
    broken = first.cut or any(piece.text.strip() for piece in pieces)
    return _mend_line(first, header, broken, tally)


def _pieces_taken(first: Line, pieces: Sequence[Line], header: Header, closed: bool) -> int:
    """How many of the pieces complete the row; 0 when it needs none or they do not fit.

    Separators are counted until the row is full. Where rows do not end in a separator, a piece without any
    belongs to the last field of a row that is full already.
    """
    full = header.width if closed else header.width - 1
    count, taken = first.text.count("$"), 0
    for piece in pieces:
        more = piece.text.count("$")
        if count >= full and (closed or more or not piece.text.strip()):
            break
        count, taken = count + more, taken + 1
    return taken if count == full else 0


def _joined(first: Line, pieces: Sequence[Line], header: Header) -> list[str] | None:
    text = " ".join(_clean(line.text) for line in (first, *pieces) if line.text.strip())
    fields = _without_end(text.split("$"), header.width)
    return fields if header.is_sound(fields) else None


def _count_joined(group: Sequence[Line], tally: LineTally) -> None:
    tally.add(Fate.READ, len(group), JOINED, [_shown(group[0])])
    tally.add(Fate.MERGED, len(group) - 1, CONTINUES, map(_shown, group[1:]))


def _drop(lines: Sequence[Line], reason: str, tally: LineTally) -> None:
    for line in lines:
        why = reason if line.text.strip("\0\x1a \t\r") else BLANK
        tally.add(Fate.READ, 1)
        tally.add(Fate.DROPPED, 1, why, [_shown(line)])


def _mend_line(line: Line, header: Header, broken: bool, tally: LineTally) -> list[list[str]]:
    """The rows in one line; `broken` says that the rest of its row is elsewhere or nowhere."""
    fields = _clean(line.text).split("$")
    rows, reason = _readings(fields, header, broken, line)
    if not rows:
        tally.add(Fate.READ, 1)
        tally.add(Fate.DROPPED, 1, reason, [_shown(line)])
    else:
        tally.add(Fate.READ, len(rows), reason, [_shown(line)])
    return rows


def _readings(fields: list[str], header: Header, broken: bool, line: Line) -> tuple[list[list[str]], str]:
    """The rows in the fields of one line with what was mended; or no row, with the reason."""
    width = header.width
    ended = _without_end(fields, width)
    if len(ended) == width:
        sound = header.is_sound(ended)
        return ([ended], NULS if "\0" in line.text else TAIL) if sound else ([], MISFIT)
    if len(ended) < width:
        mended = None if broken else _with_a_field_more(ended, header)
        return ([mended], LOST) if mended else ([], CUT if line.cut else TOO_FEW)
    if parted := _parted(fields, header):
        return parted, PARTED
    mended = _with_fields_less(fields, header)
    return ([mended], EXTRA) if mended else ([], TOO_MANY)


def _without_end(fields: list[str], width: int) -> list[str]:
    """The fields without empty ones beyond the width of the table."""
    while len(fields) > width and not fields[-1].strip():
        fields = fields[:-1]
    return fields


def _with_a_field_more(fields: list[str], header: Header) -> list[str] | None:
    """The row with one empty field put in, if it is clear where.

    Not beside a text that is used: there two values may have run together.
    """
    if len(fields) != header.width - 1:
        return None
    places = [at for at in range(header.width) if header.is_sound([*fields[:at], "", *fields[at:]])]
    if any(_touches_text(fields, at, header) for at in places):
        return None
    return _agreed([[*fields[:at], "", *fields[at:]] for at in places], header)


def _touches_text(fields: list[str], at: int, header: Header) -> bool:
    before = at > 0 and header.is_used_text(at - 1) and bool(fields[at - 1].strip())
    after = at < len(fields) and header.is_used_text(at + 1) and bool(fields[at].strip())
    return before or after


def _with_fields_less(fields: list[str], header: Header) -> list[str] | None:
    """The row with neighbouring fields made one again, if it is clear which."""
    if len(fields) > header.width and not fields[-1].strip():
        fields = fields[:-1] if len(fields) - 1 > header.width else fields
    extra = len(fields) - header.width
    if not 0 < extra <= MOST_EXTRA:
        return None
    candidates = [
        [*fields[:at], "$".join(fields[at : at + extra + 1]), *fields[at + extra + 1 :]]
        for at in range(header.width)
    ]
    return _agreed([candidate for candidate in candidates if header.is_sound(candidate)], header)


def _agreed(candidates: list[list[str]], header: Header) -> list[str] | None:
    """The first candidate when all agree in the columns that are used; None when there is none or they differ."""
    readings = {tuple(candidate[at] for at in header.used) for candidate in candidates}
    return candidates[0] if len(readings) == 1 else None


def _parted(fields: list[str], header: Header) -> list[list[str]] | None:
    """Two rows that stand in one line, each of them sound; None when that is not what the line is."""
    for first, second in _cuts(fields, header):
        rows = [first, _without_end(second, header.width)]
        if all(map(header.is_sound, rows)):
            return rows
    return None


def _cuts(fields: list[str], header: Header) -> Iterator[tuple[list[str], list[str]]]:
    """Where two rows may meet: after a separator, or inside the field in which the next key begins."""
    width = header.width
    yield fields[:width], fields[width:]
    if not header.key_has_case:
        return
    shared, case = fields[width - 1], fields[width].strip()
    at = shared.rfind(case) if case else -1
    if at >= 0:
        yield [*fields[: width - 1], shared[:at]], [shared[at:], *fields[width:]]


def _clean(text: str) -> str:
    """A line without NUL bytes, the sign that old systems end a file with, or quotes around the whole of it."""
    text = text.replace("\0", "").strip("\x1a \t\r")
    return text[1:].removesuffix('"') if text.startswith('"') else text


def _shown(line: Line) -> str:
    return example(line.number, line.text)
