"""Calls about what a patient takes home: the passport of a session, and links to the patient's own page."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Body, Query

from untoward.registry.models import OwnPage
from untoward.registry.roles import Action
from untoward.tasks.record import passports as task
from untoward.web.api.access import Call
from untoward.web.api.calls.sessions import session_here
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes.base import Page, Paging, ReasonIn
from untoward.web.api.shapes.sessions import LinkOut, PassportOut, link_out

Language = Literal["en", "es", "pt", "fr"]


@operation("GET", "/sessions/{uuid:uid}/passport", "passport", Action.SEE_PATIENTS, answers=PassportOut)
def passport(request: Call, uid: UUID, language: Query[Language | None] = None) -> PassportOut:
    """What the patient takes home, in a language or their own: what was injected, what is normal until when, red flags."""
    taken = task.passport(session_here(request.asker, uid), language=language)
    return PassportOut(session=uid, language=taken.sheet.language, sheet=taken.document())


@operation(
    "GET",
    "/sessions/{uuid:uid}/passport.pdf",
    "passport-pdf",
    Action.SEE_PATIENTS,
    media="application/pdf",
)
def passport_pdf(
    request: Call, uid: UUID, language: Query[Language | None] = None, large: Query[bool] = False
) -> HttpResponse:
    """The same to print, in large letters if wanted."""
    taken = task.passport(session_here(request.asker, uid), language=language)
    headers = {"Content-Disposition": 'inline; filename="passport.pdf"'}
    return HttpResponse(taken.passport(large=large), content_type="application/pdf", headers=headers)


@operation("GET", "/sessions/{uuid:uid}/own-pages", "own-pages", Action.SEE_PATIENTS, answers=Page[LinkOut])
def own_pages(request: Call, uid: UUID, page: Query[Paging]) -> Page[LinkOut]:
    """The links to the patient's own page about a session, the latest first, without their addresses."""
    found = session_here(request.asker, uid).own_pages.select_related("session").order_by("-pk")
    return part(found, page, link_out)


@operation(
    "POST", "/sessions/{uuid:uid}/own-pages", "own-page-new", Action.RECORD, answers=LinkOut, status=201
)
def new_own_page(request: Call, uid: UUID) -> LinkOut:
    """Make a link to the patient's own page; `address` is shown this one time."""
    made = task.passport_link(session_here(request.asker, uid), by=request.asker.user)
    return link_out(made.own_page, made.address)


@operation("POST", "/own-pages/{uuid:uid}/revoke", "own-page-revoke", Action.RECORD, answers=LinkOut)
def revoke(request: Call, uid: UUID, given: Body[ReasonIn]) -> LinkOut:
    """End a link; whoever has it sees that it does not work. One that was ended before stays as it is."""
    own = get_object_or_404(
        OwnPage.objects.select_related("session"), uid=uid, session__clinic=request.asker.clinic
    )
    if own.revoked_at is None:
        task.revoke(own, by=request.asker.user, reason=given.reason, version=given.version)
    return link_out(own)
