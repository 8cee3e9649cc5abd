"""Circles, draws and answers of the scan of space."""

from itertools import pairwise
from math import inf, isnan, log, nan

import numba
import numpy as np
import pytest

from untoward.kernels.scan_draws import BERNOULLI, PERMUTATION, POISSON, deal, null_of, stream
from untoward.kernels.scan_population import person_time
from untoward.kernels.scan_statistics import llr, relative_risk
from untoward.kernels.scan_windows import everywhere
from untoward.kernels.spatial_scan import Area, circles, scan, standardised


def line(places):
    """Places on a line, 1 apart."""
    return area(np.arange(places), np.zeros(places))


def uneven(places):
    """Places on a line, ever farther apart, so that no two are equally far from a third."""
    return area(np.arange(places) * (1 + 0.01 * np.arange(places)), np.zeros(places))


def area(x, y, great_circle=False):
    names = tuple(f"place {number}" for number in range(len(x)))
    return Area(names, np.asarray(x, float), np.asarray(y, float), great_circle)


def sets(around):
    return [frozenset(around.members(entry).tolist()) for entry in np.flatnonzero(around.new)]


class TestCircles:
    def test_places_equally_far_enter_together(self):
        found = sets(circles(line(5), np.ones(5), 1.0))
        assert frozenset({2}) in found
        assert frozenset({1, 2, 3}) in found
        assert frozenset({1, 2}) not in {members for members in found if 2 in members and 0 not in members}

    def test_a_set_of_places_is_looked_at_once(self):
        found = sets(circles(line(6), np.ones(6), 1.0))
        assert len(found) == len(set(found))
        assert sum(members == frozenset(range(6)) for members in found) == 1

    def test_no_circle_holds_more_than_its_share(self):
        people = np.array([10.0, 30, 30, 20, 10])
        found = sets(circles(line(5), people, 0.5))
        assert all(people[list(members)].sum() <= 50 for members in found)
        assert frozenset({0, 1}) in found

    def test_a_place_with_more_than_the_share_is_in_no_circle(self):
        found = sets(circles(line(3), [1.0, 8.0, 1.0], 0.5))
        assert set(found) == {frozenset({0}), frozenset({2})}

    def test_places_at_one_spot_enter_together(self):
        found = sets(circles(area([0, 0, 9], [0, 0, 0]), np.ones(3), 1.0))
        assert frozenset({0, 1}) in found
        assert frozenset({0}) not in found

    def test_great_circles_cross_the_date_line(self):
        fiji = area([179.5, -179.5, 170.0], [-17.0, -17.0, -17.0], great_circle=True)
        assert frozenset({0, 1}) in sets(circles(fiji, np.ones(3), 0.7))

    def test_a_quarter_of_the_earth(self):
        pole = area([0.0, 0.0], [0.0, 90.0], great_circle=True)
        (found,) = scan(pole, [[9], [9]], [[5], [100]], largest_share=1.0, replicates=9).clusters[:1]
        assert found.radius == 0.0
        both = circles(pole, np.ones(2), 1.0)
        assert frozenset({0, 1}) in sets(both)

    def test_everywhere_is_one_circle(self):
        assert sets(everywhere(4)) == [frozenset(range(4))]

    @pytest.mark.parametrize(
        ("x", "y", "people", "share", "said"),
        [
            ([0, 1], [0, 0], [1, 1], 0.0, "largest_share"),
            ([0, 1], [0, 0], [1, 1], 1.5, "largest_share"),
            ([0, nan], [0, 0], [1, 1], 0.5, "finite positions"),
            ([0, 181], [0, 0], [1, 1], 0.5, "longitudes"),
            ([0, 1], [0, 91], [1, 1], 0.5, "latitudes"),
            ([0, 1], [0, 0], [1, -1], 0.5, "populations"),
            ([0, 1], [0, 0], [0, 0], 0.5, "populations"),
            ([0, 1], [0, 0], [1], 0.5, "each of one or more places"),
        ],
    )
    def test_what_cannot_be_is_refused(self, x, y, people, share, said):
        with pytest.raises(ValueError, match=said):
            circles(area(x, y, great_circle=True), people, share)


