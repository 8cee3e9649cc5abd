"""Strata: edge cases of the tests and of the exact common odds ratio. Numbers of other programs are in tests/golden."""

from math import log

import pytest

from untoward.kernels import stratified
from untoward.kernels.stratified import (
    cochran_mantel_haenszel,
    common_cell,
    exact_odds_ratio,
    exact_p,
    log_odds_ratios,
    log_risk_ratios,
    strata_of,
    woolf_homogeneity,
)
from untoward.kernels.two_by_two import Table


def test_tables_become_margins():
    found = strata_of([Table(1, 2, 3, 4), Table(5, 0, 0, 7)])
    assert [part.tolist() for part in found] == [[1, 5], [3, 5], [4, 5], [10, 12]]


def test_no_strata_at_all():
    assert cochran_mantel_haenszel([]) == (None, 1, None)
    cell = common_cell([])
    assert exact_odds_ratio(cell).reason.startswith("not estimable")
    assert woolf_homogeneity([], []) == (None, 0, None)


def test_strata_that_say_nothing_change_nothing():
    tables = [Table(5, 2, 1, 6), Table(3, 4, 2, 8)]
    silent = [Table(4, 0, 3, 0), Table(0, 0, 2, 7), Table(0, 0, 0, 0), Table(1, 0, 0, 0)]
    assert cochran_mantel_haenszel(tables + silent) == pytest.approx(cochran_mantel_haenszel(tables))
    assert exact_odds_ratio(common_cell(tables + silent)).value == pytest.approx(
        exact_odds_ratio(common_cell(tables)).value
    )
    assert exact_p(common_cell(tables + silent)) == pytest.approx(exact_p(common_cell(tables)))


def test_correction_never_turns_the_deviation_round():
    assert cochran_mantel_haenszel([Table(2, 2, 2, 2)], corrected=True).value == 0


class TestExactEnds:
    def test_every_exposed_person_who_could_be_ill_is(self):
        found = exact_odds_ratio(common_cell([Table(3, 0, 1, 4), Table(2, 0, 0, 5)]))
        assert (found.value, found.high) == (None, None)
        assert found.low > 1
        assert found.reason.startswith("infinite, lower limit only")

    def test_none_who_could_be_well_is_ill(self):
        found = exact_odds_ratio(common_cell([Table(0, 9, 8, 1)]))
        assert (found.value, found.low) == (0.0, 0.0)
        assert found.high < 1
        assert found.reason.startswith("upper limit only")

    def test_mid_p_is_narrower(self):
        cell = common_cell([Table(5, 2, 1, 6), Table(3, 4, 2, 8)])
        exact, mid = exact_odds_ratio(cell), exact_odds_ratio(cell, mid_p=True)
        assert exact.low < mid.low < mid.high < exact.high
        assert mid.method == "mid-P exact, given the strata"

    def test_too_many_people_is_said_and_not_tried(self, monkeypatch):
        monkeypatch.setattr(stratified, "LARGEST_WORK", 10)
        assert common_cell([Table(5, 5, 5, 5), Table(5, 5, 5, 5)]) is None

    def test_a_thousand_pairs(self):
        """660 discordant pairs, 440 with the case exposed: the odds ratio is 2."""
        pairs = [Table(1, 0, 0, 1)] * 440 + [Table(0, 1, 1, 0)] * 220 + [Table(1, 1, 0, 0)] * 340
        assert exact_odds_ratio(common_cell(pairs)).value == pytest.approx(2.0)


class TestLogRatios:
    def test_a_half_is_added_only_to_tables_with_an_empty_cell(self):
        ratios, variances = log_odds_ratios([Table(4, 2, 1, 3), Table(3, 0, 1, 2), Table(0, 0, 4, 4)])
        assert ratios == pytest.approx([log(6), log(3.5 * 2.5 / (0.5 * 1.5))])
        assert variances == pytest.approx([1 / 4 + 1 / 2 + 1 + 1 / 3, 1 / 3.5 + 2 + 1 / 1.5 + 1 / 2.5])

    def test_risk_ratios_need_cases_on_both_sides(self):
        ratios, variances = log_risk_ratios([Table(4, 2, 1, 3), Table(0, 4, 1, 3), Table(2, 0, 3, 0)])
        assert ratios == pytest.approx([log((4 / 6) / (1 / 4))])
        assert variances == pytest.approx([1 / 4 - 1 / 6 + 1 - 1 / 4])

    def test_equal_ratios_do_not_differ(self):
        assert woolf_homogeneity([1.0, 1.0, 1.0], [0.2, 0.5, 0.1])[:2] == (0, 2)
