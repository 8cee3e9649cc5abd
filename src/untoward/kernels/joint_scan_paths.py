"""From a case to the memberships it counts in, and what is expected of each membership.

Compiled loops of the joint scan (`joint_scan` says what is computed and why). Rows are memberships: one node of one session.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.compiled import compiled

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallIntArray = NDArray[np.int32]

_SAME_MOMENT = 1e-6  # days; dates are sums of fractions and differ in the last digits


class Paths(NamedTuple):
    """How a case finds the rows it counts in: see `joint_scan.Ground`, and the density of delays as a line of straight pieces."""

    date: FloatArray
    first: IntArray
    person: SmallIntArray
    node_start: IntArray
    node: SmallIntArray
    nodes: int
    reach: float
    now: float
    delays: FloatArray
    density_from: float
    density_step: float
    density: FloatArray


@compiled
def candidates(paths: Paths, person: int, onset: float) -> tuple[int, int]:
    """From which to before which session one may have caused a case: those in reach, else the last before, else the first."""
    start, end = paths.first[person], paths.first[person + 1]
    if end - start == 1:
        return start, end
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if paths.date[middle] <= onset + _SAME_MOMENT:
            low = middle + 1
        else:
            high = middle
    after = low
    if after == start:
        return start, start + 1
    earliest = onset - paths.reach - _SAME_MOMENT
    at = after - 1
    while at > start and paths.date[at - 1] >= earliest:
        at -= 1
    return at, after


@compiled
def likelihood(paths: Paths, delay: float) -> float:
    """Density of a delay, up to a constant."""
    place = (delay - paths.density_from) / paths.density_step
    if not 0 < place < len(paths.density) - 1:
        return 0.0
    at = int(place)
    part = place - at
    return float(paths.density[at] * (1 - part) + paths.density[at + 1] * part)


@compiled
def rank(paths: Paths, start: int, end: int, onset: float, ranked: SmallIntArray, chance: FloatArray) -> None:
    """Put the sessions from start to before end in order of likelihood, the latest first among equals."""
    for at in range(end - start):
        here = likelihood(paths, onset - paths.date[start + at])
        place = at
        while place > 0 and chance[place - 1] <= here:
            chance[place] = chance[place - 1]
            ranked[place] = ranked[place - 1]
            place -= 1
        chance[place] = here
        ranked[place] = start + at


@compiled
def rows_of(paths: Paths, ranked: SmallIntArray, many: int, seen: IntArray, mark: int, rows: IntArray) -> int:
    """Fill in the row of each node of the ranked sessions, that of the likeliest session which has the node; how many."""
    filled = 0
    if many == 1:
        for row in range(paths.node_start[ranked[0]], paths.node_start[ranked[0] + 1]):
            rows[filled] = row
            filled += 1
        return filled
    for at in range(many):
        session = ranked[at]
        for row in range(paths.node_start[session], paths.node_start[session + 1]):
            node = paths.node[row]
            if seen[node] != mark:
                seen[node] = mark
                rows[filled] = row
                filled += 1
    return filled


@compiled
def likeliest(paths: Paths, person: IntArray, onset: FloatArray, longest: int) -> IntArray:
    """The likeliest session of each case."""
    found = np.empty(len(person), np.int64)
    ranked, chance = np.empty(longest, np.int32), np.empty(longest)
    for case in range(len(person)):
        start, end = candidates(paths, person[case], onset[case])
        rank(paths, start, end, onset[case], ranked, chance)
        found[case] = ranked[0]
    return found


@compiled
def counted_rows(
    paths: Paths, person: IntArray, onset: FloatArray, longest: int, most_rows: int
) -> tuple[IntArray, IntArray]:
    """Where the rows of each case start, and the rows."""
    starts = np.zeros(len(person) + 1, np.int64)
    found = np.empty(len(person) * most_rows, np.int64)
    ranked, chance = np.empty(longest, np.int32), np.empty(longest)
    seen = np.zeros(paths.nodes, np.int64)
    for case in range(len(person)):
        start, end = candidates(paths, person[case], onset[case])
        rank(paths, start, end, onset[case], ranked, chance)
        rows = found[starts[case] :]
        starts[case + 1] = starts[case] + rows_of(paths, ranked, end - start, seen, case + 1, rows)
    return starts, found[: starts[-1]].copy()


@compiled
def possible(paths: Paths, session: int) -> int:
    """How many of the delays have an onset that can be known by now; the shortest always counts as one."""
    many = np.searchsorted(paths.delays, paths.now - paths.date[session] + _SAME_MOMENT, side="right")
    return max(int(many), 1)


@compiled
def spread(
    paths: Paths,
    session: int,
    weight: float,
    room: tuple[SmallIntArray, SmallIntArray, FloatArray, IntArray, IntArray],
    mark: int,
    expected: FloatArray,
) -> int:
    """Add the weight of a session to the rows its possible delays lead to; the last mark used.

    Neighbouring delays mostly lead to the same sessions in the same order, and so to the same rows: these are looked up once.
    """
    ranked, held, chance, seen, rows = room
    many = possible(paths, session)
    kept, filled, pending = 0, 0, 0
    for at in range(many):
        onset = paths.date[session] + paths.delays[at]
        start, end = candidates(paths, paths.person[session], onset)
        rank(paths, start, end, onset, ranked, chance)
        same = kept == end - start
        for place in range(end - start):
            same = same and held[place] == ranked[place]
            held[place] = ranked[place]
        if not same:
            for place in range(filled):
                expected[rows[place]] += weight * pending / many
            kept, pending, mark = end - start, 0, mark + 1
            filled = rows_of(paths, ranked, kept, seen, mark, rows)
        pending += 1
    for place in range(filled):
        expected[rows[place]] += weight * pending / many
    return mark


@compiled
def expected_rows(
    paths: Paths, weight: FloatArray, least: FloatArray, longest: int, most_rows: int
) -> FloatArray:
    """Expected cases of each row when every session brings its weight, spread equally over its possible delays.

    Rows of persons with several sessions hold at least ``least``, that no row may be impossible.
    """
    expected = np.zeros(len(paths.node))
    room = (
        np.empty(longest, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest),
        np.zeros(paths.nodes, np.int64),
        np.empty(most_rows, np.int64),
    )
    mark = 0
    for person in range(len(paths.first) - 1):
        start, end = paths.first[person], paths.first[person + 1]
        if end - start == 1:
            expected[paths.node_start[start] : paths.node_start[end]] = weight[start]
            continue
        for session in range(start, end):
            if weight[session] > 0:
                mark = spread(paths, session, weight[session], room, mark, expected)
        for session in range(start, end):
            for row in range(paths.node_start[session], paths.node_start[session + 1]):
                expected[row] = max(expected[row], least[session])
    return expected