class TestStatistic:
    def test_poisson_by_hand(self):
        assert llr(8, 25.0, 20, 100.0, False) == pytest.approx(8 * log(8 / 5) + 12 * log(12 / 15), rel=1e-14)

    def test_bernoulli_by_hand(self):
        by_hand = (
            8 * log(8 / 25) + 17 * log(17 / 25) + 12 * log(12 / 75) + 63 * log(63 / 75)
            - 20 * log(20 / 100) - 80 * log(80 / 100)
        )  # fmt: skip
        assert llr(8, 25.0, 20, 100.0, True) == pytest.approx(by_hand, rel=1e-12)

    def test_no_excess_is_no_evidence(self):
        assert llr(5, 25.0, 20, 100.0, False) == 0.0
        assert llr(2, 25.0, 20, 100.0, True) == 0.0

    def test_everything_inside(self):
        assert llr(20, 50.0, 20, 100.0, False) == pytest.approx(20 * log(2))
        assert relative_risk(20, 10.0, 20) == inf
        assert isnan(relative_risk(0, 0.0, 20))


def drawn(kind, cases, baseline, replicates=2_000, seed=3):
    counts, weight = np.asarray(cases, np.int32), np.asarray(baseline, float)
    null = null_of(kind, counts, weight)
    cells = np.zeros((replicates, counts.size), np.int32)
    for replicate in range(replicates):
        deal(null, np.uint64(stream(np.uint64(seed), np.uint64(replicate))), cells[replicate])
    return cells.reshape(replicates, *counts.shape)


class TestDraws:
    def test_poisson_follows_the_baseline_and_spares_empty_cells(self):
        counts = drawn(POISSON, [[30, 0], [0, 0], [0, 0]], [[1, 2], [0, 3], [4, 0]])
        assert (counts.sum(axis=(1, 2)) == 30).all()
        assert counts[:, 1, 0].max() == counts[:, 2, 1].max() == 0
        assert counts.mean(axis=0) == pytest.approx(3 * np.array([[1, 2], [0, 3], [4, 0]]), abs=0.25)
        assert counts[:, 2, 0].var() == pytest.approx(30 * 0.4 * 0.6, rel=0.12)

    @pytest.mark.parametrize("many", [2, 5])
    def test_bernoulli_is_a_choice_without_repetition(self, many):
        counts = drawn(BERNOULLI, [[many], [0], [0]], [[3], [4], [0]], replicates=6_000)[:, :, 0]
        assert (counts.sum(axis=1) == many).all()
        assert (counts <= [3, 4, 0]).all()
        assert counts[:, 0].mean() == pytest.approx(many * 3 / 7, rel=0.03)
        hypergeometric = many * (3 / 7) * (4 / 7) * (7 - many) / 6
        assert counts[:, 0].var() == pytest.approx(hypergeometric, rel=0.08)

    def test_permutation_keeps_both_margins(self):
        cases = np.array([[3, 0, 1], [0, 2, 2]])
        counts = drawn(PERMUTATION, cases, cases)
        assert (counts.sum(axis=1) == cases.sum(axis=0)).all()
        assert (counts.sum(axis=2) == cases.sum(axis=1)).all()
        assert counts.mean(axis=0) == pytest.approx(np.outer([4, 4], [3, 2, 3]) / 8, abs=0.08)

    def test_replicates_and_seeds_differ(self):
        first, second = (
            drawn(POISSON, [[50]] * 4, [[1]] * 4, 2),
            drawn(POISSON, [[50]] * 4, [[1]] * 4, 2, seed=4),
        )
        assert not np.array_equal(first[0], first[1])
        assert not np.array_equal(first[0], second[0])


