"""Which place, on any of many crossing axes and in any time window, holds more cases than chance: the joint permutation scan.

A person has one or more sessions, each session belongs to any number of nodes (this lot, that practitioner, …). A case is
a person with an onset. The sessions that may have caused it are those of the person from `reach` days before
the onset up to the onset; where there is none, the last one before it, and where there is none of these either, the
first: a case is never lost. It counts once in every node that one of them belongs to. In time it stands where the candidate
session of the node with the most likely delay stands, the latest among equals. Under the null hypothesis each
case falls on a session of the same stratum with a probability in proportion to the session's weight (its expected
cases: risk times the part of the risk window that has passed), with a delay drawn from the given delays, at
most once per person. All axes are counted from the same drawn sessions, so what they have in common stays in the null.

Statistic of a node, and of every run of its sessions in time: ``c log(c/E) + (C - c) log((C - c)/(C - E))`` where c > E and c is
at least `least_cases`, else 0. With one session per person and equal weights the replicates are the permutations of the cases
among the sessions of each stratum.

A window is a run of days of one node with all its sessions on them. Its score is its statistic less what choosing it costs:
1, and the log of how many windows with the same expectation the node has room for. Without that a narrow window in a large
clinic would beat the vial that its cases share. Windows are so many that they raise the bar for everything else, so
whole nodes and windows are two families; p is the chance that the better of the two ranks is as good (`family_wise_p`).

The statistic is that of Kulldorff, Commun Stat Theory
Methods 1997;26:1481. That p adjusts for all overlapping groups, because each replicate gives only its largest statistic,
is as in the tree-based scan (Kulldorff, Fang and Walsh, Biometrics 2003;59:323); here the groups need not be nested.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import get_num_threads
from numpy.typing import ArrayLike, NDArray

from untoward.kernels.alias import fill_alias
from untoward.kernels.joint_scan_ground import Cases, Ground, in_own_types, refuse
from untoward.kernels.joint_scan_paths import Paths, candidates, counted_rows, expected_rows, likeliest
from untoward.kernels.joint_scan_replicates import Urn, run_replicates
from untoward.kernels.joint_scan_windows import (
    Groups,
    Limits,
    excess_of,
    fill_groups,
    fill_limits,
    group_of_rows,
)
from untoward.kernels.monte_carlo import monte_carlo_p, stopped_after

__all__ = [
    "Cases",
    "Counted",
    "Excess",
    "Ground",
    "Scanned",
    "calibrated",
    "counted",
    "delay_density",
    "expected",
    "likeliest_session",
    "members",
    "p_values",
    "scan",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Progress = Callable[[int, int], None]

_LEAST = 0.01  # of the usual weight: nothing that happened is taken as impossible
_MOST_DELAYS = 16
_LEVELS, _STEP = 80, 0.5  # statistics for which limits of windows are kept


class Excess(NamedTuple):
    """Per node, without and with the best time window: cases, expected, statistic and (with a window) score, first and last date.

    All of shape (nodes,). ``window_*`` is the best run of the node's sessions in time, at most `longest_window` days
    long, best by its score.
    """

    cases: FloatArray
    expected: FloatArray
    llr: FloatArray
    window_cases: FloatArray
    window_expected: FloatArray
    window_llr: FloatArray
    window_score: FloatArray
    window_from: FloatArray
    window_to: FloatArray


class Scanned(NamedTuple):
    """The excess of every node, and the largest statistic of each replicate that was run, of shape (replicates,).

    ``largest_whole`` is over nodes without windows, ``largest`` over these and the scores of windows.
    """

    excess: Excess
    largest: FloatArray
    largest_whole: FloatArray


class Counted(NamedTuple):
    """Where the cases count: number of the case, node, and the membership row that stands for the case in the node."""

    case: IntArray
    node: IntArray
    row: IntArray


def expected(ground: Ground) -> FloatArray:
    """Expected cases of each membership row, shape (memberships,), at the weights given; a node expects the sum of its rows.

    Every session brings its weight, spread equally over its possible delays (16 of those given, or all when they are fewer; of
    these the ones whose onset can be known by `now`); each gives an onset, which counts in the same rows as an observed
    case would. Rows of persons with several sessions hold a hundredth of their session's weight at least.
    """
    checked = in_own_types(ground)
    return expected_rows(_paths(checked), checked.weight, _LEAST * checked.weight, *_sizes(checked))


def calibrated(ground: Ground, cases: Cases) -> Ground:
    """The ground with weights that add up, within each stratum, to the stratum's observed cases.

    No session is taken as impossible: a weight is at least a hundredth of the mean of its stratum. Raises ValueError
    for cases in a stratum without sessions.
    """
    many = int(max(ground.stratum.max(initial=-1), cases.stratum.max(initial=-1))) + 1
    sessions = np.bincount(ground.stratum, minlength=many)
    seen = np.bincount(cases.stratum, minlength=many)
    if (seen[sessions == 0] > 0).any():
        raise ValueError("cases.stratum: got a stratum without sessions")
    weight = _floored(np.asarray(ground.weight, float), ground.stratum)
    total = np.bincount(ground.stratum, weight, minlength=many)
    factor = seen / np.where(total > 0, total, 1.0)
    return ground._replace(weight=weight * factor[ground.stratum])


def scan(
    ground: Ground,
    cases: Cases,
    *,
    replicates: int = 999,
    seed: int = 0,
    longest_window: float | None = None,
    least_cases: int = 2,
    stop_when: int | None = None,
    progress: Progress | None = None,
    windows: bool = True,
) -> Scanned:
    """The excess of every node and its best time window, and the largest statistic of each replicate.

    ``longest_window`` in days from its first to its last day (None: half of the period); ``stop_when`` ends the replicates
    once so many have reached the largest observed statistic, so that ``len(largest)`` says how many ran; ``progress``
    is called with replicates done and asked for. The same seed gives the same answer on any number of cores.
    Raises ValueError for arrays that do not fit, a person who is a case twice, and settings out of range.
    """
    refuse(cases, ground, replicates, least_cases, stop_when)
    if len(cases.person) == 0:
        nothing, never = np.zeros(ground.nodes), np.full(ground.nodes, np.nan)
        excess = Excess(nothing, nothing, nothing, nothing, nothing, nothing, nothing, never, never)
        return Scanned(excess, np.zeros(replicates), np.zeros(replicates))
    plan = _plan(ground, cases, longest_window, least_cases, windows)
    where = counted(ground, cases)
    groups = plan.groups.of_row[where.row]
    if (plan.groups.after[groups] <= plan.groups.before[groups]).any():
        raise ValueError("cases.stratum: got the stratum of none of a case's sessions")
    hits = np.sort(where.node << 32 | groups)
    excess = Excess(*excess_of(hits, plan.groups, plan.limits, least_cases, ground.nodes))
    observed = float(max(excess.llr.max(initial=0.0), excess.window_score.max(initial=0.0)))
    whole, largest = _replicates(plan, replicates, seed, observed, stop_when, progress)
    return Scanned(excess, largest, whole)


def p_values(llr: ArrayLike, largest: FloatArray) -> FloatArray:
    """The family-wise p of each statistic: ``(1 + replicates that reach it) / (1 + replicates)``; 1 for a statistic of 0.

    Statistics that differ by rounding only (1 in 10**12) count as equal. After an early stop p is a little too large
    rather than too small.
    """
    return monte_carlo_p(llr, largest)


def family_wise_p(scanned: Scanned) -> tuple[FloatArray, FloatArray]:
    """The family-wise p of every whole node and of every best window, each of shape (nodes,); 1 where there is no excess.

    A statistic's rank among the largest of its own family, compared with the better of the two ranks of every replicate,
    the observed data being one of them (min-p; Westfall and Young, Resampling-Based Multiple Testing, Wiley 1993).
    """
    excess = scanned.excess
    largest = max(excess.llr.max(initial=0.0), excess.window_score.max(initial=0.0))
    whole = np.append(scanned.largest_whole, excess.llr.max(initial=0.0))
    either = np.append(scanned.largest, largest)
    better = np.sort(np.minimum(_rank(whole, whole), _rank(either, either)))
    chance = [
        np.searchsorted(better, _rank(observed, family), side="right") / len(better)
        for observed, family in ((excess.llr, whole), (excess.window_score, either))
    ]
    return np.where(excess.llr > 0, chance[0], 1.0), np.where(excess.window_score > 0, chance[1], 1.0)


def _rank(observed: FloatArray, family: FloatArray) -> IntArray:
    """How many of the family reach each observed statistic, ties within rounding included."""
    ordered = np.sort(family) * (1 + 1e-12)
    return len(ordered) - np.searchsorted(ordered, observed, side="left")


def counted(ground: Ground, cases: Cases) -> Counted:
    """The nodes each case counts in, case after case; each node once per case.

    The row that stands for a case in a node is that of the candidate session with the most likely delay (density of the
    delays: a histogram joined by straight lines), the latest among equals.
    """
    checked = in_own_types(ground)
    person, onset = np.asarray(cases.person, np.int64), np.asarray(cases.onset, np.float64)
    starts, row = counted_rows(_paths(checked), person, onset, *_sizes(checked))
    case = np.repeat(np.arange(len(person)), np.diff(starts))
    return Counted(case, checked.node[row].astype(np.int64), row)


def delay_density(delays: FloatArray) -> tuple[float, float, FloatArray]:
    """Density of delays up to a constant: where it starts, the step, and its height at each step, 0 outside.

    A histogram of about sqrt(n) bins at least a day wide, the middles of its bins joined by straight lines.
    """
    low, spread = float(delays.min()), float(np.ptp(delays))
    bins = max(1, min(int(np.ceil(np.sqrt(len(delays)))), int(spread)))
    width = max(spread / bins, 1.0)
    if spread < width:
        low -= (width - spread) / 2
    height, _edges = np.histogram(delays, bins, (low, low + bins * width))
    return low - width / 2, width, np.concatenate([[0.0], height, [0.0]]).astype(np.float64)


def likeliest_session(ground: Ground, person: IntArray, onset: FloatArray) -> IntArray:
    """Of each person with an onset, the candidate session with the most likely delay, the latest among equals."""
    checked = in_own_types(ground)
    return likeliest(
        _paths(checked), np.asarray(person, np.int64), np.asarray(onset, np.float64), _sizes(checked)[0]
    )


def members(
    ground: Ground, cases: Cases, node: int, from_: float = -np.inf, to: float = np.inf
) -> list[tuple[int, list[int]]]:
    """The cases counted in a node from one day to another, each with its candidate sessions in the node in those days."""
    where = counted(ground, cases)
    day = np.floor(ground.date)
    session = np.searchsorted(ground.node_start, where.row, side="right") - 1
    first, last = np.floor(from_), np.floor(to)
    inside = (where.node == node) & (day[session] >= first) & (day[session] <= last)
    paths = _paths(in_own_types(ground))
    found = []
    for case in where.case[inside].tolist():
        start, end = candidates(paths, int(cases.person[case]), float(cases.onset[case]))
        counts = [s for s in range(start, end) if first <= day[s] <= last and node in _nodes_of(ground, s)]
        found.append((case, counts))
    return found


class _Plan(NamedTuple):
    """All that the replicates need."""

    paths: Paths
    groups: Groups
    urn: Urn
    limits: Limits
    least_cases: int


def _plan(
    ground: Ground, cases: Cases, longest_window: float | None, least_cases: int, windows: bool
) -> _Plan:
    fair = in_own_types(calibrated(ground, cases))
    paths = _paths(fair)
    day = np.floor(fair.date)
    longest = float(np.ptp(day)) / 2 if longest_window is None else float(longest_window)
    # a session whose stratum has no case may still be a candidate for a case of another stratum
    usual = _floored(np.asarray(ground.weight, float), ground.stratum)
    least = _LEAST * np.maximum(fair.weight, usual * (len(cases.person) / usual.sum()))
    rows = expected_rows(paths, fair.weight, least, *_sizes(fair))
    groups = _groups(paths, day, rows)
    total = len(cases.person)
    highest, fewest = fill_limits(total, least_cases, _LEVELS, _STEP)
    limits = Limits(_STEP, highest, fewest, total, longest, windows)
    return _Plan(paths, groups, _urn(fair, cases), limits, least_cases)


def _groups(paths: Paths, day: FloatArray, expected_of_row: FloatArray) -> Groups:
    of_row, first = group_of_rows(paths, np.argsort(day, kind="stable"), day)
    return Groups(of_row, *fill_groups(paths, day, of_row, first, expected_of_row), first)


def _urn(ground: Ground, cases: Cases) -> Urn:
    first = np.concatenate([[0], np.cumsum(np.bincount(ground.stratum))])
    order = np.argsort(ground.stratum, kind="stable")
    wanted = np.bincount(cases.stratum, minlength=len(first) - 1)
    kept, other = np.ones(len(order)), np.zeros(len(order), np.int32)
    for stratum in np.flatnonzero(wanted):
        inside = slice(first[stratum], first[stratum + 1])
        kept[inside], other[inside] = fill_alias(ground.weight[order[inside]])
    return Urn(first, order.astype(np.int32), kept, other, wanted)


def _replicates(
    plan: _Plan, many: int, seed: int, observed: float, stop_when: int | None, progress: Progress | None
) -> FloatArray:
    """The largest statistics of whole nodes and of all, shape (2, replicates)."""
    largest = np.zeros((2, 0))
    chunk = min(1000, max(100, many // 20))
    while (done := largest.shape[1]) < many:
        turns = min(chunk, many - done)
        state = np.uint64(seed % 2**64)
        new = run_replicates(
            plan.paths, plan.urn, plan.groups, plan.limits, plan.least_cases, state,
            done, turns, get_num_threads(), *_sizes(plan.paths),
        )  # fmt: skip
        largest = np.concatenate([largest, new], axis=1)
        if progress is not None:
            progress(done + turns, many)
        kept = None if stop_when is None else stopped_after(largest[1], observed, stop_when)
        if kept is not None:
            return largest[:, :kept]
    return largest


def _paths(ground: Ground) -> Paths:
    person = np.repeat(np.arange(len(ground.first) - 1, dtype=np.int32), np.diff(ground.first))
    delays = np.sort(ground.delays) if len(ground.delays) else np.zeros(1)
    few = min(_MOST_DELAYS, len(delays))
    drawn = delays[((np.arange(few) + 0.5) * len(delays) / few).astype(np.int64)]
    return Paths(
        ground.date, ground.first, person, ground.node_start, ground.node, ground.nodes, ground.reach,
        ground.now, drawn, *delay_density(delays),
    )  # fmt: skip


def _sizes(of: Ground | Paths) -> tuple[int, int]:
    """Most sessions and most memberships of any person."""
    rows = of.node_start[of.first]
    return int(np.diff(of.first).max(initial=1)), int(np.diff(rows).max(initial=1))


def _floored(weight: FloatArray, stratum: IntArray) -> FloatArray:
    """Weights of at least a hundredth of the mean of their stratum; all 1 where the stratum has none."""
    mean = np.bincount(stratum, weight) / np.maximum(np.bincount(stratum), 1)
    return np.where(mean[stratum] > 0, np.maximum(weight, _LEAST * mean[stratum]), 1.0)


def _nodes_of(ground: Ground, session: int) -> NDArray[np.int32]:
    return ground.node[ground.node_start[session] : ground.node_start[session + 1]]
