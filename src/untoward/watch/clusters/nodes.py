"""Which session belongs to which places: every axis of a registry, and two that are worked out from it.

A place is one value of one axis (this lot, that practitioner) or two compounds that shared a syringe. Places are
numbered, the most specific axis first, so that of two places with equal numbers the more specific one stands first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.model.clusters import Place
from untoward.model.tables import Registry
from untoward.watch.columns import instant_or_null, text_or_null
from untoward.watch.exposures import registry_memberships
from untoward.watch.memberships import Memberships, memberships_of

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

VIAL_AGE = "vial age"
COMPOUND_PAIR = "compound pair"

CLUSTER_AXES = (
    "vial", "lot", "diluent", "device", "mix", COMPOUND_PAIR, "product", VIAL_AGE, "compound",
    "practitioner", "clinic", "site", "technique", "city", "region",
)  # fmt: skip
"""Every axis that is scanned, the most specific first: this order breaks ties."""

VIAL_AGE_BANDS: tuple[tuple[int, str], ...] = (
    (0, "first day"), (1, "1-2 days"), (3, "3-7 days"), (8, "8-28 days"), (29, "over 28 days"),
)  # fmt: skip
"""Days since the first session with the vial on record at which each band begins, and its name."""

MOST_COMPOUNDS_PAIRED = 12
"""A syringe with more compounds gives no pairs: their number grows with the square."""

_JOINT = "\x1f"  # parts the two compounds of a pair; no text of a table holds it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaceNames:
    """What the numbered places are: `axis`, `value` and, for a pair of compounds, `second`, one row each."""

    frame: pl.DataFrame

    def __len__(self) -> int:
        return self.frame.height

    def where(self, node: int) -> tuple[Place, ...]:
        """The place of this number; a pair of compounds is two places with the axis "compound"."""
        axis, value, second = self.frame.row(node)
        if second is None:
            return (Place(axis=axis, value=value),)
        return tuple(Place(axis="compound", value=name) for name in (value, second))

    def axis(self, node: int) -> str:
        """The scanned axis of this place, "compound pair" for a pair."""
        return str(self.frame.item(node, "axis"))

    def chosen(self, nodes: IntArray) -> PlaceNames:
        """The names of some of the places, renumbered in the order given."""
        return PlaceNames(frame=self.frame[nodes])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nodes:
    """Sessions by places.

    `member` has one row per session, in the order of the sessions table, and one column per place, 1 where the session
    belongs to it. `known` says for each axis which sessions have any value on it: the others are unknown
    there, not without. `pairs_left_out` counts the syringes that held too many compounds to pair.
    """

    member: sparse.csr_array
    names: PlaceNames
    known: Mapping[str, BoolArray]
    pairs_left_out: int


def nodes_of(
    registry: Registry,
    compound_labels: Mapping[str, str] | None = None,
    memberships: Memberships | None = None,
) -> Nodes:
    """All places of a registry. Raises InputError when a session id stands twice.

    `memberships` (from `registry_memberships`, with the same labels) is worth handing in where they are known already.
    """
    plain = memberships or registry_memberships(registry, compound_labels)
    pairs, left_out = _compound_pairs(registry, plain.units, compound_labels or {})
    derived = memberships_of(
        plain.units,
        ((COMPOUND_PAIR, pairs), (VIAL_AGE, _vial_ages(registry, plain.units))),
        (COMPOUND_PAIR, VIAL_AGE),
    )
    parts = [_axis_part(plain if axis in plain.axes else derived, axis) for axis in CLUSTER_AXES]
    return Nodes(
        member=sparse.csr_array(sparse.hstack([part.member for part in parts], format="csr")),
        names=PlaceNames(frame=pl.concat([part.names for part in parts])),
        known={axis: part.known for axis, part in zip(CLUSTER_AXES, parts, strict=True)},
        pairs_left_out=left_out,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _AxisPart:
    member: sparse.csr_array
    names: pl.DataFrame
    known: BoolArray


def _axis_part(memberships: Memberships, axis: str) -> _AxisPart:
    """The columns of one axis; values that only say "not exposed" are left out."""
    at = memberships.axes.index(axis)
    positions = np.flatnonzero(memberships.axis_of_exposure == at)
    rows = slice(memberships.axis_starts[at], memberships.axis_starts[at + 1])
    unit, exposure = memberships.row_unit[rows], memberships.row_exposure[rows]
    known = np.zeros(memberships.units.len(), dtype=np.bool_)
    known[unit] = True
    first = int(positions[0]) if positions.size else 0
    shape = (memberships.units.len(), positions.size)
    column = exposure.astype(np.int32) - np.int32(first)
    member = sparse.csr_array(
        (np.ones(unit.size, dtype=np.int8), (unit.astype(np.int32), column)), shape=shape
    )
    questions = np.setdiff1d(positions, np.asarray(memberships.reference, dtype=np.int64))
    return _AxisPart(member[:, questions - first], _names(memberships.exposures[questions], axis), known)


def _names(exposures: pl.DataFrame, axis: str) -> pl.DataFrame:
    value = pl.col("value").cast(pl.String)
    if axis != COMPOUND_PAIR:
        return exposures.select(
            pl.col("axis").cast(pl.String), value, pl.lit(None, dtype=pl.String).alias("second")
        )
    both = value.str.split_exact(_JOINT, 1)
    return exposures.select(
        pl.col("axis").cast(pl.String),
        both.struct.field("field_0").alias("value"),
        both.struct.field("field_1").alias("second"),
    )


def _numbered(registry: Registry, units: pl.Series, columns: Iterable[str]) -> pl.DataFrame:
    """`unit` (number of the session) and these texts of each component; rows of unknown sessions are passed over."""
    numbers = pl.DataFrame({"session_id": units, "unit": np.arange(units.len(), dtype=np.uint32)})
    components = registry.components
    texts = components.select(
        pl.col("session_id").cast(pl.String), *(text_or_null(components, column) for column in columns)
    )
    return texts.join(numbers, on="session_id", how="inner", maintain_order="left").drop("session_id")


def _vial_ages(registry: Registry, units: pl.Series) -> pl.DataFrame:
    """`unit` and band: whole days from the day of the vial's first session on record to the day of this one."""
    day = registry.sessions.select(instant_or_null(registry.sessions, "date_from").cast(pl.Date).alias("day"))
    used = _numbered(registry, units, ("vial",)).drop_nulls()
    dated = used.with_columns(day.to_series().gather(used.get_column("unit"))).drop_nulls("day")
    first = dated.group_by("vial").agg(pl.col("day").min().alias("first"))
    aged = dated.join(first, on="vial", maintain_order="left")
    age = aged.select((pl.col("day") - pl.col("first")).dt.total_days()).to_series().to_numpy()
    starts = [start for start, _name in VIAL_AGE_BANDS]
    names = pl.Series([name for _start, name in VIAL_AGE_BANDS])
    band = names.gather(np.searchsorted(starts, age, side="right") - 1)
    return aged.select("unit", band.cast(pl.Categorical).alias("value"))


