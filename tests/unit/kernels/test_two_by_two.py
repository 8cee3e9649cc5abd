"""Edge cases and hand calculations for one 2x2 table; published numbers are in tests/golden."""

from dataclasses import astuple
from math import exp, isfinite, log, sqrt

import numpy as np
import pytest

from untoward.kernels.two_by_two import (
    Table,
    chi_square,
    chi_square_yates,
    fisher_exact_greater,
    fisher_exact_two_sided,
    mid_p_two_sided,
    odds_ratio_conditional,
    odds_ratio_mid_p,
    odds_ratio_woolf,
    risk_difference_newcombe,
    risk_difference_wald,
    risk_ratio,
)

ODDS_RATIOS = [odds_ratio_woolf, odds_ratio_conditional, odds_ratio_mid_p]
RATIOS = [risk_ratio, *ODDS_RATIOS]
DIFFERENCES = [risk_difference_wald, risk_difference_newcombe]
TESTS = [fisher_exact_two_sided, fisher_exact_greater, mid_p_two_sided]


def limits(estimate):
    return estimate.value, estimate.low, estimate.high


def test_a_table_knows_its_margins():
    table = Table(1, 2, 3, 4)
    assert (table.exposed, table.unexposed, table.ill, table.well, table.total) == (3, 7, 4, 6, 10)


def test_numpy_counts_become_python_integers():
    assert all(type(cell) is int for cell in astuple(Table(*np.array([1, 2, 3, 4], dtype=np.int32))))


def test_all_faulty_cells_are_named():
    with pytest.raises(ValueError, match=r"2x2 table: got a = -1, c = 2.5, d = None, expected whole numbers"):
        Table(-1, 2, 2.5, None)


@pytest.mark.parametrize("measure", [*RATIOS, *DIFFERENCES])
@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_a_level_outside_zero_to_one_is_refused(measure, level):
    with pytest.raises(ValueError, match="level: got"):
        measure(Table(1, 2, 3, 4), level)


@pytest.mark.parametrize("measure", [*RATIOS, *DIFFERENCES])
@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (Table(0, 0, 3, 4), "not estimable: nobody was exposed"),
        (Table(3, 4, 0, 0), "not estimable: nobody was unexposed"),
        (Table(0, 0, 0, 0), "not estimable: nobody was exposed"),
    ],
)
def test_one_empty_group_cannot_be_compared(measure, table, reason):
    estimate = measure(table)
    assert limits(estimate) == (None, None, None)
    assert estimate.reason == reason


@pytest.mark.parametrize("measure", RATIOS)
def test_nobody_ill_gives_no_ratio(measure):
    assert limits(measure(Table(0, 3, 0, 4))) == (None, None, None)
    assert measure(Table(0, 3, 0, 4)).reason == "not estimable: nobody is ill"


@pytest.mark.parametrize("measure", ODDS_RATIOS)
def test_everybody_ill_gives_no_odds_ratio(measure):
    assert limits(measure(Table(3, 0, 4, 0))) == (None, None, None)
    assert measure(Table(3, 0, 4, 0)).reason == "not estimable: everybody is ill"


def test_risk_ratio_of_everybody_ill_claims_no_certainty():
    estimate = risk_ratio(Table(3, 0, 4, 0))
    assert limits(estimate) == (1.0, None, None)
    assert estimate.reason == "no interval: everybody is ill"


def test_risk_ratio_with_an_empty_ill_cell():
    none_exposed, none_unexposed = risk_ratio(Table(0, 3, 2, 4)), risk_ratio(Table(2, 3, 0, 4))
    assert limits(none_exposed) == (0.0, None, None)
    assert none_exposed.reason == "no interval: no case among the exposed"
    assert limits(none_unexposed) == (None, None, None)
    assert none_unexposed.reason == "infinite: no case among the unexposed"


def test_risk_ratio_by_hand():
    # 4/10 against 2/20 is 4; var(ln) = 1/4 - 1/10 + 1/2 - 1/20 = 0.6; z = 1.959964.
    estimate = risk_ratio(Table(4, 6, 2, 18))
    reach = exp(1.959963984540054 * sqrt(0.6))
    assert limits(estimate) == pytest.approx((4.0, 4 / reach, 4 * reach), rel=1e-13)
    assert (estimate.method, estimate.level, estimate.reason) == ("Katz log", 0.95, None)


def test_woolf_with_empty_cells_adds_no_half():
    assert limits(odds_ratio_woolf(Table(0, 3, 2, 4))) == (0.0, None, None)
    assert odds_ratio_woolf(Table(0, 3, 2, 4)).reason == "no interval: none of the exposed is ill"
    assert limits(odds_ratio_woolf(Table(3, 0, 2, 4))) == (None, None, None)
    assert odds_ratio_woolf(Table(3, 0, 2, 4)).reason == "infinite: none of the exposed is well"


def test_exact_odds_ratios_keep_the_one_limit_that_exists():
    for measure in (odds_ratio_conditional, odds_ratio_mid_p):
        zero, infinite = measure(Table(0, 9, 5, 4)), measure(Table(9, 0, 4, 5))
        assert (zero.value, zero.low) == (0.0, 0.0)
        assert isfinite(zero.high)
        assert zero.reason == "upper limit only: none of the exposed is ill"
        assert (infinite.value, infinite.high) == (None, None)
        assert infinite.low > 0
        assert infinite.reason == "infinite, lower limit only: none of the exposed is well"


