"""Shrunken reporting ratios: the gamma-Poisson mixture of DuMouchel (EBGM with EB05 and EB95).

The count of pair i is Poisson with mean ``lambda_i E_i``; the ratios ``lambda`` come from a mixture of two gamma
distributions, ``P Gamma(alpha1, beta1) + (1 - P) Gamma(alpha2, beta2)`` (rates ``beta``), whose five
parameters are fitted to all pairs by maximum likelihood. Marginally a count is a mixture of two negative
binomials. DuMouchel, Am Stat 1999;53:177.

Pairs with no report are usually not stored. Three likelihoods are in use, and give different scores:

``full``       every cell of the table, those with no report too (``squashing.unreported`` makes them)
``component``  each negative binomial truncated at zero by itself, then mixed
``mixture``    the mixture truncated at zero as a whole

The likelihood has several summits, and starts decide which is found. So the search begins from many places on a
few thousand squashed points, and the best summits found are climbed to the end on every point given. A fit
that did not converge, stands on a bound of the parameters, or lies where the likelihood is flat is not returned:
``FitFailed`` says why.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from untoward.kernels.gamma_mixture import mixture_quantile, quantiles_by_count
from untoward.kernels.negative_binomial import Likelihood, Truncation, posterior_share
from untoward.kernels.squashing import Points, coarse, points, squash

__all__ = [
    "STARTS",
    "Fit",
    "FitFailed",
    "Points",
    "Prior",
    "Scores",
    "Truncation",
    "fit_prior",
    "mixture_quantile",
    "negative_log_likelihood",
    "points",
    "scores",
    "squash",
]

FloatArray = NDArray[np.float64]

LEAST, MOST = 1e-6, 1e6
"""Bounds of the shapes and rates. A fit that ends on one is refused: there the likelihood has no summit."""

LEAST_SHARE = 1e-8
BOX = np.array(
    [[np.log(LEAST), np.log(MOST)]] * 4 + [[special.logit(LEAST_SHARE), -special.logit(LEAST_SHARE)]]
)
ON_BOUND = 1e-3
GRADIENT_PER_POINT = 1e-6
"""A summit: no component of the gradient (on the log and logit scale) above this, per pair of weight one."""

LARGEST_ERROR = 15.0
"""A summit: no parameter's standard error (on the log and logit scale) above this. Above, the likelihood hardly
changes while the parameter grows a million-fold: it is undetermined, or on its way to a bound."""

EXACT_ERRORS = 100_000
"""Of more points than this, the standard errors are those of the squashed points: a part in a thousand off."""

WORTH_CLIMBING = 10.0
"""A summit of the squashed points whose likelihood on every point is so much worse than the best one's is not climbed."""

MOST_CLIMBED = 6
ALIKE = 0.02
"""Searches on the squashed points that end at likelihoods so near to each other found the same summit."""

LEAP = 2e-3
"""Pairs whose posterior share is so near to a tail are solved by themselves: there a quantile leaps between components."""


class Prior(NamedTuple):
    """The two gamma distributions of the ratios (shape ``alpha``, rate ``beta``) and the share of the first."""

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    share: float


def _starts() -> tuple[Prior, ...]:
    """The prior of DuMouchel 1999, then a grid: how high, how wide and how common the first component is."""
    published = Prior(0.2041, 0.05816, 1.415, 1.838, 0.0969)
    grid = product((2.5, 12.0, 50.0), (0.4, 4.0, 30.0), ((0.5, 0.5), (2.0, 2.2)), (0.2, 0.01, 0.0003))
    return (published, *(Prior(a, a / mean, *second, share) for mean, a, second, share in grid))


STARTS = _starts()
"""Where the search begins."""


class Fit(NamedTuple):
    """A fitted prior: minus the logarithm of its likelihood, and how it was found.

    ``gradient`` is the largest slope left, per unit of weight; ``errors`` the standard errors of the five
    parameters; ``starts`` how many searches were made, and ``agreeing`` how many of them ended at this summit;
    ``others`` minus the logarithms of the likelihoods of other summits found near it.
    """

    prior: Prior
    nll: float
    truncation: Truncation
    gradient: float
    errors: Prior
    starts: int
    agreeing: int
    others: tuple[float, ...]


class FitFailed(ArithmeticError):
    """No summit of the likelihood was found; the message says what was, and the best parameters seen."""


class Scores(NamedTuple):
    """Posterior share of the first component, EBGM, and the quantiles asked for."""

    q: FloatArray
    ebgm: FloatArray
    low: FloatArray
    high: FloatArray


