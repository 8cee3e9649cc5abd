"""The trail: who changed what, when and why; and whether it is whole."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from untoward.registry.models import User
from untoward.registry.roles import Action, may
from untoward.registry.trail import verify
from untoward.tasks.record import audit as trail
from untoward.web.listing import Request, page

AT_A_TIME = 50
MODELS = (
    "Session", "Patient", "Consent", "Photo", "CheckIn", "OwnPage", "Reaction", "Observation", "Decision", "Note", "Task",
    "Product", "Lot", "Vial", "Recipe", "Recall", "Contact", "Investigation", "Step", "Practitioner", "Membership",
    "ApiToken", "Clinic", "ConsentText",
)  # fmt: skip
FAULTS_SHOWN = 20


@page("audit", "audit", Action.SEE_AUDIT)
def audit(request: Request) -> HttpResponse:
    """The entries, newest first, filtered."""
    given = {
        name: request.GET.get(name, "").strip() for name in ("model", "by", "uid", "since", "until", "before")
    }
    wanted = trail.Filter(
        model=given["model"] if given["model"] in MODELS else "",
        by=given["by"],
        uid=_uid(given["uid"]),
        since=_date(given["since"]),
        until=_date(given["until"]),
        before=int(given["before"]) if given["before"].isascii() and given["before"].isdigit() else 0,
    )
    found = list(trail.entries(request.clinic, wanted)[: AT_A_TIME + 1])
    sees = _sees_patients(request)
    lines = [(entry, trail.readable(entry, patients=sees)) for entry in found[:AT_A_TIME]]
    people = User.objects.filter(memberships__clinic=request.clinic).distinct().order_by("email")
    more = (
        {**{name: text for name, text in given.items() if text}, "before": found[AT_A_TIME - 1].number}
        if len(found) > AT_A_TIME
        else None
    )
    known = {"lines": lines, "given": given, "models": MODELS, "people": people, "more": more}
    return render(request, "audit/audit.html", known)


@page("audit/<int:number>", "audit-entry", Action.SEE_AUDIT)
def audit_entry(request: Request, number: int) -> HttpResponse:
    """One entry against the version before."""
    entry = get_object_or_404(trail.entries(request.clinic, trail.Filter()), number=number)
    sees = _sees_patients(request)
    versions = trail.entries(request.clinic, trail.Filter(uid=str(entry.uid))).filter(model=entry.model)
    known = {
        "entry": entry,
        "readable": trail.readable(entry, patients=sees),
        "changes": trail.changes(entry, patients=sees),
        "versions": versions,
    }
    return render(request, "audit/entry.html", known)


@page("audit/verify", "audit-verify", Action.SEE_AUDIT)
@require_POST
def audit_verify(request: Request) -> HttpResponse:
    """Go through the whole trail now."""
    report = verify()
    if not report.faults:
        words = {"entries": report.entries, "things": report.things}
        messages.success(
            request,
            _("The trail is whole: %(entries)s entries, and %(things)s things as their last entries say.")
            % words,
        )
        return redirect("audit")
    known = {"report": report, "shown": report.faults[:FAULTS_SHOWN]}
    return render(request, "audit/broken.html", known)


@page("audit/export", "audit-export", Action.SEE_AUDIT)
def audit_export(request: Request) -> StreamingHttpResponse:
    """The trail as a file: one line of JSON for each entry, with the chain."""
    lines = trail.chain(request.clinic, patients=_sees_patients(request))
    response = StreamingHttpResponse(lines, content_type="application/jsonl")
    response.headers["Content-Disposition"] = 'attachment; filename="trail.jsonl"'
    return response


def _sees_patients(request: Request) -> bool:
    return may(request.membership.role, Action.SEE_PATIENTS)


def _uid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
