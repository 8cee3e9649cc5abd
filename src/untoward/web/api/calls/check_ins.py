"""Calls about check-ins: what came back, what is due, links, and asking by phone."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body

from untoward.registry.models import CheckIn
from untoward.registry.roles import Action
from untoward.tasks.record import check_ins as task
from untoward.tasks.record.check_in_questions import read_answers
from untoward.web.api.access import Call
from untoward.web.api.calls.sessions import session_here
from untoward.web.api.listing import operation
from untoward.web.api.shapes.base import ReasonIn, VersionIn
from untoward.web.api.shapes.check_ins import (
    AnsweredOut,
    AnswersIn,
    CheckInOut,
    SentOut,
    StandingOut,
    check_in_out,
)


@operation("GET", "/check-ins", "check-ins", Action.SEE_CASES, answers=StandingOut)
def standing(request: Call) -> StandingOut:
    """What came back and nobody has read, what is due, what nobody answered, and the week to come."""
    found = task.standing(request.asker.clinic, timezone.now())
    groups = ("problems", "to_send", "unanswered", "coming")
    shown = {name: [check_in_out(one) for one in getattr(found, name)] for name in groups}
    return StandingOut(**shown, more=found.more)


@operation(
    "GET",
    "/sessions/{uuid:uid}/check-ins",
    "session-check-ins",
    Action.SEE_PATIENTS,
    answers=list[CheckInOut],
)
def of_session(request: Call, uid: UUID) -> list[CheckInOut]:
    """The check-ins of a session, in the order of their days."""
    found = session_here(request.asker, uid).check_ins.select_related("session__patient")
    return [check_in_out(one) for one in found.order_by("day")]


@operation("POST", "/check-ins/{uuid:uid}/send", "check-in-send", Action.ANSWER, answers=SentOut)
def send(request: Call, uid: UUID, given: Body[VersionIn]) -> SentOut:
    """Send a fresh link now, to where the patient is reached."""
    check_in = _check_in(request, uid, given.version)
    how = task.send(check_in, by=request.asker.user)
    return SentOut(how=how, check_in=check_in_out(check_in))


@operation("POST", "/check-ins/{uuid:uid}/link", "check-in-link", Action.ANSWER, answers=CheckInOut)
def link(request: Call, uid: UUID, given: Body[VersionIn]) -> CheckInOut:
    """Make a fresh link; `address` is shown this one time, and a link made before stops working."""
    check_in = _check_in(request, uid, given.version)
    address = task.new_link(check_in, by=request.asker.user)
    return check_in_out(check_in, address)


@operation("POST", "/check-ins/{uuid:uid}/revoke", "check-in-revoke", Action.ANSWER, answers=CheckInOut)
def revoke(request: Call, uid: UUID, given: Body[ReasonIn]) -> CheckInOut:
    """Close a link and ask no more."""
    check_in = _check_in(request, uid, given.version)
    task.revoke(check_in, by=request.asker.user, reason=given.reason.strip() or "closed by the clinic")
    return check_in_out(check_in)


@operation("POST", "/check-ins/{uuid:uid}/looked", "check-in-looked", Action.ANSWER, answers=CheckInOut)
def looked(request: Call, uid: UUID, given: Body[VersionIn]) -> CheckInOut:
    """Note that somebody at the clinic has read an answer."""
    check_in = _check_in(request, uid, given.version)
    task.look(check_in, by=request.asker.user)
    return check_in_out(check_in)


@operation("POST", "/check-ins/{uuid:uid}/answers", "check-in-phone", Action.ANSWER, answers=AnsweredOut)
def by_phone(request: Call, uid: UUID, given: Body[AnswersIn]) -> AnsweredOut:
    """Keep what a patient said when somebody asked by phone; a problem makes a case or joins one."""
    check_in = _check_in(request, uid, given.version)
    said = read_answers(given.model_dump(exclude={"version"}))
    case = task.answer_by_phone(check_in, said, by=request.asker.user)
    return AnsweredOut(check_in=check_in_out(check_in), case=case.uid if case else None)


def _check_in(request: Call, uid: UUID, version: int) -> CheckIn:
    """A check-in of the clinic, as it was read at a version."""
    found: CheckIn = get_object_or_404(
        CheckIn.objects.select_related("session__patient", "session__clinic"),
        uid=uid,
        session__clinic=request.asker.clinic,
    )
    found.version = version
    return found
