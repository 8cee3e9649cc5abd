"""The page of a case: read it, answer what is asked, decide, sign off; and the report of a problem after a session."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from untoward.errors import Fault, InputError, UserError
from untoward.model.terms import TermKind
from untoward.registry.models import Reaction, Session
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.knowledge import evidence
from untoward.tasks.record import cases
from untoward.tasks.record.case_questions import findings_of
from untoward.web.case_page import Typed, case_context, moment
from untoward.web.listing import Request, page

ANSWER = "answer:"
"""Fields of a form that begin so are answers to the question named after it."""

REFUSED = 422


@page("case/<uuid:uid>", "case", Action.SEE_CASES)
@require_GET
def case(request: Request, uid: str) -> HttpResponse:
    """Everything known of one case."""
    return _shown(request, _case(request, uid), Typed())


@page("case/<uuid:uid>/seen", "case-observe", Action.ANSWER)
@require_POST
def observe(request: Request, uid: str) -> HttpResponse:
    """Keep answers and what was seen as a new observation."""
    reaction = _case(request, uid)
    values = _posted(request)
    faults: list[Fault] = []
    at = _moment(values, "at", faults)
    try:
        answers = {
            name.removeprefix(ANSWER): text for name, text in values.items() if name.startswith(ANSWER)
        }
        findings = findings_of(answers)
        if faults:
            raise InputError(_("This was not saved."), faults)
        cases.observe(
            reaction,
            by=request.user,
            at=at,
            text=values.get("text", ""),
            findings=findings,
            by_patient=values.get("told_by") == "patient",
        )
    except InputError as refused:
        return _refused(request, reaction, "observe", values, refused)
    messages.success(request, _("Saved and reassessed."))
    return redirect("case", uid=uid)


@page("case/<uuid:uid>/decision", "case-decide", Action.ANSWER)
@require_POST
def decide(request: Request, uid: str) -> HttpResponse:
    """Keep a decision with its reasoning."""
    reaction = _case(request, uid)
    values = _posted(request)
    details = {"outcome": values.get("outcome", "")} if values.get("kind") == "outcome" else {}
    try:
        cases.decide(
            reaction,
            by=request.user,
            kind=values.get("kind", ""),
            text=values.get("text", ""),
            details=details,
        )
    except InputError as refused:
        return _refused(request, reaction, "decide", values, refused)
    messages.success(
        request, _("Marked as read.") if values.get("kind") == "looked" else _("Decision saved.")
    )
    return redirect("case", uid=uid)


@page("case/<uuid:uid>/sign-off", "case-sign-off", Action.SIGN_OFF)
@require_POST
def sign_off(request: Request, uid: str) -> HttpResponse:
    """Close the case with a reason, unless somebody changed it meanwhile or an emergency has no decision."""
    reaction = _case(request, uid)
    values = _posted(request)
    reaction.version = int(values["version"]) if values.get("version", "").isdecimal() else 0
    if reaction.version == 0:
        fault = Fault(what=_("is missing"), field="version", expected=_("the version the page was read at"))
        return _refused(
            request, _case(request, uid), "sign", values, InputError(_("Not signed off."), [fault])
        )
    try:
        cases.sign_off(reaction, by=request.user, reason=values.get("reason", ""))
    except InputError as refused:
        return _refused(request, _case(request, uid), "sign", values, refused)
    except Conflict:
        words = _(
            "Somebody added to this case while you were reading. Look at what is new below, then sign off."
        )
        typed = Typed(form="sign", values=values, message=words)
        return _shown(request, _case(request, uid), typed, status=Conflict.http_status)
    except UserError as refused:
        typed = Typed(form="sign", values=values, message=str(refused))
        return _shown(request, _case(request, uid), typed, status=REFUSED)
    messages.success(request, _("Signed off. It opens again when something new is told."))
    return redirect("case", uid=uid)


@page("case/<uuid:uid>/assess", "case-assess", Action.ANSWER)
@require_POST
def assess(request: Request, uid: str) -> HttpResponse:
    """Assess the last observation with today's rules and what is known of the person today."""
    cases.assess(_case(request, uid), by=request.user)
    messages.success(request, _("Assessed with today's rules."))
    return redirect("case", uid=uid)


@page("session/<uuid:uid>/problem", "case-new", Action.RECORD)
@require_http_methods(["GET", "POST"])
def new(request: Request, uid: str) -> HttpResponse:
    """Report a problem after a session in five fields."""
    session = get_object_or_404(
        Session.objects.select_related("clinic", "patient", "practitioner"), uid=uid, clinic=request.clinic
    )
    if request.method == "GET":
        return _new_form(request, session, Typed(values={"at": _now()}))
    values = _posted(request)
    faults: list[Fault] = []
    at, onset = _moment(values, "at", faults), _moment(values, "onset_at", faults)
    try:
        if faults:
            raise InputError(_("This was not saved."), faults)
        reaction = cases.report(
            session=session,
            by=request.user,
            said=values.get("text", ""),
            at=at,
            reported_at=timezone.now(),
            onset_at=onset,
            by_patient=values.get("told_by") == "patient",
            term=values.get("term", ""),
        )
    except InputError as refused:
        typed = Typed(form="new", values=values, faults=refused.faults, message=refused.message)
        return _new_form(request, session, typed, status=REFUSED)
    return redirect("case", uid=reaction.uid)


def _case(request: Request, uid: str) -> Reaction:
    related = ("clinic", "patient", "session__practitioner", "signed_by")
    return get_object_or_404(Reaction.objects.select_related(*related), uid=uid, clinic=request.clinic)


def _shown(request: Request, reaction: Reaction, typed: Typed, status: int = 200) -> HttpResponse:
    return render(request, "cases/case.html", case_context(request, reaction, typed), status=status)


def _new_form(request: Request, session: Session, typed: Typed, status: int = 200) -> HttpResponse:
    terms = evidence().terms.terms.values()
    labels = sorted(one.label for one in terms if one.kind is TermKind.REACTION)
    context = {
        "session": session,
        "patient": session.patient,
        "typed": typed,
        "terms": labels,
        "latest": _now(),
    }
    return render(request, "cases/new.html", context, status=status)


def _refused(
    request: Request, reaction: Reaction, form: str, values: dict[str, str], refused: InputError
) -> HttpResponse:
    typed = Typed(form=form, values=values, faults=refused.faults, message=refused.message)
    return _shown(request, reaction, typed, status=REFUSED)


def _posted(request: Request) -> dict[str, str]:
    values: dict[str, Any] = request.POST.dict()
    return values


def _now() -> str:
    return f"{timezone.localtime():%Y-%m-%dT%H:%M}"


def _moment(values: dict[str, str], name: str, faults: list[Fault]) -> Any:
    try:
        return moment(values.get(name, ""))
    except (ValueError, OverflowError):
        got = values[name][:30]
        faults.append(
            Fault(what=_("not a date and time"), field=name, got=got, expected=_("such as 2026-05-11T14:30"))
        )
        return None
