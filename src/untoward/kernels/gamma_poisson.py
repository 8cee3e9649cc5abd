"""Shrunken reporting ratios: the gamma-Poisson mixture of DuMouchel (EBGM with EB05 and EB95).

The count of pair i is Poisson with mean ``lambda_i E_i``; the ratios ``lambda`` come from a mixture of two gamma
distributions, ``P Gamma(alpha1, beta1) + (1 - P) Gamma(alpha2, beta2)`` (rates ``beta``), whose five
parameters are fitted to all pairs by maximum likelihood. Marginally a count is a mixture of two negative
binomials. DuMouchel, Am Stat 1999;53:177; squashing: DuMouchel and Pregibon, KDD 2001.

Pairs with no report are usually not stored. Three likelihoods are in use, and give different scores:

``full``       every cell of the table, those with no report too
``component``  each negative binomial truncated at zero by itself, then mixed
``mixture``    the mixture truncated at zero as a whole

A fit that did not converge, or stands on a bound of the parameters, is not returned: ``FitFailed`` says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

FloatArray = NDArray[np.float64]
Truncation = Literal["full", "component", "mixture"]

STARTS = (
    (0.2, 0.06, 1.4, 1.8, 0.1),
    (2.0, 0.3, 2.0, 2.0, 0.07),
    (20.0, 2.0, 2.0, 2.0, 0.03),
    (0.5, 0.5, 4.0, 4.0, 0.3),
    (1.0, 0.1, 10.0, 10.0, 0.01),
    (0.05, 0.02, 1.0, 1.0, 0.5),
)
"""Where the search begins; the first is the prior of DuMouchel 1999 for the FDA's reports."""

LEAST, MOST = 1e-6, 1e6
"""Bounds of the shapes and rates. A fit that ends on one is refused: there the likelihood has no summit."""

LEAST_SHARE = 1e-8
ON_BOUND = 1e-3
GRADIENT_PER_POINT = 1e-6
"""A summit: no component of the gradient (on the log and logit scale) above this, per pair of weight one."""


class Prior(NamedTuple):
    """The two gamma distributions of the ratios (shape ``alpha``, rate ``beta``) and the share of the first."""

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    share: float


class Fit(NamedTuple):
    """A fitted prior: minus the logarithm of its likelihood, and how it was found.

    ``gradient`` is the largest slope left, per unit of weight; ``starts`` how many searches were made, and
    ``agreeing`` how many of them ended at the same summit; ``others`` the likelihoods of lower summits found.
    """

    prior: Prior
    nll: float
    truncation: Truncation
    gradient: float
    starts: int
    agreeing: int
    others: tuple[float, ...]


class FitFailed(ArithmeticError):
    """No summit of the likelihood was found; the message says what was, and the best parameters seen."""


class Points(NamedTuple):
    """Counts, what was expected, and how many pairs each stands for."""

    n: FloatArray
    e: FloatArray
    weight: FloatArray


class Scores(NamedTuple):
    """Posterior share of the first component, EBGM, and the quantiles asked for."""

    q: FloatArray
    ebgm: FloatArray
    low: FloatArray
    high: FloatArray


