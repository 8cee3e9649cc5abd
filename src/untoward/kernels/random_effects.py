"""One share for several populations that do not have quite the same one: the binomial-normal model.

In population i, ``x_i`` of ``n_i`` had the event, ``x_i ~ Binomial(n_i, p_i)`` with
``logit p_i = mu + u_i`` and ``u_i ~ Normal(0, tau^2)``: a logistic model with a random intercept, fitted by
maximum likelihood. The likelihood is that of the counts themselves, so populations with no event, or with
nothing but events, need no correction. Hamza, van Houwelingen and Stijnen, J Clin Epidemiol 2008;61:41;
Stijnen, Hamza and Özdemir, Stat Med 2010;29:3046. "Not estimable" is ``None``.
"""

from collections.abc import Sequence
from math import inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

FloatArray = NDArray[np.float64]

_STEPS = np.linspace(-8.0, 8.0, 2001)
"""Places of the random effect in units of tau at which the likelihood is summed (trapezoid rule)."""

_DENSITY = np.exp(-(_STEPS**2) / 2) / sqrt(2 * np.pi) * (_STEPS[1] - _STEPS[0])
_NO_SPREAD = 1e-3
"""A tau below this is nought: its likelihood cannot be told from that of one common share."""


class PooledShare(NamedTuple):
    """The share of a typical population, and how much populations differ.

    ``mean``, ``low`` and ``high`` (95 %) are shares; ``mu``, ``error`` and ``tau2`` are on the logit scale.
    ``q`` and ``i2`` (a share) describe heterogeneity. ``predicted`` is the 95 % interval for the share of a
    further population, ``None`` below three populations.
    """

    mean: float
    low: float
    high: float
    mu: float
    error: float
    tau2: float
    q: float
    i2: float
    predicted: tuple[float, float] | None
    populations: int


def pool_shares(cases: Sequence[int], people: Sequence[int]) -> PooledShare | None:
    """Random-effects share over populations.

    Parameters
    ----------
    cases, people
        Events and denominators of the populations, one of each per population, ``0 <= cases <= people``.

    Returns
    -------
    ``None`` for fewer than two populations, and when nobody or everybody has the event in all of them: then
    the logit has no finite estimate.

    Notes
    -----
    The interval of the mean is ``mu -/+ 1.96 error``, error from the curvature of the log-likelihood. Cochran's
    ``Q`` and ``I^2 = max(0, (Q - k + 1) / Q)`` weigh the observed logits by inverse variance, with half an
    event added to both cells where one is empty; they describe, the model does not use them. The interval for
    a further population is ``mu -/+ t sqrt(tau^2 + error^2)``, t with k - 2 degrees of freedom (Higgins,
    Thompson and Spiegelhalter, J R Stat Soc A 2009;172:137). Few populations leave tau rough, and maximum
    likelihood takes it a little small. Checked against Stijnen 2010, table II.
    """
    x, n = np.asarray(cases, dtype=np.float64), np.asarray(people, dtype=np.float64)
    _require_counts(x, n)
    if len(x) < 2 or x.sum() in (0, n.sum()):
        return None
    mu, tau = _maximum(x, n)
    error = _error_of_mean(mu, tau, x, n)
    q = heterogeneity(cases, people)
    return PooledShare(
        mean=float(special.expit(mu)),
        low=float(special.expit(mu - 1.959963984540054 * error)),
        high=float(special.expit(mu + 1.959963984540054 * error)),
        mu=mu,
        error=error,
        tau2=tau**2,
        q=q,
        i2=max(0.0, (q - (len(x) - 1)) / q) if q > 0 else 0.0,
        predicted=_predicted(mu, error, tau, len(x)),
        populations=len(x),
    )


