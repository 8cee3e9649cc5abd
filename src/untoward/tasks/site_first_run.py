"""The first run: a token that is shown once, and the first clinic with its director made with it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError, UsageError
from untoward.registry.models import Clinic, Membership, User
from untoward.registry.roles import Role
from untoward.registry.writing import Change, write_all
from untoward.settings import Settings

TOKEN_FILE = "first-run.token"  # noqa: S105 (the name of a file, not a secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstClinic:
    """What the first run asks for. The password is never printed."""

    clinic: str
    city: str
    country: str
    time_zone: str
    phone: str
    name: str
    email: str
    language: str = "en"
    password: str = field(repr=False)


def new_token(settings: Settings) -> str | None:
    """A token for the first run, or None when somebody can sign in already. Any earlier token is void.

    Only its hash is kept, in a file that its owner alone may read.
    """
    if User.objects.exists():
        return None
    token = secrets.token_urlsafe(32)
    path = settings.home / TOKEN_FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(_hash(token))
    return token


def token_is_right(settings: Settings, token: str) -> bool:
    """Whether this is the token of a first run that has not happened yet."""
    try:
        kept = (settings.home / TOKEN_FILE).read_text(encoding="ascii").strip()
    except OSError:
        return False
    return compare_digest(kept, _hash(token)) and not User.objects.exists()


def begin(settings: Settings, token: str, first: FirstClinic) -> User:
    """Make the first clinic and its director; the token is used up with it.

    Raises UsageError for a wrong or used token, InputError with every fault of what was given.
    """
    faults = tuple(_faults(first))
    if faults:
        raise InputError(_("The clinic cannot be made yet."), faults)
    with _claimed(settings, token), transaction.atomic():
        user = User.objects.create_user(
            first.email, first.password, name=first.name.strip(), language=first.language
        )
        clinic = Clinic(
            name=first.clinic.strip(),
            city=first.city.strip(),
            country=first.country.strip().upper(),
            time_zone=first.time_zone,
            phone=first.phone.strip(),
            language=first.language,
        )
        member = Membership(user=user, role=Role.DIRECTOR)
        write_all(_in_turn(clinic, member), by=user)
    return user


@contextmanager
def _claimed(settings: Settings, token: str) -> Iterator[None]:
    """The token is taken by one process alone, and put back when nothing came of it."""
    path = settings.home / TOKEN_FILE
    taken = path.with_suffix(".taken")
    try:
        if not token_is_right(settings, token):
            raise FileNotFoundError
        path.rename(taken)
    except FileNotFoundError as error:
        raise UsageError(
            _("This link has been used, or is not the newest. Start the site again for a new one.")
        ) from error
    try:
        yield
    except BaseException:
        taken.rename(path)
        raise
    taken.unlink()


def _in_turn(clinic: Clinic, member: Membership) -> Iterator[Change]:
    """The membership refers to the clinic, which has a number only once it is written."""
    yield Change(thing=clinic)
    member.clinic = clinic
    yield Change(thing=member)


def _faults(first: FirstClinic) -> Iterator[Fault]:
    for name in ("clinic", "name"):
        if not getattr(first, name).strip():
            yield Fault(field=name, what=_("is needed"))
    if first.country.strip() and not (len(first.country.strip()) == 2 and first.country.strip().isalpha()):
        yield Fault(
            field="country", what=_("two letters are wanted"), got=first.country[:20], expected="ES, GB, US …"
        )
    if first.time_zone not in available_timezones():
        yield Fault(
            field="time_zone",
            what=_("is no time zone"),
            got=first.time_zone[:40],
            expected=_("Europe/Madrid …"),
        )
    try:
        validate_email(first.email)
    except ValidationError:
        yield Fault(field="email", what=_("is no e-mail address"), expected="name@example.org")
    try:
        validate_password(first.password, User(email=first.email, name=first.name))
    except ValidationError as error:
        yield Fault(field="password", what=" ".join(error.messages))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
