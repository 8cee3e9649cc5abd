"""Limits, ratios and shrunken estimates for many units."""

import numpy as np
import pytest

from untoward.kernels.intervals import poisson_exact
from untoward.kernels.rates import (
    Cells,
    GammaPrior,
    NoPrior,
    by_stratum,
    deficit_p,
    excess_p,
    fit_gamma,
    funnel,
    mantel_haenszel_rate_ratio,
    node_totals,
    poisson_limits,
    shrunken,
)


class TestLimits:
    def test_whole_counts_are_exact(self):
        counts = np.arange(0, 200)
        low, high = poisson_exact(counts)
        limits = poisson_limits(counts.astype(float))
        assert limits.low == pytest.approx(low)
        assert limits.high == pytest.approx(high)

    def test_shared_cases_lie_between(self):
        limits = poisson_limits(np.array([1.0, 1.5, 2.0]))
        assert (np.diff(limits.low) > 0).all()
        assert (np.diff(limits.high) > 0).all()


MANY = np.full(1, 1e6)


class TestTails:
    def test_no_case_is_no_excess(self):
        assert excess_p(np.array([0.0]), np.array([3.0]), MANY).tolist() == [1.0]
        assert deficit_p(np.array([0.0]), np.array([3.0]), MANY)[0] == pytest.approx(np.exp(-3.0), rel=1e-5)

    def test_one_case_on_little(self):
        assert excess_p(np.array([1.0]), np.array([0.04]), MANY)[0] == pytest.approx(
            1 - np.exp(-0.04), rel=1e-5
        )

    def test_all_cases_on_half(self):
        assert excess_p(np.array([8.0]), np.array([4.0]), np.array([8.0]))[0] == pytest.approx(1 / 256)
        assert deficit_p(np.array([8.0]), np.array([4.0]), np.array([8.0])).tolist() == [1.0]

    def test_where_all_is_expected_nothing_surprises(self):
        assert excess_p(np.array([8.0]), np.array([8.0]), np.array([8.0])).tolist() == [1.0]
        limits = funnel(np.array([8.0]), np.array([8.0]), 0.95)
        assert (limits.low[0], limits.high[0]) == (1.0, 1.0)


class TestFunnel:
    def test_one_case_is_the_least_that_can_be_outside(self):
        limits = funnel(np.array([0.001, 0.02]), np.full(2, 1e6), 0.95)
        assert limits.high * [0.001, 0.02] == pytest.approx([1.0, 1.0])
        assert limits.low.tolist() == [0.0, 0.0]

    def test_it_narrows(self):
        limits = funnel(np.geomspace(1.0, 1000.0, 40), np.full(40, 4000.0), 0.998)
        assert (np.diff(limits.high) < 0).all()
        assert (np.diff(limits.low) >= 0).all()

    def test_the_outer_lies_outside(self):
        mean, total = np.geomspace(0.05, 500, 50), np.full(50, 600.0)
        inner, outer = funnel(mean, total, 0.95), funnel(mean, total, 0.998)
        assert (outer.high >= inner.high).all()
        assert (outer.low <= inner.low).all()


def cells(rows):
    unit, *rest = (np.array(column) for column in zip(*rows, strict=True))
    return Cells(unit.astype(np.int64), *(column.astype(float) for column in rest))