def heterogeneity(cases: Sequence[int], people: Sequence[int]) -> float:
    """Cochran's Q of the observed logits: the weighted sum of squares about their inverse-variance mean."""
    x, n = np.asarray(cases, dtype=np.float64), np.asarray(people, dtype=np.float64)
    half = np.where((x == 0) | (x == n), 0.5, 0.0)
    ill, well = x + half, n - x + half
    logits, weights = np.log(ill / well), 1 / (1 / ill + 1 / well)
    return float(np.sum(weights * (logits - np.sum(weights * logits) / np.sum(weights)) ** 2))


def _maximum(x: FloatArray, n: FloatArray) -> tuple[float, float]:
    """The mu and tau of the highest likelihood; a tau that is as good as nought is nought."""
    common = float(special.logit(x.sum() / n.sum()))
    found = [
        optimize.minimize(lambda at: -_log_likelihood(at[0], at[1], x, n), (common, start), method="L-BFGS-B",
                          bounds=[(None, None), (0.0, 10.0)])
        for start in (0.2, 1.0)
    ]  # fmt: skip
    best = min(found, key=lambda result: float(result.fun))
    if best.x[1] < _NO_SPREAD or -best.fun <= _log_likelihood(common, 0.0, x, n) + 1e-9:
        return common, 0.0
    return float(best.x[0]), float(best.x[1])


def _log_likelihood(mu: float, tau: float, x: FloatArray, n: FloatArray) -> float:
    """Log-likelihood of the counts without their binomial coefficients, which do not depend on mu and tau."""
    if tau == 0:
        return float(np.sum(x * mu - n * np.logaddexp(0.0, mu)))
    logits = mu + tau * _STEPS
    inside = x[:, None] * logits - n[:, None] * np.logaddexp(0.0, logits)
    return float(np.sum(special.logsumexp(inside, axis=1, b=_DENSITY)))


def _error_of_mean(mu: float, tau: float, x: FloatArray, n: FloatArray) -> float:
    """Standard error of mu: from the curvature in mu and tau, or in mu alone where tau is nought."""
    share = float(special.expit(mu))
    alone = 1 / sqrt(float(n.sum()) * share * (1 - share))
    if tau == 0:
        return alone
    curvature = -_second_derivatives(mu, tau, x, n)
    determinant = float(np.linalg.det(curvature))
    if determinant <= 0 or curvature[1, 1] <= 0:
        return 1 / sqrt(curvature[0, 0]) if curvature[0, 0] > 0 else inf
    return max(alone, sqrt(float(curvature[1, 1]) / determinant))


def _second_derivatives(mu: float, tau: float, x: FloatArray, n: FloatArray) -> FloatArray:
    """Central differences of the log-likelihood in (mu, tau); shape (2, 2)."""
    step = 1e-3 * max(1.0, tau)

    def at(right: int, up: int) -> float:
        return _log_likelihood(mu + right * step, abs(tau + up * step), x, n)

    here = at(0, 0)
    cross = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 4
    along = (at(1, 0) - 2 * here + at(-1, 0), at(0, 1) - 2 * here + at(0, -1))
    return np.array([[along[0], cross], [cross, along[1]]]) / step**2


def _predicted(mu: float, error: float, tau: float, populations: int) -> tuple[float, float] | None:
    if populations < 3:
        return None
    reach = float(stats.t.ppf(0.975, populations - 2)) * sqrt(tau**2 + error**2)
    return float(special.expit(mu - reach)), float(special.expit(mu + reach))


def _require_counts(x: FloatArray, n: FloatArray) -> None:
    if x.shape != n.shape:
        raise ValueError(f"cases and people: got {x.size} and {n.size} populations, expected as many of each")
    bad = (x < 0) | (x > n) | (n < 1) | (x != np.floor(x)) | (n != np.floor(n))
    if np.any(bad):
        shown = ", ".join(f"{a:g} of {b:g}" for a, b in zip(x[bad], n[bad], strict=True))
        raise ValueError(f"cases: got {shown}, expected whole numbers from 0 to the people")
