"""Calls about cases and the worklist."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Body

from untoward.errors import Fault, InputError
from untoward.registry.models import Reaction
from untoward.registry.roles import Action
from untoward.tasks.record.case_questions import ask_of, findings_of
from untoward.tasks.record.cases import observe
from untoward.tasks.record.worklist import Waiting, Worklist, worklist
from untoward.web.api.access import Asker, Call
from untoward.web.api.answers import Plain, case_line, case_out, lot_out, observation_out, vial_out
from untoward.web.api.given import ObservationIn
from untoward.web.api.listing import operation


@operation("GET", "/worklist", "worklist", Action.SEE_CASES, answers=Plain)
def waiting(request: Call) -> Plain:
    """What waits at your clinic, most urgent first; each part with its total, and `more` where that is only a bound."""
    asker = request.asker
    found = worklist(asker.clinic, asker.role, asker.user)
    return {"as_of": found.as_of, **_of_patients(found), **_of_the_clinic(found, asker)}


@operation("GET", "/cases/{uuid:uid}", "case", Action.SEE_CASES, answers=Plain)
def one_case(request: Call, uid: UUID) -> Plain:
    """One case with its observations, their assessments and the decisions."""
    return case_out(_case(request, uid))


@operation("POST", "/cases/{uuid:uid}/observations", "case-observe", Action.ANSWER, answers=Plain, status=201)
def new_observation(request: Call, uid: UUID, given: Body[ObservationIn]) -> Plain:
    """Add what was seen; it is assessed at once with all that was known by then."""
    case = _case(request, uid)
    made = observe(
        case,
        by=request.asker.user,
        at=given.at,
        text=given.text,
        findings=findings_of(_asked(given.answers)),
        by_patient=given.told_by_patient,
    )
    return {"observation": observation_out(made), "case": case_line(_case(request, uid))}


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


def _case(request: Call, uid: UUID) -> Reaction:
    found: Reaction = get_object_or_404(
        Reaction.objects.select_related("clinic", "patient", "session"), uid=uid, clinic=request.asker.clinic
    )
    return found


def _of_patients(found: Worklist) -> Plain:
    check_ins = [
        {"uid": one.uid, "patient_key": one.session.patient.key, "day": one.day, "due_at": one.due_at}
        for one in found.check_ins.rows
    ]
    return {
        "unread": _part(found.unread, [case_line(one) for one in found.unread.rows]),
        "open": _part(found.open, [case_line(one) for one in found.open.rows]),
        "off_course": _part(found.off_course, [case_line(one) for one in found.off_course.rows]),
        "escalated": _part(found.escalated, [case_line(one.case) for one in found.escalated.rows]),
        "check_ins": _part(found.check_ins, check_ins),
    }


def _of_the_clinic(found: Worklist, asker: Asker) -> Plain:
    tasks = [{"uid": one.uid, "text": one.text, "due_at": one.due_at} for one in found.tasks.rows]
    credentials = [
        {"practitioner": one.practitioner.name, "kind": one.kind, "expires": one.expires}
        for one in found.credentials.rows
    ]
    shown = {"tasks": _part(found.tasks, tasks), "credentials": _part(found.credentials, credentials)}
    if found.vials is None or found.lots is None or not asker.may(Action.SEE_STOCK):
        return shown
    vials = [{**vial_out(one.vial), "until": one.until} for one in found.vials.rows]
    lots = [{**lot_out(one.lot), "vials": one.vials, "past": one.past} for one in found.lots.rows]
    return {**shown, "vials": _part(found.vials, vials), "lots": _part(found.lots, lots)}


def _part(waiting: Waiting[Any], rows: list[Plain]) -> Plain:
    return {"rows": rows, "total": waiting.total, "more": waiting.more}
