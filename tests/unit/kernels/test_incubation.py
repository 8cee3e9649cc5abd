"""Incubation times."""

from math import exp

import numpy as np
import pytest
from scipy import stats

from untoward.kernels.incubation import common_window, fit_log_normal, five_numbers

TIMES = [3.0, 4.0, 5.5, 7.0, 12.0, 20.0]


def test_five_numbers():
    assert five_numbers(TIMES) == pytest.approx((3, 4.375, 6.25, 10.75, 20))
    assert five_numbers([2.0]) == (2, 2, 2, 2, 2)


def test_log_normal_is_a_normal_of_the_logs():
    found, logs = fit_log_normal(TIMES), np.log(TIMES)
    low, high = stats.t.interval(0.95, 5, loc=logs.mean(), scale=stats.sem(logs))
    assert (found.median, found.low, found.high) == pytest.approx((exp(logs.mean()), exp(low), exp(high)))
    fitted = stats.lognorm(s=np.log(found.dispersion), scale=found.median)
    assert (found.share_2_5, found.share_97_5) == pytest.approx(fitted.ppf([0.025, 0.975]))
    assert found.p_fit == pytest.approx(stats.shapiro(logs).pvalue)


@pytest.mark.parametrize("times", [[1.0, 2.0], [4.0, 4.0, 4.0]])
def test_too_little_for_a_fit(times):
    assert fit_log_normal(times) is None


def test_beyond_five_thousand_times_there_is_no_test_of_fit():
    assert fit_log_normal(np.linspace(1, 9, 5001)).p_fit is None


class TestWindow:
    def test_one_exposure_explains_all(self):
        """Onsets on days 20 to 40, incubation 10 to 114 days: exposed between day -74 and day 10."""
        assert common_window([40, 20, 31], 10, 114) == (-74, 10)

    def test_onsets_too_far_apart(self):
        window = common_window([0, 50], 1, 6)
        assert window.start > window.end

    @pytest.mark.parametrize(("onsets", "low", "high"), [([], 1, 2), ([1], 3, 2), ([1], -1, 2)])
    def test_nonsense_is_refused(self, onsets, low, high):
        with pytest.raises(ValueError, match="incubation"):
            common_window(onsets, low, high)
