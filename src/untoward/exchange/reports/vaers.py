"""VAERS, the vaccine reports of the United States: yearly CSV files DATA, VAX and SYMPTOMS, domestic and not.

A report stands in DATA once or, since 2025, once for each of its versions (column ORDER). The latest one counts, with
the vaccines and symptoms of that version. A box that is not ticked is empty in these files whether the answer was no
or never given: `serious` and `died` are true or not known.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.cell_values import age, date, folded_name, known, number, sex, ticked
from untoward.exchange.reports.delimited import read_delimited
from untoward.exchange.reports.frames import report_tables
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.exchange.reports.vaers_tables import (
    DATA,
    FLAGS,
    LAYOUTS,
    SYMPTOMS,
    TERMS,
    VAX,
    is_abroad,
    kind_of,
    release_of,
    sorted_by_kind,
)
from untoward.model.reports import ReportTables

_VERSION = ("id", "release", "order")
_NO_BRAND = r"(?i)\s*\((?:NO BRAND NAME|UNKNOWN|OTHER)\)$"
_SAID_TWICE = r"^(\S[^()]*?) ?\(\s*(.+)\s*\)$"


def looks_like_vaers(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether one of the files is of VAERS, by its header."""
    return any(kind_of(line) is not None for line in first_lines)


