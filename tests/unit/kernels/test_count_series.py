"""EARS, CUSUM and Farrington on series small enough to work out by hand."""

import numpy as np
import pytest
from scipy import stats

from untoward.kernels.cusum import cusum
from untoward.kernels.ears import CDC_FACTOR, ears, history_needed, normal_factor
from untoward.kernels.farrington import Flexible, Original, flexible, original
from untoward.kernels.quasi_poisson import fit, p_value

NAN = float("nan")
QUIET = [2.0, 4, 2, 4, 2, 4, 3]


class TestEars:
    def test_c1_compares_with_the_seven_before(self):
        found = ears(np.array([*QUIET, 6]), "C1", 3.0)
        assert np.isnan(found.bound[:7]).all()
        assert found.expected[7] == pytest.approx(3)
        assert found.bound[7] == pytest.approx(3 + 3 * 1.0)
        assert not found.alarm[7]

    def test_c2_leaves_the_last_two_out(self):
        found = ears(np.array([*QUIET, 50, 60, 7]), "C2", 3.0)
        assert found.expected[9] == pytest.approx(3)
        assert found.alarm[9]

    def test_c3_adds_what_was_left_over(self):
        series = np.array([*QUIET, 3, 3, 3, 3, 5, 5])
        found = ears(series, "C3", CDC_FACTOR["C3"])
        # C2 is 2.45 and then 2.69: 1.45 is left over at the first point, 1.45 + 1.69 at the second
        assert not found.alarm[11]
        assert found.alarm[12]

    def test_c3_needs_a_case(self):
        series = np.array([*QUIET, 3, 3, 40, 40, 0])
        found = ears(series, "C3", CDC_FACTOR["C3"])
        assert found.bound[11] == 0
        assert not found.alarm[11]

    def test_no_spread_alarms_at_a_single_case_unless_there_is_a_floor(self):
        series = np.array([0.0] * 9 + [1])
        assert ears(series, "C2", 3.0).alarm[9]
        assert not ears(series, "C2", 3.0, floor=0.5).alarm[9]

    def test_no_spread_in_c3_is_no_accident(self):
        found = ears(np.array([0.0] * 12), "C3", 2.0)
        assert found.bound[11] == 0
        assert not found.alarm.any()
        assert ears(np.array([0.0] * 11 + [1, 1]), "C3", 2.0).alarm[11:].all()

    def test_a_gap_is_not_a_zero(self):
        series = np.array([*QUIET[:3], NAN, *QUIET[4:], 50])
        found = ears(series, "C1", 3.0)
        assert np.isnan(found.bound[7])
        assert not found.alarm[7]

    @pytest.mark.parametrize("variant", ["C1", "C2", "C3"])
    def test_history_needed_is_where_bounds_begin(self, variant):
        bound = ears(np.arange(20.0), variant, 3.0).bound
        assert int(np.flatnonzero(~np.isnan(bound))[0]) == history_needed(variant)

    def test_factors(self):
        assert normal_factor(0.001) == pytest.approx(3.090232, abs=1e-6)
        with pytest.raises(ValueError, match="alpha"):
            normal_factor(0.5)
        with pytest.raises(ValueError, match="baseline"):
            ears(np.zeros(9), "C1", 3.0, baseline=1)


class TestCusum:
    def test_the_bound_is_the_count_that_reaches_h(self):
        at_bound = cusum(np.array([0.0]), 3.0).bound[0]
        assert cusum(np.array([at_bound + 1e-9]), 3.0).alarm[0]
        assert not cusum(np.array([at_bound - 1e-6]), 3.0).alarm[0]

    def test_without_reset_weeks_without_a_case_ring(self):
        series = np.array([60.0, 0, 0, 0])
        assert cusum(series, 2.0, reset=False).alarm.tolist() == [True] * 4
        assert cusum(series, 2.0).alarm.tolist() == [True, False, False, False]

    def test_small_rises_add_up(self):
        found = cusum(np.array([7.0] * 4), 3.0)
        assert not found.alarm[0]
        assert found.alarm.any()

    def test_a_gap_neither_adds_nor_rings(self):
        found = cusum(np.array([5.0, NAN, 5.0]), 2.0)
        assert found.total[1] == found.total[0]
        assert not found.alarm[1]

    def test_a_mean_of_zero_is_refused(self):
        with pytest.raises(ValueError, match="mean"):
            cusum(np.zeros(3), 0.0)


