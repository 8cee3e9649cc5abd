"""How long the reactions of a term last, counting also those that are not over.

Leaving out open reactions would make every course look shorter than it is, so the median comes from the
Kaplan-Meier curve: an open reaction counts for as long as it was followed. Days run from onset to the day it
was over, and where only dates are known, to the latest day they allow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.model.counts import Estimate
from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, text_or_null

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

METHOD = "Kaplan-Meier median, log-log interval"
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class TermDuration:
    """The reactions of one term: how many, how many are recorded as over, and how long they last.

    `timed` reactions entered the median: those with an onset and with a day on which they were over or last
    seen. `median` is in days; its value or a bound is None when the curve never falls that far.
    """

    term_id: str
    reactions: int
    resolved: int
    timed: int
    median: Estimate


def term_durations(registry: Registry) -> tuple[TermDuration, ...]:
    """Durations by term id, the most frequent term first; reactions whose term is not known are left out.

    A reaction is over when a day or a date says so, or when its last dated observation says it is no longer
    present; it then lasted at most until that observation. Any other reaction is open and counts until it was
    last seen. The free-text outcome is not read.
    """
    spans = reaction_spans(registry).drop_nulls("term_id")
    found = [_duration(str(term), group) for (term,), group in spans.group_by("term_id")]
    return tuple(sorted(found, key=lambda duration: (-duration.reactions, duration.term_id)))


def reaction_spans(registry: Registry) -> pl.DataFrame:
    """`term_id`, `resolved` and `days` of every reaction; `days` is null without an onset or an end to count
    to.
    """
    reactions = registry.reactions
    middle = (
        column_or_null(reactions, "onset_day_from", pl.Float64)
        + column_or_null(reactions, "onset_day_to", pl.Float64)
    ) / 2
    given_end = pl.coalesce(
        column_or_null(reactions, "resolved_day", pl.Float64),
        column_or_null(reactions, "resolved_day_to", pl.Float64),
    )
    spans = reactions.select(
        pl.col("reaction_id").cast(pl.String),
        text_or_null(reactions, "term_id"),
        pl.coalesce(column_or_null(reactions, "onset_day", pl.Float64), middle).alias("onset"),
        given_end.alias("end"),
        text_or_null(reactions, "resolved_date").is_not_null().alias("dated_end"),
    ).join(_last_seen(registry.observations), on="reaction_id", how="left")
    gone = pl.col("gone").fill_null(False)
    days = pl.coalesce("end", pl.when(~pl.col("dated_end") | gone).then("seen")) - pl.col("onset")
    return spans.select(
        "term_id",
        (pl.col("end").is_not_null() | pl.col("dated_end") | gone).alias("resolved"),
        pl.when(days >= 0).then(days).alias("days"),
    )


def kaplan_meier_median(days: FloatArray, over: BoolArray) -> Estimate:
    """Median time to being over, with the 95 % interval of Brookmeyer and Crowley on the log-log scale.

    `days` are durations of 0 or more, `over` is False where the reaction was still there (censored). The
    median is the first day on which the curve is at or below one half, and each bound the first day on which
    that bound of the curve is. Greenwood's variance. Biometrics 1982;38:29.
    """
    if days.size == 0:
        return _no_median("no reaction with both an onset and an end or a last observation")
    times, survival, spread = _curve(days, over)
    low_curve, high_curve = _log_log_bounds(survival, spread)
    value = _first_at_half(times, survival)
    if value is None:
        return _no_median("more than half were not over when last seen", low=_first_at_half(times, low_curve))
    return Estimate(
        value=value,
        low=_first_at_half(times, low_curve),
        high=_first_at_half(times, high_curve),
        method=METHOD,
    )


def _duration(term_id: str, spans: pl.DataFrame) -> TermDuration:
    timed = spans.drop_nulls("days")
    median = kaplan_meier_median(
        timed.get_column("days").to_numpy().astype(np.float64),
        timed.get_column("resolved").to_numpy().astype(np.bool_),
    )
    return TermDuration(
        term_id=term_id,
        reactions=spans.height,
        resolved=int(spans.get_column("resolved").sum()),
        timed=timed.height,
        median=median,
    )


def _last_seen(observations: pl.DataFrame) -> pl.DataFrame:
    """For each reaction the day of its last dated observation, and whether it was gone by then."""
    if "reaction_id" not in observations.columns:
        return pl.DataFrame(schema={"reaction_id": pl.String, "seen": pl.Float64, "gone": pl.Boolean})
    day = pl.coalesce(
        column_or_null(observations, "day", pl.Float64), column_or_null(observations, "day_to", pl.Float64)
    )
    dated = observations.select(
        pl.col("reaction_id").cast(pl.String),
        day.alias("seen"),
        column_or_null(observations, "present", pl.Boolean),
    ).drop_nulls("seen")
    return dated.group_by("reaction_id").agg(
        pl.col("seen").max(),
        (~pl.col("present")).filter(pl.col("seen") == pl.col("seen").max()).any().alias("gone"),
    )


def _curve(days: FloatArray, over: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Times at which some reaction was over, the share still there after each, and Greenwood's sum."""
    times, deaths = np.unique(days[over], return_counts=True)
    at_risk = days.size - np.searchsorted(np.sort(days), times, side="left")
    survival: FloatArray = np.cumprod(1 - deaths / at_risk).astype(np.float64)
    with np.errstate(divide="ignore"):
        greenwood: FloatArray = np.cumsum(deaths / (at_risk * (at_risk - deaths))).astype(np.float64)
    return times, survival, greenwood


def _log_log_bounds(survival: FloatArray, greenwood: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Bounds of the curve; at a share of 0 the formula has none, and both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = _Z95 * np.sqrt(greenwood) / np.abs(np.log(survival))
        low, high = survival ** np.exp(reach), survival ** np.exp(-reach)
    return np.where(survival > 0, low, 0.0), np.where(survival > 0, high, np.nan)


def _first_at_half(times: FloatArray, curve: FloatArray) -> float | None:
    # Sums of products land a hair above one half where exact arithmetic lands on it.
    below = np.flatnonzero(curve <= 0.5 + 1e-12)
    return float(times[below[0]]) if below.size else None


def _no_median(reason: str, low: float | None = None) -> Estimate:
    return Estimate(value=None, low=low, high=None, method=METHOD, reason=reason)
