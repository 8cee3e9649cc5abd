"""Which unit had which exposure, held as numbers so that a million sessions count in seconds.

A unit is whatever can be a case once: a session of a registry, or a row of a line list that stands for
several persons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

UnitMask = NDArray[np.bool_]
Index = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Memberships:
    """Which unit (session, or row of a line list) had which exposure.

    Attributes
    ----------
    units
        Ids of the units; the position of an id is the number of its unit.
    weights
        How many persons each unit stands for; None when every unit stands for one.
    exposures
        `axis`, `value`, `exposed`, `signature`, one row each, by axis and then value: every exposure, the
        weight of the units that had it, and a number that is equal when the same units had two exposures.
    row_unit, row_exposure
        The memberships themselves, as positions in `units` and in `exposures`, none twice, axis after axis.
    axis_starts
        Where the rows of each of `axes` start, and after the last axis where they end.
    known
        Weight of the units with some value, for each of `axes`.
    axes
        Every axis that was looked at, the most specific first, also those without any value.
    reference
        Positions in `exposures` that only say "not exposed" (the "no" of a yes/no column): known, but not a
        question.
    """

    units: pl.Series
    weights: NDArray[np.int64] | None
    exposures: pl.DataFrame
    row_unit: Index
    row_exposure: Index
    axis_starts: NDArray[np.intp]
    known: NDArray[np.int64]
    axes: tuple[str, ...]
    reference: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        """Weight of all units."""
        return self.units.len() if self.weights is None else int(self.weights.sum())

    @property
    def axes_without_data(self) -> tuple[str, ...]:
        """Axes for which the input holds no value at all."""
        return tuple(axis for axis, known in zip(self.axes, self.known, strict=True) if known == 0)

    @property
    def axis_of_exposure(self) -> NDArray[np.intp]:
        """For each exposure the position of its axis in `axes`."""
        return self.exposures.get_column("axis").to_physical().to_numpy().astype(np.intp)

    def mask(self, ids: Iterable[str] | pl.Series) -> UnitMask:
        """True for each unit whose id is among `ids`; ids that no unit has are passed over."""
        wanted = ids if isinstance(ids, pl.Series) else pl.Series(list(ids), dtype=pl.String)
        if wanted.is_empty():
            return np.zeros(self.units.len(), dtype=np.bool_)
        return self.units.is_in(wanted.unique().implode()).fill_null(False).to_numpy()

    def weight_of(self, mask: UnitMask) -> int:
        """Weight of the units in the mask."""
        return int(mask.sum() if self.weights is None else self.weights[mask].sum())

    def units_with(self, exposure: int) -> UnitMask:
        """True for each unit that had the exposure at this position of `exposures`."""
        mask = np.zeros(self.units.len(), dtype=np.bool_)
        axis = self.axis_of_exposure[exposure]
        rows = slice(self.axis_starts[axis], self.axis_starts[axis + 1])
        mask[self.row_unit[rows][self.row_exposure[rows] == exposure]] = True
        return mask

    def long(self) -> pl.DataFrame:
        """The memberships as a table of `session_id`, `axis`, `value`."""
        named = self.exposures.select("axis", "value")[self.row_exposure]
        return named.insert_column(0, self.units.gather(self.row_unit).alias("session_id"))


def memberships_of(
    units: pl.Series,
    frames: Iterable[tuple[str, pl.DataFrame]],
    axes: tuple[str, ...],
    *,
    weights: NDArray[np.int64] | None = None,
    reference: Collection[tuple[str, str]] = (),
) -> Memberships:
    """Put the axes together.

    Each frame holds `unit` and `value` (Categorical, or Enum when its order and its unused values matter) of
    one axis; nulls and repeats are dropped. `reference` names the values, as (axis, value), that only say
    "not exposed".
    """
    keys = np.random.default_rng(0).integers(1, 2**30, size=units.len()).astype(np.float64)
    coded = {axis: _coded(frame) for axis, frame in frames}
    empty = _AxisRows(pl.Series([], dtype=pl.String), np.zeros(0, np.uint32), np.zeros(0, np.uint32))
    parts = [coded.pop(axis, empty) for axis in axes]
    starts = np.cumsum([0, *(part.values.len() for part in parts)])
    names = [_sizes(axis, axes, part, keys, weights) for axis, part in zip(axes, parts, strict=True)]
    exposures = pl.concat([_NO_EXPOSURES.cast({"axis": pl.Enum(axes)}), *names])
    known = [_known_weight(part.unit, units.len(), weights) for part in parts]
    return Memberships(
        units=units,
        weights=weights,
        exposures=exposures,
        row_unit=np.concatenate([empty.unit, *(part.unit for part in parts)]),
        row_exposure=np.concatenate(
            [empty.code, *(part.code + np.uint32(at) for part, at in zip(parts, starts[:-1], strict=True))]
        ),
        axis_starts=np.cumsum([0, *(part.unit.size for part in parts)]),
        known=np.array(known, dtype=np.int64),
        axes=axes,
        reference=_positions(exposures, reference),
    )


def _positions(exposures: pl.DataFrame, wanted: Collection[tuple[str, str]]) -> tuple[int, ...]:
    if not wanted:
        return ()
    return tuple(at for at, row in enumerate(exposures.select("axis", "value").iter_rows()) if row in wanted)


_NO_EXPOSURES = pl.DataFrame(
    schema={"axis": pl.String, "value": pl.String, "exposed": pl.Int64, "signature": pl.Float64}
)


@dataclass(frozen=True, slots=True, eq=False)
class _AxisRows:
    """Memberships of one axis: its values in order, and for each row a unit and the position of its value."""

    values: pl.Series
    unit: Index
    code: Index


def _coded(frame: pl.DataFrame) -> _AxisRows:
    """Values as small numbers in order. Repeats go by sorting packed pairs, ten times faster than
    `unique`.
    """
    clean = frame.drop_nulls()
    column = clean.get_column("value")
    values = (
        column.dtype.categories
        if isinstance(column.dtype, pl.Enum)
        else column.unique().cast(pl.String).sort()
    )
    physical = values.cast(column.dtype).to_physical().to_numpy()
    code_of = np.zeros(int(physical.max(initial=0)) + 1, dtype=np.uint64)
    code_of[physical] = np.arange(values.len(), dtype=np.uint64)
    code = code_of[column.to_physical().to_numpy()]
    unit, value = unpacked_pairs(
        (clean.get_column("unit").to_numpy().astype(np.uint64) << np.uint64(32)) | code
    )
    return _AxisRows(values, unit, value)


def unpacked_pairs(packed: NDArray[np.uint64]) -> tuple[Index, Index]:
    """High and low halves of packed pairs, sorted, each pair once."""
    ordered = np.sort(packed)
    ordered = ordered[np.diff(ordered, prepend=~ordered[:1]) != 0]
    return (ordered >> np.uint64(32)).astype(np.uint32), ordered.astype(np.uint32)


def weighted_counts(
    position: Index, unit: Index, size: int, weights: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """How much weight falls on each of `size` positions. Exact up to 2**53 persons."""
    heavy = None if weights is None else weights[unit].astype(np.float64)
    return np.bincount(position, heavy, minlength=size).astype(np.int64)


def _sizes(
    axis: str,
    axes: tuple[str, ...],
    part: _AxisRows,
    keys: NDArray[np.float64],
    weights: NDArray[np.int64] | None,
) -> pl.DataFrame:
    size = part.values.len()
    return pl.DataFrame(
        {
            "axis": pl.repeat(axis, size, dtype=pl.Enum(axes), eager=True),
            "value": part.values,
            "exposed": weighted_counts(part.code, part.unit, size, weights),
            "signature": np.bincount(part.code, keys[part.unit], minlength=size).astype(np.float64),
        }
    )


def _known_weight(unit: Index, units: int, weights: NDArray[np.int64] | None) -> int:
    known = np.zeros(units, dtype=np.bool_)
    known[unit] = True
    return int(known.sum() if weights is None else weights[known].sum())