class TestMantelHaenszel:
    def test_two_strata_by_hand(self):
        """a T0/T: 4*80/100 + 3*30/60; b T1/T: 6*20/100 + 1*30/60."""
        ratio = mantel_haenszel_rate_ratio(cells([(0, 4, 20, 10, 100), (0, 3, 30, 4, 60)]), 1)
        assert ratio.value[0] == pytest.approx((3.2 + 1.5) / (1.2 + 0.5))
        spread = 10 * 20 * 80 / 100**2 + 4 * 30 * 30 / 60**2
        reach = 1.959963985 * np.sqrt(spread / (4.7 * 1.7))
        assert ratio.high[0] == pytest.approx(4.7 / 1.7 * np.exp(reach))

    def test_a_stratum_without_others_adds_nothing(self):
        both = mantel_haenszel_rate_ratio(cells([(0, 4, 20, 10, 100), (0, 9, 50, 9, 50)]), 1)
        one = mantel_haenszel_rate_ratio(cells([(0, 4, 20, 10, 100)]), 1)
        assert both.value[0] == one.value[0]
        assert both.low[0] == one.low[0]

    def test_empty_cells(self):
        ratio = mantel_haenszel_rate_ratio(cells([(0, 0, 20, 10, 100), (1, 10, 20, 10, 100)]), 3)
        assert ratio.value[0] == 0.0
        assert np.isinf(ratio.value[1])
        assert np.isnan(ratio.value[2])
        assert np.isnan(ratio.low).all()
        assert np.isnan(ratio.high).all()

    def test_a_confounder_goes_away(self):
        """Ten times the rate in the second stratum, where unit 0 has most of its time."""
        ratio = mantel_haenszel_rate_ratio(cells([(0, 1, 100, 10, 1000), (0, 80, 800, 100, 1000)]), 1)
        assert ratio.value[0] == pytest.approx(1.0)


class TestShrinkage:
    def test_it_finds_the_prior_it_was_drawn_from(self):
        random = np.random.default_rng(5)
        expected = random.uniform(0.5, 8, 4000)
        observed = random.poisson(expected * random.gamma(2.0, 1 / 2.5, 4000)).astype(float)
        prior = fit_gamma(observed, expected)
        assert isinstance(prior, GammaPrior)
        assert prior.shape == pytest.approx(2.0, rel=0.1)
        assert prior.shape / prior.rate == pytest.approx(0.8, rel=0.05)

    @pytest.mark.parametrize(
        ("observed", "expected", "words"),
        [
            ([1, 2], [1, 1], "fewer than 5"),
            ([0] * 8, [1] * 8, "no case"),
            ([2] * 8, [2] * 8, "no more than chance"),
        ],
    )
    def test_it_says_why_there_is_no_prior(self, observed, expected, words):
        found = fit_gamma(np.array(observed, float), np.array(expected, float))
        assert isinstance(found, NoPrior)
        assert words in found.reason

    def test_units_without_expectation_do_not_matter(self):
        observed, expected = np.array([9.0, 1, 4, 0, 12, 2, 7]), np.array([3.0, 4, 3, 5, 4, 3, 4])
        padded = fit_gamma(np.append(observed, [0.0]), np.append(expected, [0.0]))
        assert padded == fit_gamma(observed, expected)

    def test_with_much_data_the_unit_speaks_for_itself(self):
        found = shrunken(np.array([2000.0, 0.0]), np.array([1000.0, 1e-9]), GammaPrior(4.0, 5.0))
        assert found.value[0] == pytest.approx(2.0, rel=0.01)
        assert found.value[1] == pytest.approx(0.8)
        assert (found.low < found.value).all()
        assert (found.value < found.high).all()


class TestCounting:
    first = np.array([0, 2, 3])
    node_start = np.array([0, 2, 3, 5])
    node = np.array([0, 1, 0, 1, 2], np.int32)

    def test_sessions_persons_and_weights(self):
        sessions, persons, weights = node_totals(
            self.first, self.node_start, self.node, 4, np.array([1.0, 0.5, 0.25])
        )
        assert sessions.tolist() == [2, 2, 1, 0]
        assert persons.tolist() == [1, 2, 1, 0]
        assert weights.tolist() == [1.5, 1.25, 0.25, 0.0]

    def test_by_stratum(self):
        total = by_stratum(
            self.node_start,
            self.node,
            np.array([1.0, 2.0, 4.0, 8.0, 16.0]),
            np.array([0, 1, 1]),
            np.array([1, 1, 0]),
            np.array([False, False, True]),
            2,
        )
        assert total.tolist() == [[1.0, 4.0], [2.0, 8.0], [16.0, 0.0]]
