"""What must hold between the cells of a row, and between the rows of two tables."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import polars as pl

from untoward.exchange.tables.draft import Draft
from untoward.exchange.tables.faults import LISTED_FAULTS
from untoward.exchange.tables.raw import ROW
from untoward.exchange.tables.spans import wholly_before
from untoward.model.quantity import canonical_unit

AGREES_WITHIN_DAYS = 1.0
"""People round days, and some count the day of the session as day 1: only more than that is a contradiction."""


def check_future(sessions: Draft, today: date) -> None:
    """A fault for each session that begins more than a day after `today`."""
    limit = datetime.combine(today, time()) + timedelta(days=2)
    late = (sessions.frame["date:from"] >= limit).fill_null(False)
    sessions.log.about_rows(
        late,
        "a session in the future",
        field="date",
        got=sessions.frame["date"],
        expected=f"a day up to {today + timedelta(days=1)}",
    )


def check_amounts(components: Draft) -> None:
    """Faults for units that are not known and amounts without one."""
    frame, log = components.frame, components.log
    unknown = [unit for unit in frame["unit"].drop_nulls().unique().to_list() if not _is_unit(unit)]
    log.about_rows(
        frame["unit"].is_in(unknown),
        "the unit is not known",
        field="unit",
        got=frame["unit"],
        expected="a unit such as mg, ug, g, ml, iu or %",
    )
    bare = frame["amount"].is_not_null() & frame["unit"].is_null()
    log.about_rows(
        bare, "an amount without a unit", field="unit", got=frame["amount"], expected="the unit of the amount"
    )


def _is_unit(text: str) -> bool:
    try:
        canonical_unit(text)
    except ValueError:
        return False
    return True


def check_lots(components: Draft) -> None:
    """One fault for each vial that is given with two lots. The rows of the lot most rows name are kept, unless it is a tie."""
    lot = pl.col("lot").str.to_uppercase()
    frame = components.frame.filter(components.log.whole).select(ROW, "vial", lot).drop_nulls()
    torn = frame.filter(pl.col("lot").n_unique().over("vial") > 1)
    if torn.is_empty():
        return
    counted = torn.group_by("vial", "lot").agg(pl.len().alias("rows"))
    most = counted.filter(pl.col("rows") == pl.col("rows").max().over("vial"))
    main = most.filter(pl.len().over("vial") == 1).select("vial", pl.col("lot").alias("main"))
    against = torn.join(main, on="vial", how="left").filter(pl.col("lot").ne_missing(pl.col("main")))
    components.log.mark(components.frame[ROW].is_in(against[ROW].implode()))
    by_vial = against.group_by("vial").agg(
        pl.col(ROW).sort(), pl.col("lot").unique().sort(), pl.col("main").first()
    )
    _report_lots(components, by_vial.sort(pl.col(ROW).list.first()))


def _report_lots(components: Draft, by_vial: pl.DataFrame) -> None:
    what = "one vial with two lots"
    for vial, rows, lots, main in by_vial.head(LISTED_FAULTS).iter_rows():
        told = ", ".join(lots[:4])
        components.log.about_group(
            rows,
            what,
            field="lot",
            got=f"vial {vial!r} with lot {told}",
            expected=f"lot {main}, as on most rows of this vial" if main else "one lot for one vial",
            hint="A vial belongs to one lot: mend the lot, or give the vials different keys.",
        )
    components.log.count_more(what, "lot", by_vial.height - LISTED_FAULTS)


def check_before(draft: Draft, end: str, start: str, what: str, expected: str) -> None:
    """A fault for each row on which the date `end` lies wholly before the date `start`."""
    before = draft.frame.select(wholly_before(end, start).alias("before"))["before"]
    draft.log.about_rows(before, what, field=end, got=draft.frame[end], expected=expected)


def check_agree(draft: Draft, day: str, low: pl.Expr, high: pl.Expr) -> None:
    """A fault for each row whose day, given as a number, lies more than a day outside of what its dates allow."""
    given = pl.col(day)
    outside = draft.frame.select(
        ((given < low - AGREES_WITHIN_DAYS) | (given > high + AGREES_WITHIN_DAYS))
        .fill_null(False)
        .alias("outside")
    )["outside"]
    draft.log.about_rows(
        outside,
        "the day does not agree with the dates",
        field=day,
        got=draft.frame[day],
        expected="the days from the session to this date",
        hint="Give one of the two, or mend the other.",
    )
