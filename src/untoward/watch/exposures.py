"""Which session had which exposure, on every axis, as one long table.

The unit of count is the session. On an axis on which a session can have several values (a mix of compounds,
two vials) it is exposed to each of them. A session without any value on an axis is *unknown* there: nobody
wrote the lot down, which is not the same as having had another lot. It stands in neither row of that axis's
tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from untoward.errors import Fault, InputError
from untoward.model.tables import Registry
from untoward.watch.columns import text_or_null
from untoward.watch.memberships import Memberships, memberships_of

AXES = (
    "vial", "lot", "diluent", "device", "mix", "product", "compound",
    "practitioner", "clinic", "site", "technique", "city", "region",
)  # fmt: skip
"""Every axis of a registry, the most specific first: this order breaks ties."""

MIX_JOINT = " + "

_SESSION_AXES = ("practitioner", "clinic", "technique", "city", "region")
_COMPONENT_AXES = ("vial", "lot", "diluent", "device", "product", "compound")


def registry_memberships(registry: Registry, compound_labels: Mapping[str, str] | None = None) -> Memberships:
    """Every exposure of every session of a registry.

    `compound_labels` names the compounds by key; a compound without a label goes by its key, one that was not
    resolved by the name the clinic gave. Component rows of sessions that are not in the registry are passed
    over. Raises InputError when a session id stands twice, since nobody could say which of the two was
    exposed.
    """
    units = registry.sessions.get_column("session_id").cast(pl.String)
    _require_unique(units)
    return memberships_of(units, _axis_frames(registry, units, compound_labels or {}), AXES)


def _require_unique(units: pl.Series) -> None:
    if units.n_unique() == units.len():
        return
    twice = units.filter(units.is_duplicated()).unique(maintain_order=True).to_list()
    faults = [
        Fault(
            what="stands in more than one row",
            file="sessions",
            field="session_id",
            got=repr(session),
            expected="once",
        )
        for session in twice
    ]
    raise InputError("Sessions cannot be told apart.", faults)


def _axis_frames(
    registry: Registry, units: pl.Series, labels: Mapping[str, str]
) -> Iterable[tuple[str, pl.DataFrame]]:
    """One axis after the other, so that only one of them is in the making at any time."""
    sessions = registry.sessions
    numbers = pl.DataFrame({"session_id": units, "unit": np.arange(units.len(), dtype=np.uint32)})
    for axis in _SESSION_AXES:
        yield axis, numbers.select("unit", sessions.select(_value(text_or_null(sessions, axis))).to_series())
    yield "site", _sites(sessions, numbers)
    components = _numbered_components(registry.components, numbers, labels)
    for axis in _COMPONENT_AXES:
        yield axis, components.select("unit", _value(pl.col(axis)))
    yield "mix", _mixes(components)


def _value(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Categorical).alias("value")


def _numbered_components(
    components: pl.DataFrame, numbers: pl.DataFrame, labels: Mapping[str, str]
) -> pl.DataFrame:
    """Components with the number of their session, and each compound by its label."""
    key, given = text_or_null(components, "compound_key"), text_or_null(components, "compound")
    label = key.replace(dict(labels)) if labels else key
    text_axes = [text_or_null(components, axis) for axis in _COMPONENT_AXES if axis != "compound"]
    texts = [*text_axes, text_or_null(components, "mix"), pl.coalesce(label, given).alias("compound")]
    narrow = components.select(text.cast(pl.Categorical) for text in texts)
    # Joining the keys alone and keeping their order spares moving seven wide columns.
    keys = components.select(pl.col("session_id").cast(pl.String))
    unit = keys.join(numbers, on="session_id", how="left", maintain_order="left").get_column("unit")
    numbered = narrow.insert_column(0, unit)
    return numbered.drop_nulls("unit") if unit.null_count() else numbered


def _mixes(components: pl.DataFrame) -> pl.DataFrame:
    """The compounds of each syringe in order of name; a syringe with a nameless compound is unknown.

    Components of one session without a syringe key all shared one syringe.
    """
    names = components.get_column("compound").drop_nulls().unique().cast(pl.String).sort()
    compound = pl.col("compound").cast(pl.String).cast(pl.Enum(names))
    ordered = components.select("unit", "mix", compound).sort("unit", "mix", "compound")
    again = pl.all_horizontal(pl.all().eq_missing(pl.all().shift(1)))
    syringes = ordered.filter(~again).group_by("unit", "mix", maintain_order=True).agg("compound")
    nameless = pl.col("compound").list.eval(pl.element().is_null()).list.any()
    joined = pl.col("compound").cast(pl.List(pl.String)).list.join(MIX_JOINT)
    return syringes.filter(~nameless).select("unit", _value(joined))


def _sites(sessions: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Body sites, one row each, from a list column or from text parted by ";"."""
    empty = pl.DataFrame(schema={"unit": pl.UInt32, "value": pl.Categorical})
    if "sites" not in sessions.columns:
        return empty
    column = sessions.get_column("sites")
    listed = column if isinstance(column.dtype, pl.List) else column.cast(pl.String).str.split(";")
    if listed.dtype == pl.List(pl.Null):
        return empty
    long = numbers.select("unit", listed.alias("sites")).explode("sites")
    return long.select("unit", _value(text_or_null(long, "sites")))
