"""The columns of FAERS and AERS tables as those of `ReportTables`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from untoward.exchange.reports.dates import compact_date, digits_of_date
from untoward.exchange.reports.wording import NOTHING, by_distinct, coded, drug_name, known, tidy

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
    changed = [
        by_distinct(demo.get_column(name), change).alias(field)
        for field, name, change in (
            ("received_digits", "fda_dt", digits_of_date),
            ("received", "fda_dt", compact_date),
            ("event_date", "event_dt", compact_date),
            ("unit", "age_cod", lambda text: _decoded(text, YEARS)),
            ("sex", "sex", lambda text: _decoded(text, SEXES)),
            ("where", "occr_country", _country),
            ("whence", "reporter_country", _country),
            ("reporter", "occp_cod", lambda text: _decoded(text, REPORTERS)),
            ("has_died", "death_dt", lambda text: text.str.contains(r"\d")),
        )
    ]
    return (
        demo.select("key", "age", case=_case(demo, legacy), version=_number("caseversion"))
        .with_columns(
            *changed,
            age_years=_age(changed[3]),
            country=pl.coalesce(*changed[5:7]),
            source=pl.lit("AERS" if legacy else "FAERS"),
        )
        .drop("age", "unit", "where", "whence")
    )


def outcome_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """The code of each row of OUTC."""
    return rows.select("key", by_distinct(rows.get_column("outc_cod"), _code).alias("outcome"))


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
    start = by_distinct(rows.get_column("start_dt"), compact_date).alias("start")
    return rows.select("key", start, sequence=_number("dsg_drug_seq"))


def with_starts(drugs: pl.DataFrame, starts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The drugs with `start`, the earliest first day that is told of each; and what became of the rows that tell them.

    The second frame says for each `file` how many rows were linked to a drug and how many not: `file`, `linked`, `len`.
    """
    by = _link(drugs, starts)
    starts = starts.with_columns(link=by)
    drugs = drugs.with_columns(link=by)
    earliest = starts.drop_nulls("link").group_by("link").agg(pl.col("start").min())
    dated = drugs.join(earliest, on="link", how="left", maintain_order="left")
    told = dated.filter(pl.col("start").is_not_null()).get_column("link").unique()
    linked = pl.col("link").is_in(told.implode()).fill_null(False).alias("linked")
    return dated.drop("link"), starts.group_by("file", linked).len().sort("file", "linked")


def _link(drugs: pl.DataFrame, starts: pl.DataFrame) -> pl.Expr:
    """A report and the number of a drug in it as one thing to link by: a number where it fits, which is faster."""
    frames = (drugs, starts)
    most = max(_largest(frame, "sequence") for frame in frames) + 1
    if most * (max(_largest(frame, "key") for frame in frames) + 1) < 2**62:
        return pl.col("key") * most + pl.col("sequence") * pl.col("key").sign()
    return pl.format("{} {}", "key", "sequence")


def _largest(frame: pl.DataFrame, name: str) -> int:
    largest = frame.select(pl.col(name).abs().max()).item()
    return 0 if largest is None else int(largest)


def event_fields(rows: pl.DataFrame) -> pl.DataFrame:
    """The term of each row of a REAC file as published, trimmed."""
    return rows.select("key", by_distinct(rows.get_column("pt"), tidy).alias("event"))


def unknown_roles(rows: pl.DataFrame) -> list[str]:
    """Role codes of a DRUG file that nobody has defined, in order."""
    codes = rows.get_column("role_cod").unique().to_frame().select(_code(pl.col("role_cod"))).to_series()
    return sorted(set(codes.drop_nulls().to_list()) - {*ROLES, NOT_GIVEN, ""})


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
    changed = [
        by_distinct(drug.get_column(name), change).alias(field)
        for field, name, change in (
            ("role", "role_cod", lambda text: _decoded(text, ROLES)),
            ("route", "route", known),
            ("lot", "lot_num", known),
            ("dose", "dose_vbm", known),
        )
    ]
    reported, texts = coded(drug.get_column("drugname"))
    code, names = _drug_names(drug.get_column("prod_ai"), reported, texts)
    rows = drug.select(
        "key",
        *changed,
        code,
        texts.to_frame("text").select(tidy(pl.col("text"))).to_series().gather(reported).alias("as_reported"),
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        sequence=_number("drug_seq"),
        site=pl.lit(None, dtype=pl.String),
    )
    named = rows.join(names, on="code", how="left", maintain_order="left").drop("code")
    return named.with_columns(pl.coalesce("as_reported", "drug"))


def _drug_names(
    prod_ai: pl.Series, reported: pl.Series, reported_texts: pl.Series
) -> tuple[pl.Series, pl.DataFrame]:
    """A number for what each row calls its drug, and the names behind each number: `code`, `drug`.

    The active ingredients come first, parted at backslashes. Where the source names none, the name as reported does.
    """
    ingredients, texts = coded(prod_ai)
    first = len(texts)
    by_ingredient = _names(texts, pl.col("text").str.split("\\"), 0)
    as_reported = _names(reported_texts, pl.concat_list("text"), first)
    named = pl.when(ingredients.is_in(by_ingredient.get_column("code").implode())).then(ingredients)
    code = pl.select(pl.coalesce(named, reported + first).alias("code")).to_series()
    return code, pl.concat([by_ingredient, as_reported])


def _names(texts: pl.Series, parts: pl.Expr, first: int) -> pl.DataFrame:
    """The names in some texts, with the numbers of the texts counted from `first`; each name once for each text."""
    return (
        texts.to_frame("text")
        .select(pl.int_range(first, first + pl.len(), dtype=pl.UInt32).alias("code"), parts.alias("drug"))
        .explode("drug")
        .with_columns(drug_name(pl.col("drug")))
        .drop_nulls("drug")
        .unique(maintain_order=True)
    )


def _case(demo: pl.DataFrame, legacy: bool) -> pl.Series:
    """The number of the case; where it is missing that of the report, without its version if it has one."""
    case = demo.select(_number("caseid")).to_series()
    if not case.has_nulls():
        return case
    whole = pl.col("primaryid").cast(pl.String)
    shorter = whole.str.strip_suffix(pl.col("caseversion").str.strip_chars())
    of_report = [] if legacy else [shorter.cast(pl.Int64, strict=False)]
    return demo.select(pl.coalesce(case, *of_report, "primaryid")).to_series()


def _age(unit: pl.Series) -> pl.Expr:
    years = pl.col("age").str.strip_chars().cast(pl.Float64, strict=False) * unit
    return pl.when(years.is_between(0, OLDEST)).then(years)


def _country(text: pl.Expr) -> pl.Expr:
    """A country in capitals. Codes of two letters stand as they are: "NA" is Namibia, "NI" Nicaragua."""
    country = tidy(text).str.to_uppercase()
    return pl.when((country.str.len_bytes() == 2) | ~country.is_in(NOTHING)).then(country)


def _number(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().cast(pl.Int64, strict=False)


def _decoded(text: pl.Expr, meanings: Mapping[str, str] | Mapping[str, float]) -> pl.Expr:
    kind = pl.String if isinstance(next(iter(meanings.values())), str) else pl.Float64
    return _code(text).replace_strict(meanings, default=None, return_dtype=kind)


def _code(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars(' "').str.to_uppercase()
