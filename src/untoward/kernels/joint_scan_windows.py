"""The largest excess in a node, whole or within a time window.

Compiled loops of the joint scan (`joint_scan` says what is computed and why). All rows of a node on one day are a
group, numbered node after node and by day within each. A hit is a case in a node: the node's number in the upper 32
bits, its group's in the lower, so that sorted hits stand node by node and in order of time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.compiled import compiled
from untoward.kernels.joint_scan_paths import Paths

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallIntArray = NDArray[np.int32]

_NO_EXCESS = 1e-9
_GROUP = 2**32 - 1


class Groups(NamedTuple):
    """Group of each row; per group its day, and what is expected in the node before it and up to its end."""

    of_row: SmallIntArray
    day: FloatArray
    before: FloatArray
    after: FloatArray
    first: IntArray


class Limits(NamedTuple):
    """What a window must hold to beat a statistic of ``level * step``.

    ``highest[level, k]`` is the expectation below which k cases do, ``fewest[level, e]`` the cases it takes when e or more
    are expected.
    """

    step: float
    highest: FloatArray
    fewest: SmallIntArray
    total: int
    longest: float
    windows: bool


@compiled
def group_of_rows(paths: Paths, by_day: IntArray, day: FloatArray) -> tuple[SmallIntArray, IntArray]:
    """Number the groups: the group of each row, and the first group of each node."""
    count, last = np.zeros(paths.nodes + 1, np.int64), np.full(paths.nodes, -np.inf)
    within = np.empty(len(paths.node), np.int32)
    for session in by_day:
        for row in range(paths.node_start[session], paths.node_start[session + 1]):
            node = paths.node[row]
            if count[node + 1] == 0 or last[node] != day[session]:
                last[node] = day[session]
                count[node + 1] += 1
            within[row] = count[node + 1] - 1
    first = np.cumsum(count)
    for row in range(len(within)):
        within[row] += first[paths.node[row]]
    return within, first


@compiled
def fill_groups(
    paths: Paths, day: FloatArray, of_row: SmallIntArray, first: IntArray, expected: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Day of each group, and the running expectation of its node before and after it."""
    many = first[-1]
    on, before, after = np.empty(many), np.empty(many), np.zeros(many)
    for session in range(len(day)):
        for row in range(paths.node_start[session], paths.node_start[session + 1]):
            group = of_row[row]
            on[group] = day[session]
            after[group] += expected[row]
    for at in range(len(first) - 1):
        running = 0.0
        for group in range(first[at], first[at + 1]):
            before[group] = running
            running += after[group]
            after[group] = running
    return on, before, after


@compiled
def statistic(cases: int, expected: float, total: int) -> float:
    """``c log(c/E) + (C - c) log((C - c)/(C - E))``; 0 where c is not above E but for rounding."""
    excess = cases - expected
    if excess <= _NO_EXCESS * total:
        return 0.0
    value = cases * np.log(cases / expected)
    if cases < total:
        value += (total - cases) * np.log1p(-excess / (total - expected))
    return float(value)


@compiled
def fill_limits(total: int, least_cases: int, levels: int, step: float) -> tuple[FloatArray, SmallIntArray]:
    """``highest`` and ``fewest`` of `Limits`: Newton's method from below, on a convex falling function."""
    highest = np.zeros((levels, total + 2))
    fewest = np.empty((levels, total + 2), np.int32)
    for level in range(levels):
        goal = level * step
        for cases in range(least_cases, total + 1):
            expected = cases * np.exp(-1.0 - goal / cases)
            for _turn in range(60):
                inside = total - expected
                value = cases * np.log(cases / expected)
                slope = -cases / expected
                if cases < total:
                    value += (total - cases) * np.log((total - cases) / inside)
                    slope += (total - cases) / inside
                if slope >= 0:
                    break
                change = (goal - value) / slope
                expected += change
                if abs(change) <= 1e-10 * expected:
                    break
            highest[level, cases] = min(expected * (1 + 1e-7), float(cases))
        highest[level, total + 1] = np.inf
        cases = least_cases
        for floor in range(total + 2):
            while cases <= total and highest[level, cases] <= floor:
                cases += 1
            fewest[level, floor] = cases
    return highest, fewest


