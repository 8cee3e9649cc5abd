"""Log-normal time to resolution from printed figures."""

from math import asin, exp, log, pi, sqrt

import numpy as np
import pytest
from scipy import special

from untoward.kernels.survival import (
    LogNormal,
    expected_largest_normal,
    lognormal_from_median_and_max,
    lognormal_from_median_and_quantiles,
    lognormal_from_percent_resolved,
    lognormal_quantile,
    lognormal_surviving,
    pool_lognormal,
)

THIRD_QUARTILE = 0.6744897501960817


def test_expected_largest_has_closed_forms_for_small_samples():
    # 1/sqrt(pi), 3/(2 sqrt(pi)) and 5/(4 sqrt(pi)) (1 + (6/pi) asin(1/3)).
    assert expected_largest_normal(1) == pytest.approx(0, abs=1e-12)
    assert expected_largest_normal(2) == pytest.approx(1 / sqrt(pi), rel=1e-12)
    assert expected_largest_normal(3) == pytest.approx(1.5 / sqrt(pi), rel=1e-12)
    five = 5 / (4 * sqrt(pi)) * (1 + 6 / pi * asin(1 / 3))
    assert expected_largest_normal(5) == pytest.approx(five, rel=1e-12)


@pytest.mark.parametrize("n", [7, 40, 1_000, 10**6, 10**9])
def test_expected_largest_equals_its_definition(n):
    # Slow twin: integral of n x phi(x) Phi(x)^(n-1) on a fine grid.
    x = np.linspace(-12, 14, 200_001)
    density = np.exp(np.log(n) - x * x / 2 - 0.5 * log(2 * pi) + (n - 1) * special.log_ndtr(x))
    assert expected_largest_normal(n) == pytest.approx(np.trapezoid(x * density, x), abs=1e-10)


def test_nobody_has_no_largest():
    with pytest.raises(ValueError, match="n: got 0, expected 1 or more"):
        expected_largest_normal(0)


def test_median_and_max_by_hand():
    # n = 2: sigma = ln(20 / 5) sqrt(pi).
    fitted = lognormal_from_median_and_max(5, 20, 2)
    assert fitted == pytest.approx((log(5), log(4) * sqrt(pi)), rel=1e-12)


@pytest.mark.parametrize(("median", "maximum", "n"), [(5, 20, 1), (5, 20, 0), (5, 5, 30)])
def test_median_and_max_that_tell_no_spread(median, maximum, n):
    assert lognormal_from_median_and_max(median, maximum, n) is None


def test_median_and_max_that_contradict():
    with pytest.raises(ValueError, match="maximum: got 4 days, expected no less than the median of 5"):
        lognormal_from_median_and_max(5, 4, 10)
    with pytest.raises(ValueError, match="days: got median 0, maximum nan, expected finite numbers above 0"):
        lognormal_from_median_and_max(0, float("nan"), 10)


def test_quartiles_by_hand():
    fitted = lognormal_from_median_and_quantiles(10, [(0.25, 5), (0.75, 30)])
    assert fitted == pytest.approx((log(10), log(6) / (2 * THIRD_QUARTILE)), rel=1e-12)


def test_quantiles_that_tell_no_spread():
    assert lognormal_from_median_and_quantiles(10, []) is None
    assert lognormal_from_median_and_quantiles(10, [(0.5, 10)]) is None
    assert lognormal_from_median_and_quantiles(10, [(0.25, 10), (0.75, 10)]) is None


@pytest.mark.parametrize(
    ("quantiles", "message"),
    [
        ([(0.25, 12)], "quantiles: got .* expected figures that never fall"),
        ([(0.0, 2), (1.0, 20)], "shares: got 0, 1, expected values between 0 and 1, neither included"),
        ([(0.9, -1)], "days: got quantile 0.9: -1"),
    ],
)
def test_quantiles_that_contradict(quantiles, message):
    with pytest.raises(ValueError, match=message):
        lognormal_from_median_and_quantiles(10, quantiles)


def test_percent_resolved_by_hand():
    # 50 % by day 8 and 75 % by day 16: sigma = ln 2 / 0.674490.
    fitted = lognormal_from_percent_resolved([(8, 50), (16, 75)])
    assert fitted == pytest.approx((log(8), log(2) / THIRD_QUARTILE), rel=1e-12)


def test_nobody_and_everybody_resolved_add_nothing():
    points = [(8, 50), (16, 75)]
    assert lognormal_from_percent_resolved([(1, 0), *points, (60, 100)]) == (
        lognormal_from_percent_resolved(points)
    )


@pytest.mark.parametrize(
    "points", [[], [(8, 50)], [(8, 50), (60, 100)], [(8, 50), (16, 50)], [(8, 40), (8, 60)]]
)
def test_percentages_that_tell_no_spread(points):
    assert lognormal_from_percent_resolved(points) is None


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(8, 50), (16, 40)], "percentages resolved: got"),
        ([(8, 101), (9, -2)], "shares: got 101, -2, expected values between 0 and 100, both included"),
        ([(0, 50), (-1, 50)], "days: got day of 50 %: 0, day of 50 %: -1"),
    ],
)
def test_percentages_that_contradict(points, message):
    with pytest.raises(ValueError, match=message):
        lognormal_from_percent_resolved(points)


def test_pooling_by_hand():
    # mu = (10 * 1 + 30 * 3) / 40 = 2.5.
    # Within (10 * 0.25 + 30 * 1) / 40 = 0.8125, between (10 * 2.25 + 30 * 0.25) / 40 = 0.75.
    pooled = pool_lognormal([(1.0, 0.5, 10), (3.0, 1.0, 30)])
    assert pooled == pytest.approx((2.5, sqrt(0.8125 + 0.75), 40), rel=1e-14)


def test_pooling_nothing_and_nonsense():
    assert pool_lognormal([]) is None
    with pytest.raises(ValueError, match=r"series: got \[\(1.0, -0.5, 10\), \(1.0, 0.5, 0\)\]"):
        pool_lognormal([(1.0, -0.5, 10), (2.0, 0.5, 4), (1.0, 0.5, 0)])


def test_quantiles_and_survival_of_a_fit():
    fit = LogNormal(log(10), 0.5)
    assert lognormal_quantile(*fit, 0.5) == pytest.approx(10, rel=1e-14)
    # 97.5 % by exp(mu + 1.959964 sigma).
    assert lognormal_quantile(*fit, 0.975) == pytest.approx(10 * exp(1.959963984540054 / 2), rel=1e-12)
    assert lognormal_surviving(*fit, 10) == pytest.approx(0.5)
    assert lognormal_surviving(*fit, 10 * exp(1.959963984540054 / 2)) == pytest.approx(0.025, rel=1e-12)


def test_nothing_has_resolved_on_day_zero():
    assert lognormal_surviving(2.0, 0.5, 0) == 1.0
    assert lognormal_surviving(2.0, 0.5, -3) == 1.0


def test_without_spread_all_resolve_on_one_day():
    assert [lognormal_surviving(log(10), 0.0, day) for day in (9, 10, 11)] == [1.0, 0.0, 0.0]


def test_parameters_that_cannot_be():
    with pytest.raises(ValueError, match="sigma: got -1"):
        lognormal_surviving(1.0, -1, 3)
    with pytest.raises(ValueError, match="shares: got 1, expected values between 0 and 1"):
        lognormal_quantile(1.0, 1.0, 1)
