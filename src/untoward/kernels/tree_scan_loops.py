"""Compiled loops of the tree scan: the statistic, and the largest one in each simulated tree."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from untoward.kernels.alias import drawn
from untoward.kernels.compiled import compiled, compiled_for_all_cores
from untoward.kernels.splitmix import begin

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallIntArray = NDArray[np.int32]

_NO_EXCESS = 1e-9


class Branching(NamedTuple):
    """Leaves below node k: ``leaf[start[k]:start[k + 1]]``; ``mean`` is what is expected in each node.

    ``conditional``: the total of a tree is given.
    """

    start: SmallIntArray
    leaf: SmallIntArray
    mean: FloatArray
    conditional: bool


@compiled
def ratio(count: float, mean: float, total: float, conditional: bool) -> float:
    """The log-likelihood ratio of an excess; 0 where there is none but for rounding."""
    excess = count - mean
    if excess <= _NO_EXCESS * max(total, 1.0):
        return 0.0
    value = count * np.log(count / mean)
    if not conditional:
        return float(value - excess)
    if count < total:
        value += (total - count) * np.log1p(-excess / (total - mean))
    return float(value)


@compiled
def ratios(counts: FloatArray, branching: Branching, total: float) -> FloatArray:
    """The ratio of every node, from the nodes' counts."""
    found = np.empty(len(counts))
    for node in range(len(counts)):
        found[node] = ratio(counts[node], branching.mean[node], total, branching.conditional)
    return found


@compiled
def largest_ratio(counts: IntArray, branching: Branching, total: float) -> float:
    """The largest ratio of any node, from the leaves' counts."""
    best = 0.0
    for node in range(len(branching.mean)):
        count = 0
        for place in range(branching.start[node], branching.start[node + 1]):
            count += counts[branching.leaf[place]]
        mean = branching.mean[node]
        if count <= mean:
            continue
        # the ratio is never above Pearson's chi-square, which takes no logarithm
        room = mean * (1.0 - mean / total) if branching.conditional else mean
        if (count - mean) ** 2 > best * room:
            best = max(best, ratio(float(count), mean, total, branching.conditional))
    return best


@compiled_for_all_cores
def largest_of_drawn(
    branching: Branching, kept: FloatArray, other: SmallIntArray, totals: IntArray, seed: np.uint64
) -> FloatArray:
    """The largest ratio in trees of so many cases each, drawn case by case."""
    largest = np.zeros(len(totals))
    for tree in prange(len(totals)):
        state, counts = np.zeros(1, np.uint64), np.zeros(len(kept), np.int64)
        begin(state, seed, tree)
        for _case in range(totals[tree]):
            counts[drawn(kept, other, state)] += 1
        largest[tree] = largest_ratio(counts, branching, float(totals[tree]))
    return largest


@compiled_for_all_cores
def largest_of_counts(branching: Branching, counts: IntArray) -> FloatArray:
    """The largest ratio in trees whose leaves' counts are given, a row each."""
    largest = np.zeros(len(counts))
    for tree in prange(len(counts)):
        largest[tree] = largest_ratio(counts[tree], branching, float(counts[tree].sum()))
    return largest
