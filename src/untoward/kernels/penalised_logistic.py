"""Logistic regression that always has an answer: Firth's penalty, or a ridge.

Rows are patterns of covariates with how many reports show them and how many of those name the event. Firth's
penalty (Biometrika 1993;80:27; Heinze and Schemper, Stat Med 2002;21:2409) removes the leading bias and stays
finite where a drug has the event always or never; the ridge adds ``penalty / 2`` times the squared
coefficients, the first column (the intercept) excepted. Limits are Wald's.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
Penalty = Literal["firth", "ridge"]

_STEPS = 200
_LARGEST_STEP = 5.0


class Regression(NamedTuple):
    """Coefficients, their standard errors, and the penalised log-likelihood."""

    coefficients: FloatArray
    errors: FloatArray
    log_likelihood: float


class NotConverged(ArithmeticError):
    """The search for the coefficients did not settle, or the covariates are copies of each other."""


def fit(
    design: ArrayLike,
    events: ArrayLike,
    reports: ArrayLike,
    *,
    penalty: Penalty = "firth",
    ridge: float = 1.0,
) -> Regression:
    """Coefficients of a design (patterns by columns, the first column all ones) on ``events`` of ``reports``.

    Raises ValueError for counts that cannot be, NotConverged where there is no unique answer.
    """
    x, y, m = (np.asarray(part, float) for part in (design, events, reports))
    if ((y < 0) | (y > m)).any():
        raise ValueError("events: expected from 0 to the number of reports of each pattern")
    held = np.full(x.shape[1], ridge if penalty == "ridge" else 0.0)
    held[0] = 0.0
    beta = np.zeros(x.shape[1])
    value = _value(x, y, m, beta, held, penalty)
    for _step in range(_STEPS):
        step = _step_of(x, y, m, beta, held, penalty)
        beta, after = _downhill(x, y, m, beta, step, held, penalty, value)
        done = np.abs(step).max() < 1e-9 or (after == value and np.abs(step).max() < 1e-6)
        value = after
        if done:
            errors = np.sqrt(np.diag(np.linalg.inv(_information(x, m, beta, held))))
            return Regression(beta, errors, value)
    raise NotConverged(f"no answer after {_STEPS} steps; the last one was {np.abs(step).max():.3g}")


def _step_of(
    x: FloatArray, y: FloatArray, m: FloatArray, beta: FloatArray, held: FloatArray, penalty: Penalty
) -> FloatArray:
    """The Newton step (Fisher scoring), no coefficient moved by more than 5."""
    p = special.expit(x @ beta)
    information = _information(x, m, beta, held)
    try:
        inverse = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        raise NotConverged("covariates are copies of each other") from None
    rest = y - m * p
    if penalty == "firth":
        leverage = m * p * (1 - p) * np.einsum("ij,jk,ik->i", x, inverse, x)
        rest = rest + leverage * (0.5 - p)
    step: FloatArray = inverse @ (x.T @ rest - held * beta)
    step /= max(1.0, np.abs(step).max() / _LARGEST_STEP)
    return step


def _downhill(
    x: FloatArray,
    y: FloatArray,
    m: FloatArray,
    beta: FloatArray,
    step: FloatArray,
    held: FloatArray,
    penalty: Penalty,
    value: float,
) -> tuple[FloatArray, float]:
    """The step, halved until the penalised likelihood does not fall."""
    for halving in range(30):
        tried = beta + step / 2**halving
        after = _value(x, y, m, tried, held, penalty)
        if after >= value - 1e-12 * abs(value):
            return tried, after
    return beta, value


def _value(
    x: FloatArray, y: FloatArray, m: FloatArray, beta: FloatArray, held: FloatArray, penalty: Penalty
) -> float:
    line = x @ beta
    value = float(y @ line - m @ np.logaddexp(0.0, line) - 0.5 * (held @ beta**2))
    if penalty == "firth":
        sign, log_determinant = np.linalg.slogdet(_information(x, m, beta, held))
        value = value + 0.5 * float(log_determinant) if sign > 0 else -np.inf
    return value


def _information(x: FloatArray, m: FloatArray, beta: FloatArray, held: FloatArray) -> FloatArray:
    p = special.expit(x @ beta)
    information: FloatArray = (x.T * (m * p * (1 - p))) @ x + np.diag(held)
    return information
