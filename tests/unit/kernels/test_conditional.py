"""The exact distribution of the first cell, all margins fixed."""

from math import comb, exp, log

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher

from untoward.kernels.conditional import FirstCell, log_choose


def test_the_support_follows_from_the_margins():
    cell = FirstCell.of_margins(exposed=5, unexposed=3, cases=6)
    assert (cell.first, cell.last) == (3, 5)


@pytest.mark.parametrize("odds_ratio", [0.01, 1.0, 35.0])
def test_mean_and_tail_match_scipy(odds_ratio):
    cell = FirstCell.of_margins(exposed=30, unexposed=50, cases=22)
    reference = nchypergeom_fisher(80, 30, 22, odds_ratio)
    assert cell.mean(log(odds_ratio)) == pytest.approx(reference.mean(), rel=1e-9)
    assert exp(cell.log_tail(9, 22, log(odds_ratio))) == pytest.approx(reference.sf(8), rel=1e-9)


def test_an_empty_range_has_no_probability():
    cell = FirstCell.of_margins(exposed=5, unexposed=3, cases=6)
    assert cell.log_tail(6, 9) == -np.inf
    assert cell.log_tail(0, 9) == 0.0


@pytest.mark.parametrize(("n", "k"), [(0, 0), (1, 0), (1, 1), (16, 8), (17, 1), (50, 25), (2_000, 999)])
def test_log_choose_matches_whole_number_arithmetic(n, k):
    assert log_choose(np.float64(n), np.float64(k)) == pytest.approx(log(comb(n, k)), rel=1e-14, abs=1e-14)


def test_log_choose_at_two_million():
    # Logarithm of the whole number comb(2_000_000, 1_000_000), 40-digit decimal arithmetic.
    assert log_choose(np.float64(2e6), np.float64(1e6)) == pytest.approx(1386286.8809995437, rel=1e-15)
