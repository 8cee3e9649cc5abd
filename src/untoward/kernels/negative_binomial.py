"""The likelihood of a mixture of two negative binomials, with its gradient, for a million points in a third of a second.

What depends on the count alone (log-gammas and digammas) is computed once per distinct count.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from untoward.kernels.squashing import Points

FloatArray = NDArray[np.float64]
Truncation = Literal["full", "component", "mixture"]
TwoGammas = tuple[float, float, float, float, float]

_TINY = float(np.finfo(float).tiny)


class Likelihood:
    """Minus the log-likelihood of points and its gradient, in (log alpha1, log beta1, log alpha2, log beta2, logit share).

    Calling it gives both. ``weight`` is how many pairs the points stand for.
    """

    def __init__(self, given: Points, truncation: Truncation) -> None:
        self.truncation = truncation
        self.weight = float(given.weight.sum())
        self._w, self._n, self._e = given.weight, given.n, given.e
        self._kinds, self._which = np.unique(given.n, return_inverse=True)
        self._log_e_part = given.n * np.log(given.e)
        self._last: tuple[FloatArray, float, FloatArray] | None = None
        self._log_factorial = special.gammaln(self._kinds + 1)

    def __len__(self) -> int:
        return len(self._n)

    def __call__(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """Value and gradient; asked twice in a row for the same parameters, it computes once."""
        if self._last is None or not np.array_equal(self._last[0], theta):
            self._last = (theta.copy(), *self._computed(theta))
        return self._last[1:]

    def _computed(self, theta: FloatArray) -> tuple[float, FloatArray]:
        alpha1, beta1, alpha2, beta2 = np.exp(theta[:4])
        share = special.expit(theta[4])
        first, second = self._component(alpha1, beta1), self._component(alpha2, beta2)
        shares = (share, special.expit(-theta[4]))
        component = self.truncation == "component"
        log_first = np.log(shares[0]) + first.log_f - (first.log_tail if component else 0.0)
        log_second = np.log(shares[1]) + second.log_f - (second.log_tail if component else 0.0)
        q = special.expit(log_first - log_second)
        log_mix = np.logaddexp(log_first, log_second)
        slopes = _slopes(first, q, component) + _slopes(second, 1 - q, component)
        slopes.append(q - share)
        if self.truncation == "mixture":
            tail = shares[0] * first.tail + shares[1] * second.tail
            log_mix -= np.log(tail)
            for at, (part, own) in enumerate(((first, shares[0]), (second, shares[1]))):
                slopes[2 * at] = slopes[2 * at] - own * part.tail_by_alpha / tail
                slopes[2 * at + 1] = slopes[2 * at + 1] - own * part.tail_by_beta / tail
            slopes[4] = slopes[4] - shares[0] * shares[1] * (first.tail - second.tail) / tail
        gradient = np.array([-(self._w @ slope) for slope in slopes])
        return -float(self._w @ log_mix), gradient

    def _component(self, alpha: float, beta: float) -> _Component:
        log_share = -np.log1p(self._e / beta)
        rest = self._e / (beta + self._e)
        by_kind = special.gammaln(self._kinds + alpha) - special.gammaln(alpha) - self._log_factorial
        slope_by_kind = special.digamma(self._kinds + alpha) - special.digamma(alpha)
        log_zero = alpha * log_share
        # n log(e / (beta + e)), from the parts that are at hand
        log_f = by_kind[self._which] + log_zero + self._log_e_part + self._n * (log_share - np.log(beta))
        zero_less_one = np.expm1(log_zero)
        tail, zero = np.maximum(-zero_less_one, _TINY), zero_less_one + 1.0
        return _Component(
            log_f,
            tail,
            alpha * (slope_by_kind[self._which] + log_share),
            alpha * rest - self._n * (1 - rest),
            -zero * log_zero,
            -zero * alpha * rest,
        )


class _Component(NamedTuple):
    """One negative binomial: log f(n), 1 - f(0), and the slopes of both in log alpha and log beta."""

    log_f: FloatArray
    tail: FloatArray
    by_alpha: FloatArray
    by_beta: FloatArray
    tail_by_alpha: FloatArray
    tail_by_beta: FloatArray

    @property
    def log_tail(self) -> FloatArray:
        return np.log(self.tail)


def _slopes(part: _Component, q: FloatArray, truncated: bool) -> list[FloatArray]:
    by_alpha, by_beta = part.by_alpha, part.by_beta
    if truncated:
        by_alpha, by_beta = by_alpha - part.tail_by_alpha / part.tail, by_beta - part.tail_by_beta / part.tail
    return [q * by_alpha, q * by_beta]


def posterior_share(n: FloatArray, log_e: FloatArray, prior: TwoGammas) -> FloatArray:
    """The probability that a pair's ratio comes from the first component, given its count."""
    alpha1, beta1, alpha2, beta2, share = prior
    kinds, which = np.unique(n, return_inverse=True)
    by_kind = (
        special.gammaln(kinds + alpha1) - special.gammaln(alpha1) + alpha1 * np.log(beta1)
        - special.gammaln(kinds + alpha2) + special.gammaln(alpha2) - alpha2 * np.log(beta2)
    )  # fmt: skip
    e = np.exp(log_e)
    log_odds = special.logit(share) + by_kind[which]
    log_odds += (n + alpha2) * np.log(beta2 + e) - (n + alpha1) * np.log(beta1 + e)
    q: FloatArray = special.expit(log_odds)
    return q
