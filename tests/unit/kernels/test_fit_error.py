"""How sure fitted log-normals are: against known constants, and against samples drawn from known curves."""

from math import exp, inf, log, pi, sqrt

import numpy as np
import pytest
from scipy import special

from untoward.kernels.fit_error import (
    FitError,
    day_interval,
    error_of_median_and_max,
    error_of_percent_resolved,
    error_of_quantiles,
    pooled_error,
    variance_of_largest_normal,
)
from untoward.kernels.survival import (
    lognormal_from_median_and_max,
    lognormal_from_median_and_quantiles,
    lognormal_from_percent_resolved,
)

MU, SIGMA = 2.0, 0.8


@pytest.mark.parametrize(
    ("n", "variance"), [(1, 1), (2, 1 - 1 / pi), (3, 1 + sqrt(3) / (2 * pi) - 9 / (4 * pi))]
)
def test_variance_of_the_largest_in_closed_form(n, variance):
    """Known exactly for two and three normal values."""
    assert variance_of_largest_normal(n) == pytest.approx(variance, abs=1e-9)


@pytest.mark.parametrize("n", [5, 10, 50, 1000])
def test_variance_of_the_largest_by_summing_up(n):
    """x and x^2 times the density n Phi(x)^(n-1) phi(x), over a fine grid."""
    x = np.linspace(-10, 10, 200_001)
    density = n * special.ndtr(x) ** (n - 1) * np.exp(-(x**2) / 2) / sqrt(2 * pi) * (x[1] - x[0])
    wanted = float(np.sum(x**2 * density) - np.sum(x * density) ** 2)
    assert variance_of_largest_normal(n) == pytest.approx(wanted, abs=1e-8)


def test_no_people_is_refused():
    with pytest.raises(ValueError, match="got 0"):
        variance_of_largest_normal(0)


def drawn(n, fit, repeats=3000):
    """Variances and covariance of (mu, sigma) over samples of n people."""
    random = np.random.default_rng(20261122)
    found = [fit(np.sort(random.normal(MU, SIGMA, n))) for _ in range(repeats)]
    return np.cov(np.array([one for one in found if one is not None]).T)


def spread_of_late_day(mu, both, sigma):
    """Standard error of the logarithm of the day by which 95 % were over."""
    return sqrt(mu + 2 * 1.645 * both + 1.645**2 * sigma)


class TestAgainstSamples:
    """The error of the 95 % day, within a tenth of what 3,000 samples show."""

    @pytest.mark.parametrize("n", [5, 15, 50])
    def test_median_and_longest(self, n):
        def fit(logs):
            return lognormal_from_median_and_max(exp(float(np.median(logs))), exp(float(logs[-1])), n)

        covariance = drawn(n, fit)
        seen = spread_of_late_day(covariance[0, 0], covariance[0, 1], covariance[1, 1])
        assert spread_of_late_day(*error_of_median_and_max(SIGMA, n)) == pytest.approx(seen, rel=0.1)

    def test_quartiles(self):
        def fit(logs):
            first, middle, third = np.exp(np.quantile(logs, (0.25, 0.5, 0.75)))
            return lognormal_from_median_and_quantiles(
                float(middle), [(0.25, float(first)), (0.75, float(third))]
            )

        covariance = drawn(80, fit)
        found = error_of_quantiles(SIGMA, (0.25, 0.75), 80)
        assert found.mu == pytest.approx(covariance[0, 0], rel=0.1)
        assert found.sigma == pytest.approx(covariance[1, 1], rel=0.1)

    def test_shares_over_by_several_days(self):
        days = (3.0, 7.0, 14.0)

        def fit(logs):
            points = [(day, 100 * float(np.mean(logs <= log(day)))) for day in days]
            return lognormal_from_percent_resolved(points)

        covariance = drawn(80, fit)
        shares = [
            100 * float(np.mean(np.random.default_rng(1).normal(MU, SIGMA, 400_000) <= log(day)))
            for day in days
        ]
        found = error_of_percent_resolved(list(zip(days, shares, strict=True)), 80)
        assert found.mu == pytest.approx(covariance[0, 0], rel=0.1)
        assert found.sigma == pytest.approx(covariance[1, 1], rel=0.1)


def test_mu_of_a_median_by_hand():
    """sigma^2 pi / 2n: 0.64 * 1.5708 / 20."""
    assert error_of_median_and_max(0.8, 20).mu == pytest.approx(0.050265, abs=1e-6)


class TestPooling:
    ERROR = FitError(0.04, -0.01, 0.09)

    def test_one_series_keeps_its_error(self):
        assert pooled_error([(2.0, 0.8, 10, self.ERROR)]) == pytest.approx(self.ERROR)

    def test_two_alike_halve_the_variance(self):
        assert pooled_error([(2.0, 0.8, 10, self.ERROR)] * 2) == pytest.approx(
            [one / 2 for one in self.ERROR]
        )

    def test_it_is_the_derivative_of_the_pooled_figures(self):
        """Moved a little, each series moves the pooled mu and sigma by the weights that are used."""
        from untoward.kernels.survival import pool_lognormal

        series, step = [(1.0, 0.5, 10), (2.0, 1.0, 30)], 1e-6
        before = pool_lognormal(series)
        variances = [0.0, 0.0]
        for place, own in enumerate((FitError(0.04, 0, 0.02), FitError(0.03, 0, 0.05))):
            for axis, variance in ((0, own.mu), (1, own.sigma)):
                moved = [list(one) for one in series]
                moved[place][axis] += step
                after = pool_lognormal([tuple(one) for one in moved])
                variances[0] += ((after.mu - before.mu) / step) ** 2 * variance
                variances[1] += ((after.sigma - before.sigma) / step) ** 2 * variance
        found = pooled_error(
            [(1.0, 0.5, 10, FitError(0.04, 0, 0.02)), (2.0, 1.0, 30, FitError(0.03, 0, 0.05))]
        )
        assert (found.mu, found.sigma) == pytest.approx(variances, rel=1e-4)


class TestDays:
    def test_half(self):
        """exp(2 -/+ 1.96 * 0.2)."""
        low, high = day_interval(2.0, 0.8, FitError(0.04, 0, 0.09), 0.5)
        assert (low, high) == pytest.approx((exp(2 - 0.391993), exp(2 + 0.391993)), rel=1e-5)

    def test_no_error_is_the_day_itself(self):
        assert day_interval(2.0, 0.8, FitError(0, 0, 0), 0.5) == pytest.approx((exp(2), exp(2)))

    def test_beyond_all_numbers_it_is_endless(self):
        assert day_interval(2.0, 0.8, FitError(1e9, 0, 0), 0.5)[1] == inf
