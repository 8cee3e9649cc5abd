"""What links sessions: case, session, vial, lot, product, supplier, clinic, practitioner.

From one vial, lot or hand forward to everyone who met it, ill or not, and from one case back to what was injected and
forward again to who else got it. What is not written down is a node of its own, "not recorded": it may be the same lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from untoward.model.tables import Registry
from untoward.watch.columns import instant_or_null, text_or_null
from untoward.watch.onsets import session_persons
from untoward.watch.workbench.contacts import last_contacts
from untoward.watch.workbench.exposed import IN_EVERY_COMPONENT, IN_SOME_COMPONENTS

NOT_RECORDED = "not recorded"
STARTS = ("lot", "vial", "product", "diluent", "device", "supplier", "compound", "practitioner", "clinic")
"""Axes that a trace may start from. A record of rooms (`setting`) can be traced by "room" too."""

ILL, WELL, OPEN = "ill", "not known to be ill", "cannot be told"

_CHAIN = (
    ("supplier", "lot"),
    ("product", "lot"),
    ("lot", "vial"),
    ("vial", "session"),
    ("session", "clinic"),
    ("session", "practitioner"),
    ("session", "case"),
)
_COMPONENT_COLUMNS = (*IN_EVERY_COMPONENT, *IN_SOME_COMPONENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing: its kind, which one, and how many sessions and ill persons are behind it."""

    kind: str
    name: str
    sessions: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A link between two nodes, (kind, name) each, with the sessions and ill persons behind it."""

    source: tuple[str, str]
    target: tuple[str, str]
    sessions: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """What a trace found.

    Attributes
    ----------
    start
        The axis and the values it started from.
    rows
        One row for each traced component of a session: `session_id`, `date`, `person`, `clinic`, `practitioner`, the
        columns of components, and `case` (the person, where ill after this session).
    nodes, edges
        The graph, by kind and name.
    exposed
        Everyone who met it: `patient_id`, `state`, `sessions` (how many), `first_exposed`, `last_exposed`,
        `last_contact` (the last day anything was recorded of the person), `onset`, `clinics`, `practitioners`; the ill last.
    perhaps
        Sessions that may have met it: the same compound, at the same clinics and in the same stretch of time, of which
        nobody wrote the lot or vial down (`session_id`, `person`, `date`, `clinic`).
    not_recorded
        Columns that are blank in every traced row, so that no link can be drawn through them.
    """

    start: tuple[str, tuple[str, ...]]
    rows: pl.DataFrame
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    exposed: pl.DataFrame
    perhaps: pl.DataFrame
    not_recorded: tuple[str, ...]

    @property
    def sessions(self) -> int:
        """Sessions that met it."""
        return self.rows.get_column("session_id").n_unique()

    def persons(self, state: str) -> int:
        """How many of the exposed are ill, not known to be ill, or cannot be told."""
        return self.exposed.filter(pl.col("state") == state).height


def trace(registry: Registry, axis: str, values: Iterable[str], illness: pl.DataFrame) -> Trace:
    """Follow one or more values of an axis of `STARTS`; case and blanks around a value do not matter.

    `illness` says who is ill: `patient_id`, `state` (`ILL` or `OPEN`; whoever is absent is not known to be ill) and
    `onset` (a date, null when unknown). A session after the onset cannot have caused it and has no case behind it. A
    value that nobody had gives an empty trace.
    """
    wanted = tuple(dict.fromkeys(value.strip() for value in values))
    everything = component_rows(registry, illness)
    folded = pl.Series([value.lower() for value in wanted], dtype=pl.String)
    hit = pl.col(axis).str.to_lowercase().is_in(folded.implode())
    if axis == "compound":
        hit = hit | pl.col("compound_given").str.to_lowercase().is_in(folded.implode())
    rows = everything.filter(hit.fill_null(False))
    blank = tuple(
        name for name in ("supplier", "product", "lot", "vial", "clinic", "practitioner")
        if rows.get_column(name).null_count() == rows.height
    )  # fmt: skip
    return Trace(
        start=(axis, wanted),
        rows=rows,
        nodes=tuple(_nodes(rows, blank)),
        edges=tuple(_edges(rows, blank)),
        exposed=_exposed(rows, registry, illness),
        perhaps=_perhaps(everything, rows, axis),
        not_recorded=blank,
    )


def exposures_behind(registry: Registry, session_ids: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """What to trace for a case: the vials of its sessions, or their lots where no vial is recorded."""
    mine = registry.components.filter(pl.col("session_id").cast(pl.String).is_in(list(session_ids)))
    for axis in ("vial", "lot"):
        found = mine.select(text_or_null(mine, axis)).to_series().drop_nulls().unique().sort()
        if not found.is_empty():
            return axis, tuple(found.to_list())
    return "vial", ()


def component_rows(registry: Registry, illness: pl.DataFrame) -> pl.DataFrame:
    """Every component row with its session (`room` is its setting), and in `case` the person where ill after it."""
    sessions, components = registry.sessions, registry.components
    about = sessions.select(
        pl.col("session_id").cast(pl.String),
        instant_or_null(sessions, "date_from").dt.date().alias("date"),
        text_or_null(sessions, "clinic"),
        text_or_null(sessions, "practitioner"),
        text_or_null(sessions, "setting").alias("room"),
    ).with_columns(session_persons(sessions).alias("person"))
    parts = components.select(
        pl.col("session_id").cast(pl.String),
        *(text_or_null(components, name) for name in _COMPONENT_COLUMNS if name != "compound"),
        pl.coalesce(text_or_null(components, "compound_key"), text_or_null(components, "compound")).alias(
            "compound"
        ),
        text_or_null(components, "compound").alias("compound_given"),
    )
    ill = illness.filter(pl.col("state") == ILL).select(
        pl.col("patient_id").alias("person"), "onset", pl.lit(True).alias("ill")
    )
    joined = about.join(parts, on="session_id", how="left").join(ill, on="person", how="left")
    before = pl.col("ill").fill_null(False) & (pl.col("date") <= pl.col("onset")).fill_null(True)
    return joined.with_columns(pl.when(before).then("person").alias("case")).drop("ill", "onset")


def _named(kind: str) -> pl.Expr:
    if kind == "session":
        return pl.col("session_id")
    return pl.col("case") if kind == "case" else pl.col(kind).fill_null(NOT_RECORDED)


def _nodes(rows: pl.DataFrame, blank: tuple[str, ...]) -> Iterator[Node]:
    for kind in ("supplier", "product", "lot", "vial", "session", "clinic", "practitioner", "case"):
        if kind in blank:
            continue
        found = rows.select(_named(kind).alias("name"), "session_id", "case").drop_nulls("name")
        counted = found.group_by("name").agg(
            pl.col("session_id").n_unique().alias("sessions"),
            pl.col("case").drop_nulls().n_unique().alias("cases"),
        )
        for name, sessions, cases in counted.sort(
            "cases", "sessions", "name", descending=[True, True, False]
        ).iter_rows():
            yield Node(kind=kind, name=name, sessions=sessions, cases=cases)


def _edges(rows: pl.DataFrame, blank: tuple[str, ...]) -> Iterator[Edge]:
    for source, target in _CHAIN:
        if source in blank or target in blank:
            continue
        found = rows.select(
            _named(source).alias("source"), _named(target).alias("target"), "session_id", "case"
        ).drop_nulls(["source", "target"])
        counted = found.group_by("source", "target").agg(
            pl.col("session_id").n_unique().alias("sessions"),
            pl.col("case").drop_nulls().n_unique().alias("cases"),
        )
        for one, other, sessions, cases in counted.sort("source", "target").iter_rows():
            yield Edge(source=(source, one), target=(target, other), sessions=sessions, cases=cases)


def _exposed(rows: pl.DataFrame, registry: Registry, illness: pl.DataFrame) -> pl.DataFrame:
    met = rows.group_by("person").agg(
        pl.col("session_id").n_unique().alias("sessions"),
        pl.col("date").min().alias("first_exposed"),
        pl.col("date").max().alias("last_exposed"),
        pl.col("clinic").drop_nulls().unique().sort().str.join("; ").alias("clinics"),
        pl.col("practitioner").drop_nulls().unique().sort().str.join("; ").alias("practitioners"),
        pl.col("case").is_not_null().any().alias("after"),
    )
    told = illness.select(pl.col("patient_id").alias("person"), pl.col("state").alias("told"), "onset")
    joined = met.join(told, on="person", how="left").join(last_contacts(registry), on="person", how="left")
    state = (
        pl.when((pl.col("told") == ILL) & pl.col("after"))
        .then(pl.lit(ILL))
        .when(pl.col("told") == OPEN)
        .then(pl.lit(OPEN))
        .otherwise(pl.lit(WELL))
    )
    order = pl.col("state").replace_strict({WELL: 0, OPEN: 1, ILL: 2}, return_dtype=pl.Int8)
    return (
        joined.with_columns(state.alias("state"))
        .sort(order, "last_contact", "person", nulls_last=False)
        .select(
            pl.col("person").alias("patient_id"), "state", "sessions", "first_exposed", "last_exposed",
            "last_contact", "onset", "clinics", "practitioners",
        )
    )  # fmt: skip


def _perhaps(everything: pl.DataFrame, rows: pl.DataFrame, axis: str) -> pl.DataFrame:
    columns = ("session_id", "person", "date", "clinic")
    if axis not in ("lot", "vial") or rows.is_empty():
        return everything.select(columns).clear()
    first, last = rows.get_column("date").min(), rows.get_column("date").max()
    same = pl.col("compound").is_in(rows.get_column("compound").drop_nulls().unique().implode())
    here = pl.col("clinic").is_in(rows.get_column("clinic").drop_nulls().unique().implode())
    open_place = pl.col("clinic").is_null() | here
    then = pl.col("date").is_between(pl.lit(first), pl.lit(last)).fill_null(True)
    found = everything.filter(
        pl.col(axis).is_null() & (same | pl.col("compound").is_null()) & open_place & then
    ).join(rows.select("session_id").unique(), on="session_id", how="anti")
    return found.select(columns).unique("session_id").sort("date", "session_id")
