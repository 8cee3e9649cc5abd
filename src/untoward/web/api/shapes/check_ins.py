"""Check-ins: what patients are asked after a session, and what came back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from untoward.registry.models import CheckIn
from untoward.tasks.record.check_in_questions import LONGEST_WORDS
from untoward.web.api.shapes.base import Given, Name, Text, Told, Uid, Version


class CheckInOut(Told):
    """A check-in. `answers` is what the patient said, null before; `address` is there only when a link was made just now."""

    uid: UUID
    version: int
    session: Uid
    patient_key: str
    day: int
    due_at: datetime
    sent_at: datetime | None
    link_expires: datetime | None
    revoked_at: datetime | None
    answered_at: datetime | None
    answers: dict[str, Any] | None
    looked_at: datetime | None
    escalated_at: datetime | None
    address: str = ""


class StandingOut(Told):
    """The check-ins of a clinic that ask for something, in groups, each in the order in which to work; `more` when cut short."""

    problems: list[CheckInOut]
    to_send: list[CheckInOut]
    unanswered: list[CheckInOut]
    coming: list[CheckInOut]
    more: bool


class SentOut(Told):
    """A check-in that was sent, and how: "e-mail", for example."""

    how: str
    check_in: CheckInOut


class AnswersIn(Given):
    """What a patient said when somebody asked by phone; what was not asked stays empty. `which` are closer signs, by term."""

    version: Version
    how: Literal["fine", "something", "emergency"]
    what: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    which: Annotated[tuple[Name, ...], Field(max_length=40)] | None = None
    since: Literal["", "today", "yesterday", "days", "week", "longer", "unsure"] = ""
    bad: Literal["", "mild", "moderate", "severe", "unsure"] = ""
    course: Literal["", "better", "same", "worse", "unsure"] = ""
    words: Annotated[Text, Field(max_length=LONGEST_WORDS)] = ""


class AnsweredOut(Told):
    """A check-in that was answered, and the case it made or joined; null when there is none."""

    check_in: CheckInOut
    case: UUID | None


def check_in_out(one: CheckIn, address: str = "") -> CheckInOut:
    """A check-in, with the address of a link that was made just now."""
    plain = (
        "uid", "version", "session", "day", "due_at", "sent_at", "link_expires", "revoked_at", "answered_at", "answers",
        "looked_at", "escalated_at",
    )  # fmt: skip
    more: dict[str, Any] = {"address": address} if address else {}
    shown = {name: getattr(one, name) for name in plain}
    return CheckInOut(**shown, patient_key=one.session.patient.key, **more)