class TestScan:
    CASES = np.array([[2], [9], [8], [1], [2], [1], [0], [2], [7], [2]])
    PEOPLE = np.full((10, 1), 100.0)

    def test_the_busy_places_are_found(self):
        first = scan(uneven(10), self.CASES, self.PEOPLE, replicates=199).clusters[0]
        assert set(first.members) == {1, 2}
        assert (first.observed, first.expected, first.population) == (17, pytest.approx(6.8), 200)
        assert first.relative_risk == pytest.approx((17 / 6.8) / (17 / 27.2))
        assert first.radius == pytest.approx(1.03)
        assert first.p <= 0.05

    def test_later_clusters_share_no_place_and_are_less_likely(self):
        found = scan(uneven(10), self.CASES, self.PEOPLE, replicates=199).clusters
        assert found[1].members == (8,)
        members = [place for cluster in found for place in cluster.members]
        assert len(members) == len(set(members))
        assert all(a.llr >= b.llr and a.p <= b.p for a, b in pairwise(found))

    def test_overlap_gives_the_best_of_every_centre(self):
        found = scan(uneven(10), self.CASES, self.PEOPLE, replicates=199, overlap=True).clusters
        assert len({cluster.centre for cluster in found}) == len(found)
        members = [place for cluster in found for place in cluster.members]
        assert len(members) > len(set(members))

    def test_equal_statistics_have_equal_p(self):
        cases = np.array([[6], [0], [0], [0], [0], [6], [0], [0]])
        first, second = scan(line(8), cases, np.full((8, 1), 10.0), replicates=99).clusters[:2]
        assert first.llr == second.llr
        assert first.p == second.p

    def test_ties_count_as_reached(self):
        # With one place to choose and one case, every replicate has the statistic observed.
        found = scan(line(2), [[1], [0]], [[1], [1]], replicates=19).clusters[0]
        assert found.p == 1.0

    def test_no_excess_anywhere_gives_no_cluster(self):
        assert scan(line(1), [[4]], [[9]], largest_share=1.0, replicates=9).clusters == ()

    def test_stopping_early_keeps_the_first_replicates(self):
        cases = np.array([[3], [2], [1], [2]])
        full = scan(line(4), cases, np.ones((4, 1)), replicates=999)
        early = scan(line(4), cases, np.ones((4, 1)), replicates=999, stop_when=10)
        assert early.replicates < 200
        assert np.array_equal(early.largest, full.largest[: early.replicates])
        assert early.clusters[0].p == pytest.approx(11 / (early.replicates + 1))

    def test_the_same_on_one_core_and_with_more_replicates(self):
        cores = numba.get_num_threads()
        answer = scan(uneven(10), self.CASES, self.PEOPLE, replicates=300, seed=5)
        numba.set_num_threads(1)
        try:
            alone = scan(uneven(10), self.CASES, self.PEOPLE, replicates=300, seed=5)
        finally:
            numba.set_num_threads(cores)
        more = scan(uneven(10), self.CASES, self.PEOPLE, replicates=500, seed=5)
        assert np.array_equal(answer.largest, alone.largest)
        assert np.array_equal(answer.largest, more.largest[:300])

    def test_progress_is_told(self):
        said = []
        scan(uneven(10), self.CASES, self.PEOPLE, replicates=70, progress=lambda *done: said.append(done))
        assert said[-1] == (70, 70)

    def test_a_small_cluster_carries_a_caution(self):
        cases = np.array([[4], [0], [1], [0], [1]])
        found = scan(line(5), cases, np.full((5, 1), 9.0), model="bernoulli", replicates=99).clusters[0]
        assert "fewer than 10 cases" in found.caution

    @pytest.mark.parametrize(
        ("cases", "baseline", "options", "said"),
        [
            ([[1.5], [1]], [[1], [1]], {}, "whole numbers"),
            ([[-1], [2]], [[1], [1]], {}, "whole numbers"),
            ([[nan], [2]], [[1], [1]], {}, "whole numbers"),
            ([[0], [0]], [[1], [1]], {}, "cases in all"),
            ([[1], [1]], [[1], [0]], {}, "cases where the baseline is 0"),
            ([[1], [1]], [[1], [inf]], {}, "baselines"),
            ([[1], [1]], [[1, 1], [1, 1]], {}, "places, periods"),
            ([[1], [1], [1]], [[1], [1], [1]], {}, "places, periods"),
            ([[2], [1]], [[1], [5]], {"model": "bernoulli"}, "cases included"),
            ([[2], [1]], [[2.5], [5]], {"model": "bernoulli"}, "whole numbers of people"),
            ([[2], [1]], [[2], [1]], {"model": "bernoulli"}, "everybody is a case"),
            ([[1], [1]], [[1], [1]], {"model": "permutation"}, "retrospective or prospective"),
            ([[1], [1]], [[1], [1]], {"model": "normal"}, "a model and time"),
            ([[1], [1]], [[1], [1]], {"time": "retrospective"}, "2 or more"),
            ([[1], [1]], [[1], [1]], {"replicates": 0}, "1 or more replicates"),
            ([[1], [1]], [[1], [1]], {"seed": -1}, "seed"),
            ([[1], [1]], [[1], [1]], {"stop_when": 0}, "stop_when"),
        ],
    )
    def test_what_cannot_be_is_refused(self, cases, baseline, options, said):
        with pytest.raises(ValueError, match=said):
            scan(line(2), cases, baseline, **options)


