"""Which session had which exposure, on the axes asked for, and on pairs of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.errors import UsageError
from untoward.model.tables import Registry
from untoward.watch.clusters.nodes import CLUSTER_AXES, COMPOUND_PAIR, Nodes, nodes_of
from untoward.watch.expected import Axes

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

RATE_AXES = CLUSTER_AXES
"""Every axis that rates can be given by, the most specific first."""

PAIR_JOINT = " × "

MOST_PAIRS = 500_000
"""So many combinations on record are too many to tell apart; a pair of axes with more is refused."""


class RateAxes(NamedTuple):
    """Sessions by exposures, and what each exposure is: `axis` and `value`, one row each."""

    axes: Axes
    names: pl.DataFrame


def rate_axes(
    registry: Registry,
    compound_labels: Mapping[str, str] | None = None,
    by: Sequence[str] = (),
    pairs: Sequence[tuple[str, str]] = (),
    nodes: Nodes | None = None,
) -> RateAxes:
    """The axes named in `by` (all without any name), then the pairs of axes: both values in the same session.

    `nodes` are those of the registry where they are known already. Raises UsageError for an axis that is none, and
    for a pair with too many combinations.
    """
    _require_axes([*by, *(axis for pair in pairs for axis in pair)])
    if any(first == second for first, second in pairs):
        raise UsageError("A pair needs two different kinds of exposure.")
    nodes = nodes or nodes_of(registry, compound_labels)
    if not by and not pairs:
        return _every(nodes)
    parts = [_single(nodes, axis) for axis in dict.fromkeys(by)]
    parts += [_pair(nodes, pair) for pair in dict.fromkeys(pairs)]
    names = pl.concat([part.names for part in parts])
    axis = np.repeat(np.arange(len(parts)), [part.names.height for part in parts]).astype(np.int64)
    member, known = (_beside([getattr(part.axes, name) for part in parts]) for name in ("member", "known"))
    return RateAxes(Axes(member, axis, known, tuple(part.axes.names[0] for part in parts)), names)


def _beside(parts: Sequence[sparse.csr_array]) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack(parts, format="csr"))


def _require_axes(wanted: Sequence[str]) -> None:
    unknown = sorted(set(wanted) - set(RATE_AXES))
    if unknown:
        raise UsageError(
            f"There is no kind of exposure {', '.join(map(repr, unknown))}. There are {', '.join(RATE_AXES)}."
        )


def _every(nodes: Nodes) -> RateAxes:
    """All axes at once, as they stand: nothing has to be cut out and put together again."""
    number = {axis: at for at, axis in enumerate(RATE_AXES)}
    axis = nodes.names.frame.get_column("axis").replace_strict(number, return_dtype=pl.Int64).to_numpy()
    known = sparse.csr_array(np.column_stack([_known(nodes, one) for one in RATE_AXES]).astype(np.int8))
    return RateAxes(Axes(nodes.member, axis, known, RATE_AXES), _named(nodes.names.frame))


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        "axis", pl.concat_str("value", "second", separator=" + ", ignore_nulls=True).alias("value")
    )


def _single(nodes: Nodes, axis: str) -> RateAxes:
    frame = nodes.names.frame.with_row_index("node").filter(pl.col("axis") == axis)
    member = sparse.csr_array(nodes.member[:, frame.get_column("node").to_numpy()])
    names = _named(frame)
    return RateAxes(
        Axes(member, np.zeros(names.height, np.int64), _column(_known(nodes, axis)), (axis,)), names
    )


def _known(nodes: Nodes, axis: str) -> BoolArray:
    """Sessions known on the axis. A syringe whose compounds are all known and make no pair is known to have none."""
    known = nodes.known[axis]
    return known | nodes.known["mix"] if axis == COMPOUND_PAIR else known


def _column(mask: BoolArray) -> sparse.csr_array:
    return sparse.csr_array(mask[:, None].astype(np.int8))


def _pair(nodes: Nodes, pair: tuple[str, str]) -> RateAxes:
    """Every combination of values on record in one session."""
    first, second = (_single(nodes, axis) for axis in pair)
    session, left, right = _combinations(first.axes.member, second.axes.member)
    packed = left * max(second.names.height, 1) + right
    kinds, node = np.unique(packed, return_inverse=True)
    if kinds.size > MOST_PAIRS:
        raise UsageError(
            f"{pair[0]} and {pair[1]} have {kinds.size:,} combinations on record, more than can be compared "
            f"({MOST_PAIRS:,}). Choose axes with fewer values."
        )
    shape = (first.axes.member.shape[0], kinds.size)
    member = sparse.csr_array((np.ones(node.size, np.int8), (session, node)), shape=shape)
    axis = PAIR_JOINT.join(pair)
    values = (
        first.names["value"].gather(kinds // max(second.names.height, 1)).cast(pl.String)
        + PAIR_JOINT
        + second.names["value"].gather(kinds % max(second.names.height, 1)).cast(pl.String)
    )
    names = pl.DataFrame({"axis": pl.repeat(axis, kinds.size, dtype=pl.String, eager=True), "value": values})
    known = _known(nodes, pair[0]) & _known(nodes, pair[1])
    return RateAxes(Axes(member, np.zeros(kinds.size, np.int64), _column(known), (axis,)), names)


def _combinations(first: sparse.csr_array, second: sparse.csr_array) -> tuple[IntArray, IntArray, IntArray]:
    """Session, first value and second value of every combination, as equally long arrays."""
    many, others = np.diff(first.indptr).astype(np.int64), np.diff(second.indptr).astype(np.int64)
    session = np.repeat(np.arange(first.shape[0]), many)
    left = first.indices.astype(np.int64)
    times = others[session]
    start = np.repeat(second.indptr[session].astype(np.int64), times)
    within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(session, times), np.repeat(left, times), second.indices[start + within].astype(np.int64)
