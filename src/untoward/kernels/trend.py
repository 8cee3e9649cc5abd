"""Does the risk rise or fall with the dose? Tests of a linear trend over ordered levels, one degree of freedom."""

from __future__ import annotations

from math import copysign, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]


class Trend(NamedTuple):
    """``z`` is above nought when the risk rises with the score; ``chi_square`` is its square, ``p`` two-sided.

    All ``None`` when fewer than two levels have people, or everybody or nobody is ill.
    """

    z: float | None
    chi_square: float | None
    p: float | None


def cochran_armitage(cases: ArrayLike, people: ArrayLike, scores: ArrayLike) -> Trend:
    """Trend of a proportion over levels; all three of shape (levels,), ``0 <= cases <= people``.

    Binomial variance, as R's ``prop.trend.test``. Cochran, Biometrics 1954;10:417; Armitage, Biometrics 1955;11:375.
    """
    ill, all_, x = _checked(cases, people, scores)
    excess, spread = _excess_and_spread(ill, all_, x)
    n, k = float(all_.sum()), float(ill.sum())
    return _trend(excess, spread * k * (n - k) / n**3 if n else 0.0)


def mantel_extension(cases: ArrayLike, people: ArrayLike, scores: ArrayLike) -> Trend:
    """Trend over levels within strata; cases and people of shape (strata, levels), scores (levels,).

    Variance given the margins of every stratum, so one stratum gives Cochran-Armitage times (n - 1) / n.
    Mantel, J Am Stat Assoc 1963;58:690.
    """
    excess = variance = 0.0
    for ill, all_ in zip(np.atleast_2d(cases), np.atleast_2d(people), strict=True):
        here, total, x = _checked(ill, all_, scores)
        n, k = float(total.sum()), float(here.sum())
        if n < 2:
            continue
        lean, spread = _excess_and_spread(here, total, x)
        excess += lean
        variance += spread * k * (n - k) / (n**2 * (n - 1))
    return _trend(excess, variance)


def _checked(
    cases: ArrayLike, people: ArrayLike, scores: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    ill, all_, x = (np.asarray(part, dtype=np.float64) for part in (cases, people, scores))
    if not ill.shape == all_.shape == x.shape:
        raise ValueError(
            f"trend: got {ill.size} cases, {all_.size} people, {x.size} scores; expected as many of each"
        )
    if ((ill < 0) | (ill > all_)).any():
        raise ValueError("trend: expected cases from 0 to the people of each level")
    return ill, all_, x


def _excess_and_spread(ill: FloatArray, people: FloatArray, x: FloatArray) -> tuple[float, float]:
    """Scores of the ill beyond their share, and n times the squares of the scores of everybody less their sum's square."""
    n = float(people.sum())
    if n == 0:
        return 0.0, 0.0
    # Centred, so that scores such as years of birth do not eat the digits.
    centred = x - float(people @ x) / n
    return float(ill @ centred), n * float(people @ centred**2)


def _trend(excess: float, variance: float) -> Trend:
    if variance <= 0:
        return Trend(None, None, None)
    chi_square = excess**2 / variance
    return Trend(copysign(sqrt(chi_square), excess), chi_square, float(special.chdtrc(1, chi_square)))
