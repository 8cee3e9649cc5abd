"""A trace: what it starts from, everybody who met it, what the ill share, and the graph between."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from untoward.tasks.record.tracing import MOST_SHARED, Traced
from untoward.watch.outcomes import INFECTION
from untoward.web.api.shapes.base import Key, Paging, Told
from untoward.web.api.shapes.watch import Scope

Axis = Literal[
    "lot", "vial", "product", "diluent", "device", "supplier", "compound", "practitioner", "clinic", "room"
]
Value = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
MOST_PERHAPS = 200


class TraceIn(Paging):
    """What is traced: values of an axis, one case by its uid, or a cluster by its number. `outcome` says who is ill."""

    axis: Axis = "lot"
    value: Annotated[list[Value], Field(max_length=20, default_factory=list)]
    case: UUID | None = None
    cluster: Annotated[int | None, Field(ge=1, lt=2**31)] = None
    outcome: Key = INFECTION.name
    scope: Scope = ""


class KnownValuesIn(Paging):
    """An axis of which the recorded values are wanted."""

    axis: Axis
    scope: Scope = ""


class KnownValuesOut(Told):
    """Part of what is recorded on an axis, in order."""

    values: list[str]
    total: int
    next: int | None


class TracedPerson(Told):
    """Somebody who met it. `person` is the key, or a pseudonym for who sees no patients. `asked`: heard of since, or ill."""

    person: str
    state: str
    sessions: int
    first_exposed: date | None
    last_exposed: date | None
    last_contact: date | None
    onset: date | None
    heard: date | None
    how: str
    asked: bool
    practitioners: str | None
    clinics: str | None


class SharedOut(Told):
    """Something that two ill persons or more had before they fell ill: how many of the ill, and of everybody."""

    axis: str
    value: str
    ill: int
    persons: int


class NodeOut(Told):
    """One thing of the graph, with the sessions and ill persons behind it."""

    kind: str
    name: str
    sessions: int
    cases: int


class EdgeOut(Told):
    """A link between two things, each (kind, name)."""

    source: tuple[str, str]
    target: tuple[str, str]
    sessions: int
    cases: int


class PerhapsOut(Told):
    """A session that may have met it: the same compound, place and time, and nobody wrote the lot or vial down."""

    session: str
    person: str
    day: date | None
    clinic: str | None


class TraceOut(Told):
    """A trace as of a time. `found` is false when nobody had it; `near` then names what is recorded and looks alike.

    `people` are a part of everybody who met it, `total` of them, those nobody has asked since first; not known to be ill is
    not the same as well. `not_asked` are not ill and were not heard of since. `weeks`: days are the Mondays of their weeks.
    """

    as_of: datetime
    identified: bool
    weeks: bool
    found: bool
    axis: str
    values: list[str]
    ill_by: str
    outcomes: list[str]
    sessions: int
    ill: int
    not_asked: int
    shared: Annotated[list[SharedOut], Field(max_length=MOST_SHARED)]
    near: list[str]
    people: list[TracedPerson]
    total: int
    next: int | None
    nodes: list[NodeOut]
    edges: list[EdgeOut]
    perhaps: list[PerhapsOut]
    perhaps_total: int
    not_recorded: list[str]


def trace_out(traced: Traced, asked: TraceIn, said: Mapping[str, Any]) -> TraceOut:
    """A trace with a part of the people; `said` is what stands beside it."""
    found = traced.found
    people = traced.exposed.slice(asked.offset, asked.limit)
    listed = [TracedPerson(person=row["patient_id"], **_without(row)) for row in people.iter_rows(named=True)]
    perhaps = [] if found is None else list(found.perhaps.head(MOST_PERHAPS).iter_rows(named=True))
    return TraceOut(
        as_of=traced.as_of,
        found=found is not None,
        axis=asked.axis if found is None else found.start[0],
        values=asked.value if found is None else list(found.start[1]),
        ill_by=traced.ill_by,
        outcomes=list(traced.outcomes),
        sessions=0 if found is None else found.sessions,
        ill=traced.ill,
        not_asked=traced.not_asked,
        shared=[SharedOut.model_validate(one) for one in traced.shared],
        near=list(traced.near),
        people=listed,
        total=traced.exposed.height,
        nodes=[] if found is None else [NodeOut.model_validate(one) for one in found.nodes],
        edges=[] if found is None else [EdgeOut.model_validate(one) for one in found.edges],
        perhaps=[
            PerhapsOut(session=row["session_id"], person=row["person"], day=row["date"], clinic=row["clinic"])
            for row in perhaps
        ],
        perhaps_total=0 if found is None else found.perhaps.height,
        not_recorded=[] if found is None else list(found.not_recorded),
        **said,
    )


def _without(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in TracedPerson.model_fields if name != "person"}
