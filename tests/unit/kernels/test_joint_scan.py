"""The joint scan on registries small enough to count by hand."""

import numba
import numpy as np
import pytest

from untoward.kernels import joint_scan
from untoward.kernels.joint_scan import Cases, Ground

CLINIC, LOT, OTHER_LOT, HAND = range(4)


def ground_of(persons, **changed):
    """``persons``: for each a list of (date, nodes); one stratum, equal weights, nodes 0 to 3."""
    rows = [row for person in persons for row in person]
    made = Ground(
        date=np.array([date for date, _nodes in rows], float),
        first=np.cumsum([0, *map(len, persons)]),
        weight=np.ones(len(rows)),
        stratum=np.zeros(len(rows), np.int64),
        node_start=np.cumsum([0, *(len(nodes) for _date, nodes in rows)]),
        node=np.array([node for _date, nodes in rows for node in nodes], np.int32),
        nodes=4,
        delays=np.array([20.0, 25.0, 30.0, 35.0, 40.0]),
        reach=60.0,
        now=np.inf,
    )
    return made._replace(**changed)


def cases_of(ground, persons, onsets):
    person, onset = np.array(persons), np.array(onsets, float)
    return Cases(person, onset, ground.stratum[joint_scan.likeliest_session(ground, person, onset)])


def clinic(many=40):
    """One session a person: the first 5 with the lot, all in the clinic, half with the hand; a day apart."""
    return [
        [(day, [CLINIC, *([LOT] if day < 5 else [OTHER_LOT]), *([HAND] if day % 2 else [])])]
        for day in range(many)
    ]


def outbreak():
    ground = ground_of(clinic())
    return ground, cases_of(ground, [0, 1, 2, 3, 4, 20], [30, 31, 32, 33, 34, 50])


def test_the_lot_with_the_cases_stands_out():
    ground, cases = outbreak()
    found = joint_scan.scan(ground, cases, replicates=999, seed=1)
    p = joint_scan.p_values(found.excess.llr, found.largest)
    assert found.excess.cases.tolist() == [6, 5, 1, 2]
    assert found.excess.expected == pytest.approx([6, 0.75, 5.25, 3])
    assert found.excess.llr[LOT] == pytest.approx(5 * np.log(5 / 0.75) + np.log(1 / 5.25))
    assert found.excess.llr[[CLINIC, OTHER_LOT, HAND]].tolist() == [0, 0, 0]
    assert p[LOT] == p.min() < 0.02
    assert p[CLINIC] == 1


def test_the_best_window_has_all_sessions_of_its_days():
    ground, cases = outbreak()
    found = joint_scan.scan(ground, cases, replicates=9).excess
    assert (found.window_from[CLINIC], found.window_to[CLINIC]) == (0, 4)
    assert (found.window_cases[CLINIC], found.window_expected[CLINIC]) == (5, pytest.approx(0.75))
    same_day = ground_of([[(7, [CLINIC])], [(7.4, [CLINIC])], [(7.9, [CLINIC])], *clinic(9)])
    drawn = cases_of(same_day, [0, 2], [30, 30])
    day = joint_scan.scan(same_day, drawn, replicates=9, longest_window=0).excess
    assert (day.window_from[CLINIC], day.window_to[CLINIC], day.window_cases[CLINIC]) == (7, 7, 2)
    assert day.window_expected[CLINIC] == pytest.approx(2 * 4 / 12)


def test_windows_are_no_longer_than_asked():
    ground, cases = outbreak()
    found = joint_scan.scan(ground, cases, replicates=9, longest_window=2).excess
    assert found.window_to[CLINIC] - found.window_from[CLINIC] == 2
    assert found.window_cases[CLINIC] == 3
    none = joint_scan.scan(ground, cases, replicates=9, windows=False).excess
    assert none.window_llr.tolist() == [0, 0, 0, 0]
    assert np.isnan(none.window_from).all()


def test_many_sessions_of_a_person_count_once_in_a_node():
    course = [(day, [CLINIC, LOT]) for day in (0, 10, 20, 30)]
    ground = ground_of([course, [(5, [CLINIC])], [(6, [CLINIC])]])
    cases = cases_of(ground, [0], [45.0])
    found = joint_scan.scan(ground, cases, replicates=9, least_cases=1).excess
    assert found.cases.tolist() == [1, 1, 0, 0]
    assert joint_scan.members(ground, cases, LOT) == [(0, [0, 1, 2, 3])]
    assert joint_scan.members(ground, cases, LOT, 10, 20) == [(0, [1, 2])]
    assert joint_scan.members(ground, cases, LOT, 25, 40) == []
    assert joint_scan.members(ground, cases, HAND) == []


