"""Draws: within their range, near their median, fixed by the seed."""

import numpy as np
import pytest
from scipy import stats

from untoward.simulate.draw import Stage, lognormal_within, one_plus_poisson, pick, stream


def test_a_stream_is_fixed_by_seed_stage_and_number():
    first = stream(1, Stage.STOCK).random(3)
    assert np.array_equal(first, stream(1, Stage.STOCK).random(3))
    assert not np.array_equal(first, stream(2, Stage.STOCK).random(3))
    assert not np.array_equal(first, stream(1, Stage.BACKGROUND).random(3))
    assert not np.array_equal(first, stream(1, Stage.STOCK, 1).random(3))


@pytest.mark.parametrize("log_sd", [None, 0.25])
def test_lognormal_draws_stay_in_range_and_near_the_median(log_sd):
    days = lognormal_within(np.random.default_rng(1), 30.5, 15.0, 59.0, 20_000, log_sd)
    assert days.min() >= 15.0
    assert days.max() <= 59.0
    assert np.median(days) == pytest.approx(30.5, rel=0.03)


def test_a_range_without_width_gives_its_median():
    assert set(lognormal_within(np.random.default_rng(1), 28.0, 28.0, 28.0, 50)) == {28.0}


def test_picks_follow_their_shares():
    drawn = pick(np.random.default_rng(1), np.array([2.0, 0.0, 1.0, 1.0]), 10_000)
    counts = np.bincount(drawn, minlength=4)
    assert counts[1] == 0
    assert stats.chisquare(counts[[0, 2, 3]], [5000, 2500, 2500]).pvalue > 0.001


def test_counts_are_at_least_one_with_the_given_mean():
    counts = one_plus_poisson(np.random.default_rng(1), 3.24, 20_000)
    assert counts.min() == 1
    assert counts.mean() == pytest.approx(3.24, abs=0.05)
