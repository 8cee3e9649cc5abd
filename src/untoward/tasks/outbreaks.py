"""Attack rates, 2x2 tables, the epidemic curve and the analyses of one line list, as `untoward outbreak` prints them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from untoward.errors import Fault, InputError, UsageError
from untoward.exchange.tables import LineListReading, read_line_list
from untoward.exchange.tables.draft import typed_dates
from untoward.exchange.tables.faults import FaultLog
from untoward.exchange.tables.raw import Origin
from untoward.exchange.tables.text_bytes import DEFAULT_MAX_BYTES
from untoward.model.names import fold
from untoward.model.tables import LineList
from untoward.watch.investigation.epi_strata import bin_width_of
from untoward.watch.investigation.times import incubation_of
from untoward.watch.outbreak import ExposedAt, OutbreakResult, Questions, outbreak

_HEADER_ROWS = 1
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked beyond the attack rates, as a person types it: headers of the list, and texts for times."""

    stratify: tuple[str, ...] = ()
    adjust: tuple[str, ...] = ()
    matched: str | None = None
    dose: str | None = None
    by: tuple[str, ...] = ()
    bins: str | None = None
    incubation: str | None = None
    exposed_at: str | None = None
    missing: bool = False
    case_control: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutbreakAnswer:
    """The numbers, and what was taken for what while reading."""

    result: OutbreakResult
    reading: LineListReading


def investigate(
    path: Path,
    *,
    case_column: str | None = None,
    onset_column: str | None = None,
    exposures: Sequence[str] = (),
    by_p: bool = False,
    asked: Asked | None = None,
) -> OutbreakAnswer:
    """Read a line list and count it.

    Raises InputError with every fault of the table, UsageError for times and widths that cannot be read, MissingExtra
    where a regression is asked for and statsmodels is not installed.
    """
    wanted = asked or Asked()
    moment = _moment(wanted.exposed_at)
    bins = None if wanted.bins is None else bin_width_of(wanted.bins)
    incubation = None if wanted.incubation is None else incubation_of(wanted.incubation)
    with _readable_twice(path, needed=wanted != Asked()) as source:

        def read(columns: Sequence[str] | None) -> LineListReading:
            return _faultless(
                path,
                read_line_list(
                    source, case_column=case_column, onset_column=onset_column, exposure_columns=columns
                ),
            )

        reading = read(tuple(exposures) or None)
        headers = _headers(reading, wanted, moment is None)
        lacking = [name for name in headers.values() if name not in reading.line_list.frame.columns]
        frame = reading.line_list.frame
        if lacking:
            frame = _beside(frame, read(lacking).line_list.frame, lacking)
    questions = Questions(
        stratify=tuple(headers[name] for name in wanted.stratify),
        adjust=tuple(headers[name] for name in wanted.adjust),
        matched=None if wanted.matched is None else headers[wanted.matched],
        dose=None if wanted.dose is None else headers[wanted.dose],
        by=tuple(headers[name] for name in wanted.by),
        bins=bins,
        incubation=incubation,
        missing=wanted.missing,
        case_control=wanted.case_control,
    )
    if wanted.exposed_at is not None:
        frame, exposed_at = _exposed_at(frame, reading, headers, wanted.exposed_at, moment)
        questions = replace(questions, exposed_at=exposed_at)
    line_list = LineList(frame=frame, exposures=_exposures(reading, headers, wanted, named=bool(exposures)))
    return OutbreakAnswer(result=outbreak(line_list, by_p=by_p, questions=questions), reading=reading)


@contextmanager
def _readable_twice(path: Path, *, needed: bool) -> Iterator[Path]:
    """A path that can be read more than once, if that is needed; standard input is kept in a file for so long."""
    if str(path) != "-" or not needed:
        yield path
        return
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "standard input.csv"
        # One byte over what the reader takes is enough for it to refuse.
        kept.write_bytes(sys.stdin.buffer.read(DEFAULT_MAX_BYTES + 1))
        yield kept


def _faultless(path: Path, reading: LineListReading) -> LineListReading:
    if reading.faults:
        raise InputError(
            f"{path} has {len(reading.faults)} fault(s), so nothing was counted.", reading.faults
        )
    return reading


