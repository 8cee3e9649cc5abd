"""The tree-based scan statistic; the small tree and its figures are TreeScan's example (2.4.0)."""

import numpy as np
import pytest

from untoward.kernels.tree_scan import grow, scan

CASES = (1, 2, 0, 6, 4, 2, 5, 9, 14, 7, 3, 2)
PEOPLE = (200, 300, 400, 200, 300, 200, 600, 400, 200, 200, 400, 700)
LEAVES = tuple(f"Leaf{i}" for i in range(1, 13))
EDGES = (
    *((leaf, f"Node{node}") for leaf, node in zip(LEAVES, (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4), strict=True)),
    ("Node1", "Node5"), ("Node2", "Node5"), ("Node3", "Node6"), ("Node4", "Node6"), ("Node5", "Root"), ("Node6", "Root"),
)  # fmt: skip


def test_example_of_treescan():
    tree = grow(LEAVES, EDGES)
    found = scan(tree, CASES, PEOPLE, replicates=999, seed=3)
    at = {name: tree.nodes.index(name) for name in ("Leaf9", "Node3", "Root")}
    leaf, node = at["Leaf9"], at["Node3"]
    assert found.llr[leaf] == found.llr.max()
    assert found.llr[[leaf, node]] == pytest.approx([13.136308, 11.148394], abs=6e-7)
    assert found.expected[[leaf, node]] == pytest.approx([2.68, 16.10], abs=5e-3)
    assert found.relative_risk[[leaf, node]] == pytest.approx([6.66, 3.63], abs=6e-3)
    assert found.p[[leaf, node]] == pytest.approx([0.001, 0.001])
    assert found.llr[at["Root"]] == 0
    assert found.p[at["Root"]] == 1


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
