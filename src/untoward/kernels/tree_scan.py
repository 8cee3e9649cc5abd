"""Which branch of a tree holds more cases than it should: the tree-based scan statistic.

Every leaf has a count and an expected count, every node those of all leaves below it. The likelihood ratio of each node's
excess is compared with the largest one in simulated trees, so that p is adjusted for all branches looked at.
Kulldorff, Fang and Walsh, Biometrics 2003;59:323; for medicines, Kulldorff and others,
Pharmacoepidemiol Drug Saf 2013;22:517.

``unconditional``  counts are Poisson about their expectation:  ``n log(n/e) - (n - e)``
``conditional``    the total is given, expectations scaled to it: ``n log(n/e) + (C - n) log((C - n)/(C - e))``

A node may have several parents; a leaf counts once in each node above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from untoward.kernels.likelihood_ratio import monte_carlo_p

if TYPE_CHECKING:
    from untoward.kernels.tree_scan_loops import Branching

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_COUNTS_AT_A_TIME = 4_000_000
_CASES_PER_LEAF = 10  # with more than this, a number drawn for each leaf costs less than a leaf for each case


class Tree(NamedTuple):
    """Node names, leaves included, and which leaves lie below each node (nodes by leaves, 0 and 1)."""

    nodes: tuple[str, ...]
    leaves: tuple[str, ...]
    below: sparse.csr_matrix


class Branches(NamedTuple):
    """Per node: count, expected count, relative risk, log-likelihood ratio and p. RR is against the rest of the tree
    for the conditional scan and ``n/e`` for the unconditional one; ``inf`` where nothing is outside.
    """

    n: FloatArray
    expected: FloatArray
    relative_risk: FloatArray
    llr: FloatArray
    p: FloatArray


def grow(leaves: Sequence[str], edges: Iterable[tuple[str, str]]) -> Tree:
    """The tree of ``(node, parent)`` edges above leaves. Raises ValueError for a circle.

    Parents named nowhere else are roots; nodes without any of the leaves below them are left out.
    """
    parents: dict[str, set[str]] = {}
    for node, parent in edges:
        parents.setdefault(node, set()).add(parent)
    rows: dict[str, list[int]] = {}
    for at, leaf in enumerate(leaves):
        for node in sorted(_above(leaf, parents)):
            rows.setdefault(node, []).append(at)
    _refuse_circle(parents)
    nodes = tuple(rows)
    indptr = np.cumsum([0, *(len(rows[node]) for node in nodes)])
    indices = np.array([at for node in nodes for at in rows[node]], np.int64)
    below = sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(nodes), len(leaves)))
    return Tree(nodes, tuple(leaves), below)


def scan(
    tree: Tree,
    n: ArrayLike,
    expected: ArrayLike,
    *,
    conditional: bool = True,
    replicates: int = 999,
    seed: int = 0,
) -> Branches:
    """Every node of the tree, in the order of ``tree.nodes``; ``n`` and ``expected`` per leaf.

    p is ``(1 + simulated trees whose largest ratio reaches the node's) / (replicates + 1)``. Raises ValueError
    where counts are negative or a leaf has cases and none expected.
    """
    count, due = np.asarray(n, float), np.asarray(expected, float)
    if (count < 0).any() or (due < 0).any() or ((due == 0) & (count > 0)).any():
        raise ValueError("expected counts of 0 or more, and more than 0 expected wherever there are cases")
    if due.sum() <= 0 or replicates < 1:
        raise ValueError("expected some cases to be expected, and a replicate or more")
    total = count.sum()
    if conditional:
        due = due * (total / due.sum())
    # numba takes a while to load, and most commands that reach this module never scan
    from untoward.kernels.tree_scan_loops import ratios

    branching = _branching(tree, due, conditional)
    here, mean = tree.below @ count, branching.mean
    llr = ratios(here, branching, total)
    random = np.random.default_rng(seed)
    totals = np.full(replicates, int(total)) if conditional else random.poisson(due.sum(), replicates)
    largest = _largest(branching, due, totals, random)
    with np.errstate(divide="ignore", invalid="ignore"):
        risk = here / mean / ((total - here) / (total - mean) if conditional else 1.0)
    return Branches(here, mean, risk, llr, monte_carlo_p(llr, largest))


def _branching(tree: Tree, due: FloatArray, conditional: bool) -> Branching:
    from untoward.kernels.tree_scan_loops import Branching

    start, leaf = tree.below.indptr.astype(np.int32), tree.below.indices.astype(np.int32)
    return Branching(start, leaf, np.asarray(tree.below @ due, float), conditional)


def _largest(
    branching: Branching, due: FloatArray, totals: IntArray, random: np.random.Generator
) -> FloatArray:
    """The largest ratio in simulated trees of so many cases each, shape (trees,)."""
    from untoward.kernels.alias import fill_alias
    from untoward.kernels.tree_scan_loops import largest_of_counts, largest_of_drawn

    if totals.mean() <= _CASES_PER_LEAF * len(due):
        seed = random.integers(2**64, dtype=np.uint64)
        return largest_of_drawn(branching, *fill_alias(due), totals, seed)
    step = max(1, _COUNTS_AT_A_TIME // len(due))
    parts = [totals[start : start + step] for start in range(0, len(totals), step)]
    drawn = (random.multinomial(part, due / due.sum()) for part in parts)
    return np.concatenate([largest_of_counts(branching, counts) for counts in drawn])


def _above(leaf: str, parents: dict[str, set[str]]) -> set[str]:
    """The leaf and all nodes above it."""
    found, open_ = {leaf}, [leaf]
    while open_:
        for parent in parents.get(open_.pop(), ()):
            if parent not in found:
                found.add(parent)
                open_.append(parent)
    return found


def _refuse_circle(parents: dict[str, set[str]]) -> None:
    """Take away nodes without parents left until none is; what then remains goes in a circle."""
    left = {node: set(above) for node, above in parents.items()}
    while left:
        free = [node for node, above in left.items() if not above & left.keys()]
        if not free:
            raise ValueError(f"the tree goes in a circle at {', '.join(sorted(left)[:5])}")
        for node in free:
            del left[node]
