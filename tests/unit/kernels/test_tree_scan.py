"""The tree-based scan statistic; the small tree is TreeScan's example (its figures: tests/golden/test_tree_scan.py)."""

import numpy as np
import pytest
from scipy import stats

from untoward.kernels import tree_scan
from untoward.kernels.alias import fill_alias
from untoward.kernels.likelihood_ratio import log_likelihood_ratio
from untoward.kernels.tree_scan import grow, scan
from untoward.kernels.tree_scan_loops import Branching, largest_of_counts, largest_of_drawn

CASES = (1, 2, 0, 6, 4, 2, 5, 9, 14, 7, 3, 2)
PEOPLE = (200, 300, 400, 200, 300, 200, 600, 400, 200, 200, 400, 700)
LEAVES = tuple(f"Leaf{i}" for i in range(1, 13))
EDGES = (
    *((leaf, f"Node{node}") for leaf, node in zip(LEAVES, (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4), strict=True)),
    ("Node1", "Node5"), ("Node2", "Node5"), ("Node3", "Node6"), ("Node4", "Node6"), ("Node5", "Root"), ("Node6", "Root"),
)  # fmt: skip


def test_unconditional_scan_compares_with_what_was_expected():
    tree = grow(("a", "b"), [("a", "top"), ("b", "top")])
    found = scan(tree, [10, 0], [2.0, 2.0], conditional=False, replicates=199)
    assert found.llr[tree.nodes.index("a")] == pytest.approx(10 * np.log(5) - 8)
    assert found.relative_risk[tree.nodes.index("top")] == pytest.approx(2.5)
    assert found.p[tree.nodes.index("a")] == pytest.approx(1 / 200)


def test_a_leaf_counts_once_in_a_node_it_reaches_twice():
    tree = grow(("leaf",), [("leaf", "left"), ("leaf", "right"), ("left", "top"), ("right", "top")])
    found = scan(tree, [4], [2.0], conditional=False, replicates=9)
    assert found.n.tolist() == [4, 4, 4, 4]


def test_leaves_outside_the_tree_stand_alone():
    assert set(grow(("x", "y"), [("x", "top")]).nodes) == {"x", "top", "y"}


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle at a, b"):
        grow(("leaf",), [("leaf", "a"), ("a", "b"), ("b", "a")])


@pytest.mark.parametrize("conditional", [True, False])
def test_p_is_uniform_or_larger_when_nothing_happens(conditional):
    tree = grow(LEAVES, EDGES)
    random = np.random.default_rng(6)
    due = np.array(PEOPLE) / 100
    smallest = [
        scan(tree, random.poisson(due), due, conditional=conditional, replicates=99, seed=i).p.min()
        for i in range(200)
    ]
    assert np.mean(np.array(smallest) <= 0.1) == pytest.approx(0.1, abs=0.06)


@pytest.mark.parametrize(
    ("n", "expected", "replicates"), [([1], [0.0], 9), ([-1], [1.0], 9), ([1], [1.0], 0), ([0], [0.0], 9)]
)
def test_what_cannot_be_is_refused(n, expected, replicates):
    with pytest.raises(ValueError, match="expected"):
        scan(grow(("x",), []), n, expected, replicates=replicates)


def test_trees_drawn_case_by_case_and_leaf_by_leaf_follow_one_law(monkeypatch):
    """Few cases a leaf are drawn one by one, many as numbers; the largest ratios must be spread alike."""

    tree = grow(LEAVES, EDGES)
    due = np.array(PEOPLE) / 41
    branching = tree_scan._branching(tree, due, True)
    totals, random = np.full(3000, 100), np.random.default_rng(2)
    by_case = tree_scan._largest(branching, due, totals, random)
    monkeypatch.setattr(tree_scan, "_CASES_PER_LEAF", 0)
    by_leaf = tree_scan._largest(branching, due, totals, random)
    assert stats.ks_2samp(by_case, by_leaf).pvalue > 0.001
    assert not np.array_equal(by_case, by_leaf)


@pytest.mark.parametrize("conditional", [True, False])
def test_the_largest_ratio_is_that_of_the_slow_sum(conditional):

    tree = grow(LEAVES, EDGES)
    random = np.random.default_rng(7)
    counts = random.integers(0, 9, (200, len(LEAVES)))
    due = np.array(PEOPLE, float) * (counts[0].sum() / sum(PEOPLE))
    counts = np.array([random.permutation(counts[0]) for _row in counts])
    mine = largest_of_counts(tree_scan._branching(tree, due, conditional), counts)
    here, mean, total = tree.below @ counts.T, (tree.below @ due)[:, None], np.float64(counts[0].sum())
    kept = tree.nodes.index("Root") != np.arange(len(tree.nodes))
    slow = log_likelihood_ratio(
        here[kept], mean[kept], total, "conditional" if conditional else "poisson"
    ).max(axis=0)
    assert mine == pytest.approx(slow, rel=1e-12)


def test_leaves_are_drawn_as_often_as_expected():
    """One leaf alone in the tree: its ratio tells whether it had a case."""
    alone = Branching(np.array([0, 1], np.int32), np.array([2], np.int32), np.array([0.5]), False)
    tables = fill_alias(np.array([0.0, 3.0, 1.0, 0.0, 6.0]))
    largest = largest_of_drawn(alone, *tables, np.full(4000, 5), np.uint64(8))
    some = stats.binom.sf(0, 5, 0.1)
    assert np.mean(largest > 0) == pytest.approx(some, abs=5 * np.sqrt(some * (1 - some) / 4000))


def test_no_cases_no_excess():
    found = scan(grow(LEAVES, EDGES), np.zeros(12), PEOPLE, replicates=9)
    assert set(found.llr) == {0.0}
    assert set(found.p) == {1.0}
