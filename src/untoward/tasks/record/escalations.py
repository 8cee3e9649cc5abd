"""A patient's problem that nobody at the clinic has looked at in time: a task for the director, and a message that says so.

In time means by the earlier of two moments: the clinic's own limit after the patient last told something, and the deadline
of the assessment. The message names no patient and nothing of their health.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Subquery

from untoward.model.finding import Disposition
from untoward.registry.models import CheckIn, Clinic, Membership, Observation, Reaction, Task
from untoward.registry.roles import Role
from untoward.registry.writing import Change, Conflict, write_all
from untoward.tasks.record import messages
from untoward.tasks.site import settings_now

ESCALATION = "escalation"
MOST_AT_ONCE = 200
LOG = logging.getLogger("untoward.escalations")
_TASK = "Escalated to the director: a problem ({urgency}), reported {since:%Y-%m-%d %H:%M} UTC, has not been read."
_SUBJECT = {
    "en": "{clinic}: patients wait for an answer",
    "es": "{clinic}: hay pacientes que esperan respuesta",
}
_TEXT = {
    "en": "Problems that nobody has read in time: {number}.\nSign in and read them now: {link}",
    "es": "Problemas que nadie ha leído a tiempo: {number}.\nEntre y léalos ahora: {link}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """What a run did: problems escalated, messages sent to directors, and messages that could not be sent."""

    problems: int = 0
    messages: int = 0
    failed: int = 0


def look_by(reaction: Reaction, told_at: datetime) -> datetime:
    """By when somebody at the clinic is to read what the patient told at a time."""
    limit = told_at + timedelta(hours=reaction.clinic.answer_within_hours)
    return limit if reaction.deadline is None else min(limit, max(reaction.deadline, told_at))


def escalate_due(now: datetime) -> Escalated:
    """Escalate every problem that is unread past its time, once for each time the patient told something."""
    waiting: dict[Clinic, int] = {}
    for reaction in _unread(now):
        if look_by(reaction, reaction.told_at) > now:
            continue
        if _escalate(reaction, now):
            waiting[reaction.clinic] = waiting.get(reaction.clinic, 0) + 1
    sent = failed = 0
    for clinic, number in waiting.items():
        done, refused = _tell_directors(clinic, number, now)
        sent, failed = sent + done, failed + refused
    return Escalated(problems=sum(waiting.values()), messages=sent, failed=failed)


def is_escalated(reaction: Reaction, told_at: datetime) -> bool:
    """Whether what was told at a time has been escalated."""
    found: bool = reaction.tasks.filter(kind=ESCALATION, due_at__gte=told_at).exists()
    return found


def _unread(now: datetime) -> Iterable[Reaction]:
    last = Observation.objects.filter(reaction=OuterRef("pk"), by_patient=True).order_by("-at")
    told = Reaction.objects.filter(by_patient=True, read_at=None, signed_at=None).annotate(
        told_at=Subquery(last.values("at")[:1])
    )
    done = Task.objects.filter(reaction=OuterRef("pk"), kind=ESCALATION, due_at__gte=OuterRef("told_at"))
    not_yet = told.filter(~Exists(done), told_at__lte=now)
    waiting: Iterable[Reaction] = not_yet.select_related("clinic").order_by(
        F("deadline").asc(nulls_last=True), "pk"
    )[:MOST_AT_ONCE]
    return waiting


def _escalate(reaction: Reaction, now: datetime) -> bool:
    urgency = (
        Disposition(reaction.disposition).value.replace("_", " ") if reaction.disposition else "not assessed"
    )
    text = _TASK.format(urgency=urgency, since=reaction.told_at)
    task = Task(clinic=reaction.clinic, kind=ESCALATION, text=text, due_at=now, reaction=reaction)
    check_ins = list(CheckIn.objects.filter(observations__reaction=reaction, escalated_at=None).distinct())
    for check_in in check_ins:
        check_in.escalated_at = now
    try:
        write_all(
            [Change(thing=task), *(Change(thing=one) for one in check_ins)],
            by=None,
            reason="nobody read it in time",
        )
    except Conflict:
        return False  # somebody is at it this very moment; the next run looks again
    return True


def _tell_directors(clinic: Clinic, number: int, now: datetime) -> tuple[int, int]:
    """Messages sent and refused."""
    directors = Membership.objects.filter(
        clinic=clinic, role=Role.DIRECTOR, ended_at=None, user__is_active=True
    )
    sent = failed = 0
    for membership in directors.select_related("user"):
        user = membership.user
        language = user.language if user.language in _TEXT else "en"
        text = _TEXT[language].format(number=number, link=f"{settings_now().public_url}/worklist")
        subject = _SUBJECT[language].format(clinic=clinic.name)
        try:
            messages.send(messages.Message(to=user.email, subject=subject, text=text), now)
            sent += 1
        except OSError:
            failed += 1
    if failed:
        LOG.warning("%d directors could not be told that patients wait", failed)
    return sent, failed
