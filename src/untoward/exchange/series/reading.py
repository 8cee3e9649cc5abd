"""Read dated counts from a table: one row a case, or one row a week or day with its count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.tables.dates import read_dates
from untoward.exchange.tables.draft import report_broken_rows
from untoward.exchange.tables.faults import FaultLog, shorten
from untoward.exchange.tables.inputs import find_line_list
from untoward.exchange.tables.layout import known_headers
from untoward.exchange.tables.raw import ROW, RawTable, cell_names, refuse
from untoward.exchange.tables.text_bytes import DEFAULT_MAX_BYTES
from untoward.exchange.tables.values import read_counts
from untoward.model.names import fold
from untoward.model.tables import Column, ColumnKind, Table

MOST_GROUPS = 500

_DATE = Column(
    name="date",
    kind=ColumnKind.DATE,
    description="Day of the case, or first day of the week counted.",
    aliases=(
        "onset",
        "onset_date",
        "date_onset",
        "week",
        "week_start",
        "day",
        "reported",
        "report_date",
        "fecha",
        "semana",
    ),
)
_COUNT = Column(
    name="count",
    kind=ColumnKind.COUNT,
    description="Cases on that day or in that week.",
    minimum=0,
    aliases=("cases", "n", "observed", "number", "total", "casos"),
)
_TABLE = Table(
    name="series", row="one case, or one week or day with its count", key=(), columns=(_DATE, _COUNT)
)

_ISO_WEEK = r"^\d{4}-?[Ww](0[1-9]|[1-4]\d|5[0-3])$"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedCounts:
    """One group: a count for each day given. A line list has a 1 for every case."""

    name: str
    days: tuple[date, ...]
    counts: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesReading:
    """What was read. `line_list` when rows are cases; `undated` rows had no day (in a line list alone), `taken` says
    which headers were taken for what.
    """

    groups: tuple[DatedCounts, ...]
    line_list: bool
    undated: int
    taken: dict[str, str]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def read_series(
    path: Path,
    *,
    date_column: str | None = None,
    count_column: str | None = None,
    by_column: str | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> SeriesReading:
    """Dated counts from CSV, TSV, XLSX or Parquet, or standard input ("-").

    Columns go by their header; without `count_column` a column called count, cases or n is taken, and a table without
    any is a line list of one row a case. Weeks may be written as ISO weeks (2026-W07). Raises InputError when the file
    cannot be read or lacks a column; faults of rows are returned.
    """
    chosen = [name for name in (date_column, count_column, by_column) if name]
    raw = find_line_list(path).read(known_headers([_TABLE], chosen), max_bytes)
    log = FaultLog(raw.file, raw.frame[ROW])
    report_broken_rows(raw, log)
    taken = _columns(raw, date_column, count_column, by_column)
    frame = _typed(raw, taken, log)
    line_list = "count" not in taken
    if not line_list:
        log.about_rows(
            frame["day"].is_null() & ~log.bad, "the day or week of a count is missing", field="date"
        )
    good = frame.filter(~log.bad)
    undated = int(good["day"].null_count())
    return SeriesReading(
        groups=_groups(raw.file, good.drop_nulls("day")),
        line_list=line_list,
        undated=undated,
        taken={name: raw.headers[int(cell[1:])] for name, cell in taken.items()},
        faults=log.faults(),
        notes=raw.notes,
    )


def _columns(raw: RawTable, day: str | None, count: str | None, by: str | None) -> dict[str, str]:
    """Cell names of the columns. InputError when one asked for is not there, or none holds a date."""
    cells = dict(zip(raw.headers, cell_names(len(raw.headers)), strict=True))
    taken = {
        "date": _cell(raw, cells, day) if day else _by_alias(cells, _DATE),
        "count": _cell(raw, cells, count) if count else _by_alias(cells, _COUNT),
        "group": _cell(raw, cells, by) if by else None,
    }
    if taken["date"] is None:
        raise refuse(
            raw.file,
            "no column of dates",
            got=", ".join(shorten(header) for header in raw.headers[:10] if header),
            expected=f"a column called {', '.join((_DATE.name, *_DATE.aliases[:5]))} …",
            hint="Name it with --date.",
        )
    return {name: cell for name, cell in taken.items() if cell is not None}


def _cell(raw: RawTable, cells: dict[str, str], wanted: str) -> str:
    alike = [cell for header, cell in cells.items() if header and fold(header) == fold(wanted)]
    if not alike:
        listed = ", ".join(shorten(header) for header in raw.headers[:30] if header)
        raise refuse(raw.file, "no such column", got=shorten(wanted), expected=f"one of {listed}")
    return alike[0]


def _by_alias(cells: dict[str, str], column: Column) -> str | None:
    names = [fold(name) for name in (column.name, *column.aliases)]
    found = {fold(header): cell for header, cell in cells.items() if header and fold(header) in names}
    return next((found[name] for name in names if name in found), None)


def _typed(raw: RawTable, taken: dict[str, str], log: FaultLog) -> pl.DataFrame:
    dates = read_dates(_with_weeks_as_days(raw.frame[taken["date"]]), "date", log)
    exact = (dates["to"] - dates["from"] <= timedelta(days=1)).fill_null(False)
    vague = dates["from"].is_not_null() & ~exact
    log.about_rows(
        vague,
        "only a month or a year",
        field="date",
        got=raw.frame[taken["date"]],
        expected="a day or an ISO week",
    )
    day = dates.select(pl.col("from").dt.date().alias("day")).to_series()
    if "count" in taken:
        text = raw.frame[taken["count"]]
        count = read_counts(text, _COUNT, log, decimal_comma=raw.decimal_comma).cast(pl.Float64)
        log.about_rows(
            count.is_null() & ~log.bad,
            "the count is missing",
            field="count",
            expected="0 when there was none",
        )
    else:
        count = pl.repeat(1.0, raw.frame.height, dtype=pl.Float64, eager=True)
    group = raw.frame[taken["group"]] if "group" in taken else pl.repeat("all", raw.frame.height, eager=True)
    return pl.DataFrame({"day": day, "count": count, "group": group.fill_null("(not given)")})


def _with_weeks_as_days(text: pl.Series) -> pl.Series:
    """ISO weeks as the day of their Monday; a week that its year does not have stays as it is, and becomes a fault."""
    weeks = text.drop_nulls().unique()
    weeks = weeks.filter(weeks.str.contains(_ISO_WEEK))
    mondays = {week: monday for week in weeks.to_list() if (monday := _monday(week)) is not None}
    return text.replace(mondays) if mondays else text


def _monday(week: str) -> str | None:
    year, number = week.upper().replace("-", "").split("W")
    try:
        return date.fromisocalendar(int(year), int(number), 1).isoformat()
    except ValueError:
        return None


def _groups(file: str, frame: pl.DataFrame) -> tuple[DatedCounts, ...]:
    names = frame["group"].unique().sort().to_list()
    if len(names) > MOST_GROUPS:
        fault = Fault(
            what="too many groups", file=file, got=f"{len(names):,}", expected=f"at most {MOST_GROUPS}"
        )
        raise InputError(f"{file} has too many groups.", [fault])
    parts = frame.sort("group", "day").partition_by("group", maintain_order=True)
    return tuple(
        DatedCounts(
            name=part["group"][0], days=tuple(part["day"].to_list()), counts=tuple(part["count"].to_list())
        )
        for part in parts
    )