def test_two_people_have_a_closed_form():
    # One exposed and ill, one unexposed and well: P(X = 1) = psi / (1 + psi) = 0.025, so psi = 1/39.
    assert odds_ratio_conditional(Table(1, 0, 0, 1)).low == pytest.approx(1 / 39, rel=1e-12)
    # Mid-P: half of that probability is 0.025, so psi = 1/19.
    assert odds_ratio_mid_p(Table(1, 0, 0, 1)).low == pytest.approx(1 / 19, rel=1e-12)


def test_conditional_estimate_of_four_people():
    # Margins of 2 each: weights 1, 4 psi, psi^2; the mean is 1 only at psi = 1.
    assert odds_ratio_conditional(Table(1, 1, 1, 1)).value == pytest.approx(1.0, rel=1e-12)


def test_difference_by_hand():
    # 0.4 - 0.1; Wald variance 0.4 * 0.6 / 10 + 0.1 * 0.9 / 20 = 0.0285.
    reach = 1.959963984540054 * sqrt(0.0285)
    assert limits(risk_difference_wald(Table(4, 6, 2, 18))) == pytest.approx((0.3, 0.3 - reach, 0.3 + reach))


def test_differences_of_certain_risks():
    assert limits(risk_difference_wald(Table(5, 0, 0, 5))) == (1.0, None, None)
    assert limits(risk_difference_wald(Table(0, 5, 0, 5))) == (0.0, None, None)
    hybrid = risk_difference_newcombe(Table(5, 0, 0, 5))
    assert (hybrid.value, hybrid.high) == (1.0, 1.0)
    assert 0 < hybrid.low < 1


def test_tea_tasting():
    # Fisher's lady, all eight cups right: 1 in 70; three of four right: (1 + 16) / 70.
    assert fisher_exact_greater(Table(4, 0, 0, 4)) == pytest.approx(1 / 70, rel=1e-13)
    assert fisher_exact_two_sided(Table(4, 0, 0, 4)) == pytest.approx(2 / 70, rel=1e-13)
    assert fisher_exact_greater(Table(3, 1, 1, 3)) == pytest.approx(17 / 70, rel=1e-13)
    assert fisher_exact_two_sided(Table(3, 1, 1, 3)) == pytest.approx(34 / 70, rel=1e-13)
    assert mid_p_two_sided(Table(4, 0, 0, 4)) == pytest.approx(1 / 70, rel=1e-13)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(
    "table", [Table(0, 3, 0, 4), Table(3, 0, 4, 0), Table(0, 0, 3, 4), Table(0, 0, 0, 0)]
)
def test_an_empty_margin_allows_no_other_table(test, table):
    assert test(table) == pytest.approx(1.0, rel=1e-14)


def test_the_most_probable_table_has_two_sided_p_of_exactly_one():
    assert fisher_exact_two_sided(Table(0, 200, 20, 1_999_780)) == 1.0


def test_chi_square_by_hand():
    # N (ad - bc)^2 / product of margins = 30 * 60^2 / (10 * 20 * 6 * 24) = 3.75; Yates 30 * 45^2 / 28800.
    assert chi_square(Table(4, 6, 2, 18)).value == pytest.approx(3.75, rel=1e-14)
    assert chi_square_yates(Table(4, 6, 2, 18)).value == pytest.approx(2.109375, rel=1e-14)


def test_yates_never_turns_the_deviation_round():
    # ad - bc = 1 is smaller than half the total.
    assert (chi_square_yates(Table(1, 1, 1, 2)).value, chi_square_yates(Table(1, 1, 1, 2)).p) == (0.0, 1.0)


@pytest.mark.parametrize("test", [chi_square, chi_square_yates])
def test_chi_square_of_an_empty_margin_is_not_estimable(test):
    result = test(Table(0, 3, 0, 4))
    assert (result.value, result.p, result.reason) == (None, None, "not estimable: nobody is ill")


def test_rare_illness_among_two_million_people():
    # With cases this rare the count is close to binomial(23, pi): odds of pi = OR * 200 / 1,999,800.
    estimate = odds_ratio_conditional(Table(3, 197, 20, 1_999_780))
    assert estimate.value == pytest.approx(3 * 1_999_780 / (20 * 197), rel=2e-3)
    assert estimate.low < estimate.value < estimate.high


def test_a_million_cases_among_two_million_people():
    # Large counts: the exact interval meets Woolf's, here 0.998458 to 1.009589, but for discreteness.
    table = Table(500_000, 500_000, 499_000, 501_000)
    exact, woolf = odds_ratio_conditional(table), odds_ratio_woolf(table)
    assert limits(exact) == pytest.approx(limits(woolf), rel=1e-5)
    assert fisher_exact_two_sided(table) == pytest.approx(chi_square_yates(table).p, rel=1e-4)


@pytest.mark.parametrize("measure", [*RATIOS, *DIFFERENCES])
def test_the_highest_level_below_one_still_gives_limits(measure):
    estimate = measure(Table(4, 6, 2, 18), 1 - 2**-53)
    assert all(isfinite(limit) for limit in (estimate.low, estimate.value, estimate.high))
    assert estimate.low < estimate.value < estimate.high


def test_huge_ratios_stay_finite():
    for measure in (odds_ratio_conditional, odds_ratio_mid_p):
        estimate = measure(Table(900_000, 1, 1, 900_000))
        assert log(estimate.value) == pytest.approx(2 * log(900_000), abs=1)
        assert 0 < estimate.low < estimate.value < estimate.high < float("inf")
