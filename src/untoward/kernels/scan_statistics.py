"""The statistic of one window of a scan, for counts in proportion to a baseline and for cases among people.

With C cases in all and B the sum of the baseline, a window with c cases and baseline b has E = C b / B expected.

``Poisson``    ``c log(c/E) + (C - c) log((C - c)/(C - E))``
``Bernoulli``  the same and ``(b - c) log((b - c)/(b - E)) + (B - b - C + c) log((B - b - C + c)/(B - b - C + E))``; the
               baseline is people, cases included

Both are 0 where c is not above E. Kulldorff, Commun Stat Theory Methods 1997;26:1481. The space-time permutation
scan uses the Poisson form with (cases of the place) x (cases of the period) as the baseline; Kulldorff and others,
PLoS Med 2005;2:e59.

The baseline is summed as it was given and scaled last: sums of whole numbers are exact, so that windows with the same
counts have the same statistic to the last digit and ties stay ties.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from untoward.kernels.compiled import compiled

FloatArray = NDArray[np.float64]


class Totals(NamedTuple):
    """Of everything scanned: cases, baseline, and whether the baseline is people of whom the cases are some."""

    cases: int
    baseline: float
    bernoulli: bool


@compiled
def _part(observed: float, expected: float) -> float:
    """``observed log(observed / expected)``, 0 for nothing observed (or fewer than nothing, by rounding)."""
    if observed <= 0.0 or expected <= 0.0:
        return 0.0
    return observed * math.log(observed / expected)


@compiled
def llr(cases: int, baseline: float, total_cases: int, total_baseline: float, bernoulli: bool) -> float:
    """The log-likelihood ratio of a window, 0 where it has no more cases than expected."""
    expected = total_cases * baseline / total_baseline
    if cases <= expected:
        return 0.0
    value = _part(cases, expected) + _part(total_cases - cases, total_cases - expected)
    if bernoulli:
        outside = total_baseline - baseline
        value += _part(baseline - cases, baseline - expected)
        value += _part(outside - (total_cases - cases), outside - (total_cases - expected))
    return max(value, 0.0)


def relative_risk(cases: int, expected: float, total_cases: int) -> float:
    """Risk inside over risk outside, ``(c/E)/((C - c)/(C - E))``; inf where no case is outside, nan where nothing is expected."""
    if expected <= 0:
        return math.nan
    if cases >= total_cases:
        return math.inf
    return (cases / expected) / ((total_cases - cases) / (total_cases - expected))


def standardised(cases: ArrayLike, population: ArrayLike) -> FloatArray:
    """Expected cases (places, periods) by indirect standardisation, from cases and population (places, periods, strata).

    Every stratum (age group, sex …) has one rate, its cases over its population, everywhere and always. The sum
    is the number of cases. Raises ValueError for negative counts, and for a stratum with cases and without people.
    """
    count, people = np.asarray(cases, float), np.asarray(population, float)
    if count.shape != people.shape or count.ndim != 3:
        raise ValueError(
            f"expected two arrays of (places, periods, strata), got {count.shape} and {people.shape}"
        )
    if (
        not (np.isfinite(count).all() and np.isfinite(people).all())
        or (count < 0).any()
        or (people < 0).any()
    ):
        raise ValueError("expected cases and population of 0 or more")
    had, lived = count.sum(axis=(0, 1)), people.sum(axis=(0, 1))
    empty = np.flatnonzero((lived == 0) & (had > 0))
    if len(empty):
        raise ValueError(f"strata {empty.tolist()}: cases where the population is 0")
    rate = np.divide(had, lived, out=np.zeros_like(had), where=lived > 0)
    expected: FloatArray = people @ rate
    return expected
