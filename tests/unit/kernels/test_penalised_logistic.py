"""Penalised logistic regression against closed forms and a general optimiser."""

from math import log

import numpy as np
import pytest
from scipy import optimize, special

from untoward.kernels.penalised_logistic import NotConverged, fit

TWO = np.array([[1, 0], [1, 1]], float)


@pytest.mark.parametrize("table", [(5, 0, 10, 90), (3, 4, 5, 60), (0, 9, 4, 50), (7, 3, 0, 40)])
def test_firth_of_one_table_adds_a_half_to_every_cell(table):
    a, b, c, d = table
    found = fit(TWO, [c, a], [c + d, a + b])
    assert found.coefficients[1] == pytest.approx(
        log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))), abs=1e-8
    )


def test_ridge_of_nothing_is_ordinary_logistic_regression():
    found = fit(TWO, [10, 20], [1000, 200], penalty="ridge", ridge=0.0)
    assert found.coefficients[1] == pytest.approx(log(20 * 990 / (180 * 10)))
    assert found.errors[1] == pytest.approx((1 / 10 + 1 / 990 + 1 / 20 + 1 / 180) ** 0.5)


def random_problem(seed):
    random = np.random.default_rng(seed)
    x = np.column_stack((np.ones(40), random.integers(0, 2, (40, 3))))
    m = random.integers(1, 60, 40)
    return x, random.binomial(m, special.expit(x @ [-2, 1, 0.5, -0.5])), m


@pytest.mark.parametrize("penalty", ["firth", "ridge"])
def test_no_other_coefficients_are_better(penalty):
    x, y, m = random_problem(1)
    found = fit(x, y, m, penalty=penalty, ridge=2.0)

    def objective(beta):
        line = x @ beta
        value = -(y @ line - m @ np.logaddexp(0, line))
        if penalty == "ridge":
            return value + beta[1:] @ beta[1:]
        p = special.expit(line)
        return value - 0.5 * np.linalg.slogdet((x.T * (m * p * (1 - p))) @ x)[1]

    best = optimize.minimize(objective, np.zeros(4), method="BFGS", options={"gtol": 1e-7})
    assert found.coefficients == pytest.approx(best.x, abs=1e-5)
    assert found.log_likelihood == pytest.approx(-best.fun)


def test_coefficient_held_at_zero_stays_there_and_costs_likelihood():
    x, y, m = random_problem(2)
    free, held = fit(x, y, m), fit(x, y, m, zero=1)
    assert held.coefficients[1] == 0
    assert held.errors[1] == 0
    assert held.log_likelihood < free.log_likelihood


def test_separated_data_have_a_finite_answer():
    found = fit(TWO, [0, 12], [500, 12])
    assert np.isfinite(found.coefficients).all()
    assert found.coefficients[1] > 5


def test_copies_are_refused():
    with pytest.raises(NotConverged, match="copies"):
        fit(np.array([[1, 0, 0], [1, 1, 1]], float), [1, 2], [10, 10])


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="events"):
        fit(TWO, [1, 11], [10, 10])
