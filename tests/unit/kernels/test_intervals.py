"""Edge cases, shapes and refusals of the interval kernels; published numbers are in tests/golden."""

from math import isnan, log, sqrt

import numpy as np
import pytest

from untoward.kernels.intervals import clopper_pearson, poisson_exact, wilson


@pytest.mark.parametrize("interval", [clopper_pearson, wilson])
def test_no_case_and_all_cases_reach_the_ends_exactly(interval):
    assert interval(0, 7)[0] == 0.0
    assert interval(7, 7)[1] == 1.0
    assert 0 < interval(0, 7)[1] < 1
    assert 0 < interval(7, 7)[0] < 1


@pytest.mark.parametrize("interval", [clopper_pearson, wilson])
def test_nobody_observed_is_not_estimable(interval):
    low, high = interval(0, 0)
    assert isnan(low)
    assert isnan(high)


@pytest.mark.parametrize("interval", [clopper_pearson, wilson])
def test_arrays_give_arrays_equal_to_the_scalars(interval):
    low, high = interval(np.array([0, 3, 0, 5]), np.array([9, 9, 0, 5]), 0.9)
    assert low.shape == high.shape == (4,)
    for i, (k, n) in enumerate([(0, 9), (3, 9), (0, 0), (5, 5)]):
        np.testing.assert_array_equal([low[i], high[i]], interval(k, n, 0.9))


def test_one_size_broadcasts_over_many_counts():
    low, _ = clopper_pearson(np.array([1, 2]), np.array([10]))
    assert low.shape == (2,)


def test_scalars_give_plain_floats():
    assert all(type(limit) is float for limit in (*clopper_pearson(1, 2), *wilson(1, 2), *poisson_exact(3)))


def test_no_case_has_a_closed_form():
    # By hand: P(no case among 20) = (1 - p)^20 = 0.025.
    assert clopper_pearson(0, 20)[1] == pytest.approx(1 - 0.025 ** (1 / 20), rel=1e-13)


def test_wilson_by_hand():
    # z = 1.644853627 for 90 %; p = 1/2, n = 10: half-width z sqrt(1/40 + z^2/400) / (1 + z^2/10).
    z = 1.6448536269514722
    half = z * sqrt(1 / 40 + z * z / 400) / (1 + z * z / 10)
    assert wilson(5, 10, 0.9) == pytest.approx((0.5 - half, 0.5 + half), rel=1e-13)


def test_poisson_closed_forms():
    # By hand: exp(-high) = 0.025 for no event; 1 - exp(-low) = 0.025 for one.
    assert poisson_exact(0) == pytest.approx((0.0, -log(0.025)), rel=1e-13)
    assert poisson_exact(1)[0] == pytest.approx(-log(0.975), rel=1e-13)


def test_poisson_limits_are_per_unit_of_exposure():
    whole = poisson_exact(4)
    assert poisson_exact(4, 200.0) == pytest.approx((whole[0] / 200, whole[1] / 200), rel=1e-14)


def test_poisson_without_exposure_is_not_estimable():
    low, high = poisson_exact(np.array([0, 2]), np.array([0.0, 5.0]))
    assert isnan(low[0])
    assert isnan(high[0])
    assert 0 < low[1] < high[1]


@pytest.mark.parametrize("level", [0.0, 1.0, 95, -0.1, float("nan")])
@pytest.mark.parametrize("interval", [clopper_pearson, wilson])
def test_a_level_outside_zero_to_one_is_refused(interval, level):
    with pytest.raises(ValueError, match=r"level: got .*expected a number between 0 and 1"):
        interval(1, 2, level)


@pytest.mark.parametrize(
    ("cases", "n", "message"),
    [
        (3, 2, "cases: got 3 at position 0, expected no more than n"),
        (-1, 2, "cases: got -1 at position 0, expected whole numbers"),
        (1.5, 2, "cases: got 1.5 at position 0, expected whole numbers"),
        (float("nan"), 2, "cases: got nan at position 0"),
        (1, float("inf"), "n: got inf at position 0"),
    ],
)
def test_impossible_counts_are_refused(cases, n, message):
    with pytest.raises(ValueError, match=message):
        clopper_pearson(cases, n)


def test_all_faults_are_counted():
    with pytest.raises(ValueError, match=r"-1 at position 0, .* -5 at position 4 and 2 more, expected"):
        wilson(-np.arange(1, 8), np.full(7, 9))


def test_events_without_exposure_are_refused():
    with pytest.raises(ValueError, match="count: got 2 at position 0, expected 0 where the exposure is 0"):
        poisson_exact(2, 0.0)
    with pytest.raises(ValueError, match="exposure: got -1 at position 0"):
        poisson_exact(2, -1.0)
