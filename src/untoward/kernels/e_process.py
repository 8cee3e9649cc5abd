"""Evidence that may be looked at whenever one likes: e-processes for counts.

Without an excess the chance that an e-process ever reaches ``1 / alpha`` is at most ``alpha``, however often and at
whatever moments it is looked at, and with no horizon (Ville's inequality). It is the likelihood ratio of an excess
``theta`` against none, averaged over a mixture of ``theta``: gamma for Poisson counts, beta for shares. Robbins,
Ann Math Stat 1970;41:1397; Ramdas, Grünwald, Vovk and Shafer, Stat Sci 2023;38:576.

The expectation must be *predictable*: fixed, for every case to come, by what was known before it. A baseline
estimated from the very cases that are watched is not.

The value now may fall again; ``1 / (largest so far)`` is a p-value valid at any time, ``1 / (value now)`` is a larger one.

With the whole gamma mixture (shape 2, rate 0.5: mean excess fourfold) far too *few* cases are evidence as well. With
``excess_only`` the mixture is cut to ``theta > 1`` and scaled back to 1, so that only too many are. The two hardly differ
where there is an excess.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]

SHAPE, RATE = 2.0, 0.5
"""The gamma mixture over the excess unless told otherwise."""


def poisson_log_e(
    count: ArrayLike,
    expected: ArrayLike,
    *,
    shape: float = SHAPE,
    rate: float = RATE,
    excess_only: bool = False,
) -> FloatArray:
    """Natural logarithm of the e-value of counts with a predictable expectation; arrays broadcast.

    ``e`` is the integral of theta**count exp(-(theta - 1) expected) over a gamma distribution of theta, which has the
    closed form rate**shape / gamma(shape) * gamma(shape + count) / (rate + expected)**(shape + count) * exp(expected).
    Raises ValueError for negative or unknown numbers.
    """
    cases, due = np.asarray(count, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    _refuse(bool(np.all(cases >= 0)), "count", "0 or more")
    _refuse(bool(np.all(np.isfinite(due) & (due >= 0))), "expected", "finite numbers, 0 or more")
    _refuse(shape > 0 and rate > 0, "shape and rate", "more than 0")
    a = shape + cases
    log_e = shape * np.log(rate) - special.gammaln(shape) + special.gammaln(a) - a * np.log(rate + due) + due
    if excess_only:
        with np.errstate(divide="ignore"):
            log_e = log_e + np.log(special.gammaincc(a, rate + due)) - np.log(special.gammaincc(shape, rate))
    return np.asarray(log_e, dtype=np.float64)


def attributed_log_e(
    shares: Sequence[float] | FloatArray,
    expected: float,
    *,
    shape: float = SHAPE,
    rate: float = RATE,
    excess_only: bool = False,
) -> float:
    """As `poisson_log_e` for one stream whose cases may have come from elsewhere.

    ``shares`` holds for each case the part of its hazard that the stream carried when it occurred, from 0 to 1: a
    person had one session with this lot and one with another. An excess ``theta`` of the stream multiplies that part
    alone, so that a case multiplies the likelihood by ``1 - share + share * theta``. The mixture of the product is the
    mean of `poisson_log_e` over the number of cases that came from the stream, each with its share as chance. With
    shares of 1 it is `poisson_log_e` itself; ``expected`` is the stream's own.
    """
    parts = np.asarray(shares, dtype=np.float64)
    _refuse(bool(np.all((parts >= 0) & (parts <= 1))), "shares", "numbers from 0 to 1")
    whole = int(np.count_nonzero(parts == 1))
    chance = _counts_of(parts[(parts > 0) & (parts < 1)])
    log_e = poisson_log_e(
        whole + np.arange(chance.size), expected, shape=shape, rate=rate, excess_only=excess_only
    )
    with np.errstate(divide="ignore"):
        return float(special.logsumexp(log_e + np.log(chance)))


def binomial_log_e(
    cases: ArrayLike,
    events: ArrayLike,
    p0: float,
    *,
    a: float = 1.0,
    b: float = 1.0,
    excess_only: bool = False,
) -> FloatArray:
    """Natural logarithm of the e-value of cases among events that are cases with probability ``p0`` without excess.

    The likelihood ratio is averaged over a beta(a, b) distribution of the probability; ``excess_only`` cuts it to
    probabilities above ``p0``. Raises ValueError for counts that cannot be.
    """
    k, n = np.asarray(cases, dtype=np.float64), np.asarray(events, dtype=np.float64)
    _refuse(bool(np.all((k >= 0) & (k <= n))), "cases", "0 or more and no more than events")
    _refuse(0 < p0 < 1, "p0", "more than 0 and less than 1")
    log_e = special.betaln(a + k, b + n - k) - special.betaln(a, b) - k * np.log(p0) - (n - k) * np.log1p(-p0)
    if excess_only:
        with np.errstate(divide="ignore"):
            log_e = log_e + np.log(special.betaincc(a + k, b + n - k, p0) / special.betaincc(a, b, p0))
    return np.asarray(log_e, dtype=np.float64)


def least_cases(expected: float, threshold: float, *, shape: float = SHAPE, rate: float = RATE) -> int:
    """The fewest cases above the expectation whose e-value (whole mixture) reaches a threshold."""
    count = int(expected) + 1
    while poisson_log_e(count, expected, shape=shape, rate=rate) < np.log(threshold):
        count += 1
    return count


def _counts_of(chances: FloatArray) -> FloatArray:
    """The distribution of how many of these independent things occur."""
    total = np.ones(1)
    for chance in chances:
        total = np.convolve(total, [1 - chance, chance])
    return total


def _refuse(good: bool, name: str, expected: str) -> None:
    if not good:
        raise ValueError(f"{name}: expected {expected}")
