"""The largest statistic among windows that reach the last period, in each of many replicates side by side.

With one period this is the scan of space alone.
"""

from __future__ import annotations

import math

import numba
import numpy as np
from numpy.typing import NDArray

from untoward.kernels.compiled import compiled, compiled_for_all_cores
from untoward.kernels.scan_bounds import SAFELY, room
from untoward.kernels.scan_draws import Null, deal, stream
from untoward.kernels.scan_statistics import Totals, llr
from untoward.kernels.scan_windows import Circles

FloatArray = NDArray[np.float64]
Lanes = NDArray[np.float32]

LANES = 64
"""Replicates scanned side by side: what their circles share is worked out once, and a processor adds several at a time."""


@compiled_for_all_cores
def largest_to_the_end(
    circles: Circles, baseline: FloatArray, null: Null, totals: Totals, seed: int, first: int, replicates: int
) -> FloatArray:
    """The largest statistic of each replicate, numbered from ``first``.

    ``baseline`` (places, lengths) is that of the last period, the last two, and so on; as many lengths as are wanted.
    """
    blocks = (replicates + LANES - 1) // LANES
    largest = np.zeros(blocks * LANES)
    for block in numba.prange(blocks):
        best, reach = largest[block * LANES : (block + 1) * LANES], np.zeros(LANES, np.float32)
        drawn = _drawn(baseline.shape, null, np.uint64(seed), first + block * LANES)
        for centre in range(len(circles.start) - 1):
            _from_centre(circles, centre, baseline, drawn, totals, best, reach)
    return largest[:replicates]


@compiled
def _drawn(shape: tuple[int, int], null: Null, seed: np.uint64, first: int) -> Lanes:
    """Cases (places, lengths, lanes) of the last period, the last two, and so on."""
    places, lengths = shape
    periods = null.cells // places
    drawn = np.zeros((places, lengths, LANES), np.float32)
    cells = np.zeros(null.cells, np.int32)
    for lane in range(LANES):
        deal(null, stream(seed, np.uint64(first + lane)), cells)
        for place in range(places):
            so_far = 0
            for length in range(lengths):
                so_far += cells[(place + 1) * periods - 1 - length]
                drawn[place, length, lane] = so_far
    return drawn


@compiled
def _from_centre(
    circles: Circles,
    centre: int,
    baseline: FloatArray,
    drawn: Lanes,
    totals: Totals,
    best: FloatArray,
    reach: Lanes,
) -> None:
    lengths = baseline.shape[1]
    inside, base = np.zeros((lengths, LANES), np.float32), np.zeros(lengths)
    for entry in range(circles.start[centre], circles.start[centre + 1]):
        place = circles.place[entry]
        for length in range(lengths):
            base[length] += baseline[place, length]
            if base[length] <= 0.0:
                continue
            expected = np.float32(SAFELY * totals.cases * base[length] / totals.baseline)
            spread = np.float32(SAFELY * room(base[length], totals.cases, totals.baseline, totals.bernoulli))
            beaten = _grow(inside[length], drawn[place, length], expected, spread, reach)
            if beaten and circles.new[entry]:
                _work_out(inside[length], base[length], expected, spread, totals, best, reach)


@compiled
def _grow(inside: Lanes, more: Lanes, expected: np.float32, spread: np.float32, reach: Lanes) -> np.int32:
    """Add a place's cases; in how many lanes the window may now beat the best."""
    beaten = np.int32(0)
    for lane in range(LANES):
        cases = inside[lane] + more[lane]
        inside[lane] = cases
        beaten += np.int32(cases > expected + spread * reach[lane])
    return beaten


@compiled
def _work_out(
    inside: Lanes,
    base: float,
    expected: np.float32,
    spread: np.float32,
    totals: Totals,
    best: FloatArray,
    reach: Lanes,
) -> None:
    for lane in range(LANES):
        if inside[lane] > expected + spread * reach[lane]:
            value = llr(int(inside[lane]), base, totals.cases, totals.baseline, totals.bernoulli)
            if value > best[lane]:
                best[lane] = value
                reach[lane] = math.sqrt(value)
