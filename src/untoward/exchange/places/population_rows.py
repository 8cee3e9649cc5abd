"""Reading the population by place: counted once, or in several years, for everybody or group by group."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from untoward.exchange.places.columns import PLAIN_ORDER, POPULATION, with_categories
from untoward.exchange.places.inputs import PlaceSettings
from untoward.exchange.places.open_table import draft_of, has, open_table
from untoward.exchange.tables.draft import Draft
from untoward.exchange.tables.raw import RawTable

_A_MONTH = 31
_TWO_DIGITS = r"^\d{2}$"


def read_population(path: Path, settings: PlaceSettings, today: date) -> tuple[Draft, tuple[str, ...]]:
    """The rows of a population file and notes on what was assumed. Raises InputError when it cannot be opened.

    The frame has `census` besides: the ordinal day that each row's date stands for (1 July of a year, the 15th of a month,
    as scan programs take it); null where undated.
    """
    raw = open_table(path, POPULATION, PLAIN_ORDER["population"])
    raw, note = _with_centuries(raw, today)
    table = with_categories(POPULATION, settings.categories)
    draft = draft_of(raw, table, {} if settings.place is None else {"place": settings.place})
    draft.frame = draft.frame.with_columns(_census_day().alias("census"))
    draft.log.about_rows(
        draft.frame["population"].is_null() & ~draft.log.bad, "the cell is empty", field="population",
        expected="how many were at risk",
    )  # fmt: skip
    if has(draft, "date"):
        draft.log.about_rows(
            draft.frame["date"].is_null() & ~draft.log.bad, "no date", field="date",
            expected="when this was the population", hint="Give every row a year, or none of them.",
        )  # fmt: skip
    added = _check_twice(draft, raw, settings.categories)
    return draft, (*raw.notes, *note, *added)


def _census_day() -> pl.Expr:
    start = pl.col("date:from")
    length = (pl.col("date:to") - start).dt.total_days()
    year, month = start.dt.offset_by("6mo"), start.dt.offset_by("14d")
    day = pl.when(length > _A_MONTH).then(year).when(length > 1).then(month).otherwise(start)
    ordinal = (day - pl.datetime(1970, 1, 1)).dt.total_days() + date(1970, 1, 1).toordinal()
    return ordinal.cast(pl.Float64)


def _with_centuries(raw: RawTable, today: date) -> tuple[RawTable, tuple[str, ...]]:
    """Years of two digits in a plain file, as scan programs allow them: the last such year that is not yet to come."""
    from dataclasses import replace

    if "date" not in raw.headers or not any("no header" in note for note in raw.notes):
        return raw, ()
    cell = f"c{raw.headers.index('date')}"
    short = raw.frame[cell].str.contains(_TWO_DIGITS).fill_null(False)
    if not short.any():
        return raw, ()
    year = pl.col(cell).cast(pl.Int32, strict=False)
    century = today.year // 100 * 100
    full = pl.when(year + century > today.year).then(year + century - 100).otherwise(year + century)
    frame = raw.frame.with_columns(
        pl.when(pl.col(cell).str.contains(_TWO_DIGITS)).then(full.cast(pl.String)).otherwise(pl.col(cell)).alias(cell)
    )  # fmt: skip
    years = frame.filter(short)[cell].unique().sort().to_list()
    return replace(raw, frame=frame), (f"{raw.file}: years of two digits read as {', '.join(years[:8])}",)


def _check_twice(draft: Draft, raw: RawTable, categories: tuple[str, ...]) -> tuple[str, ...]:
    """A fault for each row that counts the same people again; rows told apart by an unused column are groups to add up."""
    keys = [pl.col("place"), *([pl.col("date")] if has(draft, "date") else []), *map(pl.col, categories)]
    frame = draft.frame.with_columns(raw.frame.select(pl.col("^c[0-9]+$")))
    others = [place for place, header in enumerate(raw.headers) if header and _is_unused(draft, header)]
    groups = [pl.col(f"c{place}") for place in others]
    twice, again = (
        frame.select(pl.struct(columns).is_duplicated().alias("twice"))["twice"]
        & frame["place"].is_not_null()
        for columns in (keys, [*keys, *groups])
    )
    if others and twice.any() and not again.any():
        named = ", ".join(raw.headers[place] for place in others)
        return (f"{raw.file}: groups of {named} added up; --category adjusts for them instead",)
    draft.log.about_rows(
        twice, "the same place (and date, and group) more than once", field="population", got=frame["place"],
        expected="one row for each", hint="If the rows are groups such as ages, give each group a column of its own name.",
    )  # fmt: skip
    return ()


def _is_unused(draft: Draft, header: str) -> bool:
    return any(one.header == header and one.taken_for is None for one in draft.taken)
