"""The likelihood-ratio statistic and its simulated chance."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.kernels.likelihood_ratio import largest_by_chance, log_likelihood_ratio, monte_carlo_p


@given(st.integers(0, 1_000), st.floats(0.01, 1_000))
def test_poisson_form(n, e):
    slow = n * log(n / e) - (n - e) if n > e else 0.0
    assert log_likelihood_ratio(n, e) == pytest.approx(slow, rel=1e-9, abs=1e-9)


@given(st.integers(1, 100), st.integers(0, 100), st.floats(0.01, 0.99))
def test_conditional_form(n, others, share):
    m = n + others
    e = share * m
    slow = n * log(n / e) + (others * log(others / (m - e)) if others else 0.0) if n > e else 0.0
    found = log_likelihood_ratio(n, e, np.float64(m), "conditional")
    assert found == pytest.approx(slow, rel=1e-9, abs=1e-9)


def test_conditional_form_needs_totals():
    with pytest.raises(ValueError, match="column_total"):
        log_likelihood_ratio(3, 1, form="conditional")


def test_p_of_a_table_of_two_rows_is_that_of_all_its_tables():
    """One column of 6 dealt over rows of equal totals: P(as far from 3 or farther, upwards in either row)."""
    table = np.array([[6, 5, 1], [0, 1, 11]])
    largest = largest_by_chance(table, "conditional", 20_000, by_column=True, seed=1)
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    llr = log_likelihood_ratio(table, expected, table.sum(0)[None, :], "conditional")
    p = monte_carlo_p(llr, largest)
    assert p[0, 0] == pytest.approx(2 / 64, abs=0.005)
    assert p[1, 0] == 1.0
    assert p[0, 1] == pytest.approx(14 / 64, abs=0.01)


def test_p_is_never_zero_and_ties_count():
    assert monte_carlo_p([100.0, 2.0, 1.0, 0.0], np.array([1.0, 2.0, 0.5])).tolist() == [0.25, 0.5, 0.75, 1.0]


def test_p_of_the_whole_table_is_larger_than_of_a_column():
    table = np.random.default_rng(3).poisson(5, (20, 6))
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    llr = log_likelihood_ratio(table, expected)
    by_column = monte_carlo_p(llr, largest_by_chance(table, "poisson", 500, by_column=True))
    whole = monte_carlo_p(llr, largest_by_chance(table, "poisson", 500, by_column=False))
    assert (whole >= by_column - 1e-12).all()
    assert by_column.shape == whole.shape == (20, 6)


def test_cells_not_tested_are_left_out_of_the_largest():
    table = np.array([[50, 1], [1, 50]])
    nothing = largest_by_chance(table, "poisson", 50, by_column=False, tested=np.zeros((2, 2), bool))
    assert (nothing == 0).all()


def test_same_seed_same_answer():
    table = np.random.default_rng(3).poisson(5, (8, 3))
    first, second = (largest_by_chance(table, "poisson", 40, by_column=False, seed=9) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(("table", "replicates"), [([[0, 0]], 9), ([[1, -1]], 9), ([[1, 2]], 0)])
def test_what_cannot_be_simulated_is_refused(table, replicates):
    with pytest.raises(ValueError, match="expected"):
        largest_by_chance(table, "poisson", replicates, by_column=False)
