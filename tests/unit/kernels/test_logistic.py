"""Separation, and profile limits of Firth's regression."""

from math import log

import numpy as np
import pytest
from scipy import special

from untoward.kernels.logistic import firth_profile, has_direction, independent_columns, is_separated

TWO = np.array([[1, 0], [1, 1]], float)


@pytest.mark.parametrize(
    ("ill", "people", "expected"),
    [((3, 5), (10, 9), False), ((0, 5), (10, 9), True), ((3, 9), (10, 9), True), ((0, 9), (10, 9), True)],
    ids=["both", "no unexposed case", "all exposed ill", "wholly"],
)
def test_an_empty_cell_separates(ill, people, expected):
    assert is_separated(TWO, ill, people) == expected


def test_nobody_to_part():
    assert not has_direction(np.zeros((3, 2)))
    assert not has_direction(np.zeros((0, 2)))


def test_columns_that_others_make_up_are_left_out():
    x = np.array([[1, 0, 1, 2, 5.0], [1, 1, 0, 2, 1], [1, 0, 1, 2, 2], [1, 1, 0, 2, 2]])
    assert independent_columns(x) == [0, 1, 4]


class TestProfile:
    @pytest.mark.parametrize("level", [0.9, 0.95])
    def test_limits_lie_where_the_likelihood_has_fallen_by_the_quantile(self, level):
        """One table: the penalised likelihood of the log odds ratio, maximised over the intercept on a fine grid."""
        ill, people = np.array([4.0, 7.0]), np.array([20.0, 12.0])

        def best(slope):
            p = special.expit(np.linspace(-6, 4, 20_001)[:, None] + np.array([0.0, slope]))
            weight = people * p * (1 - p)
            fit = (ill * np.log(p) + (people - ill) * np.log1p(-p)).sum(axis=1)
            return (fit + 0.5 * np.log(weight.prod(axis=1))).max()

        found = firth_profile(TWO, ill, people, 1, level)
        fall = special.chdtri(1, 1 - level) / 2
        for limit in (found.low, found.high):
            assert best(found.value) - best(limit) == pytest.approx(fall, abs=1e-6)
        assert found.p == pytest.approx(special.chdtrc(1, 2 * (best(found.value) - best(0.0))), rel=1e-5)

    def test_an_empty_cell_has_a_finite_answer(self):
        found = firth_profile(TWO, [0, 5], [10, 9], 1)
        assert found.value == pytest.approx(log(5.5 * 10.5 / (4.5 * 0.5)), abs=1e-7)
        assert 0 < found.low < found.value < found.high
        assert 0 < found.p < 0.05
