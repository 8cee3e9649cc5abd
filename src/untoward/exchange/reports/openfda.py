"""openFDA: reports of drugs, devices and foods as JSON, in answers of its interface and in the files of its downloads.

Of a report that stands in several files the highest version counts, then the latest date. openFDA splits the terms of
foods at every comma; they are put together again where that is sure.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.caers import WITHHELD
from untoward.exchange.reports.caers_terms import split_cells
from untoward.exchange.reports.cell_values import age_in, date, folded_name, sex
from untoward.exchange.reports.frames import report_tables
from untoward.exchange.reports.openfda_json import BrokenOff, results_of
from untoward.exchange.reports.openfda_kinds import Row, told
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.model.reports import ReportTables

_DATES = ("%Y%m%d", "%Y-%m-%d", "%m/%d/%Y")
_ROLES = ("suspect", "interacting", "concomitant")
_TEXT = pl.String()
_REPORT = dict.fromkeys(
    (
        "report_id",
        "case_id",
        "version",
        "received",
        "updated",
        "event_date",
        "age",
        "age_unit",
        "sex",
        "country",
    ),
    _TEXT,
)
_REPORT_TYPES: dict[str, pl.DataType] = {
    FILE: pl.UInt32(),
    LINE: pl.UInt32(),
    **_REPORT,
    "reporter": _TEXT,
    "serious": pl.Boolean(),
    "died": pl.Boolean(),
    "source": _TEXT,
}
_PLACE: dict[str, pl.DataType] = {FILE: pl.UInt32(), LINE: pl.UInt32()}
_DRUG_TYPES: dict[str, pl.DataType] = {
    **_PLACE,
    **dict.fromkeys(("drug", "as_reported", "role", "route", "lot", "dose", "start"), _TEXT),
    "sequence": pl.Int64(),
}
_EVENT_TYPES: dict[str, pl.DataType] = {**_PLACE, "event": _TEXT}
_BATCH = 20_000


def looks_like_openfda(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether all files are JSON."""
    begins = [line.lstrip("\ufeff").startswith(("{", "[")) for line in first_lines]
    return bool(names) and all(
        json or (name.endswith(".JSON") and not line)
        for name, line, json in zip(names, first_lines, begins, strict=True)
    )


def read_openfda(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """Read JSON of openFDA; a result that is no report of a drug, device or food is dropped.

    In the ledger the line of a row is the number of the result in its file. Raises InputError when reports of several
    kinds are mixed, because their numbers mean different things.
    """
    tally = Tally("results", "report_id")
    gathered = _Gathered()
    for done, file in enumerate(files):
        progress("Reading openFDA", done, len(files))
        _read_file(file, gathered, tally)
    reports, drugs, events = gathered.frames()
    _check_kinds(reports)
    reports = _latest(reports, tally)
    tally.keep(reports)
    ids = reports.select(FILE, LINE, "report_id")
    named = drugs.join(ids, on=[FILE, LINE], how="inner", maintain_order="left")
    happened = events.join(ids, on=[FILE, LINE], how="inner", maintain_order="left")
    return report_tables(
        _reports(reports), _drugs(named), happened.select("report_id", "event"), tally.entries()
    )


def _check_kinds(reports: pl.DataFrame) -> None:
    kinds = reports["source"].unique(maintain_order=True).to_list()
    if len(kinds) > 1:
        fault = Fault(
            what="reports of several kinds are mixed", got=", ".join(kinds), hint="Read each kind alone."
        )
        raise InputError("These files of openFDA cannot be read together", [fault])


def _read_file(file: SourceFile, gathered: _Gathered, tally: Tally) -> None:
    place = tally.begin(file.name)
    read = 0
    unknown: list[str] = []
    try:
        for result in results_of(file):
            read += 1
            if not gathered.add(place, read, result):
                unknown.append(f"result {read}")
    except BrokenOff as error:
        read += 1
        tally.lose(place, f"{error}; nothing after it was read", 1, [f"after result {read - 1}"])
    tally.read(place, read)
    if unknown:
        tally.lose(place, "not a report of a drug, a device or a food", len(unknown), unknown)


class _Gathered:
    """Rows of results on their way into frames, in batches, so that the lists of Python stay short."""

    def __init__(self) -> None:
        self._kinds = (_REPORT_TYPES, _DRUG_TYPES, _EVENT_TYPES)
        self._rows: tuple[list[Row], ...] = ([], [], [])
        self._frames = tuple([pl.DataFrame(schema=kinds)] for kinds in self._kinds)

    def add(self, file: int, line: int, result: object) -> bool:
        """Take a result; False when it is of no kind that is known."""
        said = told(result)
        if said is None:
            return False
        place = {FILE: file, LINE: line}
        reports, drugs, events = self._rows
        reports.append({**place, **said.report})
        drugs.extend({**place, **drug} for drug in said.drugs)
        terms = said.events
        if said.report["source"] == "openFDA food":
            terms = list(split_cells([", ".join(terms)]).get(", ".join(terms), ()))
        events.extend({**place, "event": event} for event in terms)
        if len(reports) >= _BATCH:
            self._close()
        return True

    def frames(self) -> tuple[pl.DataFrame, ...]:
        """Reports, drugs and events."""
        self._close()
        return tuple(pl.concat(parts) for parts in self._frames)

    def _close(self) -> None:
        for rows, frames, kinds in zip(self._rows, self._frames, self._kinds, strict=True):
            if rows:
                frames.append(pl.DataFrame(rows, schema=kinds))
                rows.clear()


def _latest(reports: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    number = pl.col("version").cast(pl.Int64, strict=False)
    dated = reports.with_columns(
        number, *(date(pl.col(name), *_DATES) for name in ("received", "updated", "event_date"))
    )
    ordered = dated.sort("version", "updated", "received", FILE, LINE)
    latest = tally.merge(
        ordered,
        ~pl.col("report_id").is_last_distinct(),
        "an earlier version of the same report",
    )
    return latest.sort(FILE, LINE)


def _reports(latest: pl.DataFrame) -> pl.DataFrame:
    return latest.drop(FILE, LINE, "updated", "age", "age_unit").with_columns(
        latest.select(age_in(pl.col("age"), pl.col("age_unit")).alias("age_years")).to_series(),
        sex(pl.col("sex")),
    )


def _drugs(drugs: pl.DataFrame) -> pl.DataFrame:
    name = folded_name(pl.col("drug"))
    return drugs.drop(FILE, LINE).with_columns(
        pl.when(~name.str.contains(WITHHELD)).then(name).alias("drug"),
        pl.when(pl.col("role").is_in(list(_ROLES))).then(pl.col("role")),
        date(pl.col("start"), *_DATES),
    )
