"""Gumbel tail, early stopping and recurrence intervals."""

import numpy as np
import pytest
from scipy import stats

from untoward.kernels.monte_carlo import gumbel_p, monte_carlo_p, reached, recurrence_interval, stopped_after


def test_gumbel_p_is_that_of_a_curve_with_the_same_mean_and_deviation():
    simulated = stats.gumbel_r(5, 1.3).ppf((np.arange(999) + 0.5) / 999)
    scale = simulated.std(ddof=1) * np.sqrt(6) / np.pi
    curve = stats.gumbel_r(simulated.mean() - 0.5772156649 * scale, scale)
    for observed in (4.0, 9.0, 20.0):
        tail = gumbel_p(observed, simulated, cases=30)
        assert tail.p == pytest.approx(curve.sf(observed), rel=1e-9)
        assert tail.caution == ""
    assert gumbel_p(9.0, simulated).p == pytest.approx(stats.gumbel_r(5, 1.3).sf(9.0), rel=0.03)


def test_gumbel_p_is_never_zero_and_is_one_without_an_excess():
    simulated = np.linspace(3, 9, 999)
    assert gumbel_p(1e6, simulated).p > 0
    assert gumbel_p(0.0, simulated) == (1.0, "")


@pytest.mark.parametrize(
    ("simulated", "cases", "said"),
    [
        (stats.gumbel_r.ppf((np.arange(999) + 0.5) / 999), 9, "fewer than 10 cases"),
        (stats.gumbel_r.ppf((np.arange(50) + 0.5) / 50), 30, "only 50 simulations"),
        (np.repeat([2.0, 7.0], 500), 30, "away from the simulations"),
    ],
)
def test_gumbel_p_says_when_not_to_be_leant_on(simulated, cases, said):
    tail = gumbel_p(8.0, simulated, cases)
    assert 0 < tail.p < 1
    assert said in tail.caution


@pytest.mark.parametrize("simulated", [np.full(999, 3.0), np.array([3.0]), np.zeros(0)])
def test_without_spread_there_is_no_curve(simulated):
    tail = gumbel_p(4.0, simulated)
    assert tail.p is None
    assert "do not differ" in tail.caution


def test_ties_reach_the_observed_statistic():
    assert reached(np.array([1.0, 2.0, 2.0 - 1e-14, 3.0]), 2.0).tolist() == [False, True, True, True]


def test_stopping_keeps_the_replicate_that_completes_the_number():
    simulated = np.array([1.0, 5.0, 2.0, 6.0, 7.0])
    assert stopped_after(simulated, 5.0, 2) == 4
    assert stopped_after(simulated, 5.0, 4) is None
    assert stopped_after(simulated, 0.5, 1) == 1
    with pytest.raises(ValueError, match="stop_when"):
        stopped_after(simulated, 5.0, 0)


def test_p_after_stopping_is_valid():
    """A statistic drawn from the null itself has p of at most a in at most a share a of runs."""
    random = np.random.default_rng(1)
    p = []
    for _run in range(4000):
        observed, simulated = random.normal() + 9, random.normal(size=199) + 9
        kept = stopped_after(simulated, observed, 5) or len(simulated)
        p.append(float(monte_carlo_p(observed, simulated[:kept])))
    for share in (0.02, 0.05, 0.2, 0.5):
        assert np.mean(np.array(p) <= share) <= share + 3 * np.sqrt(share * (1 - share) / 4000)
    assert np.mean(np.array(p) <= 0.05) > 0.035


def test_recurrence_interval():
    assert recurrence_interval(0.01, 7) == pytest.approx(700)
    for p in (0.0, 1.5, float("nan")):
        with pytest.raises(ValueError, match="p: got"):
            recurrence_interval(p, 1)
