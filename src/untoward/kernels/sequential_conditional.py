"""Conditional MaxSPRT: the expectation itself comes from a limited number of earlier cases.

With few earlier cases a rate taken for certain crosses too often. Here earlier and new cases come at one rate when
there is no excess, and what is watched is the ratio of the time (or number of doses) behind the new cases to that
behind the earlier ones. Li and Kulldorff, Stat Med 2010;29:284. The time behind the earlier cases reaches to the last
of them and then some part, any part being as likely, of the wait for the next: the watch begins on a day that has
nothing to do with a case. This is what the R package Sequential calls exact.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from untoward.kernels.sequential import CriticalValue, check_alpha, check_least_count

FloatArray = NDArray[np.float64]

MOST_CASES = 500

_NODES = 120


def conditional_llr(cases: int, ratio: float, earlier: int) -> float:
    """Log-likelihood ratio of ``cases`` new ones against ``earlier`` ones.

    ``ratio`` is the time (or doses) behind the new cases divided by that behind the earlier ones; 0 when the new
    rate is not above the earlier one.
    """
    if cases <= earlier * ratio:
        return 0.0
    both = earlier + cases
    old = earlier * log(earlier * (1 + ratio) / both) if earlier else 0.0
    return old + cases * log(cases * (1 + ratio) / (ratio * both))


def conditional_critical(
    cases: int, earlier: int, alpha: float = 0.05, *, least_count: int = 1
) -> CriticalValue:
    """The critical value for a watch that looks at every new case and ends with the ``cases``-th.

    There is none when a crossing at the last case alone is rarer than alpha. Raises ValueError for settings that
    cannot be.
    """
    _check(cases, earlier, least_count)
    check_alpha(alpha)

    def excess(value: float) -> float:
        return conditional_crossing(value, cases, earlier, least_count=least_count) - alpha

    lowest = excess(1e-6)
    if lowest <= 0:
        reason = f"no critical value: a rate above the earlier one at case {least_count} or later has a chance below {alpha:g}"
        return CriticalValue(None, lowest + alpha, reason)
    value = float(optimize.brentq(excess, 1e-6, 20.0 - 2 * log(alpha), xtol=1e-10))
    return CriticalValue(value, excess(value) + alpha)


def conditional_crossing(critical: float, cases: int, earlier: int, *, least_count: int = 1) -> float:
    """The chance of ever crossing a critical value when earlier and new cases come at one rate."""
    counts = np.arange(least_count, cases + 1)
    latest = _latest_ratios(critical, counts, earlier)
    inside, at = np.ones(1), 0.0
    for ratio, count in zip(latest.tolist(), counts.tolist(), strict=True):
        # given the earlier time v the new cases are Poisson with v times the ratio; v is taken as its mean for now
        inside, at = _moved_on(inside, earlier * (ratio - at), count), ratio
    # and is integrated out here: a path's chance is exp(-v at) v**total times a number
    moments = _log_moments(earlier, at, inside.size) - np.arange(inside.size) * log(earlier)
    return float(1.0 - inside @ np.exp(earlier * at + moments))


def _moved_on(inside: FloatArray, due: float, limit: int) -> FloatArray:
    """Chances of 0 to limit - 1 cases after so many more are due. None is dropped: another v may make it likely."""
    more = np.arange(limit)
    moved: FloatArray = np.convolve(
        inside, np.exp(special.xlogy(more, due) - due - special.gammaln(more + 1))
    )
    return moved[:limit]


def _log_moments(earlier: int, ratio: float, size: int) -> FloatArray:
    """Logarithm of the mean of v**n exp(-v ratio) for n below size, v being the time behind the earlier cases.

    v is the sum of a gamma time to the last earlier case and a part u of an exponential time to the next one.
    """
    power = np.arange(size)
    to_last = (
        special.gammaln(earlier + power) - special.gammaln(earlier) - (earlier + power) * np.log1p(ratio)
    )
    nodes, weights = special.roots_legendre(_NODES)
    part = (nodes[:, None] + 1) / 2
    terms = power * np.log(part) - (power + 1) * np.log1p(ratio * part) + np.log(weights[:, None] / 2)
    after = special.gammaln(power + 1) + special.logsumexp(terms, axis=0)
    # binomial theorem for (time to the last + time after)**n; both without their factorials
    split = to_last - special.gammaln(power + 1), after - special.gammaln(power + 1)
    pairs = split[0][None, :] + split[1][np.abs(power[:, None] - power[None, :])]
    pairs = np.where(power[None, :] <= power[:, None], pairs, -np.inf)
    found: FloatArray = special.logsumexp(pairs, axis=1) + special.gammaln(power + 1)
    return found


def _latest_ratios(critical: float, counts: NDArray[np.int64], earlier: int) -> FloatArray:
    """The largest ratio at which so many cases still cross, by halving the logarithm of the interval."""
    high = np.log(counts / earlier)
    low = np.full(counts.size, -critical - 50.0) + high
    both = earlier + counts
    for _halving in range(100):
        middle = (low + high) / 2
        ratio = np.exp(middle)
        old = earlier * np.log(earlier * (1 + ratio) / both)
        crosses = old + counts * np.log(counts * (1 + ratio) / (ratio * both)) >= critical
        low, high = np.where(crosses, middle, low), np.where(crosses, high, middle)
    found: FloatArray = np.exp(low)
    return found


def _check(cases: int, earlier: int, least_count: int) -> None:
    check_least_count(least_count)
    if not least_count <= cases <= MOST_CASES:
        raise ValueError(f"cases: got {cases}, expected {least_count} (the least count) to {MOST_CASES}")
    if earlier < 1:
        raise ValueError(
            f"earlier: got {earlier}, expected 1 or more: without an earlier case there is no rate to compare with"
        )