def test_the_likeliest_session_stands_for_the_case():
    ground = ground_of([[(0, [LOT]), (15, [LOT]), (40, [LOT])]])
    assert joint_scan.likeliest_session(
        ground, np.array([0, 0, 0]), np.array([45.0, 31.0, 70.0])
    ).tolist() == [1, 0, 2]
    where = joint_scan.counted(ground, Cases(np.array([0]), np.array([45.0]), np.array([0])))
    assert (where.case.tolist(), where.node.tolist(), where.row.tolist()) == ([0], [LOT], [1])
    flat = ground._replace(delays=np.zeros(0))
    assert joint_scan.likeliest_session(flat, np.array([0]), np.array([45.0])).tolist() == [2]


@pytest.mark.parametrize(
    ("onset", "rows"), [(500.0, [1]), (-3.0, [0]), (0.0, [0]), (54.9, [0]), (60.0, [0, 1]), (60.5, [1])]
)
def test_no_case_is_lost(onset, rows):
    """Far after the last session, before the first, on its day, and about the end of the reach."""
    ground = ground_of([[(0, [LOT]), (55, [OTHER_LOT])]])
    where = joint_scan.counted(ground, Cases(np.array([0]), np.array([onset]), np.array([0])))
    assert sorted(where.row) == rows


def test_expected_counts_know_how_much_time_has_passed():
    """Weight is given; of the delays only those that can be known by now lead to other sessions."""
    ground = ground_of([[(0, [LOT]), (30, [OTHER_LOT])], [(0, [HAND])]], weight=np.array([1.0, 0.1, 1.0]))
    rows = joint_scan.expected(ground._replace(delays=np.array([20.0, 40.0]), now=100.0))
    assert rows == pytest.approx(
        [1.05, 0.6, 1.0]
    )  # of the second session's delays only the short one reaches back to LOT
    early = joint_scan.expected(ground._replace(delays=np.array([20.0, 40.0]), now=35.0))
    assert early == pytest.approx([1.1, 0.1, 1.0])  # the delay of 40 days cannot have shown yet


def test_a_recent_lot_is_neither_calm_nor_alarming():
    """Half of the sessions are so recent that a tenth of their risk has passed: 2 cases there are as many as 20 before."""
    recent = [[(200, [OTHER_LOT])] for _one in range(100)]
    old = [[(0, [LOT])] for _one in range(100)]
    ground = ground_of(old + recent, weight=np.repeat([1.0, 0.1], 100), now=205.0)
    found = joint_scan.scan(
        ground, cases_of(ground, [*range(20), 100, 101], [25.0] * 20 + [204, 205]), replicates=99
    )
    assert found.excess.expected == pytest.approx([0, 20, 2, 0])
    assert found.excess.llr.max() == 0
    alarming = cases_of(ground, [*range(10), *range(100, 110)], [25.0] * 10 + [204.0] * 10)
    scanned = joint_scan.scan(ground, alarming, replicates=999)
    assert joint_scan.p_values(scanned.excess.llr[OTHER_LOT], scanned.largest) == pytest.approx(0.001)


def test_weights_add_up_to_the_cases_of_each_stratum():
    ground = ground_of(
        clinic(10), stratum=np.repeat([0, 1], 5), weight=np.array([0, 1, 1, 1, 1, 0, 0, 0, 0, 0.0])
    )
    fair = joint_scan.calibrated(
        ground, Cases(np.array([1, 6, 7]), np.array([9.0, 9, 9]), np.array([0, 1, 1]))
    )
    assert fair.weight[:5].sum() == pytest.approx(1)
    assert fair.weight[0] == pytest.approx(0.01 * 0.8 * fair.weight[1])
    assert fair.weight[5:] == pytest.approx(0.4)


def test_ties_count_and_p_is_never_zero():
    largest = np.array([1.0, 2.0, 2.0, 5.0])
    p = joint_scan.p_values(np.array([2.0, 2.0 * (1 + 1e-14), 9.0, 0.0]), largest)
    assert p == pytest.approx([0.8, 0.8, 0.2, 1.0])


def test_everybody_a_case_means_no_excess_and_every_replicate_is_the_same():
    ground = ground_of(clinic(6))
    found = joint_scan.scan(ground, cases_of(ground, range(6), [40.0] * 6), replicates=50)
    assert found.excess.expected == pytest.approx(found.excess.cases)
    assert found.excess.llr.tolist() == [0, 0, 0, 0]
    assert set(found.largest) == {0.0}


def test_the_answer_does_not_depend_on_cores_or_chunks():
    ground, cases = outbreak()
    many = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        one = joint_scan.scan(ground, cases, replicates=250, seed=4)
    finally:
        numba.set_num_threads(many)
    all_ = joint_scan.scan(ground, cases, replicates=250, seed=4)
    assert np.array_equal(one.largest, all_.largest)
    assert np.array_equal(joint_scan.scan(ground, cases, replicates=101, seed=4).largest, one.largest[:101])
    assert not np.array_equal(joint_scan.scan(ground, cases, replicates=250, seed=5).largest, one.largest)


