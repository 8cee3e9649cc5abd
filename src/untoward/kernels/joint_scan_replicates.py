"""The largest excess when cases are drawn anew, again and again.

Compiled loops of the joint scan (`joint_scan` says what is computed and why).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from untoward.kernels.alias import drawn
from untoward.kernels.compiled import compiled, compiled_for_all_cores
from untoward.kernels.joint_scan_paths import Paths, candidates, possible, rank, rows_of
from untoward.kernels.joint_scan_windows import Groups, Limits, largest_of
from untoward.kernels.splitmix import State, begin, uniform

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallIntArray = NDArray[np.int32]

_MOST_TRIES = 100  # a person is drawn twice only where the stratum hardly holds anybody else

_LAST_DIGIT = 2**9 - 1


class Urn(NamedTuple):
    """Sessions by stratum with the tables to draw them by weight, and how many cases to draw from each stratum."""

    first: IntArray
    session: SmallIntArray
    kept: FloatArray
    other: SmallIntArray
    cases: IntArray


class Room(NamedTuple):
    """Space one core works in: its generator, who is already a case, and what the other loops fill.

    ``serial`` numbers the persons drawn who have several sessions, the mark of `rows_of`.
    """

    state: State
    taken: IntArray
    seen: IntArray
    serial: IntArray
    ranked: SmallIntArray
    chance: FloatArray
    rows: IntArray
    hits: IntArray
    spare: IntArray
    ends: IntArray
    digits: SmallIntArray


@compiled
def draw_session(paths: Paths, urn: Urn, stratum: int, room: Room, mark: int) -> int:
    """A session of the stratum by weight, of a person who is not yet a case where one can be found."""
    first, end = urn.first[stratum], urn.first[stratum + 1]
    kept, other = urn.kept[first:end], urn.other[first:end]
    session = 0
    for _turn in range(_MOST_TRIES):
        session = urn.session[first + drawn(kept, other, room.state)]
        if room.taken[paths.person[session]] != mark:
            break
    room.taken[paths.person[session]] = mark
    return session


@compiled
def rows_of_drawn(paths: Paths, session: int, room: Room) -> int:
    """Fill in the rows of a case drawn from a session, with a delay drawn from those possible; how many."""
    person = paths.person[session]
    room.serial[0] += 1
    if paths.first[person + 1] - paths.first[person] == 1:
        room.ranked[0] = session
        return rows_of(paths, room.ranked, 1, room.seen, room.serial[0], room.rows)
    delay = paths.delays[int(uniform(room.state) * possible(paths, session))]
    onset = paths.date[session] + delay
    start, end = candidates(paths, person, onset)
    rank(paths, start, end, onset, room.ranked, room.chance)
    return rows_of(paths, room.ranked, end - start, room.seen, room.serial[0], room.rows)


@compiled
def draw_hits(paths: Paths, urn: Urn, of_row: SmallIntArray, room: Room, mark: int) -> int:
    """Fill in the hits of as many cases as were observed, drawn anew; how many."""
    many = 0
    for stratum in range(len(urn.cases)):
        for _case in range(urn.cases[stratum]):
            session = draw_session(paths, urn, stratum, room, mark)
            for place in range(rows_of_drawn(paths, session, room)):
                row = room.rows[place]
                room.hits[many] = (np.int64(paths.node[row]) << 32) | of_row[row]
                many += 1
    return many


@compiled
def in_order(values: IntArray, spare: IntArray, digits: SmallIntArray, largest: int) -> None:
    """Sort hits with groups up to ``largest`` by counting nine bits of these at a time, the last ones first."""
    shift = 0
    while largest >> shift > 0:
        digits[:] = 0
        for value in values:
            digits[(value >> shift) & _LAST_DIGIT] += 1
        place = 0
        for digit in range(_LAST_DIGIT + 1):
            place, digits[digit] = place + digits[digit], place
        for value in values:
            digit = (value >> shift) & _LAST_DIGIT
            spare[digits[digit]] = value
            digits[digit] += 1
        values[:] = spare[: len(values)]
        shift += 9


@compiled_for_all_cores
def run_replicates(
    paths: Paths,
    urn: Urn,
    groups: Groups,
    limits: Limits,
    least_cases: int,
    seed: np.uint64,
    start: int,
    many: int,
    blocks: int,
    longest: int,
    most_rows: int,
) -> FloatArray:
    """The largest statistic of whole nodes and of all, shape (2, many), of replicates start to before start + many.

    Each has a generator of its own, so that it makes no difference which core runs it.
    """
    largest, most_hits = np.zeros((2, many)), limits.total * most_rows
    for block in prange(blocks):
        room = Room(
            np.zeros(1, np.uint64),
            np.zeros(len(paths.first), np.int64),
            np.zeros(paths.nodes, np.int64),
            np.zeros(1, np.int64),
            np.empty(longest, np.int32),
            np.empty(longest),
            np.empty(most_rows, np.int64),
            np.empty(most_hits, np.int64),
            np.empty(most_hits, np.int64),
            np.empty(most_hits, np.int64),
            np.empty(_LAST_DIGIT + 1, np.int32),
        )
        for at in range(block, many, blocks):
            begin(room.state, seed, start + at)
            filled = draw_hits(paths, urn, groups.of_row, room, at + 1)
            in_order(room.hits[:filled], room.spare, room.digits, len(groups.day))
            largest[0, at], largest[1, at] = largest_of(
                room.hits, filled, groups, limits, least_cases, room.spare, room.ends
            )
    return largest
