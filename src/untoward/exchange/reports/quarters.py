"""Quarters of FAERS and AERS, any number at once, into the three tables.

All DEMO files are read first, with the lists of deleted cases; they decide which reports stand. The other tables are
then read one file at a time, and only rows of reports that stand are carried along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.deleted import read_deleted
from untoward.exchange.reports.dollar import count_lines, read_dollar
from untoward.exchange.reports.faers_tables import ALIASES, TABLES, UNUSED, aliases_of
from untoward.exchange.reports.line_tally import EXAMPLES, LineTally
from untoward.exchange.reports.quarter_files import DELETED, QuarterFile, quarter_files
from untoward.exchange.reports.quarter_tables import (
    OUTCOMES,
    demo_fields,
    drug_fields,
    event_fields,
    outcome_codes,
    outcomes,
    report_id,
    start_fields,
    unknown_roles,
    with_starts,
)
from untoward.exchange.reports.versions import FATES, Standing, Standings, with_standing
from untoward.model.ledger import Fate, Ledger, LedgerEntry
from untoward.model.reports import DRUGS, EVENTS, REPORTS, ReportTables

NOT_A_TABLE = "left unread: not a table of this source"
MISSING = {
    "DEMO": "missing from this quarter: rows of its other tables have no report",
    "DRUG": "missing from this quarter: its reports name no drug",
    "REAC": "missing from this quarter: its reports name no event",
    "OUTC": "missing from this quarter: whether its reports are serious is not known",
    "THER": "missing from this quarter: no first days of drugs",
}
"""What is said of a table that a quarter lacks."""


NOT_USED = "not used: nothing of this table goes into reports"
NO_DRUG = "no drug is named"
NO_EVENT = "no event is named"
NO_OUTCOME = "no outcome code, or one that is not known"
NO_START = "no whole date of a first day"
NO_SUCH_DRUG = "no drug of the report has this number"


@dataclass(slots=True)
class _Reading:
    """The files of the quarters, and what is gathered while they are read."""

    parts: Sequence[QuarterFile]
    progress: Progress
    done: int = 0
    tallies: list[LineTally] = field(default_factory=list)

    def of(self, *tables: str, group: int | None = None) -> Iterator[tuple[QuarterFile, LineTally]]:
        """The files of some tables, of one quarter or of all, one after the other, each with its tally."""
        for part in self.parts:
            if part.table in tables and group in (None, part.group):
                yield part, self._tally(part)

    def rows(self, part: QuarterFile, tally: LineTally) -> pl.DataFrame:
        """The used columns of a file, with `key`: the number of the report, below 0 in a legacy file."""
        frame = read_dollar(part.file, TABLES[part.table], aliases_of(part.table), tally)
        number = pl.col("primaryid")
        return frame.with_columns(key=-number if part.legacy else number)

    def _tally(self, part: QuarterFile) -> LineTally:
        self.progress(f"reading {part.file.base}", self.done, len(self.parts))
        self.done += 1
        self.tallies.append(LineTally(part.file.name, part.table))
        return self.tallies[-1]


def read_quarters(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """The tables of all quarters among the files. Raises InputError when there is no DEMO file or a header is wrong."""
    reading = _Reading(quarter_files(files, ALIASES), progress)
    demo = _read_demo(reading)
    standings = Standings(demo)
    reports = _with_outcomes(demo, _read_outcomes(reading, standings), reading.parts)
    drugs = _read_drugs(reading, standings)
    events = _read_events(reading, standings)
    _count_unused(reading)
    progress("reading is done", len(reading.parts), len(reading.parts))
    named = report_id(reports.get_column("key"))
    return ReportTables(
        reports=reports.select(named, pl.col("case").cast(pl.String).alias("case_id"), *REPORTS[2:]),
        drugs=drugs.select(named, *DRUGS[1:]),
        events=events.select(named, *EVENTS[1:]),
        ledger=Ledger().with_entries(_entries(files, reading)),
    )


def _read_demo(reading: _Reading) -> pl.DataFrame:
    """All DEMO files, with the standing of each row; the tallies are told of it."""
    frames: list[pl.DataFrame] = []
    tallies: list[LineTally] = []
    for part, tally in reading.of("DEMO"):
        fields = demo_fields(reading.rows(part, tally), part.legacy)
        number = pl.lit(len(tallies), dtype=pl.UInt16)
        frames.append(fields.with_columns(file=number, group=pl.lit(part.group, dtype=pl.UInt32)))
        tallies.append(tally)
    if not frames:
        raise InputError(
            "The reports cannot be read.",
            [Fault(what="there is no DEMO file", hint="Give whole quarters as published")],
        )
    demo = with_standing(pl.concat(frames), _read_deletions(reading))
    for file, standing, rows in demo.group_by("file", "standing").len().sort("file", "standing").iter_rows():
        tallies[file].add(*_fate(standing, rows))
    return demo


def _read_deletions(reading: _Reading) -> pl.Series:
    lists = [read_deleted(part.file, tally) for part, tally in reading.of(DELETED)]
    return pl.concat(lists).unique() if lists else pl.Series("case", [], dtype=pl.Int64)


def _standing_rows(
    rows: pl.DataFrame, part: QuarterFile, standings: Standings, tally: LineTally
) -> pl.DataFrame:
    """The rows of reports that stand; the tally is told of all others."""
    standing = standings.of(rows, part.group).alias("standing")
    for value, count in standing.value_counts().sort("standing").iter_rows():
        if value != Standing.STANDS:
            tally.add(*_fate(value, count), _reports_of(rows, standing == value))
    stands = standing == int(Standing.STANDS)
    return rows if stands.all() else rows.filter(stands)


def _reports_of(rows: pl.DataFrame, which: pl.Series) -> list[str]:
    """The first reports among some rows, as examples."""
    keys = rows.get_column("key").gather(which.arg_true().head(EXAMPLES))
    return [f"report {abs(key)}" for key in keys.to_list()]


def _fate(standing: int, rows: int) -> tuple[Fate, int, str]:
    fate, reason = FATES[Standing(standing)]
    return fate, rows, reason


def _read_outcomes(reading: _Reading, standings: Standings) -> pl.DataFrame:
    """One row for each report that stands and has outcomes."""
    frames = [outcome_codes(_nothing("OUTC"))]
    for part, tally in reading.of("OUTC"):
        rows = outcome_codes(_standing_rows(reading.rows(part, tally), part, standings, tally))
        _keep(rows, rows.get_column("outcome").is_in(OUTCOMES), NO_OUTCOME, tally)
        frames.append(rows)  # an unknown code counts too: it leaves open whether the report is serious
    return outcomes(pl.concat(frames))


def _with_outcomes(demo: pl.DataFrame, found: pl.DataFrame, parts: Sequence[QuarterFile]) -> pl.DataFrame:
    """The reports that stand, with `serious` and `died`.

    A report without outcomes is not serious where its quarter has a file of outcomes: the agency lists an outcome
    for each serious report. Where the file is missing nothing is known.
    """
    groups = sorted({part.group for part in parts if part.table == "OUTC"})
    unlisted = pl.when(pl.col("group").is_in(groups)).then(False)
    stands = demo.filter(pl.col("standing") == int(Standing.STANDS))
    joined = stands.join(found, on="key", how="left", maintain_order="left")
    grave = pl.col("has_died").fill_null(False)
    listed = pl.col("listed").fill_null(False)
    return joined.with_columns(
        pl.when(grave).then(True).when(listed).then(name).otherwise(unlisted).alias(name)
        for name in ("serious", "died")
    )


def _read_drugs(reading: _Reading, standings: Standings) -> pl.DataFrame:
    """The drugs of all quarters, one quarter after the other, with their first days."""
    frames = [with_starts(drug_fields(_nothing("DRUG")), _no_starts())[0]]
    for group in sorted({part.group for part in reading.parts}):
        drugs = pl.concat([drug_fields(_nothing("DRUG")), *_drugs_of(group, reading, standings)])
        frames.append(_with_starts(drugs, group, reading, standings))
    return pl.concat(frames)


def _drugs_of(group: int, reading: _Reading, standings: Standings) -> Iterator[pl.DataFrame]:
    for part, tally in reading.of("DRUG", group=group):
        rows = _standing_rows(reading.rows(part, tally), part, standings, tally)
        for code in unknown_roles(rows):
            tally.note(f"the role code {code[:10]!r} is not known: the role is left open")
        named = drug_fields(rows)
        whole = _keep(named, named.get_column("drug").is_not_null(), NO_DRUG, tally, counted=False)
        row = whole.get_column("row")  # one row of the file can name several drugs
        tally.add(Fate.KEPT, int(row.ne_missing(row.shift()).sum()))
        yield whole


def _with_starts(drugs: pl.DataFrame, group: int, reading: _Reading, standings: Standings) -> pl.DataFrame:
    """The drugs of a quarter with the first day of each, where the source has it whole; the earliest of several."""
    frames = [_no_starts()]
    tallies: list[LineTally] = []
    for part, tally in reading.of("THER", group=group):
        rows = start_fields(_standing_rows(reading.rows(part, tally), part, standings, tally))
        whole = _keep(rows, rows.get_column("start").is_not_null(), NO_START, tally, counted=False)
        frames.append(whole.with_columns(file=pl.lit(len(tallies), dtype=pl.UInt32)))
        tallies.append(tally)
    dated, linked = with_starts(drugs, pl.concat(frames))
    for file, is_linked, rows in linked.iter_rows():
        tallies[file].add(*((Fate.KEPT, rows) if is_linked else (Fate.DROPPED, rows, NO_SUCH_DRUG)))
    return dated


def _no_starts() -> pl.DataFrame:
    return start_fields(_nothing("THER")).with_columns(file=pl.lit(0, dtype=pl.UInt32))


def _read_events(reading: _Reading, standings: Standings) -> pl.DataFrame:
    frames = [event_fields(_nothing("REAC"))]
    for part, tally in reading.of("REAC"):
        rows = event_fields(_standing_rows(reading.rows(part, tally), part, standings, tally))
        frames.append(_keep(rows, rows.get_column("event").is_not_null(), NO_EVENT, tally))
    return pl.concat(frames)


def _keep(
    rows: pl.DataFrame, good: pl.Series, reason: str, tally: LineTally, *, counted: bool = True
) -> pl.DataFrame:
    """The good rows, counted as kept unless that is done elsewhere; the others are dropped for a reason."""
    good = good.fill_null(False)
    kept = rows if good.all() else rows.filter(good)
    tally.add(Fate.DROPPED, int((~good).sum()), reason, _reports_of(rows, ~good))
    if counted:
        tally.add(Fate.KEPT, kept.height)
    return kept


def _nothing(table: str) -> pl.DataFrame:
    """A table without rows, as `_Reading.rows` gives it."""
    used = dict.fromkeys(TABLES[table].used, pl.String())
    return pl.DataFrame(schema={**used, "primaryid": pl.Int64(), "key": pl.Int64()})


def _count_unused(reading: _Reading) -> None:
    for part, tally in reading.of(*UNUSED):
        lines = count_lines(part.file)
        tally.add(Fate.READ, lines)
        tally.add(Fate.DROPPED, lines, NOT_USED)


def _entries(files: Sequence[SourceFile], reading: _Reading) -> Iterator[LedgerEntry]:
    """What the tallies say, then what is missing, then the files that are no tables."""
    for tally in reading.tallies:
        yield from tally.entries()
    for quarter, table in _missing(reading.parts):
        yield LedgerEntry(file=quarter, table=table, fate=Fate.READ, rows=0, reason=MISSING[table])
    tables = {part.file.name for part in reading.parts}
    for file in files:
        if file.name not in tables:
            yield LedgerEntry(file=file.name, table="", fate=Fate.READ, rows=0, reason=NOT_A_TABLE)


def _missing(parts: Sequence[QuarterFile]) -> Iterator[tuple[str, str]]:
    """Each quarter and table of which there is no file."""
    quarters = {part.group: part.quarter for part in parts if part.table != DELETED}
    present = {(part.group, part.table) for part in parts}
    for group, quarter in sorted(quarters.items()):
        yield from ((quarter, table) for table in MISSING if (group, table) not in present)
