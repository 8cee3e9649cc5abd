"""MAUDE, the device reports of the United States: `|`-separated tables without quoting.

What is injected is the device with its generic name, or its brand where none is given; the brand stays in
`as_reported`. What happened is each problem of the patient and of the device. Reports that share an EVENT_KEY come from
several sources about one event: they are one case here. Texts are counted and not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.cell_values import age_in, date, folded_name, known, sex
from untoward.exchange.reports.delimited import Sift, read_delimited
from untoward.exchange.reports.frames import report_tables
from untoward.exchange.reports.maude_codes import read_codes
from untoward.exchange.reports.maude_tables import (
    DEVICE_CODES,
    DEVICE_PROBLEMS,
    DEVICES,
    LAYOUTS,
    PATIENT_CODES,
    PATIENT_PROBLEMS,
    PATIENTS,
    REPORTS,
    TEXTS,
    kind_of,
    layout_of,
    rank_of,
    sorted_by_kind,
)
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.model.reports import ReportTables

_DATES = ("%m/%d/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%y", "%Y-%m-%d")
_GRAVE = "[DLHSCR]"
_INJURY = ("D", "IN", "IL", "IJ")
_NO_REPORTER = ("000", "999", "NA", "NI", "UNK", "*")
MOST_SOURCES = 20
"""An EVENT_KEY that more reports share than this is no event but a filler; four kinds of source can report one."""

_Files = Mapping[str, Sequence[SourceFile]]


def looks_like_maude(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether one of the files is of MAUDE, by its header; the files without one by their names."""
    return any(kind_of(name, line) is not None for name, line in zip(names, first_lines, strict=True))


