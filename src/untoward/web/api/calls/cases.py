"""Calls about cases: report one, add what was seen, judge it again, decide, sign off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Query

from untoward.errors import Fault, InputError
from untoward.registry.models import Reaction
from untoward.registry.roles import Action
from untoward.tasks.record import cases as task
from untoward.tasks.record.case_assessing import terms_there
from untoward.tasks.record.case_questions import ask_of, asks_of, findings_of
from untoward.tasks.record.siblings import siblings_of
from untoward.web.api.access import Asker, Call
from untoward.web.api.calls.sessions import session_here
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes import cases as shapes
from untoward.web.api.shapes.base import Page, Paging


@operation("GET", "/cases", "cases", Action.SEE_CASES, answers=Page[shapes.CaseLine])
def cases(request: Call, page: Query[Paging], unsigned: Query[bool] = False) -> Page[shapes.CaseLine]:
    """The cases of your clinic, the latest report first; with `unsigned` only those that nobody has signed off."""
    found = Reaction.objects.filter(clinic=request.asker.clinic).select_related("patient")
    found = found.filter(signed_at=None) if unsigned else found
    return part(found.order_by("-reported_at", "-pk"), page, shapes.case_line)


@operation(
    "POST", "/sessions/{uuid:uid}/cases", "case-new", Action.RECORD, answers=shapes.CaseOut, status=201
)
def new_case(request: Call, uid: UUID, given: Body[shapes.CaseIn]) -> shapes.CaseOut:
    """Report a problem after a session; it is assessed at once."""
    made = task.report(
        session=session_here(request.asker, uid),
        by=request.asker.user,
        said=given.text,
        findings=findings_of(_asked(given.answers)),
        at=given.at,
        reported_at=timezone.now(),
        onset_at=given.onset_at,
        by_patient=given.told_by_patient,
        term=given.term,
    )
    return _whole(case_here(request.asker, made.uid))


@operation("GET", "/cases/{uuid:uid}", "case", Action.SEE_CASES, answers=shapes.CaseOut)
def one_case(request: Call, uid: UUID) -> shapes.CaseOut:
    """One case with its observations, their assessments and the decisions."""
    return _whole(case_here(request.asker, uid))


@operation(
    "GET",
    "/cases/{uuid:uid}/questions",
    "case-questions",
    Action.SEE_CASES,
    answers=list[shapes.AskOut],
)
def questions(request: Call, uid: UUID) -> list[shapes.AskOut]:
    """What to ask next, the most telling first: each name is a key of `answers` of an observation."""
    return [shapes.ask_out(ask) for ask in asks_of(_last_assessment(case_here(request.asker, uid)))]


@operation(
    "GET",
    "/cases/{uuid:uid}/siblings",
    "case-siblings",
    Action.SEE_CASES,
    answers=list[shapes.SiblingsOut],
)
def siblings(request: Call, uid: UUID) -> list[shapes.SiblingsOut]:
    """Who else shares a vial, lot, mix or the practitioner's week, and how many of them fell ill."""
    case = case_here(request.asker, uid)
    return [shapes.siblings_out(one) for one in siblings_of(case, terms_there(_last_assessment(case)))]


@operation(
    "POST",
    "/cases/{uuid:uid}/observations",
    "case-observe",
    Action.ANSWER,
    answers=shapes.ObservedOut,
    status=201,
)
def observe(request: Call, uid: UUID, given: Body[shapes.ObservationIn]) -> shapes.ObservedOut:
    """Add what was seen, or answers; it is assessed at once with all that was known by then."""
    made = task.observe(
        case_here(request.asker, uid),
        by=request.asker.user,
        at=given.at,
        text=given.text,
        findings=findings_of(_asked(given.answers)),
        by_patient=given.told_by_patient,
    )
    case = shapes.case_line(case_here(request.asker, uid))
    return shapes.ObservedOut(observation=shapes.observation_out(made), case=case)


@operation("POST", "/cases/{uuid:uid}/assess", "case-assess", Action.ANSWER, answers=shapes.CaseOut)
def assess(request: Call, uid: UUID) -> shapes.CaseOut:
    """Assess the last observation again, with today's rules and what is known of the person today."""
    task.assess(case_here(request.asker, uid), by=request.asker.user)
    return _whole(case_here(request.asker, uid))


@operation(
    "POST",
    "/cases/{uuid:uid}/decisions",
    "case-decide",
    Action.ANSWER,
    answers=shapes.DecidedOut,
    status=201,
)
def decide(request: Call, uid: UUID, given: Body[shapes.DecisionIn]) -> shapes.DecidedOut:
    """Note what was decided or done and why: read, called, treated, how the cause was judged, how it went."""
    details = {"outcome": given.outcome} if given.kind == "outcome" else {}
    case = case_here(request.asker, uid)
    made = task.decide(case, by=request.asker.user, kind=given.kind, text=given.text, details=details)
    return shapes.DecidedOut(
        decision=shapes.DecisionOut.model_validate(made),
        case=shapes.case_line(case_here(request.asker, uid)),
    )


@operation("POST", "/cases/{uuid:uid}/sign-off", "case-sign-off", Action.SIGN_OFF, answers=shapes.CaseOut)
def sign_off(request: Call, uid: UUID, given: Body[shapes.SignOffIn]) -> shapes.CaseOut:
    """Close a case with a reason; 409 when somebody added to it since the version you read."""
    case = case_here(request.asker, uid)
    case.version = given.version
    task.sign_off(case, by=request.asker.user, reason=given.reason)
    return _whole(case_here(request.asker, uid))


def case_here(asker: Asker, uid: UUID) -> Reaction:
    """A case of the clinic of whoever asks; otherwise there is none."""
    found: Reaction = get_object_or_404(
        Reaction.objects.select_related("clinic", "patient", "session__practitioner"),
        uid=uid,
        clinic=asker.clinic,
    )
    return found


def _whole(case: Reaction) -> shapes.CaseOut:
    return shapes.case_out(case, str(task.sign_off_hindrance(case)))


def _last_assessment(case: Reaction) -> dict[str, Any]:
    last = case.observations.exclude(assessment=None).order_by("-at", "-pk").first()
    return last.assessment if last else {}


def _asked(answers: dict[str, str]) -> dict[str, str]:
    """The answers, when each is to a question there is. Raises InputError: no answer is dropped unsaid."""
    expected = "a question as the assessment of the case names it"
    faults = [
        Fault(what="is no question", field=name[:60], expected=expected)
        for name in answers
        if ask_of(name) is None
    ]
    if faults:
        raise InputError("This was not kept.", faults)
    return answers
