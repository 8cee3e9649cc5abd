"""The windows of a scan, circle by circle and period by period: the best of each circle, and the largest by chance.

All windows of a circle are looked at for the counts observed. Of the many replicates only the largest statistic is wanted: the
most cases in any run of a length bound those of every shorter run, and a length that cannot beat the largest found so
far (`scan_bounds`) is passed over, from the longest down.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from untoward.kernels.compiled import compiled, compiled_for_all_cores
from untoward.kernels.scan_bounds import SAFELY, room, slope
from untoward.kernels.scan_draws import Null, deal, stream
from untoward.kernels.scan_statistics import Totals, llr
from untoward.kernels.scan_windows import Circles

FloatArray = NDArray[np.float64]
Counts = NDArray[np.int32]

ABREAST = 16
"""Replicates scanned side by side: what their circles share is worked out once."""


class Spans(NamedTuple):
    """Which runs of periods are looked at: up to ``longest`` periods; ``to_the_end``: only those that reach the last one."""

    longest: int
    to_the_end: bool


class BestWindows(NamedTuple):
    """The window with the largest statistic of every circle (entries,): periods ``first`` to ``last``, both inside."""

    llr: FloatArray
    cases: Counts
    baseline: FloatArray
    first: Counts
    last: Counts


@compiled
def _summed(values: NDArray[np.float64], sums: FloatArray) -> None:
    """Running sums over the periods, from 0."""
    sums[0] = 0.0
    for period in range(len(values)):
        sums[period + 1] = sums[period] + values[period]


@compiled_for_all_cores
def best_windows(
    circles: Circles, cases: Counts, baseline: FloatArray, totals: Totals, spans: Spans
) -> BestWindows:
    """The best window of every circle for cases and baseline (places, periods)."""
    entries, periods = len(circles.place), cases.shape[1]
    best = BestWindows(
        np.zeros(entries),
        np.zeros(entries, np.int32),
        np.zeros(entries),
        np.zeros(entries, np.int32),
        np.zeros(entries, np.int32),
    )
    for centre in numba.prange(len(circles.start) - 1):
        count, base = np.zeros(periods), np.zeros(periods)
        counts, bases = np.zeros(periods + 1), np.zeros(periods + 1)
        for entry in range(circles.start[centre], circles.start[centre + 1]):
            count += cases[circles.place[entry]]
            base += baseline[circles.place[entry]]
            if circles.new[entry]:
                _summed(count, counts)
                _summed(base, bases)
                _keep_best(best, entry, counts, bases, totals, spans)
    return best


@compiled
def _keep_best(
    best: BestWindows, entry: int, counts: FloatArray, bases: FloatArray, totals: Totals, spans: Spans
) -> None:
    periods = len(counts) - 1
    ratio = totals.cases / totals.baseline
    for length in range(1, spans.longest + 1):
        for first in range(periods - length if spans.to_the_end else 0, periods - length + 1):
            count, base = counts[first + length] - counts[first], bases[first + length] - bases[first]
            excess = count - base * ratio
            if excess <= 0.0:
                continue
            steep = slope(base, totals.cases, totals.baseline, totals.bernoulli)
            if excess * excess * steep <= SAFELY * best.llr[entry]:
                continue
            value = llr(int(count), base, totals.cases, totals.baseline, totals.bernoulli)
            if value > best.llr[entry]:
                best.llr[entry] = value
                best.cases[entry], best.baseline[entry] = count, base
                best.first[entry], best.last[entry] = first, first + length - 1


class Running(NamedTuple):
    """Running sums of the baseline over the periods (places, periods + 1), and its least in any run (places, lengths)."""

    baseline: FloatArray
    least: FloatArray


def running(baseline: FloatArray, longest: int) -> Running:
    """For a baseline (places, periods) and runs of up to ``longest`` periods."""
    sums = np.concatenate([np.zeros((len(baseline), 1)), np.cumsum(baseline, axis=1)], axis=1)
    least = [(sums[:, length:] - sums[:, :-length]).min(axis=1) for length in range(1, longest + 1)]
    return Running(sums, np.stack(least, axis=1))


class _Block(NamedTuple):
    """Replicates scanned side by side: running sums of their cases over the periods (places, lanes, periods + 1), the largest
    statistic of each so far (lanes,), and its root.
    """

    counts: Counts
    best: FloatArray
    reach: FloatArray


class _Circle(NamedTuple):
    """One circle: running sums of its baseline (periods + 1,) and of its cases (lanes, periods + 1); per length the least
    baseline of a run, its expected cases and its `room`, a little too small.
    """

    baseline: FloatArray
    counts: Counts
    least: FloatArray
    expected: FloatArray
    room: FloatArray


@compiled_for_all_cores
def largest_in_space_time(
    circles: Circles, ground: Running, null: Null, totals: Totals, seed: int, first: int, replicates: int
) -> FloatArray:
    """The largest statistic of each replicate, numbered from ``first``, over runs of periods as long as ``ground`` knows."""
    blocks = (replicates + ABREAST - 1) // ABREAST
    largest = np.zeros(blocks * ABREAST)
    for turn in numba.prange(blocks):
        best = largest[turn * ABREAST : (turn + 1) * ABREAST]
        counts = _drawn(ground.baseline.shape, null, np.uint64(seed), first + turn * ABREAST)
        block = _Block(counts, best, np.zeros(ABREAST))
        for centre in range(len(circles.start) - 1):
            _from_centre(circles, centre, ground, block, totals)
    return largest[:replicates]


@compiled
def _drawn(shape: tuple[int, int], null: Null, seed: np.uint64, first: int) -> Counts:
    places, width = shape
    counts = np.zeros((places, ABREAST, width), np.int32)
    cells = np.zeros(null.cells, np.int32)
    for lane in range(ABREAST):
        deal(null, stream(seed, np.uint64(first + lane)), cells)
        for place in range(places):
            so_far = 0
            for period in range(width - 1):
                so_far += cells[place * (width - 1) + period]
                counts[place, lane, period + 1] = so_far
    return counts


@compiled
def _from_centre(circles: Circles, centre: int, ground: Running, block: _Block, totals: Totals) -> None:
    width, lengths = ground.baseline.shape[1], ground.least.shape[1]
    counts = np.zeros((ABREAST, width), np.int32)
    circle = _Circle(np.zeros(width), counts, np.zeros(lengths), np.zeros(lengths), np.zeros(lengths))
    for entry in range(circles.start[centre], circles.start[centre + 1]):
        place = circles.place[entry]
        _add(circle.baseline, ground.baseline[place])
        _add(circle.least, ground.least[place])
        for lane in range(ABREAST):
            _add(circle.counts[lane], block.counts[place, lane])
        if circles.new[entry] and circle.baseline[-1] > 0.0:
            _set_bounds(circle, totals)
            for lane in range(ABREAST):
                _try_lengths(circle, block, lane, totals)


@compiled
def _add(sums: NDArray[np.number], more: NDArray[np.number]) -> None:
    for at in range(len(sums)):
        sums[at] += more[at]


@compiled
def _set_bounds(circle: _Circle, totals: Totals) -> None:
    """No branch, so that several lengths are worked out at once: where nothing is expected the slope is inf, the room 0."""
    for at in range(len(circle.least)):
        least = circle.least[at]
        circle.expected[at] = SAFELY * totals.cases * least / totals.baseline
        circle.room[at] = SAFELY * room(least, totals.cases, totals.baseline, totals.bernoulli)


@compiled
def _try_lengths(circle: _Circle, block: _Block, lane: int, totals: Totals) -> None:
    counts = circle.counts[lane]
    length = len(circle.least)
    while length > 0:
        most = _most(counts[length:], counts[:-length])
        if most > circle.expected[length - 1] + circle.room[length - 1] * block.reach[lane]:
            _try_runs(circle, length, block, lane, totals)
            length -= 1
        while (
            length > 0 and most <= circle.expected[length - 1] + circle.room[length - 1] * block.reach[lane]
        ):
            length -= 1


@compiled
def _most(until: Counts, before: Counts) -> np.int32:
    """The most cases in any run, from running sums up to its end and before its begin."""
    most = np.int32(0)
    for at in range(len(before)):
        most = max(most, np.int32(until[at] - before[at]))
    return most


@compiled
def _try_runs(circle: _Circle, length: int, block: _Block, lane: int, totals: Totals) -> None:
    """Work out the runs of one length that have as many more cases than expected as the smallest `room` asks."""
    counts, base = circle.counts[lane], circle.baseline
    rate = SAFELY * totals.cases / totals.baseline
    beyond = circle.room[length - 1] * block.reach[lane]
    if not _how_many(counts[length:], counts[:-length], base[length:], base[:-length], rate, beyond):
        return
    for first in range(len(counts) - length):
        cases, baseline = counts[first + length] - counts[first], base[first + length] - base[first]
        if cases - rate * baseline <= beyond:
            continue
        value = llr(cases, baseline, totals.cases, totals.baseline, totals.bernoulli)
        if value > block.best[lane]:
            block.best[lane] = value
            block.reach[lane] = math.sqrt(value)
            beyond = circle.room[length - 1] * block.reach[lane]


@compiled
def _how_many(
    until: Counts, before: Counts, base_until: FloatArray, base_before: FloatArray, rate: float, beyond: float
) -> int:
    """How many runs have more cases than that beyond their expectation; written so that several are compared at once."""
    runs = 0
    for at in range(len(before)):
        excess = (until[at] - before[at]) - rate * (base_until[at] - base_before[at])
        runs += excess > beyond
    return runs