def read_maude(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """Read MAUDE files of any years, with the Add and Change files and the lists of codes that are there.

    Raises InputError when reports, devices or all problems are missing, or a table has other columns.
    """
    return _Reading(sorted_by_kind(files), len(files), progress).tables()


class _Reading:
    """One reading of a set of files."""

    def __init__(self, kinds: _Files, total: int, progress: Progress) -> None:
        self._kinds = kinds
        self._total = total
        self._done = 0
        self._progress = progress
        self._tallies: dict[str, Tally] = {}

    def tables(self) -> ReportTables:
        reports = self._reports()
        keys = reports.select("key", "report_id")
        devices = self._part(DEVICES, keys)
        patients = self._part(PATIENTS, keys)
        self._tally(PATIENTS).keep(patients)
        problems = [
            self._problems(PATIENT_PROBLEMS, PATIENT_CODES, "patient problem", keys),
            self._problems(DEVICE_PROBLEMS, DEVICE_CODES, "device problem", keys),
        ]
        self._skip_texts()
        self._progress("Reading MAUDE", self._total, self._total)
        drugs = self._drugs(devices)
        entries = [entry for tally in self._tallies.values() for entry in tally.entries()]
        return report_tables(_cases(reports, patients), drugs, pl.concat(problems), entries)

    def _tally(self, table: str, shown: str = "key") -> Tally:
        return self._tallies.setdefault(table, Tally(table, shown))

    def _rows(self, kind: str, sift: Sift | None = None) -> pl.DataFrame:
        """All rows of a kind with their rank, each row once; the key as a plain number."""
        tally = self._tally(kind)
        parts = [_no_rows(kind)]
        for file in self._kinds.get(kind, ()):
            self._progress("Reading MAUDE", self._done, self._total)
            self._done += 1
            rows = read_delimited(file, layout_of(kind, file.first_line()), tally, sift)
            parts.append(rows.with_columns(_key(), pl.lit(rank_of(file), dtype=pl.Int8).alias("rank")))
        return pl.concat(parts)

    def _reports(self) -> pl.DataFrame:
        """One row for each report, with the report that stands for its event as `report_id`."""
        tally = self._tally(REPORTS)
        rows = tally.drop(self._rows(REPORTS), pl.col("key").is_null(), "no report key")
        ordered = rows.sort("rank", FILE, LINE)
        former = ~pl.col("key").is_last_distinct()
        latest = tally.merge(
            ordered, former, "a later row of the same report, or a file of changes, replaces it"
        )
        shared = known(pl.col("event_key"))
        few = shared.len().over("event_key") <= MOST_SOURCES
        event = pl.coalesce(pl.when(few).then(shared), pl.format("report {}", "key"))
        latest = latest.with_columns(
            event.alias("event"), date(_day(pl.col("received")), *_DATES).alias("received")
        )
        ordered = latest.sort("received", "key")
        ordered = ordered.with_columns(pl.col("key").last().over("event").alias("report_id"))
        others = tally.merge(
            ordered, pl.col("key") != pl.col("report_id"), "another report of the same event"
        )
        tally.keep(others)
        return ordered

    def _part(self, kind: str, keys: pl.DataFrame) -> pl.DataFrame:
        """The rows of a kind that count: of a report that is there, from the file that comes first, each once."""
        tally = self._tally(kind)
        wanted = keys["key"]

        def sift(batch: pl.DataFrame) -> pl.DataFrame:
            there = batch.with_columns(_key())["key"].is_in(wanted.implode())
            return tally.drop(batch, ~there, "its report is not among those read")

        rows = self._rows(kind, sift)
        best = pl.col("rank").max().over("key")
        rows = tally.merge(rows, pl.col("rank") < best, "a file of additions or changes replaces it")
        said = list(LAYOUTS[kind].columns)
        rows = tally.merge(rows, ~pl.struct(said).is_first_distinct(), "says the same as another row")
        return rows.join(keys, on="key", how="left", maintain_order="left")

    def _problems(self, kind: str, codes: str, called: str, keys: pl.DataFrame) -> pl.DataFrame:
        names = read_codes(self._kinds.get(codes, ()), self._tally(codes, "code"))
        self._done += len(self._kinds.get(codes, ()))
        code = known(pl.col("code").str.replace(r"\.0$", ""))
        name = code.replace_strict(names, default=None, return_dtype=pl.String)
        event = pl.coalesce(name, pl.format(f"{called} {{}}", code)).alias("event")
        tally = self._tally(kind)
        rows = tally.drop(self._part(kind, keys), code.is_null(), "no code of a problem")
        tally.keep(rows)
        return rows.select("report_id", event)

    def _drugs(self, devices: pl.DataFrame) -> pl.DataFrame:
        tally = self._tally(DEVICES)
        brand, generic = known(pl.col("brand")), known(pl.col("generic"))
        devices = tally.drop(devices, brand.is_null() & generic.is_null(), "no device is named")
        tally.keep(devices)
        shown = pl.when(brand.is_not_null() & generic.is_not_null()).then(
            pl.format("{} ({})", brand, generic)
        )
        return devices.select(
            "report_id",
            folded_name(pl.coalesce(generic, brand)).alias("drug"),
            pl.coalesce(shown, brand, generic).alias("as_reported"),
            pl.lit("suspect").alias("role"),
            known(pl.col("lot")),
            pl.col("sequence").cast(pl.Float64, strict=False).cast(pl.Int64, strict=False),
        )

    def _skip_texts(self) -> None:
        tally = self._tally(TEXTS)
        for file in self._kinds.get(TEXTS, ()):
            self._progress("Reading MAUDE", self._done, self._total)
            self._done += 1
            read_delimited(
                file,
                LAYOUTS[TEXTS],
                tally,
                lambda rows: tally.drop(rows, pl.lit(True), "texts are not part of the tables"),
            )


def _no_rows(kind: str) -> pl.DataFrame:
    text = dict.fromkeys(LAYOUTS[kind].columns, pl.String)
    return pl.DataFrame(schema={FILE: pl.UInt32, LINE: pl.UInt32, **text, "rank": pl.Int8})


def _key() -> pl.Expr:
    return pl.col("key").str.extract(r"^(\d+)(?:\.0*)?$").alias("key")


def _day(cell: pl.Expr) -> pl.Expr:
    """The day of a date that may be followed by a time of day."""
    return cell.str.extract(r"^(\S+)")


def _cases(reports: pl.DataFrame, patients: pl.DataFrame) -> pl.DataFrame:
    """One row for each event: facts of the report that stands for it, outcomes of all reports of it."""
    type_of = pl.col("event_type").str.to_uppercase()
    people = _people(patients)
    kinds = reports.group_by("report_id").agg(
        type_of.is_in(list(_INJURY)).any().alias("injury"),
        (type_of == "D").any().alias("death"),
        (type_of == "M").all().alias("malfunction"),
    )
    one = reports.filter(pl.col("key") == pl.col("report_id"))
    joined = one.join(kinds, on="report_id", how="left", maintain_order="left")
    joined = joined.join(people, on="report_id", how="left", maintain_order="left")
    grave = pl.col("injury") | pl.col("grave").fill_null(False)
    died = pl.col("death") | pl.col("patient_died").fill_null(False)
    reporter = pl.col("reporter").str.to_uppercase()
    return joined.select(
        "report_id",
        pl.col("event").str.strip_prefix("report ").alias("case_id"),
        "received",
        date(_day(pl.col("event_date")), *_DATES),
        "age_years",
        "sex",
        known(pl.col("country")),
        pl.when(~reporter.is_in(list(_NO_REPORTER))).then(reporter).alias("reporter"),
        pl.when(grave | died)
        .then(pl.lit(True))
        .when(pl.col("malfunction"))
        .then(pl.lit(False))
        .alias("serious"),
        pl.when(died).then(pl.lit(True)).alias("died"),
        pl.lit("MAUDE").alias("source"),
    )


def _people(patients: pl.DataFrame) -> pl.DataFrame:
    """Outcomes of all patients of a report; age and sex where they say one thing."""
    outcomes = pl.col("outcomes").str.to_uppercase()
    value, unit = (
        pl.col("age").str.extract(pattern) for pattern in (r"^([\d.]+)", r"^[\d.]+\s*([A-Za-z()]+)")
    )
    read = patients.select(
        "report_id",
        outcomes.str.contains(rf"(?:^|[.;,\s]){_GRAVE}(?:$|[;,\s])").alias("grave"),
        outcomes.str.contains(r"(?:^|[.;,\s])D(?:$|[;,\s])").alias("patient_died"),
        age_in(value, unit).alias("age_years"),
        sex(pl.col("sex")).alias("sex"),
    )

    def only(name: str) -> pl.Expr:
        values = pl.col(name).drop_nulls().unique()
        return pl.when(values.len() == 1).then(values.first()).alias(name)

    return read.group_by("report_id").agg(
        pl.col("grave").any(), pl.col("patient_died").any(), only("age_years"), only("sex")
    )