def _headers(reading: LineListReading, asked: Asked, exposed_at_is_a_column: bool) -> dict[str, str]:
    """The frame's name of every column that was asked for. Raises InputError naming all that are not there."""
    names = [*asked.stratify, *asked.adjust, *asked.by]
    names += [one for one in (asked.matched, asked.dose) if one is not None]
    if asked.exposed_at is not None and exposed_at_is_a_column:
        names.append(asked.exposed_at)
    found = {name: _frame_name(reading, name) for name in dict.fromkeys(names)}
    faults = [_no_such_column(reading, name) for name, header in found.items() if header is None]
    faults += [_a_count(name) for name, header in found.items() if header in ("count", "ill")]
    if faults:
        raise InputError("The line list lacks columns that were asked for.", faults)
    return {name: header for name, header in found.items() if header is not None}


def _frame_name(reading: LineListReading, name: str) -> str | None:
    """What the column is called in the frame: its header, or the name of the reader's own column it was taken for."""
    for same in (lambda header: header == name, lambda header: fold(header) == fold(name)):
        for taken in reading.columns:
            if same(taken.header):
                return taken.header if taken.taken_for in (None, "exposure") else taken.taken_for
    return None


def _no_such_column(reading: LineListReading, name: str) -> Fault:
    headers = [taken.header for taken in reading.columns]
    return Fault(
        what="no such column", file="line list", field=name[:60], expected=f"one of {', '.join(headers[:30])}"
    )


def _a_count(name: str) -> Fault:
    return Fault(
        what="this column says who is ill, or how many persons a row stands for",
        file="line list",
        field=name,
        hint="Give it another header if it means something else.",
    )


def _beside(frame: pl.DataFrame, other: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The frame with further columns of the same rows; one without any value is unknown throughout."""
    columns = [
        other.get_column(name)
        if name in other.columns
        else pl.repeat(None, frame.height, dtype=pl.String, eager=True).alias(name)
        for name in dict.fromkeys(names)
    ]
    return frame.with_columns(columns)


def _exposures(
    reading: LineListReading, headers: dict[str, str], asked: Asked, *, named: bool
) -> tuple[str, ...]:
    """Columns whose values are exposures; those that are a dose, a set or a date are not, unless named as such."""
    if named:
        return reading.line_list.exposures
    others = {headers[one] for one in (asked.dose, asked.matched, asked.exposed_at) if one in headers}
    return tuple(name for name in reading.line_list.exposures if name not in others)


def _moment(text: str | None) -> datetime | None:
    """A date, or a date and time, that holds for everybody; None when the text is something else."""
    if text is None or not text[:4].isdigit():
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise UsageError(
            f"exposed at: got {text[:40]!r}, expected a column, a date such as 2026-03-02, or 2026-03-02T19:30"
        ) from error


def _exposed_at(
    frame: pl.DataFrame,
    reading: LineListReading,
    headers: dict[str, str],
    text: str,
    moment: datetime | None,
) -> tuple[pl.DataFrame, ExposedAt]:
    if moment is not None:
        return frame, ExposedAt(shown=text, moment=moment, to_the_minute=len(text) > len("2026-03-02"))
    column = headers[text]
    if f"{column}_from" in frame.columns:
        return frame, ExposedAt(shown=text, column=column)
    file = reading.columns[0].file
    # Rows are numbered as in a spreadsheet: the header is the first.
    rows = pl.Series(range(1 + _HEADER_ROWS, frame.height + 1 + _HEADER_ROWS), dtype=pl.UInt32)
    log = FaultLog(file, rows)
    origin = Origin.WORKBOOK if Path(file).suffix.lower() in _WORKBOOKS else Origin.TEXT
    dates = typed_dates(frame.get_column(column).cast(pl.String), column, log, origin)
    if log.faults():
        raise InputError(f"{column} has dates that cannot be read.", log.faults())
    named = [values.alias(name.replace(f"{column}:", f"{column}_")) for name, values in dates.items()]
    return frame.with_columns(named), ExposedAt(shown=text, column=column)