def fit_prior(given: Points, truncation: Truncation = "component", starts: tuple[Prior, ...] = ()) -> Fit:
    """The prior of largest likelihood of the points given, from many starts, with analytic gradients.

    Starts of the caller's own come on top. Raises FitFailed when the best search did not end on a summit.
    """
    if len(given.n) == 0:
        raise FitFailed("There are no pairs to fit a prior to.")
    every, few = Likelihood(given, truncation), Likelihood(coarse(given), truncation)
    ends = [_search(few, _theta(Prior(*start))) for start in (*starts, *STARTS)]
    tops = _tops(every, few, _distinct(ends))
    best = min(tops, key=lambda top: top.nll)
    theta = _theta(_ordered(_prior(best.theta)))
    gradient, errors = _checked(every, few, theta)
    lower = sorted({round(top.nll, 3) for top in tops if top.nll - best.nll > 1e-3})
    agreeing = sum(abs(value - best.begun) < ALIKE for value, _theta in ends)
    return Fit(_prior(theta), best.nll, truncation, gradient, errors, len(ends), agreeing, tuple(lower))


def negative_log_likelihood(prior: Prior, given: Points, truncation: Truncation) -> float:
    """Minus the logarithm of the likelihood of a prior."""
    return Likelihood(given, truncation)(_theta(prior))[0]


def scores(n: ArrayLike, e: ArrayLike, prior: Prior, *, tail: float = 0.05, exact: bool = False) -> Scores:
    """EBGM (the geometric mean of the ratio given the count) and its posterior quantiles ``tail`` and ``1 - tail``.

    Quantiles of counts that many pairs share are read off fitted curves, to a relative 1e-9; ``exact`` solves
    every pair by itself.
    """
    count, expected = (np.atleast_1d(np.asarray(x, float)) for x in (n, e))
    kinds, which = np.unique(count, return_inverse=True)
    q = posterior_share(count, np.log(expected), prior)
    log_mean = q * (special.digamma(prior.alpha1 + kinds)[which] - np.log(prior.beta1 + expected))
    log_mean += (1 - q) * (special.digamma(prior.alpha2 + kinds)[which] - np.log(prior.beta2 + expected))
    alone = np.full(count.shape, exact) | (np.minimum(np.abs(q - tail), np.abs(1 - q - tail)) < LEAP)
    low, high = (_quantile(p, count, expected, prior, alone) for p in (tail, 1 - tail))
    return Scores(q, np.exp(log_mean), low, high)


def _quantile(p: float, n: FloatArray, e: FloatArray, prior: Prior, alone: NDArray[np.bool_]) -> FloatArray:
    def solved(count: FloatArray, log_e: FloatArray) -> FloatArray:
        expected, q = np.exp(log_e), posterior_share(count, log_e, prior)
        first, second = (
            (prior.alpha1 + count, prior.beta1 + expected),
            (prior.alpha2 + count, prior.beta2 + expected),
        )
        return np.log(mixture_quantile(p, q, *first, *second))

    return quantiles_by_count(n, e, solved, alone)


def _search(few: Likelihood, start: FloatArray) -> tuple[float, FloatArray]:
    return _descended(few, start, _inverse_curvature(few, start), 1e-8)


def _distinct(ends: list[tuple[float, FloatArray]]) -> list[tuple[float, FloatArray]]:
    """The ends of the searches, the best first, each summit once."""
    kept: list[tuple[float, FloatArray]] = []
    for value, theta in sorted(ends, key=lambda end: end[0]):
        if not kept or value - kept[-1][0] > ALIKE:
            kept.append((value, theta))
    return kept[:MOST_CLIMBED]


class _Top(NamedTuple):
    """Minus log-likelihood on every point, where, and the value on the squashed points that it was begun from."""

    nll: float
    theta: FloatArray
    begun: float


def _tops(every: Likelihood, few: Likelihood, ends: list[tuple[float, FloatArray]]) -> list[_Top]:
    """The ends on every point; those that are summits and not far from the best are climbed to the end.

    An end that is none, on a bound or where the likelihood is flat, stays where it is: a limit, not a place.
    """
    found = [_Top(every(theta)[0], theta, value) for value, theta in ends]
    best = min(top.nll for top in found)
    return [
        _Top(*_climbed(every, few, top.theta), top.begun)
        if top.nll - best < WORTH_CLIMBING and _is_summit(few, top.theta)
        else top
        for top in found
    ]


def _is_summit(few: Likelihood, theta: FloatArray) -> bool:
    return not _on_bound(theta) and bool((_errors(few, theta) < LARGEST_ERROR).all())


def _climbed(every: Likelihood, few: Likelihood, theta: FloatArray) -> tuple[float, FloatArray]:
    """To the summit on every point, with the curvature of the squashed points to begin with."""
    value, top = _descended(every, theta, _inverse_curvature(few, theta), 1e-10)
    if np.abs(every(top)[1]).max() <= GRADIENT_PER_POINT * every.weight / 10:
        return value, top
    options = {"maxiter": 500, "maxfun": 800, "ftol": 1e-14, "gtol": 1e-9 * every.weight}
    found = optimize.minimize(every, top, (), "L-BFGS-B", True, bounds=list(BOX), options=options)
    return float(found.fun), np.asarray(found.x, float)


