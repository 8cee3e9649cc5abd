"""CAERS, since 2024 HFCS: complaints about foods, supplements and cosmetics in the United States, one row for each product.

The file from 2004 to 2017 and the newer ones name their columns differently. Terms and outcomes stand in one cell
each, with commas between them. Where the agency may not tell a product's name, its row says "EXEMPTION 4": the report
and its terms are kept then, and no drug.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.caers_terms import split_cells
from untoward.exchange.reports.cell_values import age_in, date, folded_name, sex
from untoward.exchange.reports.delimited import Layout, read_delimited, split_line
from untoward.exchange.reports.frames import report_tables
from untoward.exchange.reports.headers import has
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.model.reports import ReportTables

LAYOUT = Layout(
    columns={
        "report_id": ("REPORT_ID", "RA_Report #", "Report #"),
        "received": (
            "DATE_FDA_FIRST_RECEIVED_REPORT",
            "DATE_FDA_FIRST_RECEIVED_CASE",
            "RA_CAERS Created Date",
            "CAERS Created Date",
        ),
        "event_date": ("DATE_EVENT", "AEC_Event Start Date", "Date of Event"),
        "role": ("PRODUCT_TYPE", "PRI_Product Role", "Product Role"),
        "product": ("PRODUCT", "PRI_Reported Brand/Product Name", "Product Name"),
        "age": ("PATIENT_AGE", "CI_Age at Adverse Event"),
        "age_unit": ("AGE_UNITS", "CI_Age Unit"),
        "sex": ("SEX", "CI_Gender"),
        "outcomes": ("CASE_OUTCOME", "AEC_One Row Outcomes", "Outcomes"),
        "terms": (
            "CASE_MEDDRA_PREFERRED_TERMS",
            "MEDDRA PREFERRED TERMS",
            "MEDRA PREFERRED TERMS",
            "SYM_One Row Coded Symptoms",
        ),
    },
    required=("report_id", "role", "product", "terms"),
)

SERIOUS = (
    "DEATH",
    "LIFE THREATENING",
    "HOSPITALIZATION",
    "DISABILITY",
    "CONGENITAL ANOMALY",
    "SERIOUS INJURIES/ ILLNESS",
    "SERIOUS INJURIES/ILLNESS",
    "REQUIRED INTERVENTION",
    "REQ. INTERVENTION TO PRVNT PERM. IMPRMNT.",
    "OTHER SERIOUS (IMPORTANT MEDICAL EVENTS)",
    "OTHER SERIOUS OR IMPORTANT MEDICAL EVENT",
    "OTHER SERIOUS OUTCOME",
)
"""Outcomes that make a report serious. A visit to a doctor or an emergency room alone does not."""

NOT_SERIOUS = ("NON-SERIOUS INJURIES/ ILLNESS", "NON-SERIOUS INJURIES/ILLNESS")

_ROLES = {"SUSPECT": "suspect", "CONCOMITANT": "concomitant", "INTERACTING": "interacting"}
WITHHELD = r"^(?:\(?EXEMPTIONS? ?\(?B?\)?\(?\d\)?.*|\(?REDACTED\)?|B\(\d\))$"
_DATES = ("%m/%d/%Y", "%Y-%m-%d")


def looks_like_caers(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether one of the files is of CAERS or HFCS, by its header."""
    return any(_is_header(line) for line in first_lines)


def _is_header(line: str) -> bool:
    return has(split_line(line, ",", quoted=True), LAYOUT.columns, LAYOUT.required)


def read_caers(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """Read CAERS or HFCS files, of either layout. Raises InputError when a file has other columns."""
    tables = [file for file in files if file.base.endswith(".CSV") or _is_header(file.first_line())]
    tally = Tally("products", "report_id")
    parts = [_NO_ROWS]
    for done, file in enumerate(tables or files):
        progress("Reading CAERS", done, len(files))
        parts.append(read_delimited(file, LAYOUT, tally))
    rows = _sound(pl.concat(parts), tally)
    withheld = pl.col("drug").is_null()
    tally.keep(rows.filter(~withheld))
    tally.keep(
        rows.filter(withheld),
        "no product is named or its name is withheld: the report and its terms are kept",
    )
    return report_tables(_reports(rows), _drugs(rows), _events(rows), tally.entries())


_NO_ROWS = pl.DataFrame(schema={FILE: pl.UInt32, LINE: pl.UInt32, **dict.fromkeys(LAYOUT.columns, pl.String)})
"""No rows, with the columns that rows have."""


def _sound(rows: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    """Rows that say something, each once, with the name of the product as it is counted."""
    rows = tally.drop(rows, pl.col("report_id").is_null(), "no report number")
    rows = tally.drop(rows, pl.col("product").is_null() & pl.col("terms").is_null(), "no product and no term")
    name = folded_name(pl.col("product"))
    rows = rows.with_columns(pl.when(~name.str.contains(WITHHELD)).then(name).alias("drug"))
    said = pl.struct(name for name in LAYOUT.columns if name != "age_unit")
    return tally.merge(rows, ~said.is_first_distinct(), "says the same as another row of the report")


def _reports(rows: pl.DataFrame) -> pl.DataFrame:
    outcomes = pl.col("outcomes").str.to_uppercase().str.split(",")
    parts = outcomes.list.eval(pl.element().str.strip_chars())
    read = rows.select(
        "report_id",
        date(pl.col("received"), *_DATES),
        date(pl.col("event_date"), *_DATES),
        age_in(pl.col("age"), pl.col("age_unit")).alias("age_years"),
        sex(pl.col("sex")),
        parts.list.set_intersection(list(SERIOUS)).list.len().alias("grave"),
        parts.list.contains("DEATH").alias("death"),
        parts.list.set_intersection(list(NOT_SERIOUS)).list.len().alias("light"),
    )
    first = [pl.col(name).drop_nulls().first() for name in ("received", "event_date", "age_years", "sex")]
    grouped = read.group_by("report_id", maintain_order=True).agg(
        *first,
        pl.when((pl.col("grave") > 0).any())
        .then(pl.lit(True))
        .when((pl.col("light") > 0).any())
        .then(pl.lit(False))
        .alias("serious"),
        pl.when(pl.col("death").any()).then(pl.lit(True)).alias("died"),
    )
    return grouped.with_columns(
        pl.col("report_id").alias("case_id"), pl.lit("US").alias("country"), pl.lit("CAERS").alias("source")
    )


def _drugs(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("drug").is_not_null()).select(
        "report_id",
        "drug",
        pl.col("product").alias("as_reported"),
        pl.col("role").str.to_uppercase().replace_strict(_ROLES, default=None, return_dtype=pl.String),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("report_id").alias("sequence"),
    )


def _events(rows: pl.DataFrame) -> pl.DataFrame:
    cells = rows.select("report_id", "terms").drop_nulls().unique(maintain_order=True)
    terms = split_cells(cells["terms"].unique(maintain_order=True).to_list())
    pairs = pl.DataFrame(
        {"terms": list(terms), "event": [list(each) for each in terms.values()]},
        schema={"terms": pl.String, "event": pl.List(pl.String)},
    )
    return (
        cells.join(pairs, on="terms", how="left", maintain_order="left")
        .select("report_id", "event")
        .explode("event")
    )