def read_vaers(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """Read VAERS files of any number of years.

    Raises InputError when one of the three kinds of file is missing or has other columns.
    """
    kinds = sorted_by_kind(files)
    total = sum(len(found) for found in kinds.values())
    frames: dict[str, pl.DataFrame] = {}
    tallies: dict[str, Tally] = {}
    done = 0
    for kind, found in kinds.items():
        tallies[kind] = Tally(kind, "id")
        parts = []
        for file in found:
            progress("Reading VAERS", done, total)
            parts.append(_rows_of(file, kind, tallies[kind]))
            done += 1
        frames[kind] = pl.concat(parts)
    progress("Reading VAERS", done, total)
    latest = _latest(frames[DATA], tallies[DATA])
    vaccines = _of_latest(frames[VAX], latest, tallies[VAX])
    symptoms = _of_latest(frames[SYMPTOMS], latest, tallies[SYMPTOMS])
    drugs, events = _drugs(vaccines, latest, tallies[VAX]), _events(symptoms, tallies[SYMPTOMS])
    entries = [entry for tally in tallies.values() for entry in tally.entries()]
    return report_tables(_reports(latest), drugs, events, entries)


def _rows_of(file: SourceFile, kind: str, tally: Tally) -> pl.DataFrame:
    frame = read_delimited(file, LAYOUTS[kind], tally)
    frame = tally.drop(frame, ~pl.col("id").str.contains(r"^\d{1,10}$").fill_null(False), "no report number")
    if kind == DATA:
        frame = tally.drop(frame, _is_shifted(), "cells are shifted: text stands where a box is ticked")
    return frame.with_columns(
        pl.col("id").str.strip_chars_start("0"),
        pl.col("order").cast(pl.Int64, strict=False).fill_null(0),
        pl.lit(release_of(file)).alias("release"),
        pl.lit(is_abroad(file)).alias("abroad"),
    )


def _is_shifted() -> pl.Expr:
    """Whether something other than Y, N or U stands in a box, as after a comma without quotation marks."""
    boxes = [~pl.col(name).str.to_uppercase().is_in(["Y", "N", "U"]) for name in FLAGS]
    return pl.any_horizontal(*boxes, ~pl.col("sex").str.to_uppercase().is_in(["F", "M", "U"]))


def _latest(data: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    """One row for each report: that of the highest ORDER, then the date received, then the place in the files."""
    dated = data.with_columns(date(pl.col("received"), "%m/%d/%Y"), date(pl.col("onset"), "%m/%d/%Y"))
    ordered = dated.sort("order", "received", FILE, LINE)
    newest = ordered.filter(pl.col("id").is_last_distinct()).select(FILE, LINE, pl.lit(True).alias("newest"))
    marked = dated.join(newest, on=[FILE, LINE], how="left", maintain_order="left")
    latest = tally.merge(marked, pl.col("newest").is_null(), "an earlier version of the same report")
    tally.keep(latest)
    return latest


def _of_latest(rows: pl.DataFrame, latest: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    """The rows of the version that counts; all rows of a report of which none says it is of that version."""
    known_ids = latest.select("id", pl.lit(True).alias("known"))
    versions = latest.select(*_VERSION, pl.lit(True).alias("of_latest"))
    marked = rows.join(known_ids, on="id", how="left", maintain_order="left")
    marked = tally.drop(marked, pl.col("known").is_null(), "no row of this report in DATA")
    marked = marked.join(versions, on=list(_VERSION), how="left", maintain_order="left")
    marked = marked.with_columns(pl.col("of_latest").fill_null(False))
    superseded = pl.col("of_latest").any().over("id") & ~pl.col("of_latest")
    current = tally.merge(marked, superseded, "of an earlier version of the same report")
    said = [name for name in current.columns if name not in (FILE, LINE, "release", "order", "known")]
    again = ~pl.struct(said).is_first_distinct()
    return tally.merge(current, again, "says the same as another row of the report")


def _reports(latest: pl.DataFrame) -> pl.DataFrame:
    months = number(pl.col("age_months_part")).fill_null(0.0) / 12
    counted_age = number(pl.col("age_years_part")) + months
    in_months = pl.when(pl.col("age_months_part").is_not_null()).then(months)
    abroad = pl.col("abroad") | (pl.col("state") == "FR").fill_null(False)
    return latest.select(
        pl.col("id").alias("report_id"),
        pl.col("id").alias("case_id"),
        pl.when(pl.col("order") > 0).then(pl.col("order")).alias("version"),
        "received",
        pl.col("onset").alias("event_date"),
        age(pl.coalesce(number(pl.col("age")), counted_age, in_months)).alias("age_years"),
        sex(pl.col("sex")),
        pl.when(~abroad).then(pl.lit("US")).alias("country"),
        ticked(*map(pl.col, FLAGS)).alias("serious"),
        ticked(pl.col("died")).alias("died"),
        pl.lit("VAERS").alias("source"),
    )


def _drugs(vaccines: pl.DataFrame, latest: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    unnamed = pl.col("name").is_null() & pl.col("type").is_null()
    vaccines = tally.drop(vaccines, unnamed, "no vaccine is named")
    tally.keep(vaccines)
    given = latest.select("id", date(pl.col("vaccinated"), "%m/%d/%Y").alias("start"))
    with_day = vaccines.join(given, on="id", how="left", maintain_order="left")
    parts = [
        pl.coalesce("name", "type"),
        pl.format("type {}", pl.col("type")),
        pl.format("maker {}", pl.col("maker")),
    ]
    return with_day.select(
        pl.col("id").alias("report_id"),
        vaccine_name(pl.coalesce("name", "type")).alias("drug"),
        pl.concat_str(parts, separator="; ", ignore_nulls=True).alias("as_reported"),
        pl.lit("suspect").alias("role"),
        *(known(pl.col(name)) for name in ("route", "site", "lot", "dose")),
        "start",
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("id").alias("sequence"),
    )


def vaccine_name(name: pl.Expr) -> pl.Expr:
    """The name of a vaccine: upper case, the type said once, and nothing in place of a brand that is not known.

    "COVID19 (COVID19 (MODERNA))" becomes "COVID19 (MODERNA)", and "HEP B (NO BRAND NAME)" becomes "HEP B".
    """
    folded = folded_name(name)
    outer = folded.str.extract(_SAID_TWICE, 1).str.strip_chars()
    inner = folded.str.extract(_SAID_TWICE, 2).str.strip_chars()
    twice = inner.str.starts_with(outer + pl.lit(" (")) | (inner == outer)
    plain = pl.when(twice.fill_null(False)).then(inner).otherwise(folded)
    short = plain.str.replace(_NO_BRAND, "")
    return pl.when(short != "").then(short).otherwise(plain)


def _events(symptoms: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    symptoms = tally.drop(
        symptoms, pl.all_horizontal(pl.col(term).is_null() for term in TERMS), "no symptom is named"
    )
    tally.keep(symptoms)
    return (
        symptoms.select(pl.col("id").alias("report_id"), pl.concat_list(TERMS).alias("event"))
        .explode("event")
        .drop_nulls("event")
    )
