"""Is an event reported with a drug more often than with the others: ratios, tests and shrunken ratios of 2x2 cells.

Arrays in, arrays out, one entry per pair of drug and event. ``n`` reports name both, ``n_drug`` the drug,
``n_event`` the event, ``n_total`` is every report. All four count distinct reports. With

    a = n,  b = n_drug - n,  c = n_event - n,  d = n_total - n_drug - n_event + n,

PRR is ``(a / (a + b)) / (c / (c + d))`` (Evans 2001), ROR ``ad / bc``, both with Wald limits on the log scale;
IC is ``log2((n + 1/2) / (E + 1/2))`` with the quantiles of a gamma distribution of shape ``n + 1/2`` and rate
``E + 1/2`` as limits (Norén, Hopstadius, Bate 2013), ``E = n_drug n_event / n_total`` unless given. Where a
ratio cannot be formed (an empty row or column) the entries are ``nan``; a ratio with an empty cell under it is
``inf``, with limits ``nan``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from untoward.kernels.conditional import log_choose
from untoward.kernels.screening import fisher_greater_many

FloatArray = NDArray[np.float64]


class Cells(NamedTuple):
    """The cells of the 2x2 tables, as arrays of equal shape: drug and event, drug alone, event alone, neither."""

    a: FloatArray
    b: FloatArray
    c: FloatArray
    d: FloatArray


class Ratio(NamedTuple):
    """A ratio with its limits."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


def cells(n: ArrayLike, n_drug: ArrayLike, n_event: ArrayLike, n_total: ArrayLike) -> Cells:
    """The four cells. Raises ValueError naming the first pair whose margins do not hold its count."""
    both, drug, event, total = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (n, n_drug, n_event, n_total))
    )
    table = Cells(both, drug - both, event - both, total - drug - event + both)
    bad = np.zeros(both.shape, bool)
    for part in table:
        bad |= ~(part >= 0)
    if bad.any():
        first = int(np.flatnonzero(bad.ravel())[0])
        got = ", ".join(f"{values.ravel()[first]:g}" for values in (both, drug, event, total))
        raise ValueError(
            f"pair {first}: got n, n_drug, n_event, n_total = {got}, which leave a negative cell"
        )
    return table


def expected(n_drug: ArrayLike, n_event: ArrayLike, n_total: ArrayLike) -> FloatArray:
    """Reports of a pair to be expected if drug and event had nothing to do with each other."""
    product: FloatArray = np.asarray(n_drug, float) * np.asarray(n_event, float)
    share: FloatArray = product / np.asarray(n_total, float)
    return share


def proportional_reporting_ratio(table: Cells, level: float = 0.95) -> Ratio:
    """PRR; the variance of its logarithm is ``1/a - 1/(a+b) + 1/c - 1/(c+d)``."""
    a, b, c, d = table
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (a / (a + b)) / (c / (c + d))
        variance = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    return _wald(value, variance, level)


def reporting_odds_ratio(table: Cells, level: float = 0.95) -> Ratio:
    """ROR; the variance of its logarithm is ``1/a + 1/b + 1/c + 1/d`` (Woolf)."""
    a, b, c, d = table
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (a * d) / (b * c)
        variance = 1 / a + 1 / b + 1 / c + 1 / d
    return _wald(value, variance, level)


def chi_square(table: Cells, *, yates: bool = False) -> FloatArray:
    """Pearson's chi-square with one degree of freedom, on request with the continuity correction of Yates."""
    a, b, c, d = table
    n = a + b + c + d
    distance = np.abs(a * d - b * c)
    if yates:
        distance = np.maximum(distance - n / 2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value: FloatArray = n * distance**2 / ((a + b) * (c + d) * (a + c) * (b + d))
    return value


def information_component(n: ArrayLike, expected_n: ArrayLike, level: float = 0.95) -> Ratio:
    """IC with gamma limits, in units of doubling (log2)."""
    count, e = np.asarray(n, float) + 0.5, np.asarray(expected_n, float) + 0.5
    tail = (1 - level) / 2
    # a million pairs have a few hundred different counts, and the quantiles cost a microsecond each
    kinds, which = np.unique(count, return_inverse=True)
    low, high = (of(kinds, tail)[which] for of in (special.gammaincinv, special.gammainccinv))
    return Ratio(np.log2(count / e), np.log2(low / e), np.log2(high / e))


def fisher_upper(table: Cells, *, mid_p: bool = False) -> FloatArray:
    """One-sided p of Fisher's exact test: as many reports of the pair or more, all margins fixed.

    With ``mid_p`` only half of the probability of the observed table counts.
    """
    return fisher_upper_both(table)[1 if mid_p else 0]


def fisher_upper_both(table: Cells) -> tuple[FloatArray, FloatArray]:
    """One-sided p of Fisher's exact test and mid-P, for the price of one."""
    a, b, c, d = table
    n, drug, event = a + b + c + d, a + b, a + c
    p = fisher_greater_many(a, drug, event, n)
    same = np.exp(log_choose(drug, a) + log_choose(c + d, c) - log_choose(n, event))
    return np.clip(p, 0.0, 1.0), np.clip(p - 0.5 * same, 0.0, 1.0)


def _wald(value: FloatArray, variance: FloatArray, level: float) -> Ratio:
    reach = special.ndtri((1 + level) / 2) * np.sqrt(np.maximum(variance, 0.0))
    reach = np.where(np.isfinite(variance) & (value > 0), reach, np.nan)
    return Ratio(value, value * np.exp(-reach), value * np.exp(reach))
