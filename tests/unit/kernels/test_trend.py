"""Trend: what cannot be answered, and what is refused. Numbers of other programs are in tests/golden."""

import pytest

from untoward.kernels.trend import cochran_armitage, mantel_extension

NOTHING = (None, None, None)


@pytest.mark.parametrize(
    ("cases", "people"),
    [([0, 0], [5, 5]), ([5, 5], [5, 5]), ([1, 0], [5, 0]), ([], [])],
    ids=["well", "ill", "one", "none"],
)
def test_nothing_to_tell(cases, people):
    assert cochran_armitage(cases, people, range(len(cases))) == NOTHING
    assert mantel_extension([cases], [people], range(len(cases))) == NOTHING


def test_it_rises():
    found = cochran_armitage([1, 4, 9], [10, 10, 10], [0, 1, 2])
    assert found.z > 0
    assert found.chi_square == pytest.approx(found.z**2)


def test_large_scores_keep_their_digits():
    years = cochran_armitage([1, 4, 9], [10, 10, 10], [2_000_000, 2_000_001, 2_000_002])
    assert years.z == pytest.approx(cochran_armitage([1, 4, 9], [10, 10, 10], [0, 1, 2]).z, rel=1e-9)


def test_strata_with_opposite_trends_cancel():
    found = mantel_extension([[1, 9], [9, 1]], [[10, 10], [10, 10]], [0, 1])
    assert found.chi_square == pytest.approx(0, abs=1e-12)


def test_a_stratum_of_one_person_adds_nothing():
    alone = mantel_extension([[2, 7]], [[10, 10]], [0, 1])
    assert mantel_extension([[2, 7], [0, 1]], [[10, 10], [0, 1]], [0, 1]) == pytest.approx(alone)


@pytest.mark.parametrize(
    ("cases", "people", "scores"), [([3], [2], [0]), ([-1], [2], [0]), ([1, 1], [2, 2], [0])]
)
def test_impossible_counts_are_refused(cases, people, scores):
    with pytest.raises(ValueError, match="trend: "):
        cochran_armitage(cases, people, scores)
