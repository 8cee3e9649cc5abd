"""The relative risk of a place, against limits found another way."""

import pytest
from scipy import optimize, stats

from untoward.watch.clusters.ratio import relative_risk


def limit(cases, expected, total, tail):
    """The factor at which the binomial tail holds 2.5 %, found by bisection."""

    def off(ratio):
        chance = ratio * expected / (ratio * expected + total - expected)
        beyond = (
            stats.binom.sf(cases - 1, total, chance)
            if tail == "low"
            else stats.binom.cdf(cases, total, chance)
        )
        return beyond - 0.025

    return optimize.brentq(off, 1e-9, 1e9, xtol=1e-12)


@pytest.mark.parametrize(
    ("cases", "expected", "total"), [(7, 0.3, 12), (2, 0.1, 50), (30, 20.0, 100), (1, 3.0, 9)]
)
def test_value_and_exact_limits(cases, expected, total):
    found = relative_risk(cases, expected, total)
    assert found.value == pytest.approx((cases / expected) / ((total - cases) / (total - expected)))
    assert found.low == pytest.approx(limit(cases, expected, total, "low"), rel=1e-6)
    assert found.high == pytest.approx(limit(cases, expected, total, "high"), rel=1e-6)
    assert "exact" in found.method


def test_every_case_in_the_place_has_a_lower_limit_and_says_why_no_more():
    found = relative_risk(5, 1.0, 5)
    assert found.value is None
    assert found.high is None
    assert found.low == pytest.approx(0.025 ** (1 / 5) / (1 - 0.025 ** (1 / 5)) * 4)
    assert "every case" in found.reason


def test_where_all_cases_are_expected_there_is_no_ratio():
    found = relative_risk(3, 3.0, 3)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert found.reason
