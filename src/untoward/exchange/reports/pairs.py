"""A table of the user's own: one row for a report, a drug and an event.

A report is taken to link every drug it names with every event it names, as the collections of the agencies do; a table
that lists only some of these pairs is counted as if it listed all.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.cell_values import age, date, number, sex
from untoward.exchange.reports.frames import report_tables
from untoward.exchange.reports.headers import Columns
from untoward.exchange.reports.pairs_source import BINARY, fold_names, read_rows, separator_of
from untoward.exchange.reports.tally import Tally
from untoward.model.reports import ReportTables

DRUG = ("drug", "product", "medicine", "substance", "compound", "vaccine", "device", "var1")
EVENT = ("event", "reaction", "term", "pt", "preferred_term", "adverse_event", "ae", "var2")

COLUMNS: Columns = {
    "report_id": ("report_id", "report", "id", "case_id", "case", "primaryid", "safetyreportid", "vaers_id"),
    "drug": DRUG,
    "event": EVENT,
    "role": ("role", "role_cod"),
    "received": ("received", "date_received", "receipt_date", "receivedate", "fda_dt", "date"),
    "event_date": ("event_date", "onset", "onset_date", "event_dt"),
    "age_years": ("age_years", "age"),
    "sex": ("sex", "gender"),
    "country": ("country", "occr_country"),
    "serious": ("serious",),
    "died": ("died", "death"),
    "route": ("route",),
    "site": ("site",),
    "lot": ("lot", "lot_number", "batch"),
}
REQUIRED = ("report_id", "drug", "event")

_ROLES = {
    **dict.fromkeys(("suspect", "ps", "ss", "primary suspect", "secondary suspect", "s", "1"), "suspect"),
    **dict.fromkeys(("interacting", "i", "3"), "interacting"),
    **dict.fromkeys(("concomitant", "c", "2"), "concomitant"),
}
_TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "no", "n", "0"), False),
}
_DATES = ("%Y-%m-%d", "%Y%m%d")
_HINT = "A table of drug, event and n is read as counts."


def looks_like_pairs(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether every file is a table with the columns report_id, drug and event, or of a kind only reading tells."""
    return bool(names) and all(
        name.endswith(BINARY) or separator_of(line, COLUMNS, REQUIRED) is not None
        for name, line in zip(names, first_lines, strict=True)
    )


def read_pairs(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """Read pair tables. Raises InputError when report_id, drug or event is missing."""
    tally = Tally("pairs", "report_id")
    parts = []
    for done, file in enumerate(files):
        progress("Reading pairs", done, len(files))
        parts.append(read_rows(file, COLUMNS, REQUIRED, tally, _HINT))
    rows = pl.concat(parts)
    rows = tally.drop(rows, pl.col("report_id").is_null(), "no report number")
    rows = tally.drop(rows, pl.col("drug").is_null() & pl.col("event").is_null(), "no drug and no event")
    said = [name for name in COLUMNS if not rows[name].is_null().all()]
    if said:
        rows = tally.merge(rows, ~pl.struct(said).is_first_distinct(), "says the same as another row")
    tally.keep(rows)
    return report_tables(_reports(rows), _drugs(rows), rows.select("report_id", "event"), tally.entries())


def _reports(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each report; where its rows differ, the first that says something counts."""
    day = [date(pl.col(name).str.slice(0, 10), *_DATES).alias(name) for name in ("received", "event_date")]
    facts = {
        "received": day[0],
        "event_date": day[1],
        "age_years": age(number(pl.col("age_years"))),
        "sex": sex(pl.col("sex")),
        "country": pl.col("country"),
        "serious": _truth("serious"),
        "died": _truth("died"),
    }
    given = {name: fact for name, fact in facts.items() if not rows[name].is_null().all()}
    read = rows.select("report_id", *(fact.alias(name) for name, fact in given.items()))
    firsts = [pl.col(name).drop_nulls().first() for name in given]
    one = (
        read.group_by("report_id", maintain_order=True).agg(*firsts)
        if given
        else read.unique(maintain_order=True)
    )
    return one.with_columns(pl.col("report_id").alias("case_id"), pl.lit("pairs").alias("source"))


def _truth(name: str) -> pl.Expr:
    return pl.col(name).str.to_lowercase().replace_strict(_TRUTHS, default=None, return_dtype=pl.Boolean)


def _drugs(rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.filter(pl.col("drug").is_not_null()).select(
        "report_id",
        pl.col("drug").alias("as_reported"),
        pl.col("role").str.to_lowercase().replace_strict(_ROLES, default=None, return_dtype=pl.String),
        "route",
        "site",
        "lot",
    )
    return fold_names(named.unique(maintain_order=True), "as_reported", "drug")