def _compound_pairs(
    registry: Registry, units: pl.Series, labels: Mapping[str, str]
) -> tuple[pl.DataFrame, int]:
    """`unit` and pair for every two known compounds of one syringe, and how many syringes had too many."""
    components = _numbered(registry, units, ("mix", "compound_key", "compound"))
    named = components.select(
        "unit", "mix", pl.coalesce(pl.col("compound_key").replace(dict(labels)), "compound").alias("compound")
    ).drop_nulls("compound")
    syringes = named.group_by("unit", "mix", maintain_order=True).agg(pl.col("compound").unique().sort())
    several = syringes.filter(pl.col("compound").list.len() > 1)
    small = several.filter(pl.col("compound").list.len() <= MOST_COMPOUNDS_PAIRED)
    mixtures = small.select("compound").unique(maintain_order=True)
    pairs = [_pairs(names) for names in mixtures.get_column("compound")]
    paired = mixtures.with_columns(pl.Series("value", pairs, dtype=pl.List(pl.String)))
    long = small.join(paired, on="compound").select("unit", "value").explode("value")
    return long.with_columns(pl.col("value").cast(pl.Categorical)), several.height - small.height


def _pairs(names: Iterable[str]) -> list[str]:
    return [_JOINT.join(pair) for pair in combinations(names, 2)]
