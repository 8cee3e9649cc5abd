"""Windows in time: what each kind of scan looks at."""

from math import isnan

import numpy as np
import pytest

from untoward.kernels.spatial_scan import Area, scan


@pytest.fixture
def planted():
    """Six places on a line, eight periods, 2 cases everywhere; 9 in place 4 in periods 2 and 3, 7 in place 1 in the last two."""
    cases = np.full((6, 8), 2)
    cases[4, 2:4], cases[1, 6:] = 9, 7
    return Area(tuple("abcdef"), np.arange(6.0), np.zeros(6), False), cases, np.ones((6, 8))


def first(planted, **options):
    area, cases, baseline = planted
    return scan(area, cases, baseline, replicates=99, **options).clusters[0]


def test_retrospective_finds_what_is_over(planted):
    found = first(planted, time="retrospective")
    assert (found.members, found.first, found.last, found.observed) == ((4,), 2, 3, 18)
    assert found.expected == pytest.approx(2 / 48 * planted[1].sum())
    assert found.population == 1.0


def test_prospective_finds_what_is_still_there(planted):
    found = first(planted, time="prospective")
    assert (found.members, found.first, found.last, found.observed) == ((1,), 6, 7, 14)


def test_permutation_takes_its_expectation_from_the_margins(planted):
    found = first(planted, model="permutation", time="retrospective")
    cases = planted[1]
    assert (found.members, found.first, found.last) == ((4,), 2, 3)
    assert found.expected == pytest.approx(cases[4].sum() * cases[:, 2:4].sum() / cases.sum())
    assert isnan(found.population)


def test_permutation_does_not_see_a_busy_place(planted):
    area, cases, baseline = planted
    busy = cases.copy()
    busy[0] *= 5
    assert scan(area, busy, baseline, replicates=99).clusters[0].members == (0,)
    found = scan(area, busy, baseline, model="permutation", time="retrospective", replicates=99).clusters[0]
    assert found.members == (4,)


def test_time_only_holds_all_places(planted):
    found = first(planted, time="only")
    assert (found.members, found.radius) == ((0, 1, 2, 3, 4, 5), 0.0)
    assert (found.first, found.last, found.observed) == (2, 3, planted[1][:, 2:4].sum())


def test_bernoulli_over_time(planted):
    area, cases, _baseline = planted
    found = scan(area, cases, cases + 20, model="bernoulli", time="retrospective", replicates=99).clusters[0]
    assert (found.members, found.first, found.last) == ((4,), 2, 3)


def test_space_alone_adds_the_periods_up(planted):
    area, cases, baseline = planted
    found = scan(area, cases, baseline, replicates=99).clusters[0]
    added = scan(area, cases.sum(axis=1, keepdims=True), baseline.sum(axis=1, keepdims=True), replicates=99)
    assert (found.llr, found.p) == (added.clusters[0].llr, added.clusters[0].p)
    assert found.population == added.clusters[0].population / 8


def test_windows_are_half_of_the_period_at_most_unless_told(planted):
    area, cases, baseline = planted
    busy = cases.copy()
    busy[4] = 9
    half = first((area, busy, baseline), time="retrospective")
    assert half.last - half.first + 1 == 4
    longer = first((area, busy, baseline), time="retrospective", longest=6)
    assert longer.last - longer.first + 1 == 6


@pytest.mark.parametrize(("time", "longest"), [("retrospective", 0), ("retrospective", 9), ("only", 8)])
def test_lengths_that_cannot_be_are_refused(planted, time, longest):
    with pytest.raises(ValueError, match="longest"):
        first(planted, time=time, longest=longest)


def test_a_time_trend_everywhere_is_expected_when_the_baseline_has_it(planted):
    area, _cases, _baseline = planted
    population = np.outer(np.ones(6), np.arange(1, 9.0))
    cases = (2 * population).astype(int)
    assert scan(area, cases, population, time="retrospective", replicates=9).clusters == ()
