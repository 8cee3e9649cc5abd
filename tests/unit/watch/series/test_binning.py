"""Dated counts to periods: gaps, zeros, and the period that is not over."""

from datetime import date, timedelta

import numpy as np
import pytest

from untoward.errors import UsageError
from untoward.watch.series.binning import series_of, step_of, weekday_of

MONDAY = date(2026, 1, 5)


def days(*offsets):
    return [MONDAY + timedelta(days=offset) for offset in offsets]


def binned(offsets, counts=None, **changed):
    settings = {"step": "week", "complete": False, "as_of": MONDAY + timedelta(days=27), **changed}
    return series_of("all", days(*offsets), counts or [1.0] * len(offsets), **settings)


def test_weeks_begin_on_monday_and_cases_add_up():
    found = binned([1, 3, 8, 20])
    assert found.starts == tuple(days(0, 7, 14, 21))
    assert found.counts[:3].tolist() == [2, 1, 1]


def test_a_week_without_a_row_is_a_gap():
    found = binned([1, 15])
    assert np.isnan(found.counts).tolist() == [False, True, False, True]
    assert (found.gaps, found.filled) == (2, 0)


def test_said_to_be_complete_it_is_a_zero_after_the_last_case_too():
    found = binned([1, 15], complete=True)
    assert found.counts.tolist() == [1, 0, 1, 0]
    assert (found.gaps, found.filled) == (0, 2)


def test_a_week_that_is_not_over_is_left_out():
    found = binned([1, 8, 15], as_of=MONDAY + timedelta(days=15))
    assert len(found.starts) == 2
    assert found.running
    assert not binned([1, 8], as_of=MONDAY + timedelta(days=13)).running


def test_what_comes_after_the_day_of_the_look_is_not_running():
    assert not binned([1, 8, 30], as_of=MONDAY + timedelta(days=13)).running


def test_weeks_of_a_table_of_counts_keep_its_weekday():
    assert weekday_of(days(2, 9, 16), line_list=False) == 2
    assert weekday_of(days(2, 9, 17), line_list=False) == 0
    assert weekday_of(days(2, 9), line_list=True) == 0
    assert binned([2, 9, 16], weekday=2).starts[0] == MONDAY + timedelta(days=2)


def test_groups_can_begin_together():
    found = binned([15], first=MONDAY, complete=True)
    assert found.counts[:3].tolist() == [0, 0, 1]


def test_days():
    found = binned([0, 2], [3, 4], step="day", as_of=MONDAY + timedelta(days=2))
    assert found.counts[[0, 2]].tolist() == [3, 4]
    assert np.isnan(found.counts[1])


def test_before_the_first_period_is_over():
    assert binned([0], as_of=MONDAY).starts == ()


def test_a_typing_error_of_a_thousand_years_is_refused():
    with pytest.raises(UsageError, match="at most 40,000"):
        series_of("all", [date(1026, 1, 1)], [1.0], step="week", complete=True, as_of=date(2026, 1, 1))


def test_the_step_of_a_table():
    assert step_of(days(0, 7, 14), line_list=False) == "week"
    assert step_of(days(0, 1, 14), line_list=False) == "day"
    assert step_of(days(0, 1, 14), line_list=True) == "week"
    assert step_of(days(0), line_list=False) == "week"
