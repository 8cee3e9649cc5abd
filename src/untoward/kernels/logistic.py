"""What surrounds a logistic regression: is there a finite answer, and profile limits for the penalised one.

``design`` holds patterns of covariates by columns, the first column all ones; ``events`` of ``people`` show it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from untoward.kernels import penalised_logistic

FloatArray = NDArray[np.float64]

_FAR = 40.0
"""Log odds ratios beyond this (2e17) are not looked for: the limit is open."""

_ALIKE = 1e-9
"""A column that others make up but for this share of its length is a combination of them."""


class Profile(NamedTuple):
    """A coefficient of Firth's regression with profile limits (``None`` when open) and the likelihood-ratio p."""

    value: float
    low: float | None
    high: float | None
    p: float


def independent_columns(design: ArrayLike) -> list[int]:
    """Positions of the columns that are no combination of columns before them."""
    x = np.asarray(design, np.float64)
    basis, kept = np.zeros((x.shape[0], 0)), list[int]()
    for at, column in enumerate(x.T):
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)  # twice, for the digits that the first subtraction cost
        length = float(np.linalg.norm(rest))
        if length > _ALIKE * float(np.linalg.norm(column)):
            basis, kept = np.column_stack([basis, rest / length]), [*kept, at]
    return kept


def is_separated(design: ArrayLike, events: ArrayLike, people: ArrayLike) -> bool:
    """Whether some direction of the covariates parts the ill from the well, wholly or nearly.

    Then maximum likelihood has no finite answer. Albert and Anderson, Biometrika 1984;71:1.
    """
    x, ill, all_ = (np.asarray(part, np.float64) for part in (design, events, people))
    return has_direction(np.concatenate([x[ill > 0], -x[all_ > ill]]))


def has_direction(rows: ArrayLike) -> bool:
    """Whether a vector makes no row's product negative and some row's positive (a linear programme)."""
    z = np.asarray(rows, np.float64)
    z = np.unique(z[np.any(z != 0, axis=1)], axis=0)
    if z.size == 0:
        return False
    z = z / np.abs(z).max(axis=1, keepdims=True)
    found = optimize.linprog(-z.sum(axis=0), A_ub=-z, b_ub=np.zeros(len(z)), bounds=(-1, 1), method="highs")
    return bool(found.status == 0 and -found.fun > 1e-7)


def firth_profile(
    design: ArrayLike, events: ArrayLike, people: ArrayLike, column: int, level: float = 0.95
) -> Profile:
    """Firth's estimate of one coefficient, with limits where the penalised likelihood has fallen too far.

    Heinze and Schemper, Stat Med 2002;21:2409. Raises ``penalised_logistic.NotConverged`` where there is no answer.
    """
    fitted = penalised_logistic.fit(design, events, people)
    surface = _Surface(design, events, people)
    centre, top = float(fitted.coefficients[column]), fitted.log_likelihood
    fall = float(special.chdtri(1, 1 - level)) / 2

    def drop(at: float) -> float:
        return top - fall - surface.best_with(column, at, fitted.coefficients)

    error = float(fitted.errors[column])
    statistic = 2 * (top - surface.best_with(column, 0.0, fitted.coefficients))
    return Profile(
        value=centre,
        low=_crossing(drop, centre, -error),
        high=_crossing(drop, centre, error),
        p=float(special.chdtrc(1, max(statistic, 0.0))),
    )


class _Surface:
    """The penalised log-likelihood with one coefficient held fast."""

    def __init__(self, design: ArrayLike, events: ArrayLike, people: ArrayLike) -> None:
        self.x, self.y, self.m = (np.asarray(part, np.float64) for part in (design, events, people))

    def value_and_slope(self, beta: FloatArray) -> tuple[float, FloatArray]:
        line = self.x @ beta
        p = special.expit(line)
        weight = self.m * p * (1 - p)
        information = (self.x.T * weight) @ self.x
        sign, log_determinant = np.linalg.slogdet(information)
        if sign <= 0:
            return -np.inf, np.zeros_like(beta)
        leverage = weight * np.einsum("ij,jk,ik->i", self.x, np.linalg.inv(information), self.x)
        value = float(self.y @ line - self.m @ np.logaddexp(0.0, line)) + 0.5 * float(log_determinant)
        slope: FloatArray = self.x.T @ (self.y - self.m * p + leverage * (0.5 - p))
        return value, slope

    def best_with(self, column: int, held: float, start: FloatArray) -> float:
        """The highest value when this coefficient is ``held``."""
        free = np.arange(len(start)) != column

        def negative(rest: FloatArray) -> tuple[float, FloatArray]:
            beta = np.full(len(start), held)
            beta[free] = rest
            value, slope = self.value_and_slope(beta)
            return -value, -slope[free]

        found = optimize.minimize(negative, start[free], jac=True, method="BFGS", options={"gtol": 1e-8})
        return -float(found.fun)


def _crossing(drop: Callable[[float], float], centre: float, step: float) -> float | None:
    """Where ``drop`` turns positive, going from the centre in the direction of ``step``."""
    inside, outside = centre, centre + 2 * step
    while drop(outside) < 0:
        inside, outside = outside, centre + 2 * (outside - centre)
        if abs(outside) > _FAR:
            return None
    return float(optimize.brentq(drop, inside, outside, xtol=1e-9))
