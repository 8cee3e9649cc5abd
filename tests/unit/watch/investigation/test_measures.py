"""The further measures of one table, and what stands in their place."""

from math import sqrt

import numpy as np
import pytest
from tests.unit.watch.investigation.lists import persons, table

from untoward.kernels.two_by_two import Table
from untoward.watch.investigation.estimates import Z95, fraction_of_everybody, further_measures
from untoward.watch.outbreak import Questions, outbreak


def test_variance_of_the_population_fraction_is_the_delta_method():
    """The same limit from the multinomial gradient of log(c) - log(c + d) - log(a + c)."""
    a, b, c, d = 30, 20, 12, 38
    found, n = fraction_of_everybody(Table(a, b, c, d)), a + b + c + d
    slope = np.array([-1 / (a + c), 0, 1 / c - 1 / (c + d) - 1 / (a + c), -1 / (c + d)])
    cells = np.array([a, b, c, d])
    variance = (cells * slope**2).sum() - (cells * slope).sum() ** 2 / n
    assert np.log1p(-found.low) - np.log1p(-found.value) == pytest.approx(Z95 * sqrt(variance))


def test_an_infinite_risk_ratio_is_wholly_attributable():
    found = further_measures(Table(5, 5, 0, 10))
    assert (found.attributable_fraction_exposed.value, found.attributable_fraction_exposed.low) == (1.0, None)
    assert found.attributable_fraction_population.value == 1.0
    assert found.attributable_fraction_population.reason.startswith("no interval")


def test_a_protecting_exposure_is_below_nought():
    found = further_measures(Table(2, 18, 10, 10))
    assert found.attributable_fraction_exposed.value == pytest.approx(-4.0)
    assert found.attributable_fraction_population.value < 0


@pytest.mark.parametrize("cells", [(0, 0, 3, 4), (3, 4, 0, 0), (0, 5, 0, 5), (0, 5, 3, 5)])
def test_what_cannot_be_estimated_says_why(cells):
    found = further_measures(Table(*cells))
    assert found.attributable_fraction_exposed.value is None
    assert found.attributable_fraction_exposed.reason


class TestDesigns:
    def test_cases_only(self):
        found = outbreak(persons((3, "y", "y", {}), (2, "y", "n", {})))
        (row,) = found.exposures
        assert found.design == "cases only"
        for name in (
            "odds_ratio_wald",
            "odds_ratio_mid_p",
            "risk_difference",
            "attributable_fraction_population",
            "chi_square",
        ):
            assert "not in the data" in getattr(row, name).reason

    def test_chosen_controls_have_no_rates(self):
        found = outbreak(persons(*table(9, 3, 4, 8)), questions=Questions(case_control=True))
        (row,) = found.exposures
        assert found.design == "case-control"
        assert (found.attack_rate.value, row.attack_rate_exposed.value, row.risk_ratio.value) == (
            None,
            None,
            None,
        )
        assert "controls were chosen" in row.risk_ratio.reason
        assert row.odds_ratio.value is not None
        assert row.odds_ratio_wald.value == pytest.approx(6.0)
        assert row.p is not None

    def test_everybody(self):
        assert outbreak(persons(*table(9, 3, 4, 8))).design == "everybody"

    def test_what_was_not_asked_is_none(self):
        document = outbreak(persons(*table(9, 3, 4, 8))).as_document()
        for name in ("stratified", "adjusted", "matched", "dose_response", "incubation", "missing_exposure"):
            assert document[name] is None

    def test_an_exposure_is_not_held_against_itself(self):
        found = outbreak(persons(*table(9, 3, 4, 8)), questions=Questions(stratify=("cream",)))
        assert found.stratified == ()
