"""Looking again and again without crying wolf: the maximised sequential probability ratio test (MaxSPRT), exactly.

After every look the log-likelihood ratio of the best-fitting excess against none is compared with a critical
value that keeps the chance of ever crossing it, over all looks up to the horizon, at ``alpha``. Kulldorff,
Davis, Kolczak, Lewis, Lieu and Platt, Sequential Analysis 2011;30:58. The chance is not simulated: the
distribution of the count on paths that have not crossed is carried from boundary to boundary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor, inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

FloatArray = NDArray[np.float64]


class Boundary(NamedTuple):
    """When ``at`` events are expected, the test rejects if there have been ``reached`` or more."""

    at: float
    reached: int


def poisson_llr(count: float, expected: float) -> float:
    """Log-likelihood ratio ``n log(n / mu) - (n - mu)`` of a count above its expectation; 0 when it is not above."""
    if count <= expected:
        return 0.0
    return count * log(count / expected) - (count - expected) if expected > 0 else inf


def binomial_llr(cases: int, events: int, p0: float) -> float:
    """Log-likelihood ratio of ``cases`` among ``events`` against the share ``p0`` under no excess; 0 when not above."""
    share = cases / events if events else 0.0
    if share <= p0:
        return 0.0
    others = events - cases
    return cases * log(share / p0) + (others * log((1 - share) / (1 - p0)) if others else 0.0)


def poisson_critical_value(
    horizon: float, alpha: float = 0.05, *, least_count: int = 1, looks: Sequence[float] | None = None
) -> float:
    """The critical value for Poisson counts watched until ``horizon`` events are expected.

    ``least_count`` (M): no rejection before so many events. ``looks``: expected counts, rising, at which the
    test is made; None for continuous watch. With looks the count is discrete, and the smallest critical value
    is returned whose chance of crossing does not exceed alpha.
    """
    _check(horizon > 0, "horizon", horizon, "more than 0 expected events")
    _check(0 < alpha < 1, "alpha", alpha, "more than 0 and less than 1")

    def excess(value: float) -> float:
        return poisson_crossing(value, horizon, least_count=least_count, looks=looks) - alpha

    if looks is None:
        return float(optimize.brentq(excess, 0.01, 50.0, xtol=1e-10))
    return _smallest_not_exceeding(excess, [poisson_llr(n, mu) for mu in looks for n in _counts_above(mu)])


def poisson_crossing(
    critical: float, horizon: float, *, least_count: int = 1, looks: Sequence[float] | None = None
) -> float:
    """The chance of ever crossing a critical value when there is no excess."""
    boundaries = _poisson_boundaries(critical, horizon, least_count, looks)
    inside, at = np.ones(1), 0.0
    for boundary in boundaries:
        inside = _moved_on(inside, boundary.at - at, boundary.reached)
        at = boundary.at
    return float(1.0 - inside.sum())


def binomial_critical_value(events: int, p0: float, alpha: float = 0.05, *, least_count: int = 1) -> float:
    """The smallest critical value whose chance of being crossed within ``events`` events is at most alpha."""
    _check(events > 0, "events", events, "1 or more")
    _check(0 < p0 < 1, "p0", p0, "more than 0 and less than 1")

    def excess(value: float) -> float:
        return binomial_crossing(value, events, p0, least_count=least_count) - alpha

    values = [binomial_llr(n, total, p0) for total in range(1, events + 1) for n in range(1, total + 1)]
    return _smallest_not_exceeding(excess, values)


def binomial_crossing(critical: float, events: int, p0: float, *, least_count: int = 1) -> float:
    """The chance of ever crossing a critical value when each event is a case with probability ``p0``."""
    inside = np.ones(1)
    for total in range(1, events + 1):
        moved = np.zeros(len(inside) + 1)
        moved[: len(inside)] += inside * (1 - p0)
        moved[1:] += inside * p0
        limit = next(
            (n for n in range(least_count, len(moved)) if binomial_llr(n, total, p0) >= critical), len(moved)
        )
        inside = moved[:limit]
    return float(1.0 - inside.sum())


def _poisson_boundaries(
    critical: float, horizon: float, least_count: int, looks: Sequence[float] | None
) -> list[Boundary]:
    if looks is not None:
        return [Boundary(mu, _first_count(critical, mu, least_count)) for mu in looks]
    boundaries: list[Boundary] = []
    count = least_count
    while True:
        latest = _latest_expected(critical, count)
        if latest >= horizon:
            return [*boundaries, Boundary(horizon, count)]
        boundaries.append(Boundary(latest, count))
        count += 1


def _latest_expected(critical: float, count: int) -> float:
    """The largest expectation at which so many events still cross: the root of n log(n/mu) - (n - mu) = c."""
    # with mu = -n W(-exp(-1 - c/n)) on the principal branch of Lambert's W
    return float(-count * special.lambertw(-np.exp(-1 - critical / count)).real)


def _first_count(critical: float, expected: float, least_count: int) -> int:
    count = max(least_count, int(expected) + 1)
    while poisson_llr(count, expected) < critical:
        count += 1
    return count


def _moved_on(inside: FloatArray, expected: float, limit: int) -> FloatArray:
    """The distribution of the count after ``expected`` more events are due, of paths below ``limit`` alone."""
    more = np.arange(limit)
    steps = np.exp(special.xlogy(more, expected) - expected - special.gammaln(more + 1))
    moved: FloatArray = np.convolve(inside, steps)[:limit]
    return moved


def _counts_above(expected: float) -> range:
    first = int(expected) + 1
    return range(first, first + 60 + int(10 * expected**0.5))


def _smallest_not_exceeding(excess: Callable[[float], float], values: Sequence[float]) -> float:
    """Of the values that the statistic can take, the smallest whose chance of crossing does not exceed alpha."""
    # rounded down, so that a value still reaches itself
    ordered = sorted({floor(value * 1e12) / 1e12 for value in values if value > 0})
    low, high = 0, len(ordered) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if excess(ordered[middle]) <= 0 else (middle + 1, high)
    return ordered[low]


def _check(good: bool, name: str, got: object, expected: str) -> None:
    if not good:
        raise ValueError(f"{name}: got {got}, expected {expected}")
