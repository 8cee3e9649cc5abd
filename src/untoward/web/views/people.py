"""Practitioners with their credentials, and users with their roles."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from untoward.errors import InputError, UserError
from untoward.registry.models import Membership, Practitioner
from untoward.registry.roles import Action, Role
from untoward.registry.writing import Conflict
from untoward.tasks.record import people
from untoward.tasks.record.credential_numbers import KINDS
from untoward.tasks.record.drafts import TECHNIQUES
from untoward.web.listing import Request, page

SPARE_ROWS, MOST_ROWS = 2, 30
PARTS = ("kind", "number", "issuer", "expires", "checked_on", "checked_how")
ROLES = [(role.value, role.label) for role in Role]


@page("people", "practitioners", Action.KEEP_PEOPLE)
def practitioners(request: Request) -> HttpResponse:
    """Everybody who works here, and which credentials are over or soon will be."""
    return render(request, "people/people.html", _everybody(request))


@page("people/practitioner/new", "practitioner-new", Action.KEEP_PEOPLE)
def practitioner_new(request: Request) -> HttpResponse:
    """Add a practitioner."""
    return _practitioner(request, None)


@page("people/practitioner/<uuid:uid>", "practitioner", Action.KEEP_PEOPLE)
def practitioner(request: Request, uid: str) -> HttpResponse:
    """See and correct a practitioner."""
    return _practitioner(request, get_object_or_404(Practitioner, uid=uid, clinic=request.clinic))


@page("people/invite", "invite", Action.KEEP_PEOPLE)
@require_POST
def invite(request: Request) -> HttpResponse:
    """Give somebody a role here."""
    given = {name: request.POST.get(name, "") for name in ("email", "name", "role")}
    try:
        member = people.invite(request.clinic, **given, by=request.user)
    except InputError as error:
        known = {**_everybody(request), "given": given, **_faults(error)}
        return render(request, "people/people.html", known, status=422)
    messages.success(request, _("The invitation was sent to %s.") % member.user.email)
    return redirect("practitioners")


@page("people/member/<uuid:uid>", "member", Action.KEEP_PEOPLE)
@require_POST
def member(request: Request, uid: str) -> HttpResponse:
    """Change a role, end it, or send the invitation again."""
    found = get_object_or_404(Membership, uid=uid, clinic=request.clinic, ended_at=None)
    version = _number(request.POST.get("version", ""))
    act = request.POST.get("act", "")
    try:
        if act == "end":
            people.end_membership(
                found, by=request.user, version=version, reason=request.POST.get("reason", "")
            )
            messages.success(request, _("%s can do nothing here any more.") % found.user)
        elif act == "role":
            people.change_role(found, request.POST.get("role", ""), by=request.user, version=version)
            messages.success(request, _("The role of %s was changed.") % found.user)
        elif act == "invite":
            people.send_invitation(found, request.user)
            messages.success(request, _("The invitation was sent again."))
    except UserError as error:
        messages.error(request, str(error))
    return redirect("practitioners")


def _everybody(request: Request) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "people": Practitioner.objects.filter(clinic=request.clinic)
        .prefetch_related("credentials")
        .order_by("-active", "name", "pk"),
        "members": Membership.objects.filter(clinic=request.clinic, ended_at=None)
        .select_related("user")
        .order_by("user__name", "user__email"),
        "expiring": people.expiring(request.clinic, today),
        "kinds": KINDS,
        "roles": ROLES,
        "today": today,
    }


def _practitioner(request: Request, found: Practitioner | None) -> HttpResponse:
    if request.method != "POST":
        shown = (
            {"key": found.key, "name": found.name, "active": found.active, "version": found.version}
            if found
            else {"active": True}
        )
        rows = [_row_of(one) for one in found.credentials.order_by("pk")] if found else []
        return _form(request, found, shown, rows, {})
    given: dict[str, Any] = {
        name: request.POST.get(name, "") for name in ("key", "name", "reason", "version")
    }
    rows = _posted_rows(request)
    try:
        kept = people.save_practitioner(_draft(request, found, given, rows), request.user)
    except InputError as error:
        return _form(request, found, given | {"active": "active" in request.POST}, rows, _faults(error), 422)
    except Conflict as error:
        theirs = Practitioner.objects.get(pk=error.thing.pk)
        known = {"theirs": theirs, "their_rows": [_row_of(one) for one in theirs.credentials.order_by("pk")]}
        given |= {"version": str(error.theirs), "active": "active" in request.POST}
        return _form(request, found, given, rows, known, 409)
    messages.success(request, _("%s saved.") % kept.name)
    return redirect("practitioners")


def _form(
    request: Request,
    found: Any,
    given: dict[str, Any],
    rows: list[dict[str, Any]],
    known: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    empty: dict[str, Any] = dict.fromkeys(PARTS, "") | {"allows": []}
    fault = known.get("fault", {})
    shown = [
        {
            "place": place,
            "prefix": f"c{place}_",
            **row,
            "fault": {part: fault.get(f"c{place}_{part}") for part in PARTS},
        }
        for place, row in enumerate([*rows, *(dict(empty) for _ in range(SPARE_ROWS))])
    ]
    words = {"practitioner": found, "given": given, "rows": shown, "kinds": KINDS, "techniques": TECHNIQUES}
    return render(request, "people/practitioner.html", {**words, **known}, status=status)


def _row_of(one: Any) -> dict[str, Any]:
    row: dict[str, Any] = {part: getattr(one, part) or "" for part in PARTS}
    for part in ("expires", "checked_on"):
        row[part] = row[part].isoformat() if row[part] else ""
    return {**row, "allows": list(one.allows)}


def _posted_rows(request: Request) -> list[dict[str, Any]]:
    """The rows in which something was typed; a row whose kind was emptied is left out, which removes the credential."""
    rows = []
    for place in range(MOST_ROWS):
        row = {part: request.POST.get(f"c{place}_{part}", "").strip() for part in PARTS}
        allows = [name for name in request.POST.getlist(f"c{place}_allows") if name in TECHNIQUES]
        if row["kind"] or row["number"]:
            rows.append({**row, "allows": allows})
    return rows


def _draft(
    request: Request, found: Any, given: dict[str, Any], rows: list[dict[str, Any]]
) -> people.PractitionerDraft:
    return people.PractitionerDraft(
        clinic=request.clinic,
        key=given["key"],
        name=given["name"],
        active="active" in request.POST,
        practitioner=found,
        version=_number(given["version"]) if found else 0,
        reason=given["reason"],
        credentials=tuple(
            people.CredentialDraft(
                **{part: row[part] for part in ("kind", "number", "issuer", "checked_how")},
                expires=_date(row["expires"]),
                checked_on=_date(row["checked_on"]),
                allows=tuple(row["allows"]),
            )
            for row in rows
        ),
    )


def _faults(error: InputError) -> dict[str, Any]:
    return {"faults": error.faults, "fault": {fault.field: fault for fault in error.faults}}


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
