"""How well every place of a scanned ground accounts for cases and non-cases, as log Bayes factors with priors.

Half of the belief beforehand is in "nothing in common". The other half is shared by all places alike, a vial as much as
a clinic: then the place that fits cases and non-cases best is also the most probable. (Sharing it by the axes first would
give each of twenty diluents sixty times the belief of each of a thousand vials; measured, that named the wrong one more
often.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels.hypotheses import Belief, believe, log_bayes_factor
from untoward.watch.clusters.ground import ScannedGround

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

BELIEF_IN_SOMETHING = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """The memberships of a ground, flat: the session of each row, the place's axis, and each session's expected cases."""

    row_session: IntArray
    axes: tuple[str, ...]
    axis_of_node: IntArray
    due: FloatArray

    def sessions_with(self, scanned: ScannedGround, node: int) -> BoolArray:
        """True for each session of the ground that belongs to the place."""
        mask = np.zeros(self.due.size, dtype=np.bool_)
        mask[self.row_session[scanned.ground.node == node]] = True
        return mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighed:
    """Per place: cases with it, cases for which its axis is recorded, share of what was expected of those, belief.

    `cases` is how many cases there are in all. A case that is not recorded on an axis speaks neither for nor
    against its places.
    """

    cases: int
    with_place: FloatArray
    recorded: FloatArray
    share: FloatArray
    expected: FloatArray
    log_factor: FloatArray
    prior: FloatArray
    belief: Belief


def layout_of(scanned: ScannedGround) -> Layout:
    """Work out once what every weighing of the ground needs."""
    ground = scanned.ground
    row_session = np.repeat(np.arange(ground.date.size), np.diff(ground.node_start)).astype(np.int64)
    axis = scanned.names.frame.get_column("axis")
    axes = tuple(axis.unique(maintain_order=True).to_list())
    number = axis.cast(pl.Enum(axes)).to_physical().to_numpy().astype(np.int64)
    return Layout(row_session=row_session, axes=axes, axis_of_node=number, due=_due(scanned))


def weigh(scanned: ScannedGround, layout: Layout, without: BoolArray | None = None) -> Weighed:
    """Weigh every place; with `without`, as if those sessions, and the cases that one of them may have caused, were not there."""
    ground, counted = scanned.ground, scanned.counted
    gone = np.zeros(ground.date.size, dtype=np.bool_) if without is None else without
    out = np.zeros(scanned.cases.person.size, dtype=np.bool_)
    out[counted.case[gone[layout.row_session[counted.row]]]] = True
    rows, hits = ~gone[layout.row_session], ~out[counted.case]
    with_place = np.bincount(counted.node[hits], minlength=ground.nodes).astype(np.float64)
    due = np.bincount(ground.node[rows], scanned.expected[rows], minlength=ground.nodes)
    recorded = _recorded(layout, counted.case[hits], counted.node[hits])[layout.axis_of_node]
    whole = np.array([layout.due[scanned.known[axis] & ~gone].sum() for axis in layout.axes])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(due > 0, due / whole[layout.axis_of_node], 0.0)
    # Persons with several sessions can bring a place that nearly everybody had a hair above the whole.
    share = np.minimum(share, 1.0)
    factor = log_bayes_factor(with_place, recorded, share)
    prior = _prior(layout)
    return Weighed(
        cases=int((~out).sum()),
        with_place=with_place,
        recorded=recorded,
        share=share,
        expected=share * recorded,
        log_factor=factor,
        prior=prior,
        belief=believe(factor, prior),
    )


def _due(scanned: ScannedGround) -> FloatArray:
    """Expected cases of each session: the weights of each stratum add up to its cases."""
    ground = scanned.ground
    strata = int(ground.stratum.max(initial=0)) + 1
    cases = np.bincount(scanned.cases.stratum, minlength=strata)
    weight = np.bincount(ground.stratum, ground.weight, minlength=strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(weight > 0, cases / weight, 0.0)
    due: FloatArray = ground.weight * factor[ground.stratum]
    return due


def _recorded(layout: Layout, case: IntArray, node: IntArray) -> FloatArray:
    """For each axis, how many cases have any place on it."""
    pairs = np.unique(np.column_stack([layout.axis_of_node[node], case]), axis=0)
    return np.bincount(pairs[:, 0], minlength=len(layout.axes)).astype(np.float64)


def _prior(layout: Layout) -> FloatArray:
    places = layout.axis_of_node.size
    return np.full(places, BELIEF_IN_SOMETHING / max(places, 1))
