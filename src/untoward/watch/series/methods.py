"""Every method over the last periods of a series: bounds, alarms, or why it could not run.

Each period is judged by what stood before it. EARS needs some two weeks of points, CUSUM half a year before the first
period judged for its mean, Farrington's methods as many years as asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.cusum import H, K, cusum
from untoward.kernels.ears import CDC_FACTOR, Variant, ears, history_needed, normal_factor
from untoward.kernels.farrington import FarringtonBound, Flexible, Original, flexible, original
from untoward.watch.series.binning import PER_YEAR, Series

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

METHODS = ("ears-c1", "ears-c2", "ears-c3", "cusum", "farrington", "farrington-flexible")
QUIET_POINTS = 26
"""Points before the first period judged that CUSUM takes its mean from, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSettings:
    """How to judge.

    `last` periods are judged. `ears_alpha`: the factor on the standard deviation is the one-sided normal quantile of
    this alpha; None takes CDC's 3 (C1, C2) and 2 (C3). `floor` is the least standard deviation of EARS. `years` back
    and `alpha` are for Farrington's methods: None takes 5 years and the usual alpha of each (.05 two-sided, .01).
    """

    last: int = 52
    ears_alpha: float | None = None
    floor: float = 0.5
    years: int = 5
    alpha: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One period by one method. `bound` is None where there is none, `note` says why or what holds an alarm back."""

    start: date
    count: float | None
    expected: float | None
    bound: float | None
    alarm: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """One method over the last periods. `reason` says why it could not judge the last of them; empty when it could."""

    method: str
    settings: str
    periods: tuple[Judged, ...]
    reason: str = ""

    @property
    def alarms(self) -> tuple[Judged, ...]:
        """The periods with an alarm."""
        return tuple(period for period in self.periods if period.alarm)

    @property
    def alarms_now(self) -> bool:
        """Whether the last period judged alarms."""
        return bool(self.periods) and self.periods[-1].alarm


def run_method(method: str, series: Series, settings: SeriesSettings) -> MethodResult:
    """Judge the last periods of a series by one of `METHODS`."""
    if not series.counts.size:
        return MethodResult(method=method, settings="", periods=(), reason=f"no {series.step} is over yet")
    first = max(series.counts.size - settings.last, 0)
    return _RUN[method](series, settings, first)


def _ears(variant: Variant) -> Callable[[Series, SeriesSettings, int], MethodResult]:
    def run(series: Series, settings: SeriesSettings, first: int) -> MethodResult:
        alpha = settings.ears_alpha
        factor = CDC_FACTOR[variant] if alpha is None else normal_factor(alpha)
        found = ears(series.counts, variant, factor, floor=settings.floor)
        needed = history_needed(variant)
        kind = "as CDC" if alpha is None else f"normal quantile of {alpha:g}"
        said = f"{factor:.3g} SD ({kind}), SD at least {settings.floor:g}, 7 points"
        short = f"{series.counts.size - 1} earlier {series.step}s; {needed} are needed"
        gap = f"a gap among the {needed} {series.step}s before"
        reason = short if series.counts.size <= needed else gap
        return _result(
            f"ears-{variant.lower()}",
            said,
            series,
            first,
            _Found(found.expected, found.bound, found.alarm),
            reason,
        )

    return run


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """Expected, bound and alarm of every period of a series."""

    expected: FloatArray
    bound: FloatArray
    alarm: BoolArray


def _cusum(series: Series, settings: SeriesSettings, first: int) -> MethodResult:
    said = f"Rossi, k {K}, h {H}, back to 0 after an alarm"
    quiet = series.counts[:first]
    known = quiet[~np.isnan(quiet)]
    mean = float(known.mean()) if known.size else 0.0
    if known.size < QUIET_POINTS or mean <= 0:
        few = (
            f"{known.size} {series.step}s with a count before the first one judged; {QUIET_POINTS} are needed"
        )
        none = f"no case before the first {series.step} judged"
        reason = f"{few} (judge fewer: --last)" if known.size < QUIET_POINTS else none
        return MethodResult(
            method="cusum",
            settings=said,
            periods=(),
            reason=reason,
        )
    found = cusum(series.counts[first:], mean)
    nothing = np.full(first, np.nan)
    whole = _Found(
        np.concatenate([nothing, np.full(found.bound.size, mean)]),
        np.concatenate([nothing, found.bound]),
        np.concatenate([np.zeros(first, dtype=np.bool_), found.alarm]),
    )
    return _result("cusum", f"{said}, mean {mean:.3g}", series, first, whole, "this period is a gap")


def _original(series: Series, settings: SeriesSettings, first: int) -> MethodResult:
    chosen = Original(years=settings.years, period=PER_YEAR[series.step], alpha=settings.alpha or 0.05)
    said = f"{chosen.years} years, half window {chosen.half_window}, alpha {chosen.alpha:g} two-sided"
    found = [original(series.counts, at, chosen) for at in range(first, series.counts.size)]
    return _of_bounds("farrington", said, series, first, found)


def _flexible(series: Series, settings: SeriesSettings, first: int) -> MethodResult:
    chosen = Flexible(years=settings.years, period=PER_YEAR[series.step], alpha=settings.alpha or 0.01)
    said = f"{chosen.years} years, {chosen.seasons} seasons, alpha {chosen.alpha:g} one-sided"
    found = [flexible(series.counts, at, chosen) for at in range(first, series.counts.size)]
    return _of_bounds("farrington-flexible", said, series, first, found)


def _of_bounds(
    method: str, said: str, series: Series, first: int, found: list[FarringtonBound]
) -> MethodResult:
    nothing = np.full(first, np.nan)
    whole = _Found(
        np.concatenate([nothing, [one.expected for one in found]]),
        np.concatenate([nothing, [one.bound for one in found]]),
        np.concatenate([np.zeros(first, dtype=np.bool_), [one.alarm for one in found]]),
    )
    notes = {first + at: one.reason for at, one in enumerate(found) if one.reason}
    return _result(method, said, series, first, whole, found[-1].reason, notes)


def _result(
    method: str,
    said: str,
    series: Series,
    first: int,
    found: _Found,
    reason: str,
    notes: Mapping[int, str] | None = None,
) -> MethodResult:
    """The periods from `first` on; `reason` counts only when the last of them has no bound."""
    periods = tuple(
        Judged(
            start=series.starts[at],
            count=_known(series.counts[at]),
            expected=_known(found.expected[at]),
            bound=_known(found.bound[at]),
            alarm=bool(found.alarm[at]),
            note=(notes or {}).get(at, ""),
        )
        for at in range(first, series.counts.size)
    )
    judged = periods[-1].bound is not None and periods[-1].count is not None
    why = "" if judged else reason if periods[-1].count is not None else "the last period is a gap"
    return MethodResult(method=method, settings=said, periods=periods, reason=why)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


_RUN: Mapping[str, Callable[[Series, SeriesSettings, int], MethodResult]] = {
    "ears-c1": _ears("C1"),
    "ears-c2": _ears("C2"),
    "ears-c3": _ears("C3"),
    "cusum": _cusum,
    "farrington": _original,
    "farrington-flexible": _flexible,
}