def squash(n: ArrayLike, e: ArrayLike, *, bin_size: int = 50, keep_from: int = 50) -> Points:
    """Fewer points that say nearly the same: pairs of one count with nearly the same expectation become one.

    Within each count below ``keep_from``, pairs are sorted by expectation and every ``bin_size`` of them become
    one point at their mean; of each count the ``10 bin_size`` pairs with the largest expectation stay
    themselves, because there the curve bends most.
    """
    count, e = np.asarray(n, float), np.asarray(e, float)
    order = np.lexsort((e, count))
    count, e = count[order], e[order]
    parts = [_squashed(part_n, part_e, bin_size, keep_from) for part_n, part_e in _by_count(count, e)]
    return Points(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _by_count(n: FloatArray, e: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    edges = np.flatnonzero(np.diff(n)) + 1
    yield from zip(np.split(n, edges), np.split(e, edges), strict=True)


def _squashed(n: FloatArray, e: FloatArray, size: int, keep_from: int) -> Points:
    whole = (len(e) - 10 * size) // size
    if whole <= 0 or n[0] >= keep_from:
        return Points(n, e, np.ones_like(e))
    cut = whole * size
    means = e[:cut].reshape(whole, size).mean(axis=1)
    weight = np.concatenate((np.full(whole, float(size)), np.ones(len(e) - cut)))
    return Points(np.full(len(weight), n[0]), np.concatenate((means, e[cut:])), weight)


def fit_prior(points: Points, truncation: Truncation = "component", starts: tuple[Prior, ...] = ()) -> Fit:
    """The prior of largest likelihood, from several starts, with analytic gradients.

    Raises FitFailed when no search ended on a summit inside the bounds.
    """
    searches = [_search(points, truncation, Prior(*start)) for start in (*starts, *STARTS)]
    best = min(searches, key=lambda found: found.fun)
    near = [found for found in searches if found.fun - best.fun < 1e-3]
    theta = _polished(best.x, points, truncation)
    nll, slope = _objective(theta, points, truncation)
    prior, steepest = _ordered(_prior(theta)), float(np.abs(slope).max() / points.weight.sum())
    _refuse_if_no_summit(prior, theta, nll, steepest)
    others = sorted({round(float(found.fun), 3) for found in searches if found not in near})
    return Fit(prior, float(nll), truncation, steepest, len(searches), len(near), tuple(others))


def negative_log_likelihood(prior: Prior, points: Points, truncation: Truncation) -> float:
    """Minus the logarithm of the likelihood of a prior."""
    return float(_objective(_theta(prior), points, truncation)[0])


def scores(n: ArrayLike, e: ArrayLike, prior: Prior, *, tail: float = 0.05) -> Scores:
    """EBGM (the geometric mean of the ratio given the count) and its posterior quantiles ``tail`` and ``1 - tail``."""
    count, e = np.asarray(n, float), np.asarray(e, float)
    a1, b1 = prior.alpha1 + count, prior.beta1 + e
    a2, b2 = prior.alpha2 + count, prior.beta2 + e
    q = _posterior_share(count, e, prior)
    log_mean = q * (special.digamma(a1) - np.log(b1)) + (1 - q) * (special.digamma(a2) - np.log(b2))
    low = mixture_quantile(tail, q, a1, b1, a2, b2)
    high = mixture_quantile(1 - tail, q, a1, b1, a2, b2)
    return Scores(q, np.exp(log_mean), low, high)


def mixture_quantile(
    p: float, q: FloatArray, a1: FloatArray, b1: FloatArray, a2: FloatArray, b2: FloatArray
) -> FloatArray:
    """The value below which ``p`` of ``q Gamma(a1, b1) + (1 - q) Gamma(a2, b2)`` lies (b: rates).

    It lies between the quantiles of the two components. Newton steps on the log scale inside that bracket, a
    bisection where a step would leave it; to a relative 1e-10.
    """
    q, a1, b1, a2, b2 = (np.atleast_1d(x).astype(float) for x in np.broadcast_arrays(q, a1, b1, a2, b2))
    first, second = special.gammaincinv(a1, p) / b1, special.gammaincinv(a2, p) / b2
    tiny = np.finfo(float).tiny
    low, high = np.log(np.maximum(np.minimum(first, second), tiny)), np.log(np.maximum(first, second) + tiny)
    x = np.clip(q * np.log(first + tiny) + (1 - q) * np.log(second + tiny), low, high)
    open_ = np.flatnonzero(high - low > 1e-12)
    for _step in range(100):
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
    at: NDArray[np.intp],
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
    done: NDArray[np.bool_] = (np.abs(after - here) < 1e-11) | (high[at] - low[at] < 1e-12)
    return done


def _log_gamma_density(log_value: FloatArray, shape: FloatArray, rate: FloatArray) -> FloatArray:
    """Density of the logarithm of a gamma variable."""
    scaled = rate * np.exp(log_value)
    density: FloatArray = np.exp(shape * np.log(scaled) - scaled - special.gammaln(shape))
    return density


def _posterior_share(n: FloatArray, e: FloatArray, prior: Prior) -> FloatArray:
    first = np.log(prior.share) + _log_count(n, e, prior.alpha1, prior.beta1)
    second = np.log1p(-prior.share) + _log_count(n, e, prior.alpha2, prior.beta2)
    share: FloatArray = special.expit(first - second)
    return share


def _log_count(n: FloatArray, e: FloatArray, alpha: float, beta: float) -> FloatArray:
    """Logarithm of the negative binomial probability of n, without the factor n! that no parameter changes."""
    log_p: FloatArray = (
        special.gammaln(n + alpha) - special.gammaln(alpha)
        + alpha * (np.log(beta) - np.log(beta + e)) + n * (np.log(e) - np.log(beta + e)) - special.gammaln(n + 1)
    )  # fmt: skip
    return log_p


def _objective(theta: FloatArray, points: Points, truncation: Truncation) -> tuple[float, FloatArray]:
    """Minus log-likelihood and its gradient in (log alpha1, log beta1, log alpha2, log beta2, logit share)."""
    prior = _prior(theta)
    parts = [_component(points, prior.alpha1, prior.beta1), _component(points, prior.alpha2, prior.beta2)]
    shares = (prior.share, 1 - prior.share)
    weighted = [np.log(share) + part.log_f - (part.log_tail if truncation == "component" else 0.0)
                for share, part in zip(shares, parts, strict=True)]  # fmt: skip
    total = np.logaddexp(*weighted)
    posterior = [np.exp(value - total) for value in weighted]
    log_l, slope = total, np.empty(5)
    if truncation == "mixture":
        tail = shares[0] * np.exp(parts[0].log_tail) + shares[1] * np.exp(parts[1].log_tail)
        log_l = total - np.log(tail)
    for index, (share, part) in enumerate(zip(shares, parts, strict=True)):
        for offset, (by_f, by_tail) in enumerate(zip(part.by_log_f, part.by_tail, strict=True)):
            gain = posterior[index] * by_f
            if truncation == "component":
                gain = gain - posterior[index] * by_tail / np.exp(part.log_tail)
            elif truncation == "mixture":
                gain = gain - share * by_tail / tail
            slope[2 * index + offset] = np.dot(points.weight, gain)
    by_share = posterior[0] - prior.share
    if truncation == "mixture":
        spread = np.exp(parts[0].log_tail) - np.exp(parts[1].log_tail)
        by_share = by_share - prior.share * (1 - prior.share) * spread / tail
    slope[4] = np.dot(points.weight, by_share)
    return -float(np.dot(points.weight, log_l)), -slope


class _Component(NamedTuple):
    """One negative binomial: log f(n), log(1 - f(0)), and their slopes in log alpha and log beta."""

    log_f: FloatArray
    log_tail: FloatArray
    by_log_f: tuple[FloatArray, FloatArray]
    by_tail: tuple[FloatArray, FloatArray]


def _component(points: Points, alpha: float, beta: float) -> _Component:
    n, e = points.n, points.e
    log_share = np.log(beta) - np.log(beta + e)
    rest = e / (beta + e)
    by_alpha = alpha * (special.digamma(n + alpha) - special.digamma(alpha) + log_share)
    by_beta = alpha * rest - n * beta / (beta + e)
    log_zero = alpha * log_share
    zero = np.exp(log_zero)
    tail = np.maximum(-np.expm1(log_zero), np.finfo(float).tiny)
    return _Component(
        _log_count(n, e, alpha, beta),
        np.log(tail),
        (by_alpha, by_beta),
        (-zero * log_zero, -zero * alpha * rest),
    )


def _search(points: Points, truncation: Truncation, start: Prior) -> optimize.OptimizeResult:
    bounds = [(np.log(LEAST), np.log(MOST))] * 4 + [
        (special.logit(LEAST_SHARE), special.logit(1 - LEAST_SHARE))
    ]
    options = {"maxiter": 2000, "maxfun": 4000, "ftol": 1e-14, "gtol": 1e-9 * points.weight.sum()}
    return optimize.minimize(
        _objective, _theta(start), (points, truncation), "L-BFGS-B", True, bounds=bounds, options=options
    )


def _polished(theta: FloatArray, points: Points, truncation: Truncation) -> FloatArray:
    """A few Newton steps with the Hessian of the analytic gradient; kept only while they go downhill."""
    best = _objective(theta, points, truncation)
    for _step in range(20):
        hessian = _hessian(theta, points, truncation)
        try:
            step = np.linalg.solve(hessian, best[1])
        except np.linalg.LinAlgError:
            return theta
        tried = theta - step
        value = _objective(tried, points, truncation)
        if not value[0] <= best[0] + 1e-9:
            return theta
        theta, best = tried, value
        if np.abs(step).max() < 1e-10:
            return theta
    return theta


def _hessian(theta: FloatArray, points: Points, truncation: Truncation) -> FloatArray:
    columns = []
    for index in range(5):
        shift = np.zeros(5)
        shift[index] = 1e-5
        above = _objective(theta + shift, points, truncation)[1]
        below = _objective(theta - shift, points, truncation)[1]
        columns.append((above - below) / 2e-5)
    hessian = np.array(columns)
    return (hessian + hessian.T) / 2


def _refuse_if_no_summit(prior: Prior, theta: FloatArray, nll: float, steepest: float) -> None:
    found = ", ".join(f"{name} {value:.6g}" for name, value in prior._asdict().items())
    near = [name for name, value in zip(Prior._fields, theta, strict=True) if _on_bound(name, value)]
    if near:
        raise FitFailed(
            f"The likelihood rises to a bound ({', '.join(near)}), so it has no summit: {found}, -log L {nll:.4f}."
        )
    if not (np.isfinite(nll) and steepest <= GRADIENT_PER_POINT):
        raise FitFailed(f"Not converged: slope {steepest:.3g} per pair left at {found}, -log L {nll:.4f}.")


def _on_bound(name: str, value: float) -> bool:
    if name == "share":
        return bool(abs(value) > special.logit(1 - LEAST_SHARE) - ON_BOUND)
    return not bool(np.log(LEAST) + ON_BOUND < value < np.log(MOST) - ON_BOUND)


def _theta(prior: Prior) -> FloatArray:
    return np.array([*np.log(prior[:4]), special.logit(prior.share)])


def _prior(theta: FloatArray) -> Prior:
    alpha1, beta1, alpha2, beta2 = (float(value) for value in np.exp(theta[:4]))
    return Prior(alpha1, beta1, alpha2, beta2, float(special.expit(theta[4])))


def _ordered(prior: Prior) -> Prior:
    """The component with the larger mean first, as it is published."""
    a1, b1, a2, b2, share = prior
    return prior if a1 / b1 >= a2 / b2 else Prior(a2, b2, a1, b1, 1 - share)
