"""Person-time between censuses against day-by-day addition."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.exchange.places.periods import cut
from untoward.exchange.places.person_time import person_days


def by_day(people, censuses, edges):
    """Half the people at the start and half at the end of every day, added up: exact for straight lines between days."""
    known = [(at, one) for at, one in zip(censuses, people, strict=True) if not np.isnan(one)]
    at = [census for census, _one in known]
    value = [one for _census, one in known]
    return [
        sum(
            (np.interp(day, at, value) + np.interp(day + 1, at, value)) / 2
            for day in range(int(start), int(end))
        )
        for start, end in pairwise(edges)
    ]


@pytest.mark.parametrize(
    ("counted", "censuses", "edges", "expected"),
    [
        pytest.param([100.0], [5.0], [0.0, 10, 30], [1000, 2000], id="counted once, it stays"),
        pytest.param(
            [0.0, 100], [0.0, 10], [0.0, 10, 20], [500, 1000], id="between two censuses it changes evenly"
        ),
        pytest.param(
            [10.0, np.nan, 30], [0.0, 5, 10], [0.0, 10], [200], id="a missing census is bridged, never nobody"
        ),
        pytest.param([np.nan], [0.0], [0.0, 10], [0], id="a cell never counted has nobody"),
    ],
)
def test_person_days(counted, censuses, edges, expected):
    found = person_days(np.array([counted]), np.array(censuses), np.array(edges))
    assert found[0] == pytest.approx(expected)


@given(
    st.lists(
        st.lists(st.one_of(st.just(np.nan), st.floats(0, 1e6)), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.integers(-50, 150), min_size=3, max_size=3, unique=True),
    st.lists(st.integers(0, 100), min_size=2, max_size=6, unique=True),
)
def test_it_equals_adding_up_day_by_day(people, censuses, edges):
    counted, at, ends = np.array(people), np.array(sorted(censuses), float), np.array(sorted(edges), float)
    found = person_days(counted, at, ends)
    for row, one in zip(found, counted, strict=True):
        expected = [0.0] * (len(ends) - 1) if np.isnan(one).all() else by_day(one, at, ends)
        assert row == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(st.dates(), st.integers(0, 900), st.sampled_from(["day", "week", "month", "year"]))
def test_every_day_of_the_study_is_in_one_period(first, length, unit):
    start = min(first.toordinal(), date.max.toordinal() - 1000)
    periods = cut(date.fromordinal(start), date.fromordinal(start + length), unit)
    assert periods.edges[0] == start
    assert periods.edges[-1] == start + length + 1
    assert (np.diff(periods.edges) > 0).all()
    days = np.arange(start, start + length + 1, dtype=float)
    place = periods.place_of(days)
    assert (np.diff(place) >= 0).all()
    assert set(place.tolist()) == set(range(periods.count))
    assert periods.place_of(np.array([start - 1.0, start + length + 1.0])).tolist() == [-1, -1]
