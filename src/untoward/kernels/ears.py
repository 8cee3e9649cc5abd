"""EARS C1, C2 and C3: this count against the mean and spread of the seven before it, for series with little history.

C1 compares with the points right before, C2 leaves the last two of them out so that a slow beginning does not hide
itself, C3 adds what C2 had left over at the two points before. Hutwagner, Thompson, Seeman and Treadwell, J Urban
Health 2003;80(Suppl 1):i89. The factor on the standard deviation is the caller's: CDC used 3 for C1 and C2 and 2 for
C3 (`CDC_FACTOR`); R's surveillance takes a normal quantile of a chosen alpha (`normal_factor`).
With a spread of zero every single case would alarm; ``floor`` is the least standard deviation taken (0.5 or 1 are used:
Burkom, in Lombardo and Buckeridge, Disease Surveillance, 2007).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Variant = Literal["C1", "C2", "C3"]

CDC_FACTOR = {"C1": 3.0, "C2": 3.0, "C3": 2.0}
BASELINE = 7
LAG = 2


class EarsBounds(NamedTuple):
    """One value for each point: what is expected, its standard deviation, the bound and whether the count is above it.

    nan (and no alarm) where the points before are too few or one of them is a gap.
    """

    expected: FloatArray
    sd: FloatArray
    bound: FloatArray
    alarm: BoolArray


def normal_factor(alpha: float) -> float:
    """The one-sided normal quantile: 3.09 for an alpha of 0.001."""
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha: got {alpha}, expected more than 0 and less than 0.5")
    return -float(special.ndtri(alpha))


def ears(
    counts: FloatArray,
    variant: Variant,
    factor: float,
    *,
    baseline: int = BASELINE,
    floor: float = 0.0,
    this_point: bool = True,
) -> EarsBounds:
    """Bounds of a series of counts (nan: a gap) by one of the three variants.

    C3 as published adds up ``max(0, C2 - 1)`` over this point and the two before it, and alarms when the sum exceeds the
    factor. With ``this_point`` False it is as in R's surveillance (1.20.3): the two points before alone decide, and the
    bound printed is the count itself plus what is left to the factor. Neither alarms at a point without a case.
    Raises ValueError for a baseline below 2, a factor of 0 or less or a negative floor.
    """
    if baseline < 2 or factor <= 0 or floor < 0:
        raise ValueError("baseline: 2 or more; factor: more than 0; floor: 0 or more")
    series = np.asarray(counts, dtype=np.float64)
    mean, sd = _before(series, baseline, 0 if variant == "C1" else LAG)
    sd = np.asarray(np.maximum(sd, floor), dtype=np.float64)
    with np.errstate(invalid="ignore"):
        last = variant == "C3"
        bound = _c3_bound(series, mean, sd, factor, this_point) if last else mean + factor * sd
        alarm = series > bound
    return EarsBounds(mean, sd, bound, alarm)


def history_needed(variant: Variant, baseline: int = BASELINE) -> int:
    """How many points must stand before the first that gets a bound."""
    return {"C1": baseline, "C2": baseline + LAG, "C3": baseline + 2 * LAG}[variant]


def _before(series: FloatArray, baseline: int, lag: int) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of the points before each, nan where they are not all there."""
    mean, sd = np.full(series.size, np.nan), np.full(series.size, np.nan)
    if series.size > baseline + lag:
        windows = np.lib.stride_tricks.sliding_window_view(series, baseline)[: series.size - baseline - lag]
        mean[baseline + lag :] = windows.mean(axis=1)
        sd[baseline + lag :] = windows.std(axis=1, ddof=1)
    return mean, sd


def _c3_bound(
    series: FloatArray, mean: FloatArray, sd: FloatArray, factor: float, this_point: bool
) -> FloatArray:
    before = _left_over(series, mean, sd)
    room = np.where(before > factor, -np.inf, factor + 1 - before) if this_point else factor - before
    with np.errstate(invalid="ignore"):
        # no spread and nothing left: infinity times zero
        reach = np.where(sd > 0, sd * room, np.where(room < 0, -np.inf, 0.0))
    bound = np.asarray(np.maximum((mean if this_point else series) + reach, 0.0), dtype=np.float64)
    known: FloatArray = np.where(np.isnan(mean) | np.isnan(before), np.nan, bound)
    return known


def _left_over(series: FloatArray, mean: FloatArray, sd: FloatArray) -> FloatArray:
    """How far C2 was above 1 at the last two points, added up; with no spread any count above the mean is far above."""
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(series == mean, 0.0, (series - mean) / sd)
    over = np.maximum(score - 1, 0.0)
    nothing = np.array([np.nan])
    one, two = np.concatenate([nothing, over])[:-1], np.concatenate([nothing, nothing, over])[:-2]
    both: FloatArray = one + two
    return both