def _descended(
    likelihood: Likelihood, theta: FloatArray, inverse: FloatArray, slope_per_pair: float
) -> tuple[float, FloatArray]:
    """Quasi-Newton steps (BFGS) inside the bounds, each at most a factor 2.7 in a parameter, until the slope is gone."""
    value, slope = likelihood(theta)
    for _step in range(100):
        if np.abs(slope).max() <= slope_per_pair * likelihood.weight:
            break
        step = -inverse @ slope
        step /= max(1.0, np.abs(step).max())
        tries = (np.clip(theta + length * step, BOX[:, 0], BOX[:, 1]) for length in (1.0, 0.5, 0.1, 0.01))
        tried = next((x for x in tries if _lower(likelihood, x, value)), None)
        if tried is None:
            break
        new_value, new_slope = likelihood(tried)
        inverse = _updated(inverse, tried - theta, new_slope - slope)
        theta, value, slope = tried, new_value, new_slope
    return value, theta


def _inverse_curvature(likelihood: Likelihood, theta: FloatArray) -> FloatArray:
    values, vectors = np.linalg.eigh(_hessian(likelihood, theta))
    inverse: FloatArray = (vectors / np.maximum(np.abs(values), 1e-3)) @ vectors.T
    return inverse


def _lower(likelihood: Likelihood, theta: FloatArray, value: float) -> bool:
    """Whether a step goes downhill, but for rounding."""
    return likelihood(theta)[0] <= value + 1e-13 * abs(value)


def _updated(inverse: FloatArray, step: FloatArray, change: FloatArray) -> FloatArray:
    """The inverse curvature after a step that changed the gradient by ``change`` (BFGS formula)."""
    along = float(step @ change)
    if along <= 0:
        return inverse
    left = np.eye(len(step)) - np.outer(step, change) / along
    after: FloatArray = left @ inverse @ left.T + np.outer(step, step) / along
    return after


def _symmetric(matrix: FloatArray) -> FloatArray:
    return (matrix + matrix.T) / 2


def _hessian(likelihood: Likelihood, theta: FloatArray) -> FloatArray:
    columns = []
    for index in range(5):
        shift = np.zeros(5)
        shift[index] = 1e-5
        columns.append((likelihood(theta + shift)[1] - likelihood(theta - shift)[1]) / 2e-5)
    return _symmetric(np.array(columns))


def _checked(every: Likelihood, few: Likelihood, theta: FloatArray) -> tuple[float, Prior]:
    """The slope left at a summit and the standard errors there; raises FitFailed when it is none."""
    if near := _on_bound(theta):
        raise FitFailed(
            f"The likelihood rises to a bound ({', '.join(near)}), so it has no summit: {_told(every, theta)}."
        )
    nll, slope = every(theta)
    errors = _errors(every if len(every) <= EXACT_ERRORS else few, theta)
    flat = [name for name, error in zip(Prior._fields, errors, strict=True) if not error < LARGEST_ERROR]
    if flat:
        raise FitFailed(
            f"The likelihood is flat in {', '.join(flat)}, so it has no summit: {_told(every, theta)}."
        )
    steepest = float(np.abs(slope).max() / every.weight)
    if not (np.isfinite(nll) and steepest <= GRADIENT_PER_POINT):
        raise FitFailed(f"Not converged: slope {steepest:.3g} per pair left at {_told(every, theta)}.")
    prior = _prior(theta)
    scale = np.array([*prior[:4], prior.share * (1 - prior.share)])
    return steepest, Prior(*(float(error) for error in errors * scale))


def _on_bound(theta: FloatArray) -> list[str]:
    """The names of the parameters that stand on a bound."""
    away = np.minimum(theta - BOX[:, 0], BOX[:, 1] - theta)
    return [name for name, distance in zip(Prior._fields, away, strict=True) if not distance > ON_BOUND]


def _told(likelihood: Likelihood, theta: FloatArray) -> str:
    found = ", ".join(f"{name} {value:.6g}" for name, value in _prior(theta)._asdict().items())
    return f"{found}, -log L {likelihood(theta)[0]:.4f} ({likelihood.truncation})"


def _errors(likelihood: Likelihood, theta: FloatArray) -> FloatArray:
    """Standard errors on the log and logit scale; ``inf`` where the likelihood is not curved downwards."""
    values, vectors = np.linalg.eigh(_hessian(likelihood, theta))
    if values[0] <= 0:
        return np.where(np.abs(vectors[:, 0]) > 0.3, np.inf, 0.0)
    errors: FloatArray = np.sqrt((vectors**2 / values).sum(axis=1))
    return errors


def _theta(prior: Prior) -> FloatArray:
    return np.array([*np.log(prior[:4]), special.logit(prior.share)])


def _prior(theta: FloatArray) -> Prior:
    alpha1, beta1, alpha2, beta2 = (float(value) for value in np.exp(theta[:4]))
    return Prior(alpha1, beta1, alpha2, beta2, float(special.expit(theta[4])))


def _ordered(prior: Prior) -> Prior:
    """The component with the larger mean first, as it is published."""
    a1, b1, a2, b2, share = prior
    return prior if a1 / b1 >= a2 / b2 else Prior(a2, b2, a1, b1, 1 - share)
