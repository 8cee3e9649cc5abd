"""The clinic's list of check-ins: what came back, what is due, and asking by phone."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from untoward.errors import UntowardError
from untoward.model.finding import Disposition
from untoward.registry.models import CheckIn
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.report.tokens import DISPOSITIONS
from untoward.report.words import DISPOSITION_WORDS
from untoward.tasks.knowledge import evidence
from untoward.tasks.record import check_ins
from untoward.tasks.record.check_in_questions import BAD, CONCERNS, COURSE, HOW, SINCE
from untoward.tasks.record.check_in_texts import check_in_texts, language_or
from untoward.tasks.record.escalations import look_by
from untoward.tasks.record.problems import case_of
from untoward.web.check_in_pages import answers_posted
from untoward.web.listing import Request, page

REFUSED = 422


@page("check-ins", "check-ins", Action.SEE_CASES)
@require_GET
def show(request: Request) -> HttpResponse:
    """What came back and nobody has read, what is due, what nobody answered, and the week to come."""
    now = timezone.now()
    standing = check_ins.standing(request.clinic, now)
    problems = [_problem(one) for one in standing.problems]
    problems.sort(
        key=lambda row: (row["disposition"].rank if row["disposition"] else -1, row["limit"] or now)
    )
    context = {
        "standing": standing,
        "problems": problems,
        "now": now,
        "days": check_ins.check_in_days(request.clinic),
    }
    return render(request, "check_ins/list.html", context)


@page("check-ins/<uuid:uid>/send", "check-in-send", Action.ANSWER)
@require_POST
def send(request: Request, uid: str) -> HttpResponse:
    """Send a fresh link now."""
    check_in = _check_in(request, uid)
    try:
        how = check_ins.send(check_in, by=request.user)
    except UntowardError as refused:
        messages.error(request, _told(refused))
    else:
        messages.success(request, _("Sent by %(how)s.") % {"how": _(how)})
    return redirect("check-ins")


@page("check-ins/<uuid:uid>/link", "check-in-link", Action.ANSWER)
@require_POST
def link(request: Request, uid: str) -> HttpResponse:
    """Make a link and show it once, to be opened on the patient's own telephone."""
    check_in = _check_in(request, uid)
    try:
        address = check_ins.new_link(check_in, by=request.user)
    except UntowardError as refused:
        messages.error(request, _told(refused))
        return redirect("check-ins")
    code = segno.make(address, error="m").svg_data_uri(scale=6, border=3, dark="#000", light="#fff")
    return render(request, "check_ins/link.html", {"check_in": check_in, "address": address, "code": code})


@page("check-ins/<uuid:uid>/revoke", "check-in-revoke", Action.ANSWER)
@require_POST
def revoke(request: Request, uid: str) -> HttpResponse:
    """Close a link and ask no more."""
    try:
        check_ins.revoke(_check_in(request, uid), by=request.user, reason="closed by the clinic")
    except UntowardError as refused:
        messages.error(request, _told(refused))
    else:
        messages.success(request, _("Closed. The link does not work any more."))
    return redirect("check-ins")


@page("check-ins/<uuid:uid>/read", "check-in-read", Action.ANSWER)
@require_POST
def read(request: Request, uid: str) -> HttpResponse:
    """Note that an answer which made no case has been read."""
    try:
        check_ins.look(_check_in(request, uid), by=request.user)
    except UntowardError as refused:
        messages.error(request, _told(refused))
    return redirect("check-ins")


@page("check-ins/<uuid:uid>/phone", "check-in-phone", Action.ANSWER)
@require_http_methods(["GET", "POST"])
def phone(request: Request, uid: str) -> HttpResponse:
    """Ask by phone and enter what the patient says."""
    check_in = _check_in(request, uid)
    if request.method != "POST":
        return _phone_page(request, check_in, "")
    answers = answers_posted(request)
    if not answers.how:
        return _phone_page(request, check_in, _("Say how the patient is: choose one of the three."))
    if answers.how == "something" and not (answers.what or answers.which or answers.words):
        return _phone_page(
            request, check_in, _("Say what the patient notices: tick one thing, or write it down.")
        )
    try:
        reaction = check_ins.answer_by_phone(check_in, answers, by=request.user)
    except UntowardError as refused:
        return _phone_page(request, _check_in_now(request, uid), _told(refused))
    messages.success(request, _("Saved, as answered by phone."))
    return redirect("case", reaction.uid) if reaction else redirect("check-ins")


def _phone_page(request: Request, check_in: CheckIn, fault: str) -> HttpResponse:
    language = language_or(get_language()[:2])
    texts, answers, terms = check_in_texts(language), answers_posted(request), evidence().terms
    closer = dict.fromkeys(term for concern in CONCERNS.values() for term in concern.closer)
    context: dict[str, Any] = {
        "check_in": check_in,
        "answers": answers,
        "fault": fault,
        "how": [(key, texts(f"how.{key}")) for key in HOW],
        "what": [(key, texts(f"what.{key}")) for key in CONCERNS],
        "which": [(term, terms[term].name.get(language, terms[term].label)) for term in closer],
        "groups": [
            (
                name,
                texts(f"{name}.title"),
                [(key, texts(f"{name}.{key}")) for key in keys],
                getattr(answers, name),
            )
            for name, keys in (("since", SINCE), ("bad", BAD), ("course", COURSE))
        ],
    }
    return render(request, "check_ins/phone.html", context, status=REFUSED if fault else 200)


def _problem(check_in: CheckIn) -> dict[str, Any]:
    """One line of the list: the case with its urgency, and until when somebody is to read it."""
    reaction = case_of(check_in)
    disposition = Disposition(reaction.disposition) if reaction and reaction.disposition else None
    return {
        "check_in": check_in,
        "reaction": reaction,
        "disposition": disposition,
        "words": _(DISPOSITION_WORDS[disposition].short) if disposition else "",
        "icon": DISPOSITIONS[disposition].icon if disposition else "",
        "limit": look_by(reaction, check_in.answered_at) if reaction else check_in.answered_at,
    }


def _check_in(request: Request, uid: str) -> CheckIn:
    """A check-in of this clinic, at the version the page was made from."""
    check_in = _check_in_now(request, uid)
    posted = request.POST.get("version", "")
    if posted.isdecimal():
        check_in.version = int(posted[:9])
    return check_in


def _check_in_now(request: Request, uid: str) -> CheckIn:
    wanted = CheckIn.objects.select_related("session__patient", "session__clinic")
    found: CheckIn = get_object_or_404(wanted, uid=uid, session__clinic=request.clinic)
    return found


def _told(refused: UntowardError) -> str:
    if isinstance(refused, Conflict):
        return _("Somebody else changed this check-in, or the patient has answered it, while you had the page open. "
                 "Look at it as it is now, then try again.")  # fmt: skip
    return str(refused)
