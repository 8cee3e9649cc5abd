"""Weibull distribution of times that were all seen to end, by maximum likelihood, with a test of a constant hazard.

The survival after time t is ``exp(-(t / scale)^shape)``. A shape below 1 is a hazard that falls with time (what
happens, happens early), 1 a constant hazard, above 1 a hazard that grows. With y = ln t, weights proportional to
``t^shape`` and means and variances under those weights, the shape solves

    mean_w(y) - 1 / shape = mean(y),        scale = mean(t^shape)^(1 / shape).

The left side rises with the shape, so there is one root. Limits of the shape come from the profile likelihood and
the test of shape 1 from the likelihood ratio: the interval holds 1 exactly where the test does not reject.
Checked against ``scipy.stats.weibull_min.fit`` and the six failure times of the ReliaWiki (Weibull distribution,
example of maximum likelihood: shape 1.933, scale 73.526, variances 0.4211 and 266.646, covariance 3.272).
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, isfinite, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

FloatArray = NDArray[np.float64]


class WeibullFit(NamedTuple):
    """A fitted Weibull distribution.

    ``shape_low`` and ``shape_high`` are limits of the shape by the profile likelihood, ``scale_low`` and
    ``scale_high`` limits of the scale by the normal distribution of its logarithm. ``p_constant`` is the p of the
    likelihood ratio test of shape 1 (constant hazard, the exponential distribution) on one degree of freedom.
    ``shape_variance``, ``scale_variance`` and ``covariance`` come from the observed information. ``n`` is the
    number of times.
    """

    n: int
    shape: float
    shape_low: float
    shape_high: float
    scale: float
    scale_low: float
    scale_high: float
    p_constant: float
    log_likelihood: float
    shape_variance: float
    scale_variance: float
    covariance: float


def fit_weibull(times: ArrayLike, level: float = 0.95) -> WeibullFit | None:
    """The distribution under which the times are most likely; None when they are fewer than two or all equal.

    ``times`` are finite and above 0, in any unit; the scale is in that unit. ValueError for other times, or for a
    level outside 0 to 1.
    """
    x = np.asarray(times, dtype=np.float64).ravel()
    if not (np.isfinite(x).all() and (x > 0).all()):
        raise ValueError("times: expected finite numbers above 0")
    if not 0 < level < 1:
        raise ValueError(f"level: got {level!r}, expected a number between 0 and 1")
    profile = _Profile(x)
    if profile.n < 2 or profile.spread == 0:
        return None
    shape = profile.root()
    moments = profile.moments(shape)
    variance = 1 / (profile.n * (1 / shape**2 + moments.variance))
    scale = exp(profile.log_scale(shape))
    slope = scale * (moments.mean - log(scale)) / shape  # d scale / d shape along the profile
    scale_variance = (scale / shape) ** 2 / profile.n + slope**2 * variance
    reach = float(special.ndtri((1 + level) / 2)) * sqrt(scale_variance) / scale
    best = profile.value(shape)
    low, high = profile.limits(shape, best - float(special.ndtri((1 + level) / 2)) ** 2 / 2)
    return WeibullFit(
        n=profile.n,
        shape=shape,
        shape_low=low,
        shape_high=high,
        scale=scale,
        scale_low=scale * exp(-reach),
        scale_high=scale * exp(reach),
        p_constant=float(special.chdtrc(1, max(0.0, 2 * (best - profile.value(1.0))))),
        log_likelihood=best,
        shape_variance=variance,
        scale_variance=scale_variance,
        covariance=slope * variance,
    )


def weibull_surviving(fit: WeibullFit, times: ArrayLike) -> FloatArray:
    """Share that is still to come after each time; 1 at time 0 and before."""
    x = np.maximum(np.asarray(times, dtype=np.float64), 0.0)
    share: FloatArray = np.exp(-((x / fit.scale) ** fit.shape))
    return share


class _Moments(NamedTuple):
    mean: float
    variance: float


class _Profile:
    """The log-likelihood of the shape, with the best scale for it; distinct times are held once with their number."""

    def __init__(self, x: FloatArray) -> None:
        distinct, times = np.unique(x, return_counts=True)
        self.y = np.log(distinct)
        self.times = times.astype(np.float64)
        self.n = len(x)
        self.mean = float(np.dot(self.times, self.y)) / self.n if self.n else 0.0
        self.top = float(self.y[-1]) if self.n else 0.0
        self.spread = self.top - float(self.y[0]) if self.n else 0.0

    def weights(self, shape: float) -> FloatArray:
        # the largest time is 1, so that no power overflows
        w: FloatArray = self.times * np.exp(shape * (self.y - self.top))
        return w

    def moments(self, shape: float) -> _Moments:
        w = self.weights(shape)
        mean = float(np.average(self.y, weights=w))
        return _Moments(mean, float(np.average((self.y - mean) ** 2, weights=w)))

    def log_scale(self, shape: float) -> float:
        return self.top + log(float(self.weights(shape).sum()) / self.n) / shape

    def value(self, shape: float) -> float:
        return self.n * (log(shape) - shape * self.log_scale(shape) + (shape - 1) * self.mean - 1)

    def root(self) -> float:
        def slope(log_shape: float) -> float:
            shape = exp(log_shape)
            return self.moments(shape).mean - 1 / shape - self.mean

        # times t times as far apart have a shape t times smaller, so the start fits any spread
        return exp(_crossing(slope, log(1 / self.spread), 1.0))

    def limits(self, shape: float, least: float) -> tuple[float, float]:
        def above(log_shape: float) -> float:
            return least - self.value(exp(log_shape))

        def below(log_shape: float) -> float:
            return -above(log_shape)

        start = log(shape)
        return exp(_beyond(below, start, -0.5)), exp(_beyond(above, start, 0.5))


def _crossing(rising: Callable[[float], float], start: float, step: float) -> float:
    """The root of a function that rises, looked for on both sides of a start."""
    low = high = start
    while rising(low) > 0:
        low -= step
    while rising(high) < 0:
        high += step
    return float(optimize.brentq(rising, low, high, xtol=1e-13)) if low < high else low


def _beyond(function: Callable[[float], float], start: float, step: float) -> float:
    """The root of a function on one side of a start, where its sign changes."""
    end = start + step
    sign = function(start) > 0
    while (function(end) > 0) == sign and isfinite(end):
        end += step
    return float(optimize.brentq(function, min(start, end), max(start, end), xtol=1e-12))
