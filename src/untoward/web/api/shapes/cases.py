"""Cases: what was told and seen, how urgent it is, what was decided; and the worklist."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AliasPath, Field

from untoward.registry.models import Observation, Reaction
from untoward.tasks.record.case_questions import Ask
from untoward.tasks.record.case_reasons import Why
from untoward.tasks.record.siblings import Siblings
from untoward.web.api.shapes.base import (
    Document,
    Given,
    Key,
    Moment,
    Text,
    Told,
    Uid,
    Version,
    Who,
)
from untoward.web.api.shapes.stock import LotOut, VialOut


class CaseIn(Given):
    """A problem after a session. `answers` maps questions of the assessment to answers, as an observation does.

    `term` is the reaction it is about, where somebody named it; without it the assessment names one.
    """

    text: Text = ""
    at: Moment | None = None
    onset_at: Moment | None = None
    answers: dict[Key, Key] = Field(default_factory=dict)
    term: Key = ""
    told_by_patient: bool = False


class ObservationIn(Given):
    """What was seen or told. `answers` maps questions of the assessment to answers: yes, no, a number or a choice as text."""

    text: Text = ""
    at: Moment | None = None
    answers: dict[Key, Key] = Field(default_factory=dict)
    told_by_patient: bool = False


class DecisionIn(Given):
    """Something decided or done, with its reasoning. "outcome" says in `outcome` how it went; "looked" needs no text."""

    kind: Literal["looked", "called", "seen", "sent", "referred", "treated", "causality", "outcome", "note"]
    text: Text = ""
    outcome: Key = ""


class SignOffIn(Given):
    """The version that was read, and why the case is closed."""

    version: Version
    reason: Annotated[Text, Field(max_length=4000)]


class CaseLine(Told):
    """A case in a list: whose, what, how urgent and until when."""

    uid: UUID
    version: int
    patient_key: str = Field(validation_alias=AliasPath("patient", "key"))
    term: str
    disposition: str
    deadline: datetime | None
    course: str
    reported_at: datetime
    read_at: datetime | None
    signed_at: datetime | None


class ObservationOut(Told):
    """What was seen at one time, and what the assessment made of everything known then (as `untoward assess --json` gives it)."""

    uid: UUID
    at: datetime
    text: str
    findings: Document
    by_patient: bool
    assessment: Document | None
    rule_set: str


class DecisionOut(Told):
    """Something decided or done about a case."""

    uid: UUID
    at: datetime
    by: Who
    kind: str
    text: str
    details: Document


class CaseOut(CaseLine):
    """A case with everything that was seen, each with its assessment, and what was decided."""

    patient: Uid
    session: Uid
    said: str
    onset_at: datetime | None
    resolved_at: datetime | None
    outcome: str
    by_patient: bool
    observations: list[ObservationOut]
    decisions: list[DecisionOut]
    hindrance: str


class ObservedOut(Told):
    """A new observation with its assessment, and the case as it stands with it."""

    observation: ObservationOut
    case: CaseLine


class DecidedOut(Told):
    """A decision that was kept, and the case as it stands with it."""

    decision: DecisionOut
    case: CaseLine


class AskOut(Told):
    """One question of an assessment: `kind` is "yes-no", "number" (from `least` to `most`, in `unit`) or "choice"."""

    name: str
    words: str
    kind: str
    unit: str
    choices: list[str]
    least: float
    most: float


class TermCount(Told):
    """How many people had a reaction."""

    term: str
    people: int


class SiblingsOut(Told):
    """People who share a vial, lot, mix or the practitioner's week with this one: how many others, and how many fell ill."""

    kind: str
    label: str
    subject: Uid | None
    others: int
    ill: int
    same: int
    by_term: list[TermCount]
    cases: list[CaseLine]


class TaskOut(Told):
    """Something to do by a time."""

    uid: UUID
    text: str
    due_at: datetime
    done_at: datetime | None


class DueCheckIn(Told):
    """A check-in that nobody answered."""

    uid: UUID
    patient_key: str = Field(validation_alias=AliasPath("session", "patient", "key"))
    day: int
    due_at: datetime


class DueCredential(Told):
    """A credential that is over or soon will be."""

    practitioner: str = Field(validation_alias=AliasPath("practitioner", "name"))
    kind: str
    expires: date | None


class OldVialOut(VialOut):
    """A vial past the time it may be used once opened."""

    until: datetime


class ExpiringLotOut(LotOut):
    """A lot near or past its expiry of which there are still vials."""

    vials: int
    past: bool


Row = TypeVar("Row")


class Part(Told, Generic[Row]):
    """One part of the worklist: its first rows and its length; with `more` the length is only a bound."""

    rows: list[Row]
    total: int
    more: bool


class WhyOut(Told):
    """The rule that decided how urgent a case is, and what it found."""

    rule: str
    statement: str


class WaitingCase(CaseLine):
    """A case in the worklist; `why` is null when it was never assessed."""

    why: WhyOut | None = None


class WorklistOut(Told):
    """What waits at the clinic. `vials` and `lots` are there only for whom stock is a matter."""

    as_of: datetime
    unread: Part[WaitingCase]
    open: Part[WaitingCase]
    off_course: Part[WaitingCase]
    escalated: Part[WaitingCase]
    check_ins: Part[DueCheckIn]
    tasks: Part[TaskOut]
    credentials: Part[DueCredential]
    vials: Part[OldVialOut] | None = None
    lots: Part[ExpiringLotOut] | None = None


def case_line(case: Reaction) -> CaseLine:
    """A case in a list."""
    return CaseLine.model_validate(case)


def waiting_case(case: Reaction, why: Why | None) -> WaitingCase:
    """A case in the worklist."""
    shown = WaitingCase.model_validate(case)
    return shown.model_copy(
        update={"why": None if why is None else WhyOut(rule=why.rule, statement=why.statement)}
    )


def observation_out(one: Observation) -> ObservationOut:
    """What was seen at one time."""
    return ObservationOut.model_validate(one)


def ask_out(ask: Ask) -> AskOut:
    """One question."""
    return AskOut.model_validate(ask)


def siblings_out(group: Siblings) -> SiblingsOut:
    """One group of people who share something."""
    return SiblingsOut(
        kind=group.kind,
        label=group.label,
        subject=group.subject,
        others=group.others,
        ill=group.ill,
        same=group.same,
        by_term=[TermCount(term=term, people=people) for term, people in group.by_term],
        cases=[case_line(one) for one in group.cases],
    )


def case_out(case: Reaction, hindrance: str) -> CaseOut:
    """A case with its observations and decisions. `hindrance` is why it cannot be signed off now; empty when it can be."""
    plain = ("said", "onset_at", "resolved_at", "outcome", "by_patient")
    decisions = case.decisions.select_related("by").order_by("at", "pk")
    return CaseOut(
        **case_line(case).model_dump(),
        patient=case.patient,
        session=case.session,
        **{name: getattr(case, name) for name in plain},
        observations=[observation_out(one) for one in case.observations.order_by("at", "pk")],
        decisions=[DecisionOut.model_validate(one) for one in decisions],
        hindrance=hindrance,
    )
