"""Cases dealt out by chance: the null hypotheses of the scans, one stream of random numbers per replicate.

``poisson``      every case falls on a cell (place and period) with a chance in proportion to the cell's baseline
``bernoulli``    the cases are a random choice among the people of all cells, nobody twice
``permutation``  places and periods of the cases are paired anew; both margins stay

Random numbers are those of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the n-th of a stream is a mix of its key and n,
and the key a mix of seed and replicate, so that replicates come out the same in any order and on any number of cores.
A choice among n cells takes 32 bits for the cell, which favours none by more than n / 2^32.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.compiled import compiled

FloatArray = NDArray[np.float64]
Counts = NDArray[np.int32]

POISSON, BERNOULLI, PERMUTATION = 0, 1, 2

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_SCALE = 2.0**32


class Null(NamedTuple):
    """What cases are dealt from; cells are numbered place after place.

    ``kind``      `POISSON`, `BERNOULLI` or `PERMUTATION`
    ``cases``     how many are dealt, and
    ``cells``     over how many
    ``keep``      (cells,) the chance of keeping the cell drawn, and
    ``alias``     (cells,) the cell to take otherwise (Walker, ACM Trans Math Softw 1977;3:253)
    ``people``    (cells,) people per cell, for `BERNOULLI`
    ``row``       (cases,) first cell of the place of each case, and
    ``column``    (cases,) the period of each case, for `PERMUTATION`
    """

    kind: int
    cases: int
    cells: int
    keep: FloatArray
    alias: NDArray[np.int32]
    people: FloatArray
    row: NDArray[np.int32]
    column: NDArray[np.int32]


def null_of(kind: int, cases: Counts, baseline: FloatArray) -> Null:
    """The null for cases and baseline (places, periods) observed."""
    weight = np.ascontiguousarray(baseline).ravel()
    keep, (alias, row, column) = np.zeros(0), np.zeros((3, 0), np.int32)
    if kind == PERMUTATION:
        places, periods = (np.arange(many, dtype=np.int32) for many in cases.shape)
        row = np.repeat(places * np.int32(len(periods)), cases.sum(axis=1))
        column = np.repeat(periods, cases.sum(axis=0))
    else:
        keep, alias = _alias_table(weight)
    return Null(kind, int(cases.sum()), cases.size, keep, alias, weight, row, column)


@compiled
def mixed(value: np.uint64) -> np.uint64:
    """A number with all 64 bits depending on all of the value's."""
    value = (value ^ (value >> _S30)) * _FIRST
    value = (value ^ (value >> _S27)) * _SECOND
    return value ^ (value >> _S31)


@compiled
def stream(seed: np.uint64, replicate: np.uint64) -> np.uint64:
    """The key of a replicate's stream of random numbers."""
    return mixed(mixed(seed * _GOLDEN + _GOLDEN) + replicate * _GOLDEN)


@compiled
def _cell(random: np.uint64, keep: FloatArray, alias: NDArray[np.int32]) -> np.int64:
    slot = np.int64(((random >> _S32) * np.uint64(len(keep))) >> _S32)
    return slot if np.float64(random & _LOW) < keep[slot] * _SCALE else np.int64(alias[slot])


@compiled
def _deal_anywhere(null: Null, key: np.uint64, cells: Counts) -> None:
    state = key
    for _case in range(null.cases):
        state = state + _GOLDEN
        cells[_cell(mixed(state), null.keep, null.alias)] += 1


@compiled
def _deal_to_people(null: Null, key: np.uint64, cells: Counts) -> None:
    """Draw people; one already drawn is drawn again, which leaves every choice of people equally likely.

    Where most are cases, those that are not are drawn instead.
    """
    fewer = min(null.cases, int(null.people.sum()) - null.cases)
    state, left = key, fewer
    while left > 0:
        state = state + _GOLDEN
        cell = _cell(mixed(state), null.keep, null.alias)
        state = state + _GOLDEN
        if np.float64(mixed(state) >> _S32) * null.people[cell] < (null.people[cell] - cells[cell]) * _SCALE:
            cells[cell] += 1
            left -= 1
    if fewer < null.cases:
        for at in range(len(cells)):
            cells[at] = np.int32(null.people[at]) - cells[at]


@compiled
def _deal_pairs(null: Null, key: np.uint64, cells: Counts) -> None:
    """Shuffle the periods (Fisher and Yates) and hand them to the cases in order."""
    column = null.column.copy()
    state = key
    for last in range(null.cases - 1, -1, -1):
        state = state + _GOLDEN
        other = np.int64(((mixed(state) >> _S32) * np.uint64(last + 1)) >> _S32)
        cells[null.row[last] + column[other]] += 1
        column[other] = column[last]


@compiled
def deal(null: Null, key: np.uint64, cells: Counts) -> None:
    """Fill ``cells`` (cells,) with one replicate's counts."""
    cells[:] = 0
    if null.kind == POISSON:
        _deal_anywhere(null, key, cells)
    elif null.kind == BERNOULLI:
        _deal_to_people(null, key, cells)
    else:
        _deal_pairs(null, key, cells)


@compiled
def _alias_table(weight: FloatArray) -> tuple[FloatArray, NDArray[np.int32]]:
    """Two cells to each of as many equally likely slots, so that a draw takes the same time however many cells there are."""
    cells = len(weight)
    keep = weight * (cells / weight.sum())
    alias = np.arange(cells).astype(np.int32)
    heaviest = np.int32(np.argmax(weight))
    # cells short of a slot wait at the front, those with more than one at the back
    waiting = np.empty(cells, np.int32)
    short, rich = 0, cells
    for cell in range(cells):
        if keep[cell] < 1.0:
            waiting[short] = cell
            short += 1
        else:
            rich -= 1
            waiting[rich] = cell
    while short > 0 and rich < cells:
        short -= 1
        poor, giver = waiting[short], waiting[rich]
        alias[poor] = giver
        keep[giver] -= 1.0 - keep[poor]
        if keep[giver] < 1.0:
            rich += 1
            waiting[short] = giver
            short += 1
    for at in range(short):  # full but for rounding, unless empty from the start
        cell = waiting[at]
        alias[cell] = heaviest
        keep[cell] = 1.0 if weight[cell] > 0.0 else 0.0
    return keep, alias
