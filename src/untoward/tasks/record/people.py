"""Who works at a clinic: practitioners with their credentials, and users with their roles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError, UserError
from untoward.registry.models import Clinic, Credential, Membership, Practitioner, User
from untoward.registry.roles import Action, Role, may
from untoward.registry.writing import Change, write, write_all
from untoward.tasks.record.credential_numbers import KINDS, shape_fault
from untoward.tasks.site import settings_now

EXPIRES_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDraft:
    """A credential as typed."""

    kind: str
    number: str = ""
    issuer: str = ""
    expires: date | None = None
    allows: tuple[str, ...] = ()
    checked_on: date | None = None
    checked_how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerDraft:
    """A practitioner as typed; `version` is 0 for a new one, else the version it was read at, with a reason."""

    clinic: Clinic
    key: str
    name: str
    active: bool = True
    credentials: tuple[CredentialDraft, ...] = ()
    practitioner: Practitioner | None = None
    version: int = 0
    reason: str = ""


def save_practitioner(draft: PractitionerDraft, by: User) -> Practitioner:
    """Keep a practitioner with all credentials. Raises InputError with every fault, Conflict when somebody was quicker."""
    faults = tuple(_practitioner_faults(draft))
    if faults:
        raise InputError(_("This practitioner cannot be saved yet."), faults)
    person = draft.practitioner or Practitioner(clinic=draft.clinic)
    person.version = draft.version
    person.key, person.name, person.active = draft.key.strip(), draft.name.strip(), draft.active
    credentials = [
        Credential(
            kind=one.kind,
            number=one.number.strip(),
            issuer=one.issuer.strip(),
            expires=one.expires,
            allows=list(one.allows),
            checked_on=one.checked_on,
            checked_how=one.checked_how.strip(),
        )
        for one in draft.credentials
    ]
    write(person, by=by, reason=draft.reason.strip(), parts={"credentials": credentials})
    return person


def _practitioner_faults(draft: PractitionerDraft) -> Iterator[Fault]:
    for name in ("key", "name"):
        if not getattr(draft, name).strip():
            yield Fault(field=name, what=_("is needed"))
    others = Practitioner.objects.filter(clinic=draft.clinic, key=draft.key.strip())
    if draft.practitioner is not None:
        others = others.exclude(pk=draft.practitioner.pk)
        if not draft.reason.strip():
            yield Fault(field="reason", what=_("A correction needs a reason"))
    if others.exists():
        yield Fault(field="key", what=_("Somebody else has this key"), got=draft.key.strip()[:60])
    for place, one in enumerate(draft.credentials):
        yield from _credential_faults(place, one)


def _credential_faults(place: int, one: CredentialDraft) -> Iterator[Fault]:
    if one.kind not in KINDS:
        yield Fault(field=f"c{place}_kind", what=_("Choose what it is"))
    elif wrong := shape_fault(one.kind, one.number):
        yield Fault(
            field=f"c{place}_number",
            what=_("This number cannot be right"),
            got=one.number[:20],
            expected=wrong,
        )
    if one.checked_on is not None and one.checked_on > timezone.localdate() + timedelta(days=1):
        yield Fault(field=f"c{place}_checked_on", what=_("is in the future"), got=one.checked_on.isoformat())
    if one.checked_on is not None and not one.checked_how.strip():
        yield Fault(field=f"c{place}_checked_how", what=_("Say how it was checked"))


def expiring(clinic: Clinic, today: date) -> list[Credential]:
    """Credentials of active practitioners that are over or soon will be, the earliest first."""
    found = Credential.objects.filter(
        practitioner__clinic=clinic, practitioner__active=True, expires__lte=today + EXPIRES_SOON
    )
    return list(found.select_related("practitioner").order_by("expires", "pk"))


def invite(clinic: Clinic, *, email: str, name: str, role: str, by: User) -> Membership:
    """Give somebody a role at the clinic and send a link to set a password, or word of it to who has one.

    Raises InputError for an address that is none, a role that is none, or somebody who is here already.
    """
    address = email.strip().lower()
    faults = tuple(_invite_faults(clinic, address, role))
    if faults:
        raise InputError(_("The invitation cannot be sent yet."), faults)
    with transaction.atomic():
        user = User.objects.filter(email=address).first()
        if user is None:
            user = User.objects.create_user(address, None, name=name.strip(), language=clinic.language)
        member = Membership(user=user, clinic=clinic, role=role)
        write(member, by=by)
    send_invitation(member, by)
    return member


def _invite_faults(clinic: Clinic, address: str, role: str) -> Iterator[Fault]:
    try:
        validate_email(address)
    except ValidationError:
        yield Fault(field="email", what=_("is no e-mail address"), expected="name@example.org")
    if role not in set(Role):
        yield Fault(field="role", what=_("Choose a role"))
    if Membership.objects.filter(clinic=clinic, user__email=address, ended_at=None).exists():
        yield Fault(field="email", what=_("works here already: change the role in the list instead"))


def send_invitation(member: Membership, by: User) -> None:
    """Send the link again, or for the first time; it works once and for three days."""
    user = member.user
    words = {"by": str(by), "clinic": member.clinic.name, "role": Role(member.role).label}
    said = _("%(by)s invites you to work at %(clinic)s as %(role)s.") % words
    if user.has_usable_password():
        how, link = _("Sign in with your password:"), settings_now().public_url + reverse("account_login")
    else:
        how, link = _("Set your password here (the link works once, for three days):"), password_link(user)
    send_mail(_("Invitation to %(clinic)s") % words, f"{said}\n\n{how}\n{link}\n", None, [user.email])


def password_link(user: User) -> str:
    """A link with which this user sets a password."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings_now().public_url}{path}"


def change_role(member: Membership, role: str, *, by: User, version: int) -> Membership:
    """End one role and begin another, so that the trail tells who could do what when."""
    if role not in set(Role):
        raise UserError(_("There is no such role."))
    if role == member.role:
        return member
    _refuse_own(member, by)
    if not may(role, Action.KEEP_PEOPLE):
        _refuse_last(member)
    member.version, member.ended_at = version, timezone.now()
    new = Membership(user=member.user, clinic=member.clinic, role=role)
    write_all([Change(thing=member), Change(thing=new)], by=by, reason=f"role changed to {Role(role).value}")
    return new


def end_membership(member: Membership, *, by: User, version: int, reason: str) -> None:
    """From now on this user can do nothing at the clinic. Refused for oneself and for the last who keeps its people."""
    if not reason.strip():
        raise UserError(_("Say why the role ends."))
    _refuse_own(member, by)
    _refuse_last(member)
    member.version, member.ended_at = version, timezone.now()
    write(member, by=by, reason=reason.strip())


def _refuse_own(member: Membership, by: User) -> None:
    if member.user_id == by.pk:
        raise UserError(_("Nobody changes their own role: ask another who keeps the people of the clinic."))


def _refuse_last(member: Membership) -> None:
    keepers = [role.value for role in Role if may(role, Action.KEEP_PEOPLE)]
    others = Membership.objects.filter(
        clinic=member.clinic, ended_at=None, role__in=keepers, user__is_active=True
    )
    if member.role in keepers and not others.exclude(pk=member.pk).exists():
        raise UserError(
            _(
                "This is the last person who keeps the people of this clinic. Give somebody else that role first."
            )
        )
