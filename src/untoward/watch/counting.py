"""The 2x2 table of every exposure at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.watch.memberships import Index, Memberships, UnitMask, unpacked_pairs, weighted_counts

Counts = NDArray[np.int64]


def count_tables(
    memberships: Memberships,
    case_ids: Iterable[str] | pl.Series,
    left_out: Iterable[str] | pl.Series = (),
) -> pl.DataFrame:
    """One row per exposure: `axis`, `value`, `a`, `b`, `c`, `d`, `unknown`, in the order of
    `memberships.exposures`.

    a exposed cases, b exposed others, c unexposed cases, d unexposed others. Unexposed is who has some value
    on the axis but not this one; `unknown` counts those without any. Units in `left_out` count nowhere: it is
    for those of which nobody can say whether they are cases. A unit in both is left out. Ids that no unit has
    are passed over.
    """
    out = memberships.mask(left_out)
    return count_masks(memberships, memberships.mask(case_ids) & ~out, out)


def count_masks(memberships: Memberships, cases: UnitMask, out: UnitMask) -> pl.DataFrame:
    """As `count_tables`, with the units given as masks that do not overlap."""
    ill = _within(memberships, cases)
    gone = _within(memberships, out)
    axis = memberships.axis_of_exposure
    a = _per_exposure(memberships, *ill)
    b = memberships.exposures.get_column("exposed").to_numpy() - _per_exposure(memberships, *gone) - a
    ill_known = _per_axis(memberships, *ill)
    known = memberships.known - _per_axis(memberships, *gone)
    unknown = memberships.total - memberships.weight_of(out) - known
    return memberships.exposures.select("axis", "value").with_columns(
        pl.Series("a", a),
        pl.Series("b", b),
        pl.Series("c", ill_known[axis] - a),
        pl.Series("d", (known - ill_known)[axis] - b),
        pl.Series("unknown", unknown[axis]),
    )


def _within(memberships: Memberships, mask: UnitMask) -> tuple[Index, Index]:
    """Units and exposures of the memberships of the masked units."""
    if not mask.any():
        return memberships.row_unit[:0], memberships.row_exposure[:0]
    rows = mask[memberships.row_unit]
    return memberships.row_unit[rows], memberships.row_exposure[rows]


def _per_exposure(memberships: Memberships, unit: Index, exposure: Index) -> Counts:
    return weighted_counts(exposure, unit, memberships.exposures.height, memberships.weights)


def _per_axis(memberships: Memberships, unit: Index, exposure: Index) -> Counts:
    """Weight of these units with some value on each axis; a unit counts once on an axis."""
    axis = memberships.axis_of_exposure[exposure].astype(np.uint64)
    axis_once, unit_once = unpacked_pairs((axis << np.uint64(32)) | unit)
    return weighted_counts(axis_once, unit_once, len(memberships.axes), memberships.weights)
