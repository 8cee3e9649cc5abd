"""Recalls: of a lot or a vial, whom they concern, and whom we have reached of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from untoward.registry.models import Recall
from untoward.tasks.record.recalls import Progress, Tracked
from untoward.web.api.shapes.base import Given, Reason, Text, Told, Uid, Version, Who
from untoward.web.api.shapes.stock import ExposedOut, LotOut, VialOut, exposed_out, lot_out, vial_out


class RecallIn(Given):
    """What is recalled, a lot or one vial of your clinic, and why."""

    lot: UUID | None = None
    vial: UUID | None = None
    reason: Reason


class ContactIn(Given):
    """An attempt to reach somebody, noted as it is made."""

    patient: UUID
    how: Literal["phone", "letter", "email", "message", "in person"]
    reached: bool
    note: Annotated[Text, Field(max_length=400)] = ""


class CloseIn(Given):
    """The version that was read and what came of it; `although` closes a recall whose people are not all reached."""

    version: Version
    summary: Text
    although: bool = False


class RecallOut(Told):
    """A recall of a lot or a vial."""

    uid: UUID
    version: int
    reason: str
    begun_at: datetime
    begun_by: Who
    closed_at: datetime | None
    closing: str
    lot: LotOut | None
    vial: VialOut | None


class ProgressOut(RecallOut):
    """A recall, and how far your clinic is with it: people exposed, reached, tried without success, and still waiting."""

    exposed: int
    reached: int
    tried: int
    waiting: int


class ContactOut(Told):
    """An attempt to reach somebody."""

    uid: UUID
    patient: Uid
    at: datetime
    by: Who
    how: str
    reached: bool


class TrackedOut(ExposedOut):
    """Somebody whom a recall concerns, under their key, with the attempts to reach them, the latest first."""

    reached: bool
    attempts: list[ContactOut]


class LetterOut(Told):
    """A letter of one page to somebody whom a recall concerns, and a short message that says nothing of anybody's health."""

    patient: UUID
    patient_key: str
    contact: str
    language: str
    letter: list[str]
    message: str


class LettersSent(Told):
    """How many letters were noted as sent."""

    sent: int


def recall_out(one: Recall) -> RecallOut:
    """A recall."""
    return RecallOut(**_recall(one))


def progress_out(one: Recall, progress: Progress) -> ProgressOut:
    """A recall and how far a clinic is with it."""
    counted = {name: getattr(progress, name) for name in ("exposed", "reached", "tried", "waiting")}
    return ProgressOut(**_recall(one), **counted)


def tracked_out(one: Tracked) -> TrackedOut:
    """Somebody whom a recall concerns."""
    attempts = [ContactOut.model_validate(tried) for tried in one.contacts]
    return TrackedOut(**exposed_out(one.person).model_dump(), reached=one.reached, attempts=attempts)


def _recall(one: Recall) -> dict[str, Any]:
    plain = ("uid", "version", "reason", "begun_at", "begun_by", "closed_at", "closing")
    return {
        **{name: getattr(one, name) for name in plain},
        "lot": lot_out(one.lot) if one.lot else None,
        "vial": vial_out(one.vial) if one.vial else None,
    }
