"""Calls about who works at a clinic: practitioners with their credentials, and users with their roles."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Body, Query

from untoward.registry.models import Membership, Practitioner
from untoward.registry.roles import Action
from untoward.tasks.record import people as task
from untoward.web.api.access import Asker, Call
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes import people as shapes
from untoward.web.api.shapes.base import Page, Paging, ReasonIn


@operation(
    "GET", "/people/practitioners", "practitioners", Action.KEEP_PEOPLE, answers=Page[shapes.PractitionerOut]
)
def practitioners(request: Call, page: Query[Paging]) -> Page[shapes.PractitionerOut]:
    """Everybody who injects or injected at your clinic with their credentials, those active first."""
    found = Practitioner.objects.filter(clinic=request.asker.clinic).prefetch_related("credentials")
    return part(found.order_by("-active", "name", "pk"), page, shapes.practitioner_out)


@operation(
    "POST",
    "/people/practitioners",
    "practitioner-new",
    Action.KEEP_PEOPLE,
    answers=shapes.PractitionerOut,
    status=201,
)
def new(request: Call, given: Body[shapes.PractitionerIn]) -> shapes.PractitionerOut:
    """Add somebody who injects."""
    asker = request.asker
    return shapes.practitioner_out(task.save_practitioner(_draft(asker, given), asker.user))


@operation(
    "GET",
    "/people/practitioners/{uuid:uid}",
    "practitioner",
    Action.KEEP_PEOPLE,
    answers=shapes.PractitionerOut,
)
def one(request: Call, uid: UUID) -> shapes.PractitionerOut:
    """One practitioner with their credentials."""
    return shapes.practitioner_out(_practitioner(request.asker, uid))


@operation(
    "PUT",
    "/people/practitioners/{uuid:uid}",
    "practitioner-correct",
    Action.KEEP_PEOPLE,
    answers=shapes.PractitionerOut,
)
def correct(request: Call, uid: UUID, given: Body[shapes.PractitionerCorrectionIn]) -> shapes.PractitionerOut:
    """Correct a practitioner; credentials that are not sent are gone. 409 as with every correction."""
    asker = request.asker
    draft = _draft(
        asker,
        given,
        practitioner=_practitioner(asker, uid),
        version=given.version,
        reason=given.reason,
    )
    task.save_practitioner(draft, asker.user)
    return shapes.practitioner_out(_practitioner(asker, uid))


@operation("GET", "/people/members", "members", Action.KEEP_PEOPLE, answers=Page[shapes.MemberOut])
def members(request: Call, page: Query[Paging]) -> Page[shapes.MemberOut]:
    """The users who have a role at your clinic."""
    found = Membership.objects.filter(clinic=request.asker.clinic, ended_at=None).select_related("user")
    return part(found.order_by("user__name", "user__email"), page, shapes.member_out)


@operation(
    "POST", "/people/members", "member-invite", Action.KEEP_PEOPLE, answers=shapes.MemberOut, status=201
)
def invite(request: Call, given: Body[shapes.InviteIn]) -> shapes.MemberOut:
    """Give somebody a role here, and send them a link to set a password, or word of it."""
    asker = request.asker
    return shapes.member_out(task.invite(asker.clinic, **given.model_dump(), by=asker.user))


@operation(
    "PUT", "/people/members/{uuid:uid}/role", "member-role", Action.KEEP_PEOPLE, answers=shapes.MemberOut
)
def change_role(request: Call, uid: UUID, given: Body[shapes.RoleIn]) -> shapes.MemberOut:
    """End one role and begin another: the answer is the new one, with a uid of its own."""
    found = _member(request.asker, uid)
    kept = task.change_role(found, given.role, by=request.asker.user, version=given.version)
    return shapes.member_out(kept)


@operation(
    "POST", "/people/members/{uuid:uid}/end", "member-end", Action.KEEP_PEOPLE, answers=shapes.MemberOut
)
def end(request: Call, uid: UUID, given: Body[ReasonIn]) -> shapes.MemberOut:
    """End a role: from now on this user can do nothing at your clinic."""
    found = _member(request.asker, uid)
    task.end_membership(found, by=request.asker.user, version=given.version, reason=given.reason)
    return shapes.member_out(found)


@operation(
    "POST",
    "/people/members/{uuid:uid}/invite",
    "member-invite-again",
    Action.KEEP_PEOPLE,
    answers=shapes.MemberOut,
)
def invite_again(request: Call, uid: UUID) -> shapes.MemberOut:
    """Send the invitation again."""
    found = _member(request.asker, uid)
    task.send_invitation(found, request.asker.user)
    return shapes.member_out(found)


def _practitioner(asker: Asker, uid: UUID) -> Practitioner:
    found: Practitioner = get_object_or_404(Practitioner, uid=uid, clinic=asker.clinic)
    return found


def _member(asker: Asker, uid: UUID) -> Membership:
    found: Membership = get_object_or_404(
        Membership.objects.select_related("user", "clinic"), uid=uid, clinic=asker.clinic, ended_at=None
    )
    return found


def _draft(
    asker: Asker,
    given: shapes.PractitionerIn,
    *,
    practitioner: Practitioner | None = None,
    version: int = 0,
    reason: str = "",
) -> task.PractitionerDraft:
    return task.PractitionerDraft(
        clinic=asker.clinic,
        key=given.key,
        name=given.name,
        active=given.active,
        credentials=tuple(task.CredentialDraft(**one.model_dump()) for one in given.credentials),
        practitioner=practitioner,
        version=version,
        reason=reason,
    )
