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
_WORST_CONDITION = 1e14


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
    zero: int | None = None,
) -> Regression:
    """Coefficients of a design (patterns by columns, the first column all ones) on ``events`` of ``reports``.

    ``zero`` holds one coefficient at 0 without taking its column out of the penalty: the null of a penalised
    likelihood-ratio test. Raises ValueError for counts that cannot be, NotConverged where there is no unique answer.
    """
    model = _Model(design, events, reports, penalty, ridge)
    free = np.arange(model.x.shape[1]) != zero
    beta = np.zeros(len(free))
    value = model.value(beta)
    for _step in range(_STEPS):
        step = model.step(beta, free)
        beta, after = _downhill(model, beta, step, value)
        largest = np.abs(step).max()
        if largest < 1e-9 or (after == value and largest < 1e-6):
            errors = np.sqrt(np.diag(np.linalg.inv(model.information(beta))))
            return Regression(beta, np.where(free, errors, 0.0), after)
        value = after
    raise NotConverged(f"no answer after {_STEPS} steps; the last one was {np.abs(step).max():.3g}")


class _Model:
    """The penalised log-likelihood of one table, its information and its Newton steps."""

    def __init__(
        self, design: ArrayLike, events: ArrayLike, reports: ArrayLike, penalty: Penalty, ridge: float
    ) -> None:
        self.x, self.y, self.m = (np.asarray(part, float) for part in (design, events, reports))
        if ((self.y < 0) | (self.y > self.m)).any():
            raise ValueError("events: expected from 0 to the number of reports of each pattern")
        self.firth = penalty == "firth"
        self.held = np.full(self.x.shape[1], 0.0 if self.firth else ridge)
        self.held[0] = 0.0

    def information(self, beta: FloatArray) -> FloatArray:
        p = special.expit(self.x @ beta)
        information: FloatArray = (self.x.T * (self.m * p * (1 - p))) @ self.x + np.diag(self.held)
        return information

    def value(self, beta: FloatArray) -> float:
        line = self.x @ beta
        value = float(self.y @ line - self.m @ np.logaddexp(0.0, line) - 0.5 * (self.held @ beta**2))
        if self.firth:
            sign, log_determinant = np.linalg.slogdet(self.information(beta))
            value = value + 0.5 * float(log_determinant) if sign > 0 else -np.inf
        return value

    def step(self, beta: FloatArray, free: NDArray[np.bool_]) -> FloatArray:
        """The Newton step (Fisher scoring) of the free coefficients, none moved by more than 5."""
        p = special.expit(self.x @ beta)
        information = self.information(beta)
        if np.linalg.cond(information) > _WORST_CONDITION:
            raise NotConverged("covariates are copies of each other, or say everything about the event")
        rest = self.y - self.m * p
        if self.firth:
            inverse = np.linalg.inv(information)
            leverage = self.m * p * (1 - p) * np.einsum("ij,jk,ik->i", self.x, inverse, self.x)
            rest = rest + leverage * (0.5 - p)
        slope = (self.x.T @ rest - self.held * beta)[free]
        step = np.zeros(len(beta))
        step[free] = np.linalg.solve(information[np.ix_(free, free)], slope)
        step /= max(1.0, np.abs(step).max() / _LARGEST_STEP)
        return step


def _downhill(model: _Model, beta: FloatArray, step: FloatArray, value: float) -> tuple[FloatArray, float]:
    """The step, halved until the penalised likelihood does not fall."""
    for halving in range(30):
        tried = beta + step / 2**halving
        after = model.value(tried)
        if after >= value - 1e-12 * abs(value):
            return tried, after
    return beta, value
