"""Which exposures a person had, strictly: yes, no, or not known.

A session's vial, lot, product, compound and supplier are known only when every component row states them: with one row
left blank, the blank one may be the value asked for. A diluent or a device is not part of every component, so one
recorded value answers for the session.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from untoward.model.tables import Registry
from untoward.watch.columns import text_or_null
from untoward.watch.workbench.truth import CANNOT_TELL, NO, YES, Truth

SESSION_AXES = ("practitioner", "clinic", "technique", "city", "region", "site")
IN_EVERY_COMPONENT = ("vial", "lot", "product", "compound", "supplier")
IN_SOME_COMPONENTS = ("diluent", "device")
EXPOSURE_AXES = ("vial", "lot", "diluent", "device", "product", "compound", "supplier", *SESSION_AXES)
"""Every axis that a condition or a comparison may name."""


def values_of(registry: Registry, axis: str) -> pl.DataFrame:
    """`session_id` and `value` of every session on an axis, one row a value; null where a cell is blank.

    A session without any row here (no component was written down) is as unknown as one with a blank cell.
    """
    if axis == "site":
        return _sites(registry.sessions)
    if axis in SESSION_AXES:
        return registry.sessions.select(
            pl.col("session_id").cast(pl.String), text_or_null(registry.sessions, axis).alias("value")
        )
    components = registry.components
    if axis == "compound":
        value = pl.coalesce(text_or_null(components, "compound_key"), text_or_null(components, "compound"))
    else:
        value = text_or_null(components, axis)
    return components.select(pl.col("session_id").cast(pl.String), value.alias("value"))


def had(registry: Registry, session_ids: pl.Series, axis: str, values: Iterable[str]) -> Truth:
    """Whether each of these sessions had one of the values; case and blanks around do not matter."""
    wanted = pl.Series([value.strip().lower() for value in values], dtype=pl.String)
    rows = values_of(registry, axis)
    lower = pl.col("value").str.to_lowercase()
    told = rows.group_by("session_id").agg(
        lower.is_in(wanted.implode()).any().alias("hit"), _incomplete(axis).alias("incomplete")
    )
    frame = pl.DataFrame({"session_id": session_ids.cast(pl.String)}).join(
        told, on="session_id", how="left", maintain_order="left"
    )
    hit = frame.get_column("hit").fill_null(False).to_numpy()
    incomplete = frame.get_column("incomplete").fill_null(True).to_numpy()
    return np.where(hit, YES, np.where(incomplete, CANNOT_TELL, NO)).astype(np.int8)


def exposures_of(registry: Registry, units: pl.DataFrame, axis: str) -> pl.DataFrame:
    """The values of each unit on an axis: `unit`, `values` (a list, sorted), `incomplete` (whether some are not known).

    `units` holds `unit` and `session_id`, one row for each session of a unit.
    """
    rows = (
        values_of(registry, axis)
        .group_by("session_id")
        .agg(pl.col("value").drop_nulls().alias("values"), _incomplete(axis).alias("incomplete"))
    )
    joined = units.join(rows, on="session_id", how="left", maintain_order="left")
    return joined.group_by("unit", maintain_order=True).agg(
        pl.col("values").explode().drop_nulls().unique().sort(),
        pl.col("incomplete").fill_null(True).any(),
    )


def _incomplete(axis: str) -> pl.Expr:
    blank = pl.col("value").is_null()
    return blank.any() if axis in IN_EVERY_COMPONENT else blank.all()


def _sites(sessions: pl.DataFrame) -> pl.DataFrame:
    if "sites" not in sessions.columns:
        return sessions.select(pl.col("session_id").cast(pl.String), pl.lit(None, pl.String).alias("value"))
    column = sessions.get_column("sites")
    listed = column if isinstance(column.dtype, pl.List) else column.cast(pl.String).str.split(";")
    long = (
        sessions.select(pl.col("session_id").cast(pl.String))
        .with_columns(listed.cast(pl.List(pl.String)).alias("value"))
        .explode("value")
    )
    return long.select("session_id", text_or_null(long, "value").alias("value"))
