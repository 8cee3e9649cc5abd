"""Every method over a series: what it says, and why it cannot."""

from datetime import date, timedelta

import numpy as np
import pytest

from untoward.kernels.ears import ears
from untoward.watch.series.binning import Series
from untoward.watch.series.methods import METHODS, SeriesSettings, run_method

QUIET = np.random.default_rng(2).poisson(4, 330).astype(float)


def series(counts):
    starts = tuple(date(2019, 1, 7) + timedelta(days=7 * at) for at in range(len(counts)))
    return Series(
        name="all",
        step="week",
        starts=starts,
        counts=np.array(counts, dtype=float),
        gaps=0,
        filled=0,
        running=False,
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_great_excess_alarms(method):
    found = run_method(method, series([*QUIET, 40]), SeriesSettings())
    assert found.reason == ""
    assert found.alarms_now
    assert len(found.periods) == 52
    assert found.periods[-1].count == 40
    assert found.periods[-1].bound < 40


@pytest.mark.parametrize("method", METHODS)
def test_an_ordinary_week_does_not(method):
    found = run_method(method, series([*QUIET[:-1], 3]), SeriesSettings(last=4))
    assert not found.alarms_now
    assert len(found.periods) == 4


@pytest.mark.parametrize(
    ("method", "weeks", "said"),
    [
        ("ears-c1", 5, "4 earlier weeks; 7 are needed"),
        ("ears-c3", 9, "8 earlier weeks; 11 are needed"),
        (
            "cusum",
            60,
            "8 weeks with a count before the first one judged; 26 are needed (judge fewer: --last)",
        ),
        ("farrington", 100, "99 points before this one; 5 years need 260"),
        ("farrington-flexible", 100, "99 points before this one; 5 years need 260"),
    ],
)
def test_a_short_history_says_what_is_needed(method, weeks, said):
    found = run_method(method, series(QUIET[:weeks]), SeriesSettings())
    assert said in found.reason
    assert not found.alarms_now


@pytest.mark.parametrize("method", METHODS)
def test_a_gap_at_the_end_cannot_be_judged(method):
    found = run_method(method, series([*QUIET, np.nan]), SeriesSettings())
    assert found.reason
    assert not found.alarms_now
    assert found.periods == () or found.periods[-1].count is None


def test_a_gap_before_is_said():
    counts = QUIET.copy()
    counts[-3] = np.nan
    assert run_method("ears-c1", series(counts), SeriesSettings()).reason == "a gap among the 7 weeks before"


@pytest.mark.parametrize("method", METHODS)
def test_nothing_yet(method):
    assert run_method(method, series([]), SeriesSettings()).reason == "no week is over yet"


def test_cusum_needs_a_case_for_its_mean():
    assert "no case before" in run_method("cusum", series([0.0] * 100), SeriesSettings()).reason


def test_the_factor_is_stated():
    assert "3 SD (as CDC)" in run_method("ears-c2", series(QUIET), SeriesSettings()).settings
    found = run_method("ears-c2", series(QUIET), SeriesSettings(ears_alpha=0.001, floor=0))
    assert "3.09 SD (normal quantile of 0.001), SD at least 0" in found.settings
    assert found.periods[-1].bound == pytest.approx(ears(QUIET, "C2", 3.0902323).bound[-1])


def test_too_few_cases_for_an_alarm_is_a_note():
    counts = np.zeros(300)
    counts[::20] = 1
    counts[-1] = 3
    found = run_method("farrington", series(counts), SeriesSettings())
    assert "an alarm needs 5" in found.periods[-1].note
    assert not found.alarms_now
