"""How sure a log-normal is that was fitted to a print: sampling variance of mu and sigma, and of its days.

The fits are those of :mod:`untoward.kernels.survival`; each is a function of the same few figures that a
further sample of ``n`` people would have printed a little differently. Variances are those of the delta
method: of large samples for quantiles and shares, exact for the largest value. They say nothing of how other
populations differ, nor of whether the curve is log-normal.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import exp, inf, log, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, special

from untoward.kernels.survival import expected_largest_normal

FloatArray = NDArray[np.float64]


class FitError(NamedTuple):
    """Variances of mu and sigma, and their covariance."""

    mu: float
    both: float
    sigma: float


@lru_cache(maxsize=1024)
def variance_of_largest_normal(n: int) -> float:
    """Variance of the largest of ``n`` independent standard normal values.

    ``E[M^2]``, the integral of ``2x (1 - Phi(x)^n + Phi(-x)^n)`` over the positive axis, less the squared
    expectation. Exactly ``1 - 1/pi`` for n = 2 and ``1 + sqrt(3)/(2 pi) - 9/(4 pi)`` for n = 3; checked against a
    sum over the density for larger n.
    """
    if n < 1:
        raise ValueError(f"n: got {n}, expected 1 or more")

    def tail(x: float) -> float:
        log_share = n * special.log_ndtr(x)
        return float(2 * x * (-np.expm1(log_share) + np.exp(n * special.log_ndtr(-x))))

    climb = max(float(-special.ndtri(1.0 / n)), 1.0) if n > 1 else 1.0
    pieces = ((0.0, climb), (climb, climb + 3), (climb + 3, 40.0))
    square = sum(integrate.quad(tail, start, stop, epsabs=1e-12, epsrel=1e-11)[0] for start, stop in pieces)
    return float(square - expected_largest_normal(n) ** 2)


def error_of_median_and_max(sigma: float, n: int) -> FitError:
    """Error of :func:`~untoward.kernels.survival.lognormal_from_median_and_max`.

    On the log scale and in units of sigma the median has variance ``pi / 2n``, the largest that of
    :func:`variance_of_largest_normal`, and their covariance is taken as ``1/n``, which it is exactly for
    mean and largest (the covariances of one order statistic with all of them add up to 1).
    """
    largest = expected_largest_normal(n)
    median, top, both = pi / (2 * n), variance_of_largest_normal(n), 1 / n
    spread = (median + top - 2 * both) / largest**2
    return FitError(sigma**2 * median, sigma**2 * (both - median) / largest, sigma**2 * spread)


def error_of_quantiles(sigma: float, shares: Sequence[float], n: int) -> FitError:
    """Error of :func:`~untoward.kernels.survival.lognormal_from_median_and_quantiles` from these shares.

    Sample quantiles of ``n`` values have covariance ``p (1 - q) sigma^2 / (n phi(z_p) phi(z_q))``, p <= q.
    """
    every = np.array([0.5, *shares])
    z = special.ndtri(every)
    of_mu = np.array([1.0, *np.zeros(len(shares))])
    of_sigma = np.array([-z[1:].sum(), *z[1:]]) / np.dot(z, z)
    return _propagated(of_mu, of_sigma, _probit_covariance(every, n) * sigma**2)


def error_of_percent_resolved(points: Sequence[tuple[float, float]], n: int) -> FitError:
    """Error of :func:`~untoward.kernels.survival.lognormal_from_percent_resolved` of ``n`` people followed up.

    The shares over by several days are those of the same people; their normal quantiles have covariance
    ``p (1 - q) / (n phi(z_p) phi(z_q))``, p <= q.
    """
    usable = [(log(day), percent / 100) for day, percent in points if 0 < percent < 100]
    x, shares = np.array(usable).T
    z = special.ndtri(shares)
    spread = (x - x.mean()) / np.dot(x - x.mean(), x - x.mean())
    slope = float(np.dot(spread, z))
    of_mu = -1 / (len(x) * slope) + z.mean() / slope**2 * spread
    of_sigma = -spread / slope**2
    return _propagated(of_mu, of_sigma, _probit_covariance(shares, n))


def pooled_error(series: Sequence[tuple[float, float, int, FitError]]) -> FitError:
    """Error of :func:`~untoward.kernels.survival.pool_lognormal` for series ``(mu, sigma, n, error)``.

    Series are independent. With w = n / N the pooled mu moves by ``w`` and the pooled sigma by
    ``w (mu_i - mu) / sigma`` when mu_i moves by one, and sigma by ``w sigma_i / sigma`` when sigma_i does.
    """
    total = sum(n for _mu, _sigma, n, _error in series)
    mu = sum(n * mean for mean, _sigma, n, _error in series) / total
    variance = sum(n * (own**2 + (mean - mu) ** 2) for mean, own, n, _error in series) / total
    sigma = sqrt(variance)
    parts = [0.0, 0.0, 0.0]
    for mean, own, n, error in series:
        weight = n / total
        by_mu, by_sigma = (weight * (mean - mu) / sigma, weight * own / sigma) if sigma else (0.0, 0.0)
        parts[0] += weight**2 * error.mu
        parts[1] += weight * (by_mu * error.mu + by_sigma * error.both)
        parts[2] += by_mu**2 * error.mu + 2 * by_mu * by_sigma * error.both + by_sigma**2 * error.sigma
    return FitError(*parts)


def day_interval(
    mu: float, sigma: float, error: FitError, q: float, level: float = 0.95
) -> tuple[float, float]:
    """Interval for the day by which the share ``q`` has resolved: symmetric on the log scale.

    ``exp(mu + z sigma -/+ c se)`` with z the normal quantile of q, c that of the level, and
    ``se^2 = var(mu) + 2 z cov + z^2 var(sigma)``. The upper end may be infinite.
    """
    z, c = float(special.ndtri(q)), float(special.ndtri((1 + level) / 2))
    variance = error.mu + 2 * z * error.both + z * z * error.sigma
    reach = c * sqrt(max(variance, 0.0))
    middle = mu + z * sigma
    return exp(middle - reach), exp(middle + reach) if middle + reach < 700 else inf


def _probit_covariance(shares: FloatArray, n: int) -> FloatArray:
    """Covariance of the normal quantiles of sample shares, or of sample quantiles in units of sigma."""
    density = np.exp(-(special.ndtri(shares) ** 2) / 2) / sqrt(2 * pi)
    low, high = np.minimum.outer(shares, shares), np.maximum.outer(shares, shares)
    covariance: FloatArray = low * (1 - high) / (n * np.outer(density, density))
    return covariance


def _propagated(of_mu: FloatArray, of_sigma: FloatArray, covariance: FloatArray) -> FitError:
    return FitError(
        float(of_mu @ covariance @ of_mu),
        float(of_mu @ covariance @ of_sigma),
        float(of_sigma @ covariance @ of_sigma),
    )
