"""Counts of pairs as weighted points: fewer of them that say the same, and the pairs that nobody reported.

Squashing: DuMouchel and Pregibon, KDD 2001. A point stands for ``weight`` pairs with ``n`` reports each, of
which ``e`` were expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

_PER_E_FOLD = 6
"""Cells of the coarse grid for every factor 2.718 in the expectation."""

_ALONE_BELOW, _ROWS_PER_E_FOLD = 30, 20
"""Counts below this have a row of the coarse grid each; above, rows of about a twentieth of the count."""

_ZERO_PER_E_FOLD = 1000
_EXACT_ZEROS = 2_000_000


class Points(NamedTuple):
    """Counts, what was expected, and how many pairs each stands for."""

    n: FloatArray
    e: FloatArray
    weight: FloatArray


def points(n: ArrayLike, e: ArrayLike) -> Points:
    """Every pair as a point of its own.

    Raises ValueError when a count is negative or an expectation is not a number above 0.
    """
    count, expected = np.asarray(n, float), np.asarray(e, float)
    if not ((count >= 0) & np.isfinite(count)).all():
        raise ValueError("n: got a count that is negative or not a number")
    if not ((expected > 0) & np.isfinite(expected)).all():
        raise ValueError("e: got an expectation that is not a number above 0")
    return Points(count, expected, np.ones(count.shape))


def squash(n: ArrayLike, e: ArrayLike, *, bin_size: int = 50, keep_from: int = 50) -> Points:
    """Fewer points that say nearly the same: pairs of one count with nearly the same expectation become one.

    Within each count below ``keep_from``, pairs are sorted by expectation and every ``bin_size`` of them become
    one point at their mean; of each count the ``10 bin_size`` pairs with the largest expectation stay
    themselves, because there the curve bends most.
    """
    count, e = np.asarray(n, float), np.asarray(e, float)
    order = np.lexsort((e, count))
    count, e = count[order], e[order]
    parts = [_squashed(part_n, part_e, bin_size, keep_from) for part_n, part_e in _by_count(count, e)]
    return Points(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _by_count(n: FloatArray, e: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    edges = np.flatnonzero(np.diff(n)) + 1
    yield from zip(np.split(n, edges), np.split(e, edges), strict=True)


def _squashed(n: FloatArray, e: FloatArray, size: int, keep_from: int) -> Points:
    whole = (len(e) - 10 * size) // size
    if whole <= 0 or n[0] >= keep_from:
        return Points(n, e, np.ones_like(e))
    cut = whole * size
    means = e[:cut].reshape(whole, size).mean(axis=1)
    weight = np.concatenate((np.full(whole, float(size)), np.ones(len(e) - cut)))
    return Points(np.full(len(weight), n[0]), np.concatenate((means, e[cut:])), weight)


def coarse(given: Points) -> Points:
    """A few thousand points at most that are right to the third order, for finding summits.

    Points that share a cell of a grid over count and logarithm of the expectation become two, one standard deviation
    of the expectation below their mean and one above, so that mean and spread of a cell are kept.
    """
    row = np.where(
        given.n < _ALONE_BELOW,
        given.n,
        _ALONE_BELOW + _steps(given.n / _ALONE_BELOW, _ROWS_PER_E_FOLD),
    )
    column = _steps(given.e / given.e.min(), _PER_E_FOLD)
    cell = (row * (column.max() + 1) + column).astype(np.int64)
    _cells, which = np.unique(cell, return_inverse=True)
    middle = _merged(given, which)
    off = given.e - middle.e[which]
    spread = np.sqrt(np.bincount(which, given.weight * off**2) / middle.weight)
    some = spread > 1e-6 * middle.e
    n, half = middle.n[some], middle.weight[some] / 2
    low, high = middle.e[some] - spread[some], middle.e[some] + spread[some]
    alone = Points(middle.n[~some], middle.e[~some], middle.weight[~some])
    return joined(alone, joined(Points(n, low, half), Points(n, high, half)))


def _steps(ratio: FloatArray, per_e_fold: float) -> FloatArray:
    steps: FloatArray = np.floor(np.log(np.maximum(ratio, 1.0)) * per_e_fold)
    return steps


def _merged(given: Points, which: NDArray[np.intp]) -> Points:
    """One point per cell, at the mean; ``which`` numbers the cells from 0 without gaps."""
    weight = np.asarray(np.bincount(which, given.weight), np.float64)
    n = np.bincount(which, given.weight * given.n) / weight
    e = np.bincount(which, given.weight * given.e) / weight
    return Points(n, e, weight)


def joined(first: Points, second: Points) -> Points:
    """The points of both."""
    return Points(*(np.concatenate(both) for both in zip(first, second, strict=True)))


def unreported(
    n_drug: ArrayLike, n_event: ArrayLike, n_total: float, reported: tuple[ArrayLike, ArrayLike]
) -> Points:
    """The pairs without a report, as points of count 0: every pair of the margins but the reported ones.

    ``n_drug`` and ``n_event`` are the margins, one entry per drug and per event; ``reported`` the margins of
    the pairs that have reports, one entry per pair. Where the margins have more than 2,000,000 different
    products, pairs whose expectations lie within 0.1 % share a point at their mean.
    """
    drugs, per_drug = np.unique(np.asarray(n_drug, float), return_counts=True)
    events, per_event = np.unique(np.asarray(n_event, float), return_counts=True)
    have = (np.asarray(reported[0], float), np.asarray(reported[1], float))
    if len(drugs) * len(events) <= _EXACT_ZEROS:
        cells = np.outer(per_drug, per_event)
        np.subtract.at(cells, (np.searchsorted(drugs, have[0]), np.searchsorted(events, have[1])), 1)
        e: FloatArray = np.outer(drugs, events) / n_total
        here = cells > 0
        weight: FloatArray = cells[here].astype(np.float64)
        return Points(np.zeros(len(weight)), e[here], weight)
    least = drugs[0] * events[0] / n_total
    bins = int(_ZERO_PER_E_FOLD * np.log(drugs[-1] * events[-1] / n_total / least)) + 2
    many, sums = np.zeros(bins), np.zeros(bins)
    for drug, alike in zip(drugs, per_drug, strict=True):
        _add(many, sums, drug * events / n_total, alike * per_event, least)
    _add(many, sums, have[0] * have[1] / n_total, np.full(len(have[0]), -1.0), least)
    some = many > 0.5
    return Points(np.zeros(np.count_nonzero(some)), sums[some] / many[some], many[some])


def _add(weight: FloatArray, sums: FloatArray, e: FloatArray, many: FloatArray, least: float) -> None:
    """Count pairs into the bins of their expectation, and sum their expectations there."""
    cell = _steps(e / least, _ZERO_PER_E_FOLD).astype(np.intp)
    weight += np.bincount(cell, many, len(weight))
    sums += np.bincount(cell, many * e, len(sums))
