"""The columns of FAERS and AERS tables as those of `ReportTables`."""

from __future__ import annotations

import polars as pl

from untoward.exchange.reports.dates import compact_date, digits_of_date
from untoward.exchange.reports.wording import drug_name, known, tidy

YEARS = {
    "DEC": 10.0, "YR": 1.0, "MON": 1 / 12, "WK": 7 / 365.25, "DY": 1 / 365.25, "HR": 1 / 8766,
    "MIN": 1 / 525_960, "SEC": 1 / 31_557_600,
}  # fmt: skip
"""Years in the units of age."""

OLDEST = 125.0
"""An age beyond is a slip of the pen."""

SEXES = {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M"}

NOT_GIVEN = "DN"
"""The role of a drug that was not given: none of those that count."""

ROLES = {"PS": "suspect", "SS": "suspect", "I": "interacting", "C": "concomitant"}

REPORTERS = {
    "MD": "physician", "PH": "pharmacist", "RN": "nurse", "HP": "health professional", "OT": "other health professional",
    "LW": "lawyer", "CN": "consumer",
}  # fmt: skip

OUTCOMES = ("DE", "LT", "HO", "DS", "CA", "RI", "OT")
"""Death, threat to life, hospital, disability, anomaly at birth, intervention needed, other: each makes it serious."""


def demo_fields(demo: pl.DataFrame, legacy: bool) -> pl.DataFrame:
    """What reports need of a DEMO file: the number of the case, the date that orders versions, fields of `reports`."""
    return demo.select(
        "key",
        case=_case(legacy),
        received_digits=digits_of_date(pl.col("fda_dt")),
        version=_number("caseversion"),
        received=compact_date(pl.col("fda_dt")),
        event_date=compact_date(pl.col("event_dt")),
        age_years=_age(),
        sex=_code("sex").replace_strict(SEXES, default=None, return_dtype=pl.String),
        country=known(pl.coalesce(tidy(pl.col("occr_country")), "reporter_country")).str.to_uppercase(),
        reporter=_code("occp_cod").replace_strict(REPORTERS, default=None, return_dtype=pl.String),
        has_died=pl.col("death_dt").str.contains(r"\d"),
        source=pl.lit("aers" if legacy else "faers"),
    )


def outcome_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """The code of each row of OUTC."""
    return rows.select("key", outcome=_code("outc_cod"))


def outcomes(codes: pl.DataFrame) -> pl.DataFrame:
    """One row for each report with outcomes: `serious` and `died`, null where only unknown codes stand; `listed`."""
    grave = pl.col("outcome").is_in(OUTCOMES).fill_null(False)
    deadly = (pl.col("outcome") == "DE").fill_null(False)
    return codes.group_by("key").agg(
        serious=pl.when(grave.any()).then(True),
        died=pl.when(deadly.any()).then(True).when(grave.any()).then(False),
        listed=pl.lit(True).first(),
    )


def start_fields(rows: pl.DataFrame) -> pl.DataFrame:
    """The first day of each drug in a THER file."""
    return rows.select("key", sequence=_number("dsg_drug_seq"), start=compact_date(pl.col("start_dt")))


def event_fields(rows: pl.DataFrame) -> pl.DataFrame:
    """The term of each row of a REAC file as published, trimmed."""
    distinct = rows.select("pt").unique().with_columns(event=tidy(pl.col("pt")))
    return rows.join(distinct, on="pt", how="left", maintain_order="left").select("key", "event")


def unknown_roles(rows: pl.DataFrame) -> list[str]:
    """Role codes of a DRUG file that nobody has defined, in order."""
    codes = rows.select(_code("role_cod")).to_series().drop_nulls().unique()
    return sorted(set(codes.to_list()) - {*ROLES, NOT_GIVEN, ""})


def report_id(keys: pl.Series) -> pl.Expr:
    """The number of a report as text. A legacy number that is a new one too gets "ISR" before it."""
    legacy = keys.filter(keys < 0)
    shared = legacy.filter((-legacy).is_in(keys.implode()))
    number = pl.col("key").abs().cast(pl.String)
    if shared.is_empty():
        return number.alias("report_id")
    doubtful = pl.col("key").is_in(shared.implode())
    return pl.when(doubtful).then(pl.lit("ISR") + number).otherwise(number).alias("report_id")


def drug_fields(drug: pl.DataFrame) -> pl.DataFrame:
    """What `drugs` needs of a DRUG file: one row for each active ingredient, null where a row names no drug.

    `row` numbers the rows of the file.
    """
    rows = drug.select(
        "key",
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        sequence=_number("drug_seq"),
        raw=pl.coalesce(_filled("prod_ai"), "drugname"),
        is_ingredient=_filled("prod_ai").is_not_null(),
        as_reported=tidy(pl.coalesce(_filled("drugname"), "prod_ai")),
        role=_code("role_cod").replace_strict(ROLES, default=None, return_dtype=pl.String),
        route=known(pl.col("route")),
        site=pl.lit(None, dtype=pl.String),
        lot=known(pl.col("lot_num")),
        dose=known(pl.col("dose_vbm")),
    )
    return rows.join(_names(rows), on=("raw", "is_ingredient"), how="left", maintain_order="left").drop(
        "raw", "is_ingredient"
    )


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """The names of drugs in each distinct text, worked out once for each: ingredients are parted at backslashes."""
    return (
        rows.select("raw", "is_ingredient")
        .unique()
        .with_columns(
            drug=pl.when("is_ingredient").then(pl.col("raw").str.split("\\")).otherwise(pl.concat_list("raw"))
        )
        .explode("drug")
        .with_columns(drug_name(pl.col("drug")))
        .drop_nulls("drug")
        .unique(maintain_order=True)
    )


def _case(legacy: bool) -> pl.Expr:
    """The number of the case; where it is missing that of the report, without its version if it has one."""
    case = _number("caseid")
    if legacy:
        return pl.coalesce(case, "primaryid")
    whole = pl.col("primaryid").cast(pl.String)
    return pl.coalesce(
        case,
        whole.str.strip_suffix(pl.col("caseversion").str.strip_chars()).cast(pl.Int64, strict=False),
        "primaryid",
    )


def _age() -> pl.Expr:
    unit = _code("age_cod").replace_strict(YEARS, default=None, return_dtype=pl.Float64)
    years = pl.col("age").str.strip_chars().cast(pl.Float64, strict=False) * unit
    return pl.when(years.is_between(0, OLDEST)).then(years)


def _number(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().cast(pl.Int64, strict=False)


def _code(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars(' "').str.to_uppercase()


def _filled(name: str) -> pl.Expr:
    """A text, or null when there is nothing but space in it."""
    return pl.when(pl.col(name).str.contains(r"\S")).then(pl.col(name))
