"""Reading cases or controls by place: whole numbers, dates as fine as the periods, nothing outside the study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from untoward.exchange.places.columns import PLAIN_ORDER, with_categories
from untoward.exchange.places.inputs import PlaceSettings
from untoward.exchange.places.open_table import draft_of, has, open_table
from untoward.exchange.places.periods import LONGEST_DATE
from untoward.exchange.tables.draft import Draft
from untoward.model.tables import Table

WHOLE = (
    "Counts must be whole: rounded down, rounded up and as they are give different clusters, so round them yourself "
    "and say how."
)
_DAY = timedelta(days=1)


def read_case_rows(path: Path, table: Table, settings: PlaceSettings) -> tuple[Draft, tuple[str, ...]]:
    """The rows of a file of cases (or controls), judged one by one, and notes on what was assumed.

    The frame has `n` besides: how many each row stands for. Raises InputError when the file cannot be opened.
    """
    categories = settings.categories if table.name == "cases" else ()
    with_date = settings.time != "none"
    order = PLAIN_ORDER[table.name]
    raw = open_table(path, table, order)
    chosen: Mapping[str, str] = {} if settings.place is None else {"place": settings.place}
    draft = draft_of(raw, with_categories(table, categories), chosen)
    notes = list(raw.notes)
    if not has(draft, "cases"):
        notes.append(f"{raw.file}: no column of counts, so each row is one of the {table.name}")
    draft.frame = draft.frame.with_columns(_counts(draft).alias("n"))
    if with_date:
        _check_dates(draft, settings)
    notes += _repeats(draft, categories)
    return draft, tuple(notes)


def _counts(draft: Draft) -> pl.Series:
    values, log = draft.frame["cases"], draft.log
    if not has(draft, "cases"):
        return pl.repeat(1, draft.frame.height, dtype=pl.Int64, eager=True)
    log.about_rows(
        values.is_null() & ~log.bad, "the cell is empty", field="cases", expected="a whole number: 0, 1, 2, …",
    )  # fmt: skip
    broken = (values != values.floor()).fill_null(False)
    log.about_rows(broken, "not a whole number", field="cases", got=values, expected="0, 1, 2, …", hint=WHOLE)
    log.about_rows(values > 1e9, "the number is too large", field="cases", got=values, expected="a count")
    return values.fill_null(0).clip(0, 1e9).cast(pl.Int64)


def _check_dates(draft: Draft, settings: PlaceSettings) -> None:
    log, frame = draft.log, draft.frame
    if not has(draft, "date"):
        log.about_table(
            "required column is missing", field="date", expected=f"the {settings.unit} of each case"
        )
        draft.usable = False
        return
    log.about_rows(
        frame["date"].is_null() & ~log.bad & (frame["n"] > 0), "no date", field="date",
        expected=f"a date that tells the {settings.unit}", hint="Leave --time out to scan places alone.",
    )  # fmt: skip
    days = (frame["date:to"] - frame["date:from"]).dt.total_minutes() / 1440
    log.about_rows(
        days > LONGEST_DATE[settings.unit], f"the date does not tell the {settings.unit}", field="date",
        got=frame["date"], hint="Choose a longer --unit, or leave the row out.",
    )  # fmt: skip


def _repeats(draft: Draft, categories: tuple[str, ...]) -> list[str]:
    """Line lists may not name a case twice; counts of one place and date on several rows are added up, and that is said."""
    frame, log = draft.frame, draft.log
    if has(draft, "case_id"):
        twice = frame["case_id"].is_duplicated() & frame["case_id"].is_not_null()
        log.about_rows(
            twice,
            "the case stands more than once",
            field="case_id",
            got=frame["case_id"],
            expected="one row each",
        )
        return []
    if not has(draft, "cases"):
        return []
    keys = ["place", *(["date"] if "date" in frame.columns else []), *categories]
    again = frame.select(pl.struct(keys).is_duplicated().sum()).item()
    return [f"{log.file}: {again:,} rows share their place and date with another; added up"] if again else []


def known_by(draft: Draft, as_of: date) -> pl.DataFrame:
    """The good rows that were known on a day.

    A row is known when it was reported by that day, or, where nobody wrote that down, when all its date lies before the end
    of that day.
    """
    end = datetime.combine(as_of, time()) + _DAY
    when = pl.col("date:to")
    if has(draft, "reported"):
        when = pl.coalesce(pl.col("reported:to"), when)
    return draft.good().filter((when <= end).fill_null(True))


def check_period(draft: Draft, first: date | None, last: date | None) -> None:
    """A fault for each row whose date lies before or after the study period, as far as that was given."""
    frame, outside = draft.frame, pl.repeat(False, draft.frame.height, dtype=pl.Boolean, eager=True)
    if first is not None:
        outside = outside | (frame["date:from"] < datetime.combine(first, time()))
    if last is not None:
        outside = outside | (frame["date:to"] > datetime.combine(last, time()) + _DAY)
    said = f"{first or 'any day'} to {last or 'any day'}"
    draft.log.about_rows(
        outside, "outside the study period", field="date", got=frame["date"], expected=said,
        hint="Leave the row out, or change --from and --to.",
    )  # fmt: skip
