"""Expected course: how long a reaction lasts, as a log-normal time to resolution.

Publications rarely print individual durations. They print a median and a maximum, a median and quartiles, or
the percentage resolved by some days. Each function here turns one such print into the same two parameters.

Conventions: time is in decimal days, above 0. ``mu`` and ``sigma`` are mean and standard deviation of the
natural logarithm of the days; the median is ``exp(mu)``. Every person resolves in the end: a series with
permanent reactions must be reduced to those that resolved before it comes here. What a print cannot give is
``None``; figures that contradict each other are a ``ValueError``.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import exp, isfinite, log, sqrt
from typing import NamedTuple

import numpy as np
from scipy import integrate, special


class LogNormal(NamedTuple):
    """Log-normal time to resolution: mean and standard deviation of ln(days)."""

    mu: float
    sigma: float


class PooledLogNormal(NamedTuple):
    """Log-normal time to resolution from several series of ``n`` people together."""

    mu: float
    sigma: float
    n: int


@lru_cache(maxsize=1024)
def expected_largest_normal(n: int) -> float:
    """Expected largest of ``n`` independent standard normal values; 0 for n = 1.

    The integral of 1 - Phi(x)^n over the positive axis minus that of Phi(x)^n over the negative one, by
    adaptive quadrature; absolute error below 1e-10 for n up to a billion. Published to five decimals in
    Harter, Biometrika 1961;48:151: n = 2 0.56419, 5 1.16296, 10 1.53875.
    """
    if n < 1:
        raise ValueError(f"n: got {n}, expected 1 or more")
    # Phi(x)^n climbs from 0 to 1 near the (1 - 1/n) quantile, which the quadrature must not step over.
    climb = max(float(-special.ndtri(1.0 / n)), 1.0) if n > 1 else 1.0

    def above(x: float) -> float:
        return float(-np.expm1(n * special.log_ndtr(x)))

    def below(x: float) -> float:
        return float(np.exp(n * special.log_ndtr(-x)))

    # Beyond 40 standard deviations either integrand is 0 in double precision.
    pieces = [(above, 0.0, climb), (above, climb, climb + 3), (above, climb + 3, 40.0)]
    pieces += [(below, 0.0, 3.0), (below, 3.0, 40.0)]
    areas = [integrate.quad(f, start, stop, epsabs=1e-12, epsrel=1e-11)[0] for f, start, stop in pieces]
    return float(sum(areas[:3]) - sum(areas[3:]))


def lognormal_from_median_and_max(median: float, maximum: float, n: int) -> LogNormal | None:
    """Parameters from the median and the longest duration of ``n`` people.

    ``mu = ln(median)``; ``sigma = ln(maximum / median) / expected_largest_normal(n)``: the longest duration
    is taken to lie where the largest of n normal values lies on average, on the log scale. One single maximum
    makes ``sigma`` rough; prefer quantiles where they are printed.

    ``None`` when n is below 2 or the maximum equals the median, since neither tells a spread.
    """
    _require_days(("median", median), ("maximum", maximum))
    if maximum < median:
        raise ValueError(f"maximum: got {maximum:g} days, expected no less than the median of {median:g}")
    if n < 2 or maximum == median:
        return None
    return LogNormal(log(median), log(maximum / median) / expected_largest_normal(n))


def lognormal_from_median_and_quantiles(
    median: float, quantiles: Sequence[tuple[float, float]]
) -> LogNormal | None:
    """Parameters from the median and other quantiles, such as the quartiles.

    Parameters
    ----------
    median
        Day by which half have resolved.
    quantiles
        Pairs ``(q, day)``, 0 < q < 1: the quartiles are ``[(0.25, first), (0.75, third)]``.

    Notes
    -----
    ``mu = ln(median)``; with z the normal quantile of q, ``sigma = sum(z (ln day - mu)) / sum(z z)``, the
    least squares line through the median. For two quartiles this is ln(third / first) / 1.349.

    ``None`` when no pair but the median is given or the days do not differ.
    """
    _require_days(("median", median))
    _require_shares([q for q, _ in quantiles], upto=1.0, closed=False)
    _require_days(*((f"quantile {q:g}:", day) for q, day in quantiles))
    _require_rising(sorted([*quantiles, (0.5, median)]), "quantiles")
    mu = log(median)
    z = special.ndtri(np.array([q for q, _ in quantiles], dtype=np.float64))
    logs = np.log(np.array([day for _, day in quantiles], dtype=np.float64)) - mu
    if not np.any(z) or not np.any(logs):
        return None
    return LogNormal(mu, float(np.dot(z, logs) / np.dot(z, z)))


def lognormal_from_percent_resolved(points: Sequence[tuple[float, float]]) -> LogNormal | None:
    """Parameters from the percentage resolved by each of several days.

    Parameters
    ----------
    points
        Pairs ``(day, percent)``, the percentage of all people resolved by that day, 0 to 100, never falling.

    Notes
    -----
    Least squares of the normal quantile of the percentage on ln(day): slope ``1 / sigma``, intercept
    ``-mu / sigma``. 0 % and 100 % have no finite quantile and are left out, so that "all resolved by day 10"
    adds nothing; use :func:`lognormal_from_median_and_max` for such a print.

    ``None`` with fewer than two usable days, or when the percentage does not rise.
    """
    _require_shares([percent for _, percent in points], upto=100.0, closed=True)
    _require_days(*((f"day of {percent:g} %:", day) for day, percent in points))
    _require_rising(sorted(points), "percentages resolved")
    usable = [(log(day), float(special.ndtri(percent / 100))) for day, percent in points if 0 < percent < 100]
    if len({x for x, _ in usable}) < 2:
        return None
    x, z = np.array(usable).T
    spread = x - x.mean()
    slope = float(np.dot(spread, z) / np.dot(spread, spread))
    if slope <= 0:
        return None
    return LogNormal(float(x.mean() - z.mean() / slope), 1 / slope)


def pool_lognormal(series: Sequence[tuple[float, float, int]]) -> PooledLogNormal | None:
    """One log-normal for several series ``(mu, sigma, n)``; ``None`` for no series.

    With N the sum of n: ``mu = sum(n_i mu_i) / N`` and
    ``sigma^2 = sum(n_i sigma_i^2) / N + sum(n_i (mu_i - mu)^2) / N``, the spread within series plus that
    between them. These are mean and variance of ln(days) for a person drawn from all series put together, so
    series that disagree widen the result.
    """
    if not series:
        return None
    faults = [row for row in series if not (isfinite(row[0]) and 0 <= row[1] < float("inf") and row[2] >= 1)]
    if faults:
        raise ValueError(f"series: got {faults}, expected a finite mu, sigma of 0 or more and n of 1 or more")
    total = sum(n for *_, n in series)
    mu = sum(n * mean for mean, _, n in series) / total
    within = sum(n * sigma**2 for _, sigma, n in series) / total
    between = sum(n * (mean - mu) ** 2 for mean, _, n in series) / total
    return PooledLogNormal(mu, sqrt(within + between), total)


def lognormal_quantile(mu: float, sigma: float, q: float) -> float:
    """Day by which the share ``q`` (0 < q < 1) has resolved."""
    _require_sigma(sigma)
    _require_shares([q], upto=1.0, closed=False)
    return exp(mu + sigma * float(special.ndtri(q)))


def lognormal_surviving(mu: float, sigma: float, day: float) -> float:
    """Share not yet resolved after ``day`` days; 1 on day 0 and before."""
    _require_sigma(sigma)
    if day <= 0:
        return 1.0
    if sigma == 0:
        return 1.0 if log(day) < mu else 0.0
    return float(special.ndtr((mu - log(day)) / sigma))


def _require_sigma(sigma: float) -> None:
    if not 0 <= sigma < float("inf"):
        raise ValueError(f"sigma: got {sigma!r}, expected a finite number, 0 or more")


def _require_days(*days: tuple[str, float]) -> None:
    faults = [f"{name} {day:g}" for name, day in days if not (isfinite(day) and day > 0)]
    if faults:
        raise ValueError(f"days: got {', '.join(faults)}, expected finite numbers above 0")


def _require_shares(shares: Sequence[float], *, upto: float, closed: bool) -> None:
    inside = [0 <= share <= upto if closed else 0 < share < upto for share in shares]
    faults = [f"{share:g}" for share, fine in zip(shares, inside, strict=True) if not fine]
    if faults:
        ends = "both included" if closed else "neither included"
        raise ValueError(f"shares: got {', '.join(faults)}, expected values between 0 and {upto:g}, {ends}")


def _require_rising(pairs: Sequence[tuple[float, float]], name: str) -> None:
    """Refuse pairs, sorted by their first member, whose second member falls."""
    faults = [f"{after} after {before}" for before, after in pairwise(pairs) if after[1] < before[1]]
    if faults:
        raise ValueError(f"{name}: got {'; '.join(faults)}, expected figures that never fall")
