"""How long after the drug does the event begin: days, quantiles, a Weibull shape, and a comparison with the others.

    found = time_to_onset(tables, "POLIDOCANOL", "Skin necrosis")
    found.days, found.left_out     # what was used, and what was not and why
    found.curve, found.quantiles   # Kaplan-Meier, with 95 % limits
    found.weibull, found.reading   # shape with limits and the test of shape 1
    found.against                  # same event with other drugs; other events with this drug

A report counts once: from the first start of the drug in it (or the last start before the event, if asked for)
to the report's date of the event. Only whole dates are used; a report that lacks one, or whose event precedes
every start, is counted in ``left_out``, since to guess a day would invent an onset. A source gives one event
date per report, so the time belongs to the report's first event where there are several.

All times are complete (only what happened is reported), so the Kaplan-Meier curve is the share still to come.
Reports are the shorter times by preference: what takes years has not happened to the recently treated, and is
seldom reported as due to the drug. The shape is that of reported times, not of a hazard in those treated.
For the Weibull distribution an event on the day of the start counts as half a day after it (``same_day``), since
a time of 0 has no place in it. The comparison is the two-sample test of Kolmogorov and Smirnov on the days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special, stats

from untoward.errors import UsageError
from untoward.kernels.weibull import WeibullFit, fit_weibull
from untoward.model.reports import ReportTables
from untoward.watch.signals.counting import SUSPECTED, Roles, in_roles
from untoward.watch.signals.places import place_of

FloatArray = NDArray[np.float64]
Start = Literal["first", "last"]

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of onsets for which the day is told."""

NO_EVENT_DATE = "no whole date of the event"
NO_START = "no whole date of the start of the drug"
BEFORE = "event before every start of the drug"

_EXACT = 1_000
"""The larger of two samples up to which the p of their comparison is worked out exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """The day by which a share of the onsets had begun, with limits (None: the limit lies beyond the data)."""

    share: float
    day: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The days of the pair against those of other reports.

    ``distance`` is the largest difference of the two cumulative curves, None where a side has no day.
    ``median`` and ``n`` describe the other reports; ``earlier`` tells whether the pair's days are the earlier ones
    where the curves differ most.
    """

    against: str
    n: int
    median: float | None
    distance: float | None
    p: float | None
    earlier: bool | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Onset:
    """Time to onset of one pair.

    ``days`` are those used, rising. ``left_out`` has a row per reason: ``reason, reports``. ``curve`` has a row per
    day with an onset: ``day, at_risk, onsets, to_come, low, high``.
    """

    drug: str
    event: str
    reports: int
    days: FloatArray
    left_out: pl.DataFrame
    curve: pl.DataFrame
    quantiles: tuple[Quantile, ...]
    weibull: WeibullFit | None
    same_day: float
    reading: str
    against: tuple[Comparison, ...]


def time_to_onset(
    tables: ReportTables,
    drug: str,
    event: str,
    *,
    roles: Roles = SUSPECTED,
    start: Start = "first",
    same_day: float = 0.5,
    shares: Sequence[float] = SHARES,
) -> Onset:
    """Time to onset of a pair; capitals do not matter.

    ``start``: count from the first start of the drug in a report, or from the last one not after the event.
    ``same_day``: days that an onset on the day of the start counts in the Weibull fit (above 0, at most 1).
    Raises UsageError for a drug or event that no report names, or settings that cannot be.
    """
    if start not in ("first", "last") or not 0 < same_day <= 1 or not all(0 < q < 1 for q in shares):
        raise UsageError(f"onset: got start {start!r}, same_day {same_day}, shares {tuple(shares)}")
    drugs = in_roles(tables.drugs, roles)
    names, terms = (
        frame[name].unique().sort() for frame, name in ((drugs, "drug"), (tables.events, "event"))
    )
    shown = names[place_of(names, drug, "drug")], terms[place_of(terms, event, "event")]
    times = _times(tables, drugs, shown, start)
    pair = times.filter("with_drug", "with_event")
    days = _days(pair)
    fit = fit_weibull(np.where(days == 0, same_day, days))
    curve = _curve(days)
    return Onset(
        drug=shown[0],
        event=shown[1],
        reports=pair.height,
        days=days,
        left_out=_left_out(pair),
        curve=curve,
        quantiles=_quantiles(curve, shares),
        weibull=fit,
        same_day=same_day,
        reading=_reading(fit, len(days)),
        against=(
            _compared("the event with other drugs", days, times.filter("with_event", ~pl.col("with_drug"))),
            _compared("the drug with other events", days, times.filter("with_drug", ~pl.col("with_event"))),
        ),
    )


