"""Farrington's outbreak detection: this week against the same weeks of earlier years, original and flexible.

Original: Farrington, Andrews, Beale and Catchpole, J R Stat Soc A 1996;159:547. Weeks within a half window of this
week in earlier years, quasi-Poisson regression with a trend when it is significant and does not extrapolate, past
outbreaks weighed down, bound from the 2/3 power (nearly normal).
Flexible: Noufaily, Enki, Farrington, Garthwaite, Andrews and Charlett, Stat Med 2013;32:1206. All earlier weeks with a
factor for the season, the trend always kept unless it extrapolates, only clear outbreaks weighed down, the last
half year left out, bound from the negative binomial distribution.
No alarm where fewer than five cases occurred in the last four weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from untoward.kernels.quasi_poisson import Fit, anscombe_residuals, fit, p_value

FloatArray = NDArray[np.float64]

LEAST_CASES, IN_POINTS = 5, 4
"""No alarm with fewer cases in so many points, this one included."""

_YEARS_FOR_TREND = 3
_TREND_P = 0.05


class FarringtonBound(NamedTuple):
    """The bound of one point, or why there is none.

    ``alarm`` is True when the count is above the bound and the last four points held five cases. ``left_out`` counts
    points that should have been compared with and lie before the series or in a gap.
    """

    expected: float
    bound: float
    dispersion: float
    trend: bool
    alarm: bool
    left_out: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Settings of the original method; ``alpha`` is two-sided as published: half of it lies above the bound."""

    years: int = 5
    half_window: int = 3
    period: int = 52
    alpha: float = 0.05
    reweight: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Flexible:
    """Settings of the flexible method; ``alpha`` is one-sided, ``seasons`` the parts of a year with a level of their own."""

    years: int = 5
    half_window: int = 3
    period: int = 52
    alpha: float = 0.01
    seasons: int = 10
    recent_left_out: int = 26
    weigh_down_above: float = 2.58


def original(counts: FloatArray, at: int, settings: Original) -> FarringtonBound:
    """The bound for the point at this position, from the points before it (nan: a gap)."""
    starts = [at - year * settings.period for year in range(settings.years, 0, -1)]
    wanted = np.concatenate(
        [np.arange(start - settings.half_window, start + settings.half_window + 1) for start in starts]
    )
    points = _present(counts, wanted)
    left_out = wanted.size - points.size
    reason = _why_not(counts, at, points, settings.years, settings.period, parameters=2)
    if reason:
        return _none(left_out, reason)
    model = _Model(
        counts[points], points - at, np.ones((points.size, 1)), 1.0 if settings.reweight else np.inf
    )
    fitted = _with_or_without_trend(model, settings.years, _TREND_P)
    expected, error = _predicted(fitted)
    spread = fitted.dispersion + error**2 / expected
    z = -float(special.ndtri(settings.alpha / 2))
    bound = (expected ** (2 / 3) + z * np.sqrt(4 / 9 * expected ** (1 / 3) * spread)) ** 1.5
    return _judged(counts, at, expected, float(bound), fitted, left_out)


def flexible(counts: FloatArray, at: int, settings: Flexible) -> FarringtonBound:
    """The bound for the point at this position, from the points before it (nan: a gap)."""
    season = _seasons(at, settings)
    season[max(at - settings.recent_left_out, 0) : at + 1] = -1
    wanted = np.flatnonzero(season >= 0)
    points = _present(counts, wanted)
    before_start = max(settings.years * settings.period + settings.half_window - at, 0)
    left_out = wanted.size - points.size + before_start
    levels = np.unique(season[points])
    reason = _why_not(counts, at, points, settings.years, settings.period, parameters=levels.size + 1)
    if reason or settings.seasons - 1 not in levels:
        return _none(left_out, reason or "no earlier point of this season is in the series")
    # the season of this point first, so that its prediction is the intercept and the trend alone
    others = [level for level in levels if level != settings.seasons - 1]
    factors = np.column_stack([np.ones(points.size), *(season[points] == level for level in others)])
    model = _Model(counts[points], points - at, factors.astype(np.float64), settings.weigh_down_above)
    fitted = _with_or_without_trend(model, settings.years, 1.0)
    expected, _error = _predicted(fitted)
    bound = _upper_count(expected, fitted.dispersion, settings.alpha)
    return _judged(counts, at, expected, bound, fitted, left_out)


class _Model(NamedTuple):
    """Counts, their positions relative to the point judged, the columns besides the trend, and the weighing limit."""

    counts: FloatArray
    time: NDArray[np.intp]
    columns: FloatArray
    weigh_down_above: float


