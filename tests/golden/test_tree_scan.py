"""The tree scan against TreeScan 2.4.0, run on the example that comes with it (12 leaves, conditional Poisson).

The counts are those of the example (``data/tree_scan_example.csv``); the two highest levels of its tree are spelt out below.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from untoward.kernels.tree_scan import grow, scan

ROWS = list(csv.DictReader((Path(__file__).parent / "data/tree_scan_example.csv").read_text().splitlines()))
ABOVE = {
    "Node1": "Node5",
    "Node2": "Node5",
    "Node3": "Node6",
    "Node4": "Node6",
    "Node5": "Root",
    "Node6": "Root",
}


@pytest.fixture(scope="module")
def found():
    tree = grow(
        [row["leaf"] for row in ROWS], [(row["leaf"], row["parent"]) for row in ROWS] + list(ABOVE.items())
    )
    cases, people = (np.array([int(row[name]) for row in ROWS]) for name in ("cases", "population"))
    return tree.nodes, scan(tree, cases, people, replicates=9999, seed=1)


@pytest.mark.parametrize(
    ("node", "observed", "expected", "relative_risk", "llr"),
    [("Leaf9", 14, 2.68, 6.66, 13.136308), ("Node3", 33, 16.10, 3.63, 11.148394)],
)
def test_cuts_are_those_of_treescan(found, node, observed, expected, relative_risk, llr):
    nodes, branches = found
    at = nodes.index(node)
    assert branches.n[at] == observed
    assert branches.expected[at] == pytest.approx(expected, abs=0.005)
    assert branches.relative_risk[at] == pytest.approx(relative_risk, abs=0.005)
    assert branches.llr[at] == pytest.approx(llr, abs=5e-7)
    assert branches.p[at] == pytest.approx(
        0.0001
    )  # the smallest that 9,999 simulated trees can give, as printed there


def test_the_likeliest_cut_is_leaf9(found):
    nodes, branches = found
    assert nodes[branches.llr.argmax()] == "Leaf9"
    assert branches.n[nodes.index("Root")] == 55
    assert branches.p[nodes.index("Root")] == 1
