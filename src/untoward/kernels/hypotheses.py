"""Which exposure accounts best for cases and non-cases, and which observation would part two of them.

The rival hypotheses are "this exposure multiplies the risk", one for each exposure, and "nothing in common". Given
how many cases there are, each falls on the exposed with probability ``theta q / (1 + (theta - 1) q)``, where ``q``
is the share of all expected cases that the exposed were due. An exposure shared by many who stayed well has a large
q, so that it needs many cases to be believed. The risk ratio theta is not known; it is averaged over, every value
between 1 and `LARGEST_RATIO` equally likely on the log scale.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

FloatArray = NDArray[np.float64]

LARGEST_RATIO = 1000.0
"""Of the order of the largest ratios seen: attack rates of some tens of per cent against some per ten thousand."""

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(96)
_LOG_RATIO = (_POINTS + 1) / 2 * np.log(LARGEST_RATIO)
_LOG_WEIGHT = np.log(_WEIGHTS / 2)
_ROWS_AT_A_TIME = 20_000


class Belief(NamedTuple):
    """Probability of each hypothesis, and of none of them."""

    each: FloatArray
    none: float


def log_bayes_factor(with_exposure: ArrayLike, cases: ArrayLike, share: ArrayLike) -> FloatArray:
    """Log of the average likelihood ratio of "multiplies the risk" against "nothing in common", element by element.

    `with_exposure` of `cases` cases had it; `share` is the part of the expected cases that fell on the exposed, from 0 to
    1. A share of 0 or 1 cannot tell anything, and the factor is 1 (its log 0).
    """
    given = np.broadcast_arrays(*(np.asarray(x, float) for x in (with_exposure, cases, share)))
    c, total, q = (values.ravel() for values in given)
    factor = np.zeros(c.size)
    tells = np.flatnonzero((q > 0) & (q < 1))
    for start in range(0, tells.size, _ROWS_AT_A_TIME):
        at = tells[start : start + _ROWS_AT_A_TIME]
        factor[at] = special.logsumexp(_log_ratios(c[at], total[at], q[at]) + _LOG_WEIGHT, axis=1)
    return factor.reshape(given[0].shape)


def likely_ratio(with_exposure: float, cases: float, share: float) -> float:
    """The risk ratio to be expected if the hypothesis holds: its geometric mean over what the cases leave open."""
    log_weight = _log_ratios(np.array([with_exposure]), np.array([cases]), np.array([share]))[0] + _LOG_WEIGHT
    return float(np.exp(special.softmax(log_weight) @ _LOG_RATIO))


def believe(log_factor: ArrayLike, prior: ArrayLike) -> Belief:
    """Probabilities after the cases; what the priors leave to 1 belongs to "nothing in common"."""
    before = np.asarray(prior, float)
    log_each = np.asarray(log_factor, float) + np.log(np.maximum(before, 1e-300))
    log_none = np.log(max(1.0 - float(before.sum()), 1e-300))
    whole = special.logsumexp(np.append(log_each, log_none))
    return Belief(np.exp(log_each - whole), float(np.exp(log_none - whole)))


def bits_of_yes_or_no(yes_if_first: float, yes_if_second: float, first: float = 0.5) -> float:
    """How much the answer to one yes-or-no question tells about which of two hypotheses holds, in bits (0 to 1).

    Mutual information; `first` is the probability of the first of the two beforehand.
    """
    return _bits(
        np.array([1 - yes_if_first, yes_if_first]), np.array([1 - yes_if_second, yes_if_second]), first
    )


def bits_of_count(asked: int, ill_if_first: float, ill_if_second: float, first: float = 0.5) -> float:
    """The same for how many of `asked` people turn out to be ill, each with the given probability."""
    ill = np.arange(asked + 1)
    return _bits(stats.binom.pmf(ill, asked, ill_if_first), stats.binom.pmf(ill, asked, ill_if_second), first)


def _log_ratios(c: FloatArray, total: FloatArray, q: FloatArray) -> FloatArray:
    """Log likelihood ratio for each row and each ratio of the grid: theta^c (1 + (theta - 1) q)^-C."""
    grown = np.log1p(np.expm1(_LOG_RATIO)[None, :] * q[:, None])
    values: FloatArray = c[:, None] * _LOG_RATIO[None, :] - total[:, None] * grown
    return values


def _bits(if_first: FloatArray, if_second: FloatArray, first: float) -> float:
    mixed = first * if_first + (1 - first) * if_second
    told = first * special.rel_entr(if_first, mixed) + (1 - first) * special.rel_entr(if_second, mixed)
    return float(max(told.sum(), 0.0) / np.log(2))