def _times(tables: ReportTables, drugs: pl.DataFrame, pair: tuple[str, str], start: Start) -> pl.DataFrame:
    """Reports that name the drug or the event, with the days from the drug to the event.

    In a report without the drug the start is that of its other drugs, by the same rule.
    """
    drug, event = (name.upper() for name in pair)
    named = tables.events.group_by("report_id").agg(
        (pl.col("event").str.to_uppercase() == event).any().alias("with_event")
    )
    is_drug = (pl.col("drug").str.to_uppercase() == drug).fill_null(value=False)
    rows = (
        drugs.select("report_id", "start", is_drug.alias("is_drug"))
        .with_columns(pl.col("is_drug").any().over("report_id").alias("with_drug"))
        .filter(pl.col("is_drug") | ~pl.col("with_drug"))
        .join(named, on="report_id")
        .filter(pl.col("with_drug") | pl.col("with_event"))
        .join(tables.reports.select("report_id", "event_date"), on="report_id", how="left")
    )
    day = (pl.col("event_date") - pl.col("start")).dt.total_days()
    not_after = day.filter(day >= 0)
    chosen = day.max() if start == "first" else not_after.min()
    return rows.group_by("report_id", maintain_order=True).agg(
        pl.col("with_drug", "with_event").first(),
        pl.col("event_date").first().is_not_null().alias("dated"),
        pl.col("start").is_not_null().any().alias("started"),
        pl.when(not_after.len() > 0).then(chosen).alias("days"),
    )


def _days(times: pl.DataFrame) -> FloatArray:
    return np.sort(times["days"].drop_nulls().to_numpy().astype(np.float64))


def _left_out(pair: pl.DataFrame) -> pl.DataFrame:
    """Reports of the pair that have no time, by the first reason that applies."""
    reason = (
        pl.when(pl.col("days").is_not_null())
        .then(None)
        .when(~pl.col("dated"))
        .then(pl.lit(NO_EVENT_DATE))
        .when(~pl.col("started"))
        .then(pl.lit(NO_START))
        .otherwise(pl.lit(BEFORE))
    )
    counts = pair.select(reason.alias("reason")).drop_nulls().group_by("reason").len("reports")
    order = pl.DataFrame({"reason": [NO_EVENT_DATE, NO_START, BEFORE]})
    return order.join(counts, on="reason", how="left").with_columns(
        pl.col("reports").fill_null(0).cast(pl.Int64)
    )


def _curve(days: FloatArray) -> pl.DataFrame:
    """Kaplan-Meier curve with log-log limits (all times are complete, so Greenwood's sum is (1 - S) / (n S))."""
    day, onsets = np.unique(days, return_counts=True)
    n = max(len(days), 1)
    done = np.cumsum(onsets)
    to_come = 1 - done / n
    z = float(special.ndtri(0.975))
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = z * np.sqrt((1 - to_come) / (n * to_come)) / np.abs(np.log(to_come))
        low, high = to_come ** np.exp(reach), to_come ** np.exp(-reach)
    columns = {
        "day": day,
        "at_risk": n - done + onsets,
        "onsets": onsets,
        "to_come": to_come,
        "low": np.where(to_come > 0, low, 0.0),
        "high": np.where(to_come > 0, high, np.nan),
    }
    return pl.DataFrame(columns).with_columns(pl.col("high").fill_nan(None))


def _quantiles(curve: pl.DataFrame, shares: Sequence[float]) -> tuple[Quantile, ...]:
    """The first day on which the curve is at or below one minus the share; limits are those of its limits."""
    found = []
    for share in shares:
        left = 1 - share + 1e-12  # sums of floats land a hair above where exact arithmetic lands on it
        day, low, high = (_first_day(curve, name, left) for name in ("to_come", "low", "high"))
        if day is not None:
            found.append(Quantile(share=share, day=day, low=low, high=high))
    return tuple(found)


def _first_day(curve: pl.DataFrame, name: str, left: float) -> float | None:
    reached = curve["day"].filter((curve[name] <= left).fill_null(value=False))
    return float(reached[0]) if len(reached) else None


def _reading(fit: WeibullFit | None, n: int) -> str:
    """The shape in words."""
    if fit is None:
        return f"No shape: {n} usable times, expected two or more that differ."
    limits = f"shape {fit.shape:.2f} (95 % {fit.shape_low:.2f} to {fit.shape_high:.2f}; {n} reports)"
    if fit.shape_high < 1:
        return f"Onsets gather early, {limits}."
    if fit.shape_low > 1:
        return f"Onsets grow more likely with time, {limits}."
    return f"No change with time can be told, {limits}."


def _compared(against: str, days: FloatArray, others: pl.DataFrame) -> Comparison:
    other = _days(others)
    median = float(np.median(other)) if len(other) else None
    if not len(days) or not len(other):
        return Comparison(against=against, n=len(other), median=median, distance=None, p=None, earlier=None)
    method = "exact" if max(len(days), len(other)) <= _EXACT else "asymp"
    test = stats.ks_2samp(days, other, method=method)
    return Comparison(
        against=against,
        n=len(other),
        median=median,
        distance=float(test.statistic),
        p=float(test.pvalue),
        earlier=bool(test.statistic_sign > 0) if test.statistic > 0 else None,
    )
