"""Quantiles of mixtures of two gamma distributions: exactly, and for a million pairs at once.

The million are cheap because a pair's posterior depends on its count and its expectation alone. For every
count that many pairs share, the logarithm of the quantile is a smooth function of the logarithm of the expectation; it
is laid out in Chebyshev polynomials on as many pieces as it takes to be right to a relative 1e-10.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
LogQuantile = Callable[[FloatArray, FloatArray], FloatArray]
"""From counts and logarithms of expectations to logarithms of the quantile."""

_DEGREE = 12
_WORTH_IT = 300
"""Pairs that must share a count before curves are fitted to it; fewer are solved one by one."""

_TOLERANCE = 1e-10
_WIDEST, _NARROWEST = 1.5, 1e-4


def mixture_quantile(
    p: float, q: FloatArray, a1: FloatArray, b1: FloatArray, a2: FloatArray, b2: FloatArray
) -> FloatArray:
    """The value below which ``p`` of ``q Gamma(a1, b1) + (1 - q) Gamma(a2, b2)`` lies (b: rates).

    It lies between the quantiles of the two components. Newton steps on the log scale inside that bracket, a
    bisection where a step would leave it; to a relative 1e-11.
    """
    q, a1, b1, a2, b2 = (np.atleast_1d(x).astype(float) for x in np.broadcast_arrays(q, a1, b1, a2, b2))
    first, second = special.gammaincinv(a1, p) / b1, special.gammaincinv(a2, p) / b2
    tiny = np.finfo(float).tiny
    low, high = np.log(np.maximum(np.minimum(first, second), tiny)), np.log(np.maximum(first, second) + tiny)
    x = np.clip(q * np.log(first + tiny) + (1 - q) * np.log(second + tiny), low, high)
    open_ = np.flatnonzero(high - low > 1e-12)
    for _step in range(200):
        if not open_.size:
            break
        done = _newton_step(p, x, low, high, (q, a1, b1, a2, b2), open_)
        open_ = open_[~done]
    value: FloatArray = np.exp(x)
    return value


def _newton_step(
    p: float,
    x: FloatArray,
    low: FloatArray,
    high: FloatArray,
    mixture: tuple[FloatArray, ...],
    at: IntArray,
) -> NDArray[np.bool_]:
    q, a1, b1, a2, b2 = (part[at] for part in mixture)
    here, value = x[at], np.exp(x[at])
    below = q * special.gammainc(a1, b1 * value) + (1 - q) * special.gammainc(a2, b2 * value) - p
    slope = q * _log_gamma_density(here, a1, b1) + (1 - q) * _log_gamma_density(here, a2, b2)
    low[at] = np.where(below < 0, here, low[at])
    high[at] = np.where(below >= 0, here, high[at])
    with np.errstate(divide="ignore", invalid="ignore"):
        step = here - below / slope
    outside = ~((step > low[at]) & (step < high[at]))
    after = np.where(outside, (low[at] + high[at]) / 2, step)
    x[at] = after
    done: NDArray[np.bool_] = (np.abs(after - here) < 1e-12) | (high[at] - low[at] < 1e-13)
    return done


def _log_gamma_density(log_value: FloatArray, shape: FloatArray, rate: FloatArray) -> FloatArray:
    """Density of the logarithm of a gamma variable."""
    scaled = rate * np.exp(log_value)
    density: FloatArray = np.exp(shape * np.log(scaled) - scaled - special.gammaln(shape))
    return density


class _Panels(NamedTuple):
    """Pieces of the curves: the count, the ends in log expectation, and the Chebyshev coefficients (a row each)."""

    kind: IntArray
    low: FloatArray
    high: FloatArray
    coefficients: FloatArray


def quantiles_by_count(
    n: FloatArray, e: FloatArray, log_quantile: LogQuantile, delicate: NDArray[np.bool_]
) -> FloatArray:
    """The quantile of every pair, from the pieces where many pairs share a count, else solved one by one.

    ``delicate`` pairs are solved one by one too: where the two components lie apart and the quantile falls between
    them, it leaps from one to the other, and no polynomial follows.
    """
    x = np.log(e)
    kinds, which, pairs = np.unique(n, return_inverse=True, return_counts=True)
    result = np.empty(len(n))
    often = (pairs >= _WORTH_IT)[which] & ~delicate
    alone = np.flatnonzero(~often)
    result[alone] = np.exp(log_quantile(n[alone], x[alone]))
    many = np.flatnonzero(often)
    if many.size:
        panels = _fitted(kinds, _first_panels(which[many], x[many]), log_quantile)
        result[many] = np.exp(_read_off(panels, which[many], x[many]))
    return result


def _first_panels(which: IntArray, x: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """The range of every count, cut into pieces of equal width."""
    size = int(which.max()) + 1
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, which, x)
    np.maximum.at(high, which, x)
    kind = np.flatnonzero(np.isfinite(low))
    low, high = low[kind] - 1e-9, high[kind] + 1e-9
    pieces = np.ceil((high - low) / _WIDEST).astype(np.intp)
    number = np.concatenate([np.arange(m) for m in pieces])
    width = np.repeat((high - low) / pieces, pieces)
    starts = np.repeat(low, pieces) + number * width
    return np.repeat(kind, pieces), starts, starts + width


def _fitted(
    kinds: FloatArray, ranges: tuple[IntArray, FloatArray, FloatArray], log_quantile: LogQuantile
) -> _Panels:
    """Polynomials on the pieces; a piece that misses at the points between its nodes is halved, and again."""
    angles = np.pi * (np.arange(_DEGREE + 1) + 0.5) / (_DEGREE + 1)
    nodes, between = np.cos(angles), np.cos(np.pi * np.arange(_DEGREE + 2) / (_DEGREE + 1))
    to_coefficients = np.cos(np.outer(angles, np.arange(_DEGREE + 1))) * (2 / (_DEGREE + 1))
    to_coefficients[:, 0] /= 2
    at_between = np.cos(np.outer(np.arange(_DEGREE + 1), np.arccos(between)))
    kept: list[_Panels] = []
    kind, low, high = ranges
    while kind.size:
        middle, half = (low + high) / 2, (high - low) / 2
        coefficients = _values(kinds[kind], middle, half, nodes, log_quantile) @ to_coefficients
        wanted = _values(kinds[kind], middle, half, between, log_quantile)
        miss = np.abs(coefficients @ at_between - wanted).max(axis=1)
        good = (miss <= _TOLERANCE) | (half < _NARROWEST)
        kept.append(_Panels(kind[good], low[good], high[good], coefficients[good]))
        kind, low, middle, high = kind[~good], low[~good], middle[~good], high[~good]
        kind, low, high = np.repeat(kind, 2), _paired(low, middle), _paired(middle, high)
    return _sorted(_Panels(*(np.concatenate(part) for part in zip(*kept, strict=True))))


def _values(
    n: FloatArray, middle: FloatArray, half: FloatArray, at: FloatArray, log_quantile: LogQuantile
) -> FloatArray:
    x = middle[:, None] + half[:, None] * at
    return log_quantile(np.repeat(n, len(at)), x.ravel()).reshape(x.shape)


def _paired(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.column_stack((first, second)).ravel()


def _sorted(panels: _Panels) -> _Panels:
    order = np.lexsort((panels.low, panels.kind))
    return _Panels(panels.kind[order], panels.low[order], panels.high[order], panels.coefficients[order])


def _read_off(panels: _Panels, which: IntArray, x: FloatArray) -> FloatArray:
    least = min(panels.low.min(), x.min())
    span = 1.01 * (max(panels.high.max(), x.max()) - least) + 1e-6
    edges = panels.kind + (panels.low - least) / span
    at = np.maximum(np.searchsorted(edges, which + (x - least) / span, side="right") - 1, 0)
    half = (panels.high - panels.low) / 2
    t = (x - (panels.low + half)[at]) / half[at]
    ahead, after = np.zeros(len(x)), np.zeros(len(x))
    for column in panels.coefficients.T[:0:-1]:  # Clenshaw's recurrence
        ahead, after = 2 * t * ahead - after + column[at], ahead
    value: FloatArray = t * ahead - after + panels.coefficients[:, 0][at]
    return value
