"""Trace a lot, vial, diluent, device, hand, room or set of cases through the record: back to what the ill share, and
forward to everybody who met it, with who has not been asked since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from untoward.model.tables import Registry
from untoward.registry.models import Clinic
from untoward.tasks.investigating_tracing import outcome_illness
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.off_course import off_course_ids
from untoward.tasks.record.pseudonyms import pseudonym
from untoward.tasks.record.tracing_contacts import with_heard_of
from untoward.tasks.record.tracing_source import Held, to_the_week, without_keys
from untoward.watch.outcomes import INFECTION, OutcomeCases, registry_outcomes
from untoward.watch.workbench.trace import ILL, STARTS, Trace, component_rows, exposures_behind, trace

AXES = (*STARTS, "room")
"""What a trace may start from."""

SHARED_AXES = ("vial", "lot", "diluent", "device", "product", "supplier", "practitioner", "room", "clinic")
"""Where cases are compared, the most telling first."""

MOST_SHARED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is traced: values of an axis, or what was given in the sessions of these reactions (`cases`).

    `outcome` says who is ill. `secret`, when given, hides all keys; `weeks` gives days as weeks.
    """

    axis: str = ""
    values: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    outcome: str = INFECTION.name
    secret: str = ""
    weeks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Something that two ill persons or more had: how many of the ill, and of everybody who had it."""

    axis: str
    value: str
    ill: int
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traced:
    """What a trace found. `found` is None when nobody had what was asked for; `near` then names what is recorded.

    `exposed` is `found.exposed` with `heard` (when anything was last heard of the person), `how`, and `asked`: whether
    that was after the last exposure. `shared` is what the ill behind the trace have in common.
    """

    found: Trace | None
    exposed: pl.DataFrame
    shared: tuple[Shared, ...]
    ill: int
    not_asked: int
    ill_by: str
    outcomes: tuple[str, ...]
    near: tuple[str, ...]
    as_of: datetime


def trace_record(held: Held, clinics: Sequence[Clinic], asked: Asked) -> Traced:
    """Follow what is asked for through the record."""
    registry = without_keys(held.registry, asked.secret) if asked.secret else held.registry
    outcomes = _outcomes(registry, clinics, asked.secret)
    chosen = outcomes.get(asked.outcome) or outcomes[INFECTION.name]
    illness = outcome_illness(registry, chosen)
    axis, values = _start(registry, asked)
    found = trace(registry, axis, values, illness) if values else None
    if found is not None and found.rows.is_empty():
        found = None
    exposed = pl.DataFrame()
    if found is not None:
        exposed = with_heard_of(found.exposed, clinics, asked.secret)
        found, exposed = _as_days(found, exposed, weeks=asked.weeks)
    ill = _ill(found, registry, asked)
    return Traced(
        found=found,
        exposed=exposed,
        shared=tuple(_shared(component_rows(registry, illness), ill)),
        ill=len(ill),
        not_asked=0 if found is None else exposed.filter((pl.col("state") != ILL) & ~pl.col("asked")).height,
        ill_by=chosen.outcome.name,
        outcomes=tuple(outcomes),
        near=() if found is not None or asked.cases else _near(registry, axis, values),
        as_of=held.as_of,
    )


def _outcomes(registry: Registry, clinics: Sequence[Clinic], secret: str) -> dict[str, OutcomeCases]:
    groups = {term.id: term.group for term in evidence().terms.terms.values()}
    left = off_course_ids(clinics)
    ids = [pseudonym("R", one, secret) for one in left] if secret else left
    return {one.outcome.name: one for one in registry_outcomes(registry, groups, ids)}


def _start(registry: Registry, asked: Asked) -> tuple[str, tuple[str, ...]]:
    """The axis and values to follow; of cases the vials of their sessions, or the lots where no vial is recorded."""
    if not asked.cases:
        return (asked.axis if asked.axis in AXES else AXES[0]), asked.values
    cases = [pseudonym("R", one, asked.secret) for one in asked.cases] if asked.secret else list(asked.cases)
    return exposures_behind(registry, _sessions_of(registry, cases))


def _sessions_of(registry: Registry, cases: Sequence[str]) -> list[str]:
    mine = registry.reactions.filter(pl.col("reaction_id").cast(pl.String).is_in(list(cases)))
    return mine.get_column("session_id").cast(pl.String).unique(maintain_order=True).to_list()


def _ill(found: Trace | None, registry: Registry, asked: Asked) -> tuple[str, ...]:
    """The ill persons that the shared things are counted of: the ill of the trace."""
    if found is None:
        return ()
    return tuple(found.exposed.filter(pl.col("state") == ILL).get_column("patient_id").to_list())


def _shared(rows: pl.DataFrame, ill: Sequence[str]) -> Iterator[Shared]:
    """What two or more of the ill had before they fell ill, most of the ill first, then the rarest among others."""
    if len(ill) < 2:
        return
    mine = pl.col("case").is_in(list(ill))
    found: list[Shared] = []
    for axis in SHARED_AXES:
        counted = (
            rows.drop_nulls(axis)
            .group_by(axis)
            .agg(
                pl.col("case").filter(mine).n_unique().alias("n_ill"),
                pl.col("person").n_unique().alias("n_persons"),
            )
            .filter(pl.col("n_ill") > 1)
        )
        found += [
            Shared(axis=axis, value=value, ill=n_ill, persons=persons)
            for value, n_ill, persons in counted.iter_rows()
        ]
    order = {axis: place for place, axis in enumerate(SHARED_AXES)}
    found.sort(key=lambda one: (-one.ill, one.persons, order[one.axis], one.value))
    yield from found[:MOST_SHARED]


def _as_days(found: Trace, exposed: pl.DataFrame, *, weeks: bool) -> tuple[Trace, pl.DataFrame]:
    if not weeks:
        return found, exposed
    coarse = replace(
        found,
        rows=to_the_week(found.rows),
        exposed=to_the_week(found.exposed),
        perhaps=to_the_week(found.perhaps),
    )
    return coarse, to_the_week(exposed)


def _near(registry: Registry, axis: str, values: Sequence[str]) -> tuple[str, ...]:
    """Values that are recorded and look alike."""
    from rapidfuzz import process  # imported here: only a wrong value pays for it

    known = known_values(registry, axis)
    return tuple(
        name for name, _score, _place in process.extract(values[0] if values else "", known, limit=5)
    )


def known_values(registry: Registry, axis: str) -> list[str]:
    """Everything recorded on an axis, in order."""
    column = "setting" if axis == "room" else axis
    frame = registry.sessions if axis in ("practitioner", "clinic", "room") else registry.components
    if column not in frame.columns:
        return []
    return frame.get_column(column).cast(pl.String).drop_nulls().unique().sort().to_list()
