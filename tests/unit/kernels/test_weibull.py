"""Weibull fit of complete times against scipy, a published example, and a direct search."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from untoward.kernels.weibull import fit_weibull, weibull_surviving

SIX = (93, 34, 16, 120, 53, 75)
"""Times of six failures, in hours: ReliaWiki, Weibull distribution, example of maximum likelihood estimation."""


def test_published_example():
    fit = fit_weibull(SIX)
    assert fit.shape == pytest.approx(1.933, abs=5e-4)
    assert fit.scale == pytest.approx(73.526, abs=5e-4)
    assert fit.shape_variance == pytest.approx(0.4211, abs=5e-5)
    assert fit.scale_variance == pytest.approx(266.646, abs=5e-2)
    assert fit.covariance == pytest.approx(3.272, abs=5e-4)


@pytest.mark.parametrize(("shape", "scale", "n"), [(0.5, 3.0, 40), (1.0, 12.0, 15), (3.5, 700.0, 200)])
def test_scipy_fits_the_same(shape, scale, n):
    times = stats.weibull_min.rvs(shape, scale=scale, size=n, random_state=n)
    fit = fit_weibull(times)
    theirs, _, their_scale = stats.weibull_min.fit(times, floc=0)
    assert fit.shape == pytest.approx(theirs, rel=2e-4)
    assert fit.scale == pytest.approx(their_scale, rel=2e-4)
    assert fit.log_likelihood == pytest.approx(
        stats.weibull_min.logpdf(times, fit.shape, scale=fit.scale).sum(), rel=1e-10
    )


def test_limits_and_test_follow_from_the_profile_likelihood():
    fit = fit_weibull(SIX)

    def drop(shape):
        scale = np.mean(np.power(SIX, shape)) ** (1 / shape)
        return 2 * (fit.log_likelihood - stats.weibull_min.logpdf(SIX, shape, scale=scale).sum())

    for limit in (fit.shape_low, fit.shape_high):
        assert drop(limit) == pytest.approx(stats.chi2.ppf(0.95, 1), rel=1e-6)
    assert fit.p_constant == pytest.approx(stats.chi2.sf(drop(1.0), 1), rel=1e-9)
    # 1 lies inside the 95 % interval exactly when the test does not reject at 5 %
    assert (fit.shape_low <= 1 <= fit.shape_high) == (fit.p_constant >= 0.05)


def test_two_times_by_hand():
    # for times 1 and e the shape k solves e^k / (1 + e^k) - 1/k = 1/2, that is tanh(k / 2) = 2 / k
    fit = fit_weibull([1.0, np.e])
    k = optimize.brentq(lambda k: np.tanh(k / 2) - 2 / k, 1, 4)
    assert fit.shape == pytest.approx(k, rel=1e-9)
    assert log(fit.scale) == pytest.approx(log((1 + np.exp(k)) / 2) / k, rel=1e-9)


def test_constant_hazard_is_seldom_rejected():
    draws = np.random.default_rng(5).exponential(9.0, (400, 60))
    rejected = np.mean([fit_weibull(row).p_constant < 0.05 for row in draws])
    assert rejected == pytest.approx(0.05, abs=0.03)  # three standard errors


def test_nothing_to_fit():
    assert fit_weibull([]) is None
    assert fit_weibull([4.0]) is None
    assert fit_weibull([4.0, 4.0, 4.0]) is None


@pytest.mark.parametrize("times", [[0.0, 1.0], [-1.0, 2.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_impossible_times_are_refused(times):
    with pytest.raises(ValueError, match="expected finite numbers above 0"):
        fit_weibull(times)
    with pytest.raises(ValueError, match="level"):
        fit_weibull([1.0, 2.0], level=1.0)


def test_surviving():
    fit = fit_weibull(SIX)
    assert weibull_surviving(fit, [-1, 0, fit.scale]) == pytest.approx([1, 1, np.exp(-1)])


@given(
    st.lists(st.floats(0.01, 1e5), min_size=2, max_size=60).filter(lambda x: max(x) > 1.001 * min(x)),
    st.floats(0.001, 1000),
)
def test_unit_of_time_does_not_matter_and_the_summit_is_a_summit(times, factor):
    fit = fit_weibull(times)
    other = fit_weibull(np.array(times) * factor)
    assert other.shape == pytest.approx(fit.shape, rel=1e-6)
    assert other.scale == pytest.approx(fit.scale * factor, rel=1e-6)
    assert other.p_constant == pytest.approx(fit.p_constant, abs=1e-6)
    assert 0 < fit.shape_low < fit.shape < fit.shape_high
    for shape, scale in [(1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99)]:
        near = stats.weibull_min.logpdf(times, fit.shape * shape, scale=fit.scale * scale).sum()
        assert near <= fit.log_likelihood + 1e-9 * abs(fit.log_likelihood) + 1e-9
