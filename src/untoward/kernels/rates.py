"""Observed against expected for many units: limits of chance, ratios over strata, and estimates that small units may trust.

Shapes: one entry per unit (a lot, a practitioner) unless said otherwise. Expected counts are above 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from untoward.kernels.compiled import compiled
from untoward.kernels.intervals import tail_area

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FEWEST_UNITS = 5
"""Of fewer units nothing can be learned about how units differ."""

_LOG_BOX = (-12.0, 14.0)


class Limits(NamedTuple):
    """Lower and upper limit of each unit."""

    low: FloatArray
    high: FloatArray


class Ratio(NamedTuple):
    """Estimate with its limits; nan where there is none, inf over an empty denominator."""

    value: FloatArray
    low: FloatArray
    high: FloatArray


class GammaPrior(NamedTuple):
    """How the ratios of units are spread: gamma with this shape and rate; its mean is shape / rate."""

    shape: float
    rate: float


class NoPrior(NamedTuple):
    """Why no prior could be fitted."""

    reason: str


class Cells(NamedTuple):
    """Units by strata, one entry per cell in which the unit was at risk.

    ``unit`` its position; ``cases`` and ``at_risk`` of the unit; ``all_cases`` and ``all_at_risk`` of everybody in the
    stratum, the unit included.
    """

    unit: IntArray
    cases: FloatArray
    at_risk: FloatArray
    all_cases: FloatArray
    all_at_risk: FloatArray


def poisson_limits(observed: FloatArray, level: float = 0.95) -> Limits:
    """Exact limits of the mean of a Poisson count; a count of shared cases may be a fraction.

    Garwood, Biometrika 1936;28:437: gamma quantiles of shapes count and count + 1. For whole counts the limits are those
    of `intervals.poisson_exact`; between whole counts they run smoothly, an approximation.
    """
    tail = tail_area(level)
    low = np.where(observed > 0, special.gammaincinv(np.maximum(observed, 1e-12), tail), 0.0)
    return Limits(low, special.gammainccinv(observed + 1, tail))


def funnel(expected: FloatArray, total: FloatArray, level: float) -> Limits:
    """Limits of observed / expected that a unit like all others passes with at most half of 1 - level on either side.

    The counts c with P(X >= c) and P(X <= c) equal to the tail, in the distribution of `excess_p`, taken between whole
    counts by the incomplete beta function, so that the funnel is smooth and agrees with `excess_p` and `deficit_p` at every
    count; not below 1 case at the top nor 0 at the bottom. The plot is that of Spiegelhalter, Stat Med 2005;24:1185.
    """
    tail = tail_area(level)
    share = np.minimum(expected / total, 1.0)
    inside = np.minimum(share, 1 - 1e-12)
    high = np.clip(special.bdtrik(1 - tail, total, inside) + 1, 1.0, None)
    some = np.exp(total * np.log1p(-inside)) < tail
    low = np.where(some, special.bdtrik(tail, total, np.where(some, inside, 0.5)), 0.0)
    whole = share >= 1
    return Limits(np.where(whole, 1.0, low / expected), np.where(whole, 1.0, high / expected))


def excess_p(observed: FloatArray, expected: FloatArray, total: FloatArray) -> FloatArray:
    """Chance of as many cases or more when each of `total` cases falls on the unit with chance expected / total.

    Exact binomial: the baseline behind `expected` comes from the same cases, so they are given. Where little of the total
    is expected it is the Poisson chance. 1 without a case. For a count of shared cases that is a fraction the chances run
    smoothly between those of its neighbours.
    """
    share = np.clip(expected / total, 0.0, 1.0)
    count = np.clip(observed, 1e-12, total)
    p: FloatArray = np.where(observed > 0, special.betainc(count, total - count + 1, share), 1.0)
    return p


def deficit_p(observed: FloatArray, expected: FloatArray, total: FloatArray) -> FloatArray:
    """Chance of as few cases or fewer; as `excess_p`."""
    share = np.clip(expected / total, 0.0, 1.0)
    short = observed < total
    beyond = special.betaincc(observed + 1, np.where(short, total - observed, 1.0), share)
    p: FloatArray = np.where(short, beyond, 1.0)
    return p


def mantel_haenszel_rate_ratio(cells: Cells, units: int, level: float = 0.95) -> Ratio:
    """Cases by time at risk of each unit against everybody else, over strata.

    Sum of a T0/T over the sum of b T1/T, where a cases fell on T1 at risk in the unit and b on T0 elsewhere, T = T0 + T1;
    variance of its logarithm: sum of m T1 T0/T^2 over the product of both sums, m = a + b. Greenland and Robins, Biometrics
    1985;41:55. A stratum without anybody else adds nothing.
    """
    whole = np.where(cells.all_at_risk > 0, cells.all_at_risk, 1.0)
    others = np.maximum(cells.all_at_risk - cells.at_risk, 0.0)
    below = np.maximum(cells.all_cases - cells.cases, 0.0)

    def summed(values: FloatArray) -> FloatArray:
        return np.bincount(cells.unit, values, minlength=units).astype(np.float64)

    a, b = summed(cells.cases * others / whole), summed(below * cells.at_risk / whole)
    spread = summed(cells.all_cases * cells.at_risk * others / whole**2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        value = a / b
        reach = float(special.ndtri((1 + level) / 2)) * np.sqrt(spread / (a * b))
        low, high = value * np.exp(-reach), value * np.exp(reach)
    known = (a > 0) & (b > 0)
    return Ratio(value, np.where(known, low, np.nan), np.where(known, high, np.nan))


def fit_gamma(observed: FloatArray, expected: FloatArray) -> GammaPrior | NoPrior:
    """The prior of the units' ratios by maximum likelihood: observed ~ Poisson(expected x ratio), ratio ~ gamma.

    The marginal is negative binomial. Clayton and Kaldor, Biometrics 1987;43:671. `NoPrior` says why there is none: too
    few units, no case, or counts that differ no more than chance makes them (then the likelihood rises for ever with
    the shape: its derivative at equal ratios, half the sum of (O - mu)^2 - O, is not above 0).
    """
    used = expected > 0
    o, e = observed[used], expected[used]
    if o.size < FEWEST_UNITS:
        return NoPrior(f"fewer than {FEWEST_UNITS} values to compare")
    if o.sum() == 0:
        return NoPrior("no case")
    common = o.sum() / e.sum()
    if ((o - common * e) ** 2 - o).sum() <= 0:
        return NoPrior("the values differ no more than chance makes them")
    counts, weights = np.unique(o, return_counts=True)

    def loss(theta: FloatArray) -> tuple[float, FloatArray]:
        shape, mean = np.exp(theta)
        return _negative_log_likelihood(o, e, counts, weights, float(shape), float(shape / mean))

    start = np.array([0.0, np.log(common)])
    fit = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[_LOG_BOX, (-12.0, 12.0)])
    shape, mean = (float(value) for value in np.exp(fit.x))
    if not fit.success or np.log(shape) >= _LOG_BOX[1] - 0.01:
        return NoPrior("how the values differ could not be fitted")
    return GammaPrior(shape, shape / mean)


def shrunken(observed: FloatArray, expected: FloatArray, prior: GammaPrior, level: float = 0.95) -> Ratio:
    """Posterior mean of each ratio with its quantiles: gamma(shape + observed, rate + expected)."""
    shape, rate = prior.shape + observed, prior.rate + expected
    tail = tail_area(level)
    return Ratio(
        shape / rate, special.gammaincinv(shape, tail) / rate, special.gammainccinv(shape, tail) / rate
    )


@compiled
def node_totals(
    first: IntArray, node_start: IntArray, node: NDArray[np.int32], nodes: int, weight: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Of each node its sessions, its persons and the sum of the weights of its sessions; arrays as in `joint_scan.Ground`."""
    sessions, persons = np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
    weights, seen = np.zeros(nodes), np.full(nodes, -1, np.int64)
    for person in range(len(first) - 1):
        for session in range(first[person], first[person + 1]):
            for row in range(node_start[session], node_start[session + 1]):
                at = node[row]
                sessions[at] += 1
                weights[at] += weight[session]
                if seen[at] != person:
                    seen[at] = person
                    persons[at] += 1
    return sessions, persons, weights


