"""Looking again and again without crying wolf: the maximised sequential probability ratio test (MaxSPRT), exactly.

After every look the log-likelihood ratio of the best-fitting excess against none is compared with a critical
value that keeps the chance of ever crossing it, over all looks up to the horizon, at ``alpha``. Kulldorff,
Davis, Kolczak, Lewis, Lieu and Platt, Sequential Analysis 2011;30:58. The chance is not simulated: the
distribution of the count on paths that have not crossed is carried from boundary to boundary
(``sequential_paths``). This file is for Poisson counts with a known expectation; ``sequential_binomial`` for cases
among matched events, ``sequential_conditional`` for an expectation that itself comes from a few cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import floor, inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from untoward.kernels.sequential_paths import Boundary, chance_of_crossing, walked

FloatArray = NDArray[np.float64]

MOST_EXPECTED = 10_000.0
"""The longest horizon: a critical value takes some ten seconds there, and no safety question has so many cases."""


class CriticalValue(NamedTuple):
    """The value that the log-likelihood ratio must reach, and the chance of ever reaching it without an excess.

    ``value`` is None where no critical value exists; ``reason`` then says why, and ``alpha`` is the chance that the
    nearest possible test has. Where the statistic is discrete every value above ``above`` and up to ``value`` is the
    same test (R's Sequential prints the former, rounded up); it is None where the statistic is continuous.
    """

    value: float | None
    alpha: float
    reason: str = ""
    above: float | None = None


class Performance(NamedTuple):
    """How a test does at one relative risk: the chance of a signal, the mean expected count at the signal (of the
    runs that signal; nan when none can) and the mean expected count at the end (signal or horizon).
    """

    power: float
    expected_at_signal: float
    expected_at_end: float


def poisson_llr(count: float, expected: float) -> float:
    """Log-likelihood ratio ``n log(n / mu) - (n - mu)`` of a count above its expectation; 0 when it is not above."""
    if count <= expected:
        return 0.0
    return count * log(count / expected) - (count - expected) if expected > 0 else inf


def poisson_critical(
    horizon: float,
    alpha: float = 0.05,
    *,
    least_count: int = 1,
    delay: float = 0.0,
    looks: Sequence[float] | None = None,
) -> CriticalValue:
    """The critical value for Poisson counts watched until ``horizon`` events are expected.

    Parameters
    ----------
    horizon, alpha
        Expected events at the end of the watch; the chance of ever crossing when there is no excess.
    least_count
        M: no rejection before so many events. Four is a good rule when an excess of two to four times is feared,
        and too many when it may be tenfold (Kulldorff and Silva, REVSTAT 2015;13:79).
    delay
        No rejection before so many events are expected.
    looks
        Expected counts, rising, at which the test is made; None for continuous watch. The statistic is discrete
        then, and the smallest critical value is given whose chance of crossing does not exceed alpha.

    Without looks there may be no value: when even rejecting at the first permitted event crosses less often than
    alpha. Raises ValueError for settings that cannot be.
    """
    _check_settings(horizon, alpha, least_count, delay, looks)

    def excess(value: float) -> float:
        return poisson_crossing(value, horizon, least_count=least_count, delay=delay, looks=looks) - alpha

    if looks is not None:
        above, value = smallest_not_exceeding(
            excess, [poisson_llr(n, mu) for mu in looks for n in _counts_above(mu)]
        )
        return CriticalValue(value, excess(value) + alpha, above=above)
    lowest = excess(1e-9)
    if lowest <= 0:
        return CriticalValue(
            None, lowest + alpha, _why_none(horizon, alpha, least_count, delay, lowest + alpha)
        )
    value = float(optimize.brentq(excess, 1e-9, 20.0 - 2 * log(alpha), xtol=1e-10))
    # where a delay makes the chance jump, the root search may end just below the jump
    value = value if excess(value) <= 1e-9 else value + 2e-10
    return CriticalValue(value, excess(value) + alpha)


def poisson_critical_value(
    horizon: float,
    alpha: float = 0.05,
    *,
    least_count: int = 1,
    delay: float = 0.0,
    looks: Sequence[float] | None = None,
) -> float:
    """As `poisson_critical`, the value alone; ValueError with the reason where there is none."""
    found = poisson_critical(horizon, alpha, least_count=least_count, delay=delay, looks=looks)
    if found.value is None:
        raise ValueError(found.reason)
    return found.value


def poisson_crossing(
    critical: float,
    horizon: float,
    *,
    least_count: int = 1,
    delay: float = 0.0,
    looks: Sequence[float] | None = None,
    relative_risk: float = 1.0,
) -> float:
    """The chance of ever crossing a critical value, when there is no excess or at a relative risk."""
    boundaries = poisson_boundaries(critical, horizon, least_count=least_count, delay=delay, looks=looks)
    return chance_of_crossing(boundaries, relative_risk)


def poisson_performance(
    critical: float,
    horizon: float,
    relative_risk: float,
    *,
    least_count: int = 1,
    delay: float = 0.0,
    looks: Sequence[float] | None = None,
) -> Performance:
    """Power and mean expected counts at the signal and at the end, exactly, at a relative risk (more than 0)."""
    _check(relative_risk > 0, "relative_risk", relative_risk, "more than 0")
    boundaries = poisson_boundaries(critical, horizon, least_count=least_count, delay=delay, looks=looks)
    waits = delay > 0 and looks is None
    power, until_last = walked(
        boundaries, relative_risk, at_boundaries=looks is not None, waits_at_first=waits
    )
    # with looks, nothing is watched after the last of them
    end = boundaries[-1].at
    signal = (until_last - end * (1 - power)) / power if power > 0 else float("nan")
    return Performance(power, signal, until_last)


def poisson_boundaries(
    critical: float,
    horizon: float,
    *,
    least_count: int = 1,
    delay: float = 0.0,
    looks: Sequence[float] | None = None,
) -> list[Boundary]:
    """Expected counts at which the count that rejects rises, and the last one: at each, so many events reject."""
    if looks is not None:
        return [Boundary(mu, _first_count(critical, mu, least_count)) for mu in looks if mu >= delay]
    start = [] if delay <= 0 else [Boundary(delay, _first_count(critical, delay, least_count))]
    first = start[0].reached if start else least_count
    counts = np.arange(first, first + 8)
    while (latest := _latest_expected(critical, counts))[-1] < horizon:
        counts = np.arange(first, first + 2 * counts.size)
    inner = int(np.searchsorted(latest, horizon))
    steps = zip(latest[:inner].tolist(), counts[:inner].tolist(), strict=True)
    return [*start, *(Boundary(at, count) for at, count in steps), Boundary(horizon, int(counts[inner]))]


def smallest_not_exceeding(excess: Callable[[float], float], values: Sequence[float]) -> tuple[float, float]:
    """Of the values that a statistic can take, the smallest whose chance of crossing does not exceed alpha.

    The largest when none does. Before it stands the value next below, 0 when there is none.
    """
    # rounded down, so that a value still reaches itself
    ordered = sorted({floor(value * 1e12) / 1e12 for value in values if value > 0})
    low, high = 0, len(ordered) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if excess(ordered[middle]) <= 0 else (middle + 1, high)
    return (ordered[low - 1] if low else 0.0), ordered[low]


def _latest_expected(critical: float, counts: NDArray[np.int64]) -> FloatArray:
    """The largest expectation at which so many events still cross: the root of n log(n/mu) - (n - mu) = c."""
    # with mu = -n W(-exp(-1 - c/n)) on the principal branch of Lambert's W
    found: FloatArray = -counts * special.lambertw(-np.exp(-1 - critical / counts)).real
    return found


def _first_count(critical: float, expected: float, least_count: int) -> int:
    count = max(least_count, int(expected) + 1)
    while poisson_llr(count, expected) < critical:
        count += 1
    return count


def _counts_above(expected: float) -> range:
    first = int(expected) + 1
    return range(first, first + 60 + int(10 * expected**0.5))


def _why_none(horizon: float, alpha: float, least_count: int, delay: float, chance: float) -> str:
    after = f" and after {delay:g} are expected" if delay else ""
    return (
        f"no critical value: rejecting at event {least_count}{after}, whatever the ratio, already happens with a chance of "
        f"{chance:.2g} within {horizon:g} expected events, less than the {alpha:g} allowed; watch longer or ask for fewer events"
    )


def _check_settings(
    horizon: float, alpha: float, least_count: int, delay: float, looks: Sequence[float] | None
) -> None:
    _check(
        0 < horizon <= MOST_EXPECTED,
        "horizon",
        horizon,
        f"more than 0 and up to {MOST_EXPECTED:,.0f} expected events",
    )
    check_alpha(alpha)
    check_least_count(least_count)
    _check(0 <= delay < horizon, "delay", delay, f"0 or more and less than the horizon of {horizon:g}")
    if looks is not None:
        rising = len(looks) > 0 and looks[0] > 0 and all(a < b for a, b in pairwise(looks))
        _check(
            rising, "looks", list(looks), "one or more expected counts above 0, each more than the one before"
        )
        within = looks[-1] <= horizon * (1 + 1e-9)
        _check(
            within and looks[-1] >= delay,
            "looks",
            looks[-1],
            "the last look within the horizon and after the delay",
        )


def check_alpha(alpha: float) -> None:
    """ValueError unless alpha is a usable chance."""
    _check(1e-12 <= alpha < 1, "alpha", alpha, "at least 1e-12 and less than 1")


def check_least_count(least_count: int) -> None:
    """ValueError unless the least count is a whole number of events, 1 or more."""
    _check(
        least_count >= 1 and least_count == int(least_count),
        "least_count",
        least_count,
        "a whole number, 1 or more",
    )


def _check(good: bool, name: str, got: object, expected: str) -> None:
    if not good:
        raise ValueError(f"{name}: got {got}, expected {expected}")
