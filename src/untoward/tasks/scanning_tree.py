"""The scan of a tree: which branch of a classification has more cases than its share."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

import untoward
from untoward.errors import InputError
from untoward.exchange.places import TreeCounts, read_tree
from untoward.model.clusters import Place
from untoward.report.numbers import counted
from untoward.report.scan.content import FoundCluster, ScanContent, ScanSettings, ScanTotals
from untoward.report.scan.wording import headline, reading_of, sentence
from untoward.tasks.scanning_content import guessed_headers

if TYPE_CHECKING:
    from untoward.kernels.tree_scan import Branches, Tree
    from untoward.tasks.scanning import ScanOptions

MOST_BRANCHES = 100


def scan_tree(options: ScanOptions) -> ScanContent:
    """The branches with the largest ratios, at most `MOST_BRANCHES` of them; the root, which holds everything, has none."""
    from untoward.kernels.tree_scan import grow, scan

    assert options.tree is not None  # the caller looked
    counts = read_tree(options.files.cases, options.tree, options.files.population)
    try:
        tree = grow(counts.leaves, counts.edges)
        branches = scan(tree, counts.cases, counts.expected, replicates=options.replicates, seed=options.seed)
    except ValueError as error:
        raise InputError(f"This tree cannot be scanned: {error}.", []) from error
    settings = _settings(options)
    chosen = [int(at) for at in np.argsort(-branches.llr, kind="stable") if branches.llr[at] > 0]
    chosen = chosen[:MOST_BRANCHES]
    clusters = tuple(_cluster(at, chosen, tree, branches, counts, settings) for at in chosen)
    totals = ScanTotals(
        cases=int(counts.cases.sum()), places=len(counts.leaves), periods=1,
        population=float(counts.expected.sum()), controls=None, groups=1,
    )  # fmt: skip
    return ScanContent(
        settings=settings,
        totals=totals,
        clusters=clusters,
        headline=headline(clusters, settings, totals),
        assumptions=_assumptions(counts, tree),
        points=(),
        series=(),
        great_circle=None,
        version=untoward.__version__,
    )


def _settings(options: ScanOptions) -> ScanSettings:
    given = (options.files.cases, options.tree, options.files.population)
    return ScanSettings(
        kind="tree", model="tree", time="none", unit=None, largest_share=None, longest=None, categories=(),
        replicates_asked=options.replicates, replicates=options.replicates, stopped_early=False, seed=options.seed,
        distances=None, first_day=None, last_day=None, as_of=None,
        files=tuple("standard input" if str(path) == "-" else path.name for path in given if path is not None),
    )  # fmt: skip


def _cluster(
    at: int, chosen: list[int], tree: Tree, branches: Branches, counts: TreeCounts, settings: ScanSettings
) -> FoundCluster:
    """One branch; it shares cases with every other one that has a leaf with cases in common."""
    with_cases = tree.below[:, counts.cases > 0]
    common = (with_cases[chosen] @ with_cases[at].T).toarray().ravel()
    risk = float(branches.relative_risk[at])
    cluster = FoundCluster(
        where=(Place(axis="node", value=tree.nodes[at]),),
        centre=None,
        at=None,
        radius=None,
        first_day=None,
        last_day=None,
        in_window=False,
        observed=int(branches.n[at]),
        expected=float(branches.expected[at]),
        population=float((tree.below[at] @ counts.expected)[0]),
        relative_risk=risk if isfinite(risk) else None,
        llr=float(branches.llr[at]),
        p=float(branches.p[at]),
        gumbel_p=None,
        caution="",
        recurrence_days=None,
        cases=(),
        shares=tuple(rank for rank, other in enumerate(chosen) if common[rank] > 0 and other != at),
        reading="",
    )
    return replace(cluster, reading=reading_of(cluster, settings))


def _assumptions(counts: TreeCounts, tree: Tree) -> tuple[str, ...]:
    notes = tuple(map(sentence, (*guessed_headers(counts.columns), *counts.notes)))
    return (
        *notes,
        f"What is expected of each of {counted(len(tree.leaves), 'leaf', 'leaves')} is in proportion to its population.",
        "Branches inside one another hold the same cases: the one with the largest ratio describes them best.",
    )
