"""The watch: the last look at the record, rates, clusters, curves and the lines behind them; and investigations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from untoward.registry.models import Investigation, User
from untoward.tasks.record import investigations as work
from untoward.tasks.record.watch_curve import Curve
from untoward.web.api.shapes.base import Day, Document, Given, Key, Paging, Text, Told, Version, Who

Scope = Literal["", "all"]


class ScopeIn(Given):
    """Which look: that of your clinic, or ("all", in a browser, for who watches every clinic) that of all together."""

    scope: Scope = ""


class RatesIn(Paging):
    """Rates of one outcome by one kind of exposure, as `GET /watch` names them."""

    outcome: Key
    axis: Key
    scope: Scope = ""


class CurveIn(ScopeIn):
    """The curve of an outcome: by onset or by the day a case was first known, in bins, stacked by a stratum."""

    outcome: Key
    by: Literal["onset", "known"] = "onset"
    width: Literal["day", "week", "fortnight", "month", "quarter"] = "week"
    stratum: Literal["", "what", "practitioner", "technique", "clinic", "outbreak", "sex"] = ""


class LinesIn(Paging):
    """Which lines: cases or sessions, of an outcome, with an exposure, in a span of days; or those of a cluster or stream."""

    kind: Literal["cases", "sessions"] = "cases"
    outcome: Key = ""
    axis: Key = ""
    value: Key = ""
    start: Day | None = None
    end: Day | None = None
    by: Literal["onset", "known"] = "onset"
    since: Day | None = None
    before: Day | None = None
    cluster: Annotated[int | None, Field(ge=1, lt=2**31)] = None
    stream: Annotated[int | None, Field(ge=1, lt=2**31)] = None
    scope: Scope = ""


class LookOut(Told):
    """The last look without its lines: totals, tiles, outcomes with their exposures, signals, clusters; null before the first."""

    look: Document | None


class LookProgress(Told):
    """A look under way: its step and how much of it is done; `failed` says what went wrong with the last. Null when none is."""

    began: datetime
    step: str
    done: int
    total: int
    failed: str


class RunningOut(Told):
    """Whether a look is under way."""

    running: LookProgress | None


class RateRow(Told):
    """One exposure: sessions, persons, persons ill, how many were expected, and observed to expected with its exact interval."""

    value: str
    sessions: int | None
    persons: int | None
    ill: int
    expected: float | None
    oe: float | None
    oe_low: float | None
    oe_high: float | None
    per_person: float | None
    per_person_low: float | None
    per_person_high: float | None
    position: str | None
    reason: str


class BinOut(Told):
    """Cases from `start` to before `end`, by stratum in the order of the curve's strata."""

    start: date
    end: date
    counts: list[int]


class CurveOut(Told):
    """A curve. `without_date` cases stand in no bin, `before` are older than the bins reach."""

    strata: list[str]
    bins: list[BinOut]
    without_date: int
    before: int
    reading: str


class ClustersOut(Told):
    """The clusters of the last look, the least likely by chance first, with what may explain each."""

    clusters: list[Document]
    explanations: list[Document]


class LinesOut(Told):
    """Lines, each a value by column. `identified` says whether they name persons, reactions and sessions as the record does."""

    identified: bool
    total: int
    next: int | None
    rows: list[dict[str, Any]]


class PlaceIn(Given):
    """A place: an axis ("lot") and a value of it."""

    axis: Annotated[Key, Field(min_length=1, max_length=40)]
    value: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]


class InvestigationIn(Given):
    """An investigation of an outcome at places, with the decision and rationale of its first step; `owner` is a user's uid."""

    title: Text
    outcome: Key
    where: Annotated[tuple[PlaceIn, ...], Field(max_length=20)]
    decision: Key
    rationale: Text
    owner: UUID | None = None
    due_on: Day | None = None


class StepIn(Given):
    """A decision of a step. `seen` is how many decisions there were when it was written: another number is refused."""

    step: Literal["detect", "validate", "prioritise", "assess", "recommend"]
    decision: Key
    rationale: Text
    seen: Annotated[int, Field(ge=0, lt=2**31)]


class PlanIn(Given):
    """The version that was read, who has it and until when."""

    version: Version
    owner: UUID | None = None
    due_on: Day | None = None


class InvestigationLine(Told):
    """An investigation in a list; `reached` is the last step with a decision."""

    uid: UUID
    version: int
    title: str
    outcome: str
    where: list[dict[str, str]]
    owner: UUID | None
    owner_name: str
    due_on: date | None
    closed_at: datetime | None
    reached: str


class StepDecision(Told):
    """A decision of a step, with its rationale."""

    uid: UUID
    at: datetime
    by: Who
    decision: str
    rationale: str


class StepOut(Told):
    """One of the five steps: what it asks, what may be decided, whether it can be now, and the decisions taken, latest last."""

    name: str
    question: str
    choices: list[str]
    ready: bool
    decisions: list[StepDecision]


class OwnerOut(Told):
    """Somebody who may have an investigation here."""

    uid: UUID
    name: Who


class InvestigationOut(InvestigationLine):
    """An investigation with its steps; `seen` is how many decisions there are."""

    steps: list[StepOut]
    seen: int
    owners: list[OwnerOut]


def curve_out(curve: Curve) -> CurveOut:
    """A curve as numbers."""
    return CurveOut.model_validate(curve)


def investigation_line(one: Investigation) -> InvestigationLine:
    """An investigation in a list."""
    return InvestigationLine(**_line(one))


def investigation_out(one: Investigation, owners: list[User]) -> InvestigationOut:
    """An investigation with its steps."""
    steps = work.steps_of(one)
    return InvestigationOut(
        **_line(one),
        steps=[StepOut.model_validate(state) for state in steps],
        seen=sum(len(state.decisions) for state in steps),
        owners=[OwnerOut(uid=user.uid, name=str(user)) for user in owners],
    )


def _line(one: Investigation) -> dict[str, Any]:
    subject = one.subject
    where = [{"axis": str(place["axis"]), "value": str(place["value"])} for place in subject.get("where", ())]
    return {
        **{name: getattr(one, name) for name in ("uid", "version", "title", "due_on", "closed_at")},
        "outcome": str(subject.get("outcome", "")),
        "where": where,
        "owner": one.owner.uid if one.owner else None,
        "owner_name": str(one.owner) if one.owner else "",
        "reached": work.step_reached(one),
    }
