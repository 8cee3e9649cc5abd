"""Which sets of two or three drugs stand together with an event in enough reports.

Drug by drug, rarest first, only the reports that name it are looked at, and in them only the drugs that are
commoner. So every set is met once, and no table of drugs by drugs by events exists at any time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

IntArray = NDArray[np.int64]


class SetCounts(NamedTuple):
    """Sets of drugs with an event: columns of the drugs (sets by size), of the event, and distinct reports.

    ``n`` reports name the drugs and the event, ``together`` the drugs.
    """

    drugs: IntArray
    event: IntArray
    n: IntArray
    together: IntArray


def sets_with_events(
    with_drug: sparse.csr_matrix, with_event: sparse.csr_matrix, size: int, least: int
) -> SetCounts:
    """All sets of ``size`` drugs that ``least`` reports or more name together with one event."""
    often = np.bincount(with_drug.indices, minlength=with_drug.shape[1])
    order = np.argsort(often, kind="stable")
    ranked = _columns(with_drug, order, often >= least)
    found = list(_sets(ranked, with_event, size, least))
    if not found:
        nothing = np.zeros(0, np.int64)
        return SetCounts(np.zeros((0, size), np.int64), nothing, nothing, nothing)
    ranks, event, n, together = (np.concatenate(part) for part in zip(*found, strict=True))
    drugs = np.sort(order[ranks], axis=1)
    by = np.lexsort((event, *drugs.T[::-1]))
    return SetCounts(drugs[by], event[by], n[by], together[by])


def _columns(with_drug: sparse.csr_matrix, order: IntArray, kept: NDArray[np.bool_]) -> sparse.csr_matrix:
    """The matrix with columns in a new order, entries of columns that are too rare taken away."""
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    some = kept[with_drug.indices]
    row = np.repeat(np.arange(with_drug.shape[0]), np.diff(with_drug.indptr))[some]
    entries = (np.ones(len(row), np.int32), (row, rank[with_drug.indices[some]]))
    ranked = sparse.csr_matrix(entries, shape=with_drug.shape)
    ranked.sort_indices()
    return ranked


def _sets(
    with_drug: sparse.csr_matrix, with_event: sparse.csr_matrix, size: int, least: int
) -> Iterator[tuple[IntArray, IntArray, IntArray, IntArray]]:
    """Sets of the drugs given by rank; sorted columns make the commoner drugs the later entries of a row."""
    if size == 1:
        yield from _singles(with_drug, with_event, least)
        return
    entry = np.arange(with_drug.nnz)
    by_drug = sparse.csr_matrix((entry, with_drug.indices, with_drug.indptr), shape=with_drug.shape).tocsc()
    ends = with_drug.indptr[1:]
    for drug in np.flatnonzero(np.diff(by_drug.indptr) >= least):
        here = slice(by_drug.indptr[drug], by_drug.indptr[drug + 1])
        after, rows = by_drug.data[here] + 1, by_drug.indices[here]
        more = ends[rows] > after
        if np.count_nonzero(more) < least:
            continue
        later = _later(with_drug, after[more], ends[rows[more]])
        if later is None or (later := _pruned(later, least)).nnz < least:
            continue
        for ranks, event, n, together in _sets(later, with_event[rows[more]], size - 1, least):
            first = np.full((len(n), 1), drug)
            yield np.hstack((first, ranks)), event, n, together


def _later(with_drug: sparse.csr_matrix, start: IntArray, end: IntArray) -> sparse.csr_matrix | None:
    """Of each row the entries from ``start`` to ``end``."""
    length = end - start
    indptr = np.concatenate(([0], np.cumsum(length)))
    if not indptr[-1]:
        return None
    at = np.arange(indptr[-1]) + np.repeat(start - indptr[:-1], length)
    entries = (np.ones(len(at), np.int32), with_drug.indices[at], indptr)
    return sparse.csr_matrix(entries, shape=(len(start), with_drug.shape[1]))


def _pruned(matrix: sparse.csr_matrix, least: int) -> sparse.csr_matrix:
    """Without the drugs that stand in too few of the rows."""
    kept = np.bincount(matrix.indices, minlength=matrix.shape[1]) >= least
    some = kept[matrix.indices]
    before = np.concatenate(([0], np.cumsum(some)))
    entries = (matrix.data[some], matrix.indices[some], before[matrix.indptr])
    return sparse.csr_matrix(entries, shape=matrix.shape)


def _singles(
    with_drug: sparse.csr_matrix, with_event: sparse.csr_matrix, least: int
) -> Iterator[tuple[IntArray, IntArray, IntArray, IntArray]]:
    often = np.bincount(with_drug.indices, minlength=with_drug.shape[1])
    present = np.flatnonzero(often)
    place = np.zeros(with_drug.shape[1], np.int64)
    place[present] = np.arange(len(present))
    entries = (with_drug.data, place[with_drug.indices], with_drug.indptr)
    narrow = sparse.csr_matrix(entries, shape=(with_drug.shape[0], max(len(present), 1)))
    pairs = (narrow.T.tocsr() @ with_event).tocoo()
    enough = pairs.data >= least
    drug = present[pairs.row[enough]].astype(np.int64) if len(present) else np.zeros(0, np.int64)
    event, n = pairs.col[enough].astype(np.int64), pairs.data[enough].astype(np.int64)
    yield drug[:, None], event, n, often[drug]
