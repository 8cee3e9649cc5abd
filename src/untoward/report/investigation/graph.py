"""The trace-back graph in layers, folded to what a page can hold.

Suppliers or products, lots, vials, sessions, cases. Of each layer the things with the most cases stay and the rest is
one box with a number. Sessions after which somebody fell ill stand by clinic and practitioner; all others are one box.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from untoward.report.numbers import count, counted
from untoward.watch.workbench.trace import NOT_RECORDED, Trace

_LAYERS = ("supplier", "product", "lot", "vial", "sessions", "case")
_PLURALS = {"supplier": "suppliers", "product": "products", "lot": "lots", "vial": "vials", "sessions": "groups of sessions",
            "case": "cases"}  # fmt: skip
_WITHOUT = "\x00without a case"
_REST = "\x00rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: its layer and key, two lines of text, what is behind it, and whether the trace began there."""

    layer: int
    key: str
    title: str
    note: str
    sessions: int
    cases: int
    start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A line between two boxes of neighbouring layers, each as (layer, key)."""

    source: tuple[int, str]
    target: tuple[int, str]
    sessions: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The layers by name, their boxes and the lines between."""

    layers: tuple[str, ...]
    boxes: tuple[Box, ...]
    joins: tuple[Join, ...]


def folded_graph(found: Trace, most: int) -> Graph:
    """The graph with at most `most` boxes in each layer."""
    rows = _with_groups(found.rows)
    layers = tuple(layer for layer in _LAYERS if _shown(layer, found))
    named = rows.select(
        "session_id", "person", pl.col("case").alias("ill"), *(_folded(rows, layer, most) for layer in layers)
    )
    boxes = [box for number, layer in enumerate(layers) for box in _boxes(named, number, layer, found)]
    joins = [
        join
        for number, (layer, following) in enumerate(pairwise(layers))
        for join in _joins(named, number, layer, following)
    ]
    return Graph(layers=layers, boxes=tuple(boxes), joins=tuple(joins))


def _shown(layer: str, found: Trace) -> bool:
    if layer == "case":
        return found.rows.get_column("case").drop_nulls().len() > 0
    return layer == "sessions" or layer not in found.not_recorded


def _with_groups(rows: pl.DataFrame) -> pl.DataFrame:
    """Name the group of each session: clinic and practitioner where somebody fell ill after it, else one for all."""
    ill = pl.col("case").is_not_null().any().over("session_id")
    place = pl.concat_str(
        pl.col("clinic").fill_null(f"clinic {NOT_RECORDED}"),
        pl.col("practitioner").fill_null(f"by {NOT_RECORDED}"),
        separator=" · ",
    )
    return rows.with_columns(pl.when(ill).then(place).otherwise(pl.lit(_WITHOUT)).alias("sessions"))


def _folded(rows: pl.DataFrame, layer: str, most: int) -> pl.Series:
    name = pl.col(layer) if layer == "case" else pl.col(layer).fill_null(NOT_RECORDED)
    named = rows.select(
        name.alias(layer), "session_id", "case" if layer != "case" else pl.col("case").alias("ill")
    )
    ill = "ill" if layer == "case" else "case"
    ranked = (
        named.drop_nulls(layer)
        .group_by(layer)
        .agg(
            pl.col(ill).drop_nulls().n_unique().alias("n_cases"),
            pl.col("session_id").n_unique().alias("n_sessions"),
        )
        .sort("n_cases", "n_sessions", layer, descending=[True, True, False])
    )
    if ranked.height <= most:
        return named.get_column(layer)
    kept = ranked.get_column(layer).head(most - 1)
    keep = pl.col(layer).is_in(kept.implode()) | pl.col(layer).is_null()
    return named.select(pl.when(keep).then(pl.col(layer)).otherwise(pl.lit(_REST)).alias(layer)).to_series()


def _boxes(named: pl.DataFrame, number: int, layer: str, found: Trace) -> Iterator[Box]:
    axis, values = found.start
    starts = {value.lower() for value in values} if axis == layer else set()
    behind = (
        named.drop_nulls(layer)
        .group_by(layer)
        .agg(
            pl.col("session_id").n_unique().alias("n_sessions"),
            pl.col("ill").drop_nulls().n_unique().alias("n_cases"),
        )
    )
    folded = _how_many_folded(named, found, layer)
    ordered = behind.select(layer, "n_sessions", "n_cases")
    for key, sessions, cases in ordered.sort(
        "n_cases", "n_sessions", layer, descending=[True, True, False]
    ).iter_rows():
        yield Box(
            layer=number, key=key, title=_title(layer, key, folded), note=_note(layer, key, sessions, cases),
            sessions=sessions, cases=cases, start=key.lower() in starts,
        )  # fmt: skip


def _how_many_folded(named: pl.DataFrame, found: Trace, layer: str) -> int:
    rows = _with_groups(found.rows) if layer == "sessions" else found.rows
    name = pl.col(layer) if layer == "case" else pl.col(layer).fill_null(NOT_RECORDED)
    everything = rows.select(name.alias(layer)).to_series().drop_nulls().n_unique()
    return everything - named.get_column(layer).drop_nulls().n_unique() + 1


def _title(layer: str, key: str, folded: int) -> str:
    if key == _REST:
        return f"{count(folded)} more {_PLURALS[layer]}"
    if key == _WITHOUT:
        return "Without a case"
    return f"{layer} {NOT_RECORDED}" if key == NOT_RECORDED else key


def _note(layer: str, key: str, sessions: int, cases: int) -> str:
    if layer == "case":
        return counted(sessions, "session")
    if key == _WITHOUT:
        return counted(sessions, "session")
    return f"{counted(sessions, 'session')}, {count(cases)} ill"


def _joins(named: pl.DataFrame, number: int, layer: str, following: str) -> Iterator[Join]:
    pairs = (
        named.drop_nulls([layer, following])
        .group_by(layer, following)
        .agg(
            pl.col("session_id").n_unique().alias("n_sessions"),
            pl.col("ill").drop_nulls().n_unique().alias("n_cases"),
        )
    )
    for one, other, sessions, cases in pairs.sort(layer, following).iter_rows():
        yield Join(source=(number, one), target=(number + 1, other), sessions=sessions, cases=cases)