def test_the_answer_does_not_depend_on_the_numbers_of_nodes():
    ground, cases = outbreak()
    other = np.array([2, 0, 3, 1])
    one = joint_scan.scan(ground, cases, replicates=200)
    two = joint_scan.scan(ground._replace(node=other[ground.node].astype(np.int32)), cases, replicates=200)
    assert two.excess.llr[other] == pytest.approx(one.excess.llr, rel=1e-12)
    assert two.excess.window_llr[other] == pytest.approx(one.excess.window_llr, rel=1e-12)
    assert two.largest == pytest.approx(one.largest, rel=1e-12)


def test_it_stops_when_enough_replicates_reach_the_observed():
    ground = ground_of(clinic())
    cases = cases_of(ground, [3, 11, 22, 33], [40, 41, 50, 60])
    seen = []
    found = joint_scan.scan(
        ground, cases, replicates=5000, stop_when=10, progress=lambda done, total: seen.append((done, total))
    )
    observed = max(found.excess.llr.max(), found.excess.window_score.max())
    assert (found.largest >= observed * (1 - 1e-12)).sum() == 10
    assert found.largest[-1] >= observed * (1 - 1e-12)
    assert seen[-1][0] < 5000
    assert {total for _done, total in seen} == {5000}


def test_no_cases_no_findings():
    ground = ground_of(clinic())
    empty = np.zeros(0, np.int64)
    found = joint_scan.scan(ground, Cases(empty, np.zeros(0), empty), replicates=9)
    assert found.excess.llr.tolist() == [0, 0, 0, 0]
    assert joint_scan.p_values(found.excess.llr, found.largest).tolist() == [1, 1, 1, 1]
    nobody = ground_of([], nodes=0)
    assert len(joint_scan.scan(nobody, Cases(empty, np.zeros(0), empty), replicates=9).excess.llr) == 0


@pytest.mark.parametrize(
    ("ground", "cases", "settings", "named"),
    [
        ({"weight": np.full(40, np.nan)}, {}, {}, "ground.weight"),
        ({"date": np.full(40, np.inf)}, {}, {}, "ground.date"),
        ({"nodes": 2}, {}, {}, "ground.node"),
        ({"first": np.array([0, 3])}, {}, {}, "ground.first"),
        ({"node_start": np.arange(41)}, {}, {}, "ground.node_start"),
        ({"stratum": np.zeros(3, np.int64)}, {}, {}, "ground: sessions of different number"),
        ({}, {"person": np.array([1, 1])}, {}, "cases.person"),
        ({}, {"person": np.array([1, 40])}, {}, "cases.person"),
        ({}, {"onset": np.array([1, np.nan])}, {}, "cases.onset"),
        ({}, {"onset": np.array([1.0])}, {}, "cases: lengths"),
        ({}, {"stratum": np.array([0, 9])}, {}, "cases.stratum"),
        ({}, {}, {"replicates": 0}, "replicates"),
        ({}, {}, {"least_cases": 0}, "least_cases"),
        ({}, {}, {"stop_when": 0}, "stop_when"),
    ],
)
def test_what_does_not_fit_is_refused(ground, cases, settings, named):
    two = Cases(np.array([1, 2]), np.array([30.0, 31.0]), np.zeros(2, np.int64))
    with pytest.raises(ValueError, match=named.replace(".", r"\.")):
        joint_scan.scan(
            ground_of(clinic())._replace(**ground), two._replace(**cases), **{"replicates": 9, **settings}
        )


def test_dates_must_rise_within_a_person():
    ground = ground_of([[(9, [LOT]), (3, [LOT])], [(1, [LOT])]])
    with pytest.raises(ValueError, match=r"ground\.date"):
        joint_scan.scan(ground, Cases(np.array([0]), np.array([30.0]), np.array([0])))


def test_a_stratum_that_no_session_of_the_case_has_is_refused():
    ground = ground_of(clinic(10), stratum=np.repeat([0, 1], 5))
    with pytest.raises(ValueError, match=r"cases\.stratum"):
        joint_scan.scan(ground, Cases(np.array([0]), np.array([30.0]), np.array([1])))


def test_the_largest_of_whole_nodes_is_that_of_a_scan_without_windows():
    ground, cases = outbreak()
    both = joint_scan.scan(ground, cases, replicates=300)
    without = joint_scan.scan(ground, cases, replicates=300, windows=False)
    assert np.array_equal(both.largest_whole, without.largest)
    assert np.array_equal(without.largest_whole, without.largest)
    assert (both.largest >= both.largest_whole).all()
    assert (both.largest > both.largest_whole).any()