@compiled
def by_stratum(
    node_start: IntArray,
    node: NDArray[np.int32],
    row_weight: FloatArray,
    stratum: IntArray,
    coarse: IntArray,
    is_coarse: NDArray[np.bool_],
    strata: int,
) -> FloatArray:
    """Row weights summed by node and stratum of the row's session, (nodes, strata); nodes that `is_coarse` go by `coarse`."""
    total = np.zeros((len(is_coarse), strata))
    for session in range(len(node_start) - 1):
        for row in range(node_start[session], node_start[session + 1]):
            at = node[row]
            total[at, coarse[session] if is_coarse[at] else stratum[session]] += row_weight[row]
    return total


def _negative_log_likelihood(
    o: FloatArray, e: FloatArray, counts: FloatArray, weights: IntArray, shape: float, rate: float
) -> tuple[float, FloatArray]:
    """Without the terms that hold neither parameter; gradient by the logarithms of shape and mean = shape / rate."""
    total = rate + e
    value = (
        (weights * (special.gammaln(counts + shape) - special.gammaln(shape))).sum()
        + o.size * shape * np.log(rate)
        - ((shape + o) * np.log(total)).sum()
    )
    by_shape = (
        (weights * (special.digamma(counts + shape) - special.digamma(shape))).sum()
        + o.size * np.log(rate)
        - np.log(total).sum()
    )
    by_rate = o.size * shape / rate - ((shape + o) / total).sum()
    gradient = np.array([shape * by_shape + rate * by_rate, -rate * by_rate])
    return -float(value), -gradient