class TestStandardised:
    def test_each_stratum_has_one_rate(self):
        cases = np.array([[[3, 0]], [[1, 8]]])
        people = np.array([[[100, 50]], [[100, 150]]])
        young, old = 4 / 200, 8 / 200
        assert standardised(cases, people) == pytest.approx(
            np.array([[100 * young + 50 * old], [100 * young + 150 * old]])
        )

    def test_the_sum_is_the_number_of_cases(self):
        random = np.random.default_rng(8)
        people = random.integers(1, 900, (5, 4, 3))
        cases = random.binomial(people, 0.02)
        assert standardised(cases, people).sum() == pytest.approx(cases.sum())

    def test_a_stratum_without_people_or_cases_expects_none(self):
        assert standardised([[[2, 0]]], [[[10, 0]]]) == pytest.approx(np.array([[2.0]]))

    def test_cases_without_people_are_refused(self):
        with pytest.raises(ValueError, match=r"strata \[1\]"):
            standardised([[[2, 1]]], [[[10, 0]]])

    @pytest.mark.parametrize(("cases", "people"), [([[1]], [[1]]), ([[[1]]], [[[-1]]]), ([[[nan]]], [[[1]]])])
    def test_what_cannot_be_is_refused(self, cases, people):
        with pytest.raises(ValueError, match="expected"):
            standardised(cases, people)


class TestPersonTime:
    def test_a_straight_line_between_dates_and_level_beyond(self):
        assert person_time([1, 3], [[10, 30]], [0, 1, 2, 3, 4]) == pytest.approx(np.array([[10, 15, 25, 30]]))

    def test_a_date_inside_a_period(self):
        assert person_time([0, 1, 2], [0, 10, 0], [0, 2]) == pytest.approx([5.0])

    def test_one_date_is_level(self):
        assert person_time([5], [[7]], [0, 1, 2]) == pytest.approx(np.array([[7, 7]]))

    def test_longer_periods_hold_more(self):
        assert person_time([0], [12], [0, 1, 4]) == pytest.approx([6.0, 18.0])

    @pytest.mark.parametrize(
        ("dates", "people", "edges"),
        [
            ([1, 1], [1, 1], [0, 1]),
            ([0], [1], [1, 0]),
            ([0], [nan], [0, 1]),
            ([0], [-1], [0, 1]),
            ([], [], [0, 1]),
        ],
    )
    def test_what_cannot_be_is_refused(self, dates, people, edges):
        with pytest.raises(ValueError, match="expected"):
            person_time(dates, people, edges)