@compiled
def whole(node: int, groups: Groups) -> float:
    """What is expected in a node."""
    end = groups.first[node + 1]
    return float(groups.after[end - 1]) if end > groups.first[node] else 0.0


@compiled
def window_cost(expected: float, whole: float) -> float:
    """What a window must bring to be worth choosing: 1, and the log of how many such windows the node has."""
    return 1.0 + float(np.log(max(whole / expected, 1.0)))


@compiled
def best_window(
    hits: IntArray, start: int, end: int, groups: Groups, limits: Limits, least_cases: int, best: float
) -> tuple[float, int, int]:
    """The largest score above ``best`` of any window on the hits start to before end of one node, and its ends."""
    from_, to = -1, -1
    all_of_it = whole(hits[start] >> 32, groups)
    top = limits.highest.shape[0] - 1
    level = min(int(best / limits.step), top)
    for left in range(start, end - least_cases + 1):
        if left > start and hits[left] == hits[left - 1]:
            continue
        first = hits[left] & _GROUP
        before, last = groups.before[first], groups.day[first] + limits.longest
        cases = least_cases
        while left + cases <= end:
            right = hits[left + cases - 1] & _GROUP
            if groups.day[right] > last:
                break
            expected = groups.after[right] - before
            if expected >= limits.highest[level, cases]:
                cases = max(cases + 1, limits.fewest[level, min(int(expected), limits.total)])
                continue
            value = statistic(cases, expected, limits.total) - window_cost(expected, all_of_it)
            if value > best:
                best, from_, to = value, left, left + cases - 1
                level = min(int(best / limits.step), top)
            cases += 1
    return best, from_, to


@compiled
def runs(hits: IntArray, many: int, least_cases: int, starts: IntArray, ends: IntArray) -> int:
    """Fill in where the hits of each node start and end, of nodes with so many or more; how many nodes."""
    found, start = 0, 0
    while start < many:
        node = hits[start] >> 32
        end = start + 1
        while end < many and hits[end] >> 32 == node:
            end += 1
        if end - start >= least_cases:
            starts[found], ends[found] = start, end
            found += 1
        start = end
    return found


@compiled
def largest_of(
    hits: IntArray,
    many: int,
    groups: Groups,
    limits: Limits,
    least_cases: int,
    starts: IntArray,
    ends: IntArray,
) -> tuple[float, float]:
    """The largest statistic of any whole node, and with the scores of windows: whole nodes first, so that most need no look."""
    best, level, top = 0.0, 0, limits.highest.shape[0] - 1
    nodes = runs(hits, many, least_cases, starts, ends)
    for at in range(nodes):
        cases = ends[at] - starts[at]
        expected = whole(hits[starts[at]] >> 32, groups)
        if expected < limits.highest[level, cases]:
            best = max(best, statistic(cases, expected, limits.total))
            level = min(int(best / limits.step), top)
    anywhere = best
    if limits.windows:
        for at in range(nodes):
            anywhere, _from, _to = best_window(
                hits, starts[at], ends[at], groups, limits, least_cases, anywhere
            )
    return best, anywhere


@compiled
def excess_of(hits: IntArray, groups: Groups, limits: Limits, least_cases: int, nodes: int) -> FloatArray:
    """The columns of `joint_scan.Excess`, one row each."""
    found = np.zeros((9, nodes))
    found[7:] = np.nan
    for node in range(nodes):
        found[1, node] = whole(node, groups)
    starts, ends = np.empty(len(hits), np.int64), np.empty(len(hits), np.int64)
    for at in range(runs(hits, len(hits), 1, starts, ends)):
        start, end = starts[at], ends[at]
        node, cases = hits[start] >> 32, end - start
        found[0, node] = cases
        if cases < least_cases:
            continue
        found[2, node] = statistic(cases, found[1, node], limits.total)
        if limits.windows:
            best, from_, to = best_window(hits, start, end, groups, limits, least_cases, 0.0)
            if from_ >= 0:
                expected = groups.after[hits[to] & _GROUP] - groups.before[hits[from_] & _GROUP]
                found[3, node], found[4, node] = to - from_ + 1, expected
                found[5, node] = statistic(to - from_ + 1, expected, limits.total)
                found[6, node] = best
                found[7, node] = groups.day[hits[from_] & _GROUP]
                found[8, node] = groups.day[hits[to] & _GROUP]
    return found