class TestQuasiPoisson:
    def test_a_mean_and_its_dispersion(self):
        counts = np.array([2.0, 4, 6, 8])
        found = fit(np.ones((4, 1)), counts, np.ones(4))
        assert found.mean == pytest.approx([5] * 4)
        assert found.dispersion == pytest.approx(((counts - 5) ** 2 / 5).sum() / 3, rel=1e-4)
        assert found.leverage == pytest.approx([0.25] * 4)

    def test_against_statsmodels(self):
        api = pytest.importorskip("statsmodels.api")
        random = np.random.default_rng(5)
        time = np.arange(60) / 10
        design = np.column_stack([np.ones(60), time])
        counts = random.negative_binomial(3, 0.4, 60).astype(float)
        weights = random.random(60) + 0.5
        ours = fit(design, counts, weights)
        theirs = api.GLM(counts, design, family=api.families.Poisson(), var_weights=weights).fit(scale="X2")
        assert ours.coefficients == pytest.approx(theirs.params, rel=1e-6)
        assert ours.dispersion == pytest.approx(theirs.scale, rel=1e-5)
        assert p_value(ours, 1) == pytest.approx(2 * stats.t.sf(abs(theirs.tvalues[1]), 58), rel=1e-4)


class TestFarrington:
    COUNTS = np.random.default_rng(3).poisson(4, 400).astype(float)

    @pytest.mark.parametrize(("method", "settings"), [(original, Original()), (flexible, Flexible())])
    def test_a_great_excess_alarms_and_an_ordinary_week_does_not(self, method, settings):
        for last, alarm in ((40.0, True), (4.0, False)):
            series = np.append(self.COUNTS, last)
            found = method(series, series.size - 1, settings)
            assert found.alarm is alarm
            assert 4 < found.bound < 25
            assert found.reason == ""

    @pytest.mark.parametrize(("method", "settings"), [(original, Original()), (flexible, Flexible())])
    def test_a_short_history_says_how_long_it_must_be(self, method, settings):
        found = method(self.COUNTS, 259, settings)
        assert np.isnan(found.bound)
        assert found.reason == "259 points before this one; 5 years need 260"

    def test_few_cases_cannot_alarm(self):
        series = np.append(np.random.default_rng(1).poisson(0.1, 300).astype(float), 3.0)
        series[-4:-1] = 0
        found = original(series, 300, Original())
        assert not found.alarm
        assert found.reason == "3 cases in the last 4 points; an alarm needs 5"

    def test_no_case_ever_before_has_no_bound(self):
        found = original(np.append(np.zeros(300), 9.0), 300, Original())
        assert "no case in all the earlier points" in found.reason

    def test_gaps_are_left_out_and_counted(self):
        series = self.COUNTS.copy()
        series[399 - 52] = NAN
        found = original(series, 399, Original())
        assert found.left_out == 1
        assert np.isfinite(found.bound)
        series[399] = NAN
        assert original(series, 399, Original()).reason == "this point is a gap"

    def test_past_outbreaks_are_weighed_down(self):
        series = self.COUNTS.copy()
        series[399 - 52] = 80
        with_weights = original(series, 399, Original()).bound
        assert with_weights < original(series, 399, Original(reweight=False)).bound

    def test_one_season_is_the_windows_alone(self):
        found = flexible(self.COUNTS, 399, Flexible(seasons=1))
        assert np.isfinite(found.bound)

    def test_a_rising_trend_is_followed_when_it_does_not_extrapolate(self):
        rising = np.floor(np.arange(400) / 20) + 2
        assert original(rising, 399, Original()).trend is False
        rising[350] = 60
        assert original(np.append(rising[:399], 20.0), 399, Original(reweight=False)).expected < 60