class _Fitted(NamedTuple):
    result: Fit
    dispersion: float
    trend: bool


def _with_or_without_trend(model: _Model, years: int, most_p: float) -> _Fitted:
    """The trend stays when three years back it, its p is below the limit and it predicts nothing never seen before."""
    with_trend = _reweighted(model, trend=True)
    significant = p_value(with_trend.result, model.columns.shape[1]) < most_p
    expected, _error = _predicted(with_trend)
    if years >= _YEARS_FOR_TREND and significant and expected <= model.counts.max():
        return with_trend
    return _reweighted(model, trend=False)


def _reweighted(model: _Model, *, trend: bool) -> _Fitted:
    design = np.column_stack([model.columns, model.time / 52.0]) if trend else model.columns
    result = fit(design, model.counts, np.ones(model.counts.size))
    if np.isfinite(model.weigh_down_above):
        residuals = anscombe_residuals(model.counts, result, max(result.dispersion, 1.0))
        result = fit(design, model.counts, _weights(residuals, model.weigh_down_above))
    return _Fitted(result, max(result.dispersion, 1.0), trend)


def _weights(residuals: FloatArray, limit: float) -> FloatArray:
    """Points far above what was fitted count less, and all weights add up to their number."""
    high = residuals > limit
    weights = np.where(high, np.where(high, residuals, 1.0) ** -2.0, 1.0)
    scaled: FloatArray = weights * (residuals.size / weights.sum())
    return scaled


def _predicted(fitted: _Fitted) -> tuple[float, float]:
    """Mean and standard error at the point judged: there the trend is 0 and the first column alone is 1."""
    expected = float(np.exp(np.clip(fitted.result.coefficients[0], -40.0, 40.0)))
    return expected, expected * float(np.sqrt(fitted.dispersion * fitted.result.covariance[0, 0]))


def _upper_count(expected: float, dispersion: float, alpha: float) -> float:
    if dispersion > 1:
        return float(stats.nbinom.ppf(1 - alpha, expected / (dispersion - 1), 1 / dispersion))
    return float(stats.poisson.ppf(1 - alpha, expected))


def _seasons(at: int, settings: Flexible) -> NDArray[np.intp]:
    """The season of every point up to ``at``: the last for windows around this week, the rest shared out; -1 before all."""
    season = np.full(at + 1, -1, dtype=np.intp)
    half, last = settings.half_window, settings.seasons - 1
    for year in range(settings.years):
        reference = at - (year + 1) * settings.period
        room = settings.period - 2 * half - 1
        # the first blocks take one more each where the room does not divide evenly
        shares = np.full(last, room // last if last else 0) + (np.arange(last) < (room % last if last else 0))
        labels = np.concatenate([np.full(2 * half + 1, last), np.repeat(np.arange(last), shares)])
        positions = reference - half + np.arange(labels.size)
        inside = (positions >= 0) & (positions <= at)
        season[positions[inside]] = labels[inside]
    return season


def _present(counts: FloatArray, wanted: NDArray[np.intp]) -> NDArray[np.intp]:
    inside = wanted[wanted >= 0]
    return inside[~np.isnan(counts[inside])]


def _why_not(
    counts: FloatArray, at: int, points: NDArray[np.intp], years: int, period: int, *, parameters: int
) -> str:
    if at < years * period:
        return f"{at} points before this one; {years} years need {years * period}"
    if np.isnan(counts[at]):
        return "this point is a gap"
    if points.size <= parameters + 1:
        return f"only {points.size} earlier points to compare with"
    if counts[points].sum() == 0:
        return "no case in all the earlier points it would be compared with"
    return ""


def _judged(
    counts: FloatArray, at: int, expected: float, bound: float, fitted: _Fitted, left_out: int
) -> FarringtonBound:
    recent = float(np.nansum(counts[max(at - IN_POINTS + 1, 0) : at + 1]))
    enough = recent >= LEAST_CASES
    reason = (
        "" if enough else f"{recent:.0f} cases in the last {IN_POINTS} points; an alarm needs {LEAST_CASES}"
    )
    alarm = bool(enough and counts[at] > bound)
    return FarringtonBound(expected, bound, fitted.dispersion, fitted.trend, alarm, left_out, reason)


def _none(left_out: int, reason: str) -> FarringtonBound:
    nan = float("nan")
    return FarringtonBound(nan, nan, nan, False, False, left_out, reason)
