"""Quasi-Poisson regression with log link by iteratively reweighted least squares, as small as Farrington's methods need.

McCullagh and Nelder, Generalized Linear Models, 1989. The starting point and the stopping rule are those of R's ``glm``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]

_MOST_TURNS = 25


class Fit(NamedTuple):
    """Coefficients, their covariance for a dispersion of 1, means, leverages and the dispersion (Pearson's)."""

    coefficients: FloatArray
    covariance: FloatArray
    mean: FloatArray
    leverage: FloatArray
    dispersion: float
    freedom: int


def fit(design: FloatArray, counts: FloatArray, weights: FloatArray) -> Fit:
    """Fit ``log(mean) = design @ coefficients``; weights are prior weights. Needs some count above 0."""
    mean: FloatArray = counts + 0.1
    root: FloatArray = np.ones(counts.size)
    deviance = np.inf
    coefficients: FloatArray = np.zeros(design.shape[1])
    for _turn in range(_MOST_TURNS):
        working = np.log(mean) + (counts - mean) / mean
        root = np.sqrt(weights * mean)
        solved = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        coefficients = np.asarray(solved, dtype=np.float64)
        mean = np.exp(np.clip(design @ coefficients, -40.0, 40.0))
        before, deviance = deviance, _deviance(counts, mean, weights)
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            break
    # of the last turn's beginning, as R's glm keeps them: its printed digits depend on it
    weighted = design * root[:, None]
    covariance = np.asarray(np.linalg.pinv(weighted.T @ weighted), dtype=np.float64)
    leverage: FloatArray = np.einsum("ij,jk,ik->i", design, covariance, design) * root**2
    freedom = counts.size - design.shape[1]
    pearson = float(np.sum((root * (counts - mean) / mean) ** 2))
    return Fit(coefficients, covariance, mean, leverage, pearson / max(freedom, 1), freedom)


def anscombe_residuals(counts: FloatArray, fitted: Fit, dispersion: float) -> FloatArray:
    """Residuals of Poisson counts that are nearly normal, standardised."""
    raw = 1.5 * (counts ** (2 / 3) * fitted.mean ** (-1 / 6) - fitted.mean**0.5)
    room = np.maximum(1 - fitted.leverage, 1e-12)
    standardised: FloatArray = raw / np.sqrt(dispersion * room)
    return standardised


def p_value(fitted: Fit, position: int) -> float:
    """Two-sided p of one coefficient against Student's t, with the dispersion as estimated."""
    error = float(np.sqrt(fitted.dispersion * fitted.covariance[position, position]))
    if error == 0 or fitted.freedom < 1:
        return 1.0
    return float(2 * special.stdtr(fitted.freedom, -abs(fitted.coefficients[position]) / error))


def _deviance(counts: FloatArray, mean: FloatArray, weights: FloatArray) -> float:
    return float(2 * np.sum(weights * (special.xlogy(counts, counts / mean) - (counts - mean))))
