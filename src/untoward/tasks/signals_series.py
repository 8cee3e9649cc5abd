"""Single pairs over time and by time to onset, as the report shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from untoward.model.reports import ReportTables
from untoward.report.signals.content import OnsetCurve, Trend, TrendPoint
from untoward.watch.signals.counting import Roles
from untoward.watch.signals.onset import Comparison, Onset, time_to_onset
from untoward.watch.signals.over_time import Period, Replay, replay

Pairs = Sequence[tuple[str, str]]

_MONTHS_SHOWN, _QUARTERS_SHOWN = 550, 3650
_DAYS_WANTED = 5
_QUARTER, _HALF, _THREE_QUARTERS = 0.25, 0.5, 0.75


def trends_of(tables: ReportTables, pairs: Pairs, roles: Roles, rule: str) -> tuple[Trend, ...]:
    """Each pair by month, quarter or year, as the dates of receipt allow; empty when they span one period."""
    received = tables.reports["received"].drop_nulls()
    first, last = received.min(), received.max()
    if not pairs or not isinstance(first, date) or not isinstance(last, date):
        return ()
    days = (last - first).days
    period: Period = "month" if days < _MONTHS_SHOWN else "quarter" if days < _QUARTERS_SHOWN else "year"
    found = replay(tables, pairs, period=period, roles=roles)
    return tuple(trend_of(one, rule) for one in found if one.table.height > 1)


def trend_of(found: Replay, rule: str) -> Trend:
    """A replayed pair with what became of one rule."""
    signal = pl.col(f"signal_{rule}").alias("signal")
    named = pl.col("expected") > 0  # before the drug or the event is first named there is nothing to compare
    limits = [pl.when(named).then(pl.col(name)).alias(name) for name in ("ic", "ic_low", "ic_high")]
    columns = found.table.select("start", "new", "n", "expected", *limits, signal)
    first = found.first.row(by_predicate=pl.col("rule") == rule, named=True)
    return Trend(
        drug=found.drug,
        event=found.event,
        rule=rule,
        period=found.period,
        points=tuple(TrendPoint(**row) for row in columns.iter_rows(named=True)),
        first_signal=first["start"],
        first_n=first["n"],
        sequential="" if found.sequential is None else f"{found.sequential.says()}.",
        undated=found.undated,
    )


def onsets_of(
    tables: ReportTables, pairs: Pairs, roles: Roles, least: int = _DAYS_WANTED
) -> tuple[OnsetCurve, ...]:
    """The pairs with `least` known times to onset or more; none where the source has no such days."""
    if not (tables.drugs["start"].count() and tables.reports["event_date"].count()):
        return ()
    found = (onset_of(time_to_onset(tables, drug, event, roles=roles)) for drug, event in pairs)
    return tuple(curve for curve in found if curve.known >= least)


def onset_of(found: Onset) -> OnsetCurve:
    """Time to onset of a pair as the report shows it."""
    days = {quantile.share: quantile.day for quantile in found.quantiles}
    return OnsetCurve(
        drug=found.drug,
        event=found.event,
        known=len(found.days),
        unknown=found.reports - len(found.days),
        median_day=days.get(_HALF),
        quartile_days=(days.get(_QUARTER), days.get(_THREE_QUARTERS)),
        curve=tuple((day, 1 - left) for day, left in found.curve.select("day", "to_come").iter_rows()),
        weibull=found.reading,
        compared=" ".join(said for said in map(_compared, found.against) if said),
    )


def _compared(other: Comparison) -> str:
    if other.p is None or other.median is None:
        return ""
    return f"Against {other.against}: median day {other.median:g} (n {other.n:,}), p {other.p:.2g}."
