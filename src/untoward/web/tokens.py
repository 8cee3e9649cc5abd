"""Keys to the JSON API: made for one user at one clinic, for some actions and some days, and shown a single time.

The record keeps the SHA-256 of a key and never the key: 32 random bytes cannot be guessed, so that no slow hash is needed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.registry.models import ApiToken, ApiTokenUse, Clinic, Membership, User
from untoward.registry.roles import Action, may
from untoward.registry.writing import write

PREFIX = "untoward_"
"""What every key begins with, so that one that leaked into a file is recognised."""

LONGEST_NAME, MOST_DAYS = 80, 366
_RANDOM_BYTES = 32
_NOTED_EACH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A token with its key, which nobody can see again."""

    token: ApiToken
    key: str


def make(
    user: User, clinic: Clinic, *, name: str, scopes: Sequence[str], days: int, now: datetime | None = None
) -> Made:
    """Make a token that ends after `days`. `scopes` are names of actions as `scope_of` gives them.

    Raises InputError: no name, no such action or one that the user's role does not include, or too many days.
    """
    role = (
        Membership.objects.filter(user=user, clinic=clinic, ended_at=None)
        .values_list("role", flat=True)
        .first()
    )
    offered = [scope_of(action) for action in Action if may(role, action)]
    faults = [*_faults(name.strip(), days), *_scope_faults(scopes, offered)]
    if faults:
        raise InputError(_("The token was not made."), faults)
    key = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    token = ApiToken(
        user=user,
        clinic=clinic,
        name=name.strip(),
        token_hash=hash_of(key),
        scopes=sorted(set(scopes)),
        expires_at=(now or timezone.now()) + timedelta(days=days),
    )
    write(token, by=user)
    return Made(token=token, key=key)


def find(key: str, now: datetime | None = None) -> ApiToken | None:
    """The token of a key, unless it has expired or was revoked, or its user may sign in no more."""
    found: ApiToken | None = (
        ApiToken.objects.filter(
            token_hash=hash_of(key),
            revoked_at=None,
            expires_at__gt=now or timezone.now(),
            user__is_active=True,
        )
        .select_related("user", "clinic", "use")
        .first()
    )
    return found


def own(user: User, clinic: Clinic) -> QuerySet[ApiToken]:
    """The tokens of a user at a clinic, the latest first, those that have ended too."""
    mine: QuerySet[ApiToken] = ApiToken.objects.filter(user=user, clinic=clinic).select_related("use")
    return mine.order_by("-pk")


def note_use(token: ApiToken, now: datetime | None = None) -> None:
    """Keep when a token was last used, at most once a minute. A call is never refused because this could not be kept."""
    moment, last = now or timezone.now(), last_used(token)
    if last is not None and timedelta(0) <= moment - last < _NOTED_EACH:
        return
    with suppress(DatabaseError), transaction.atomic():
        ApiTokenUse.objects.update_or_create(token=token, defaults={"last_at": moment})


def last_used(token: ApiToken) -> datetime | None:
    """When a token was last used, to the minute; None when it never was."""
    use: ApiTokenUse | None = getattr(token, "use", None)
    return use.last_at if use else None


def revoke(token: ApiToken, *, by: User, now: datetime | None = None) -> None:
    """End a token at once. One that was revoked before stays as it is."""
    if token.revoked_at is None:
        token.revoked_at = now or timezone.now()
        write(token, by=by, reason="revoked")


def scope_of(action: Action) -> str:
    """The name of an action in a token, such as "see_patients"."""
    return action.name.lower()


def hash_of(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def _faults(name: str, days: int) -> Iterable[Fault]:
    if not 0 < len(name) <= LONGEST_NAME:
        expected = _("what the token is for, in 1 to %(longest_name)s letters") % {
            "longest_name": LONGEST_NAME
        }
        yield Fault(what=_("is missing or too long"), field="name", got=str(len(name)), expected=expected)
    if not 0 < days <= MOST_DAYS:
        yield Fault(
            what=_("is not possible"),
            field="days",
            got=str(days),
            expected=_("1 to %(most_days)s") % {"most_days": MOST_DAYS},
        )


def _scope_faults(scopes: Sequence[str], offered: Sequence[str]) -> Iterable[Fault]:
    if not scopes:
        yield Fault(what=_("are missing"), field="scopes", expected=_("one or more of ") + ", ".join(offered))
    for one in scopes:
        if one not in offered:
            expected = _("one of what your role allows: ") + ", ".join(offered)
            yield Fault(what=_("is not offered"), field="scopes", got=one[:40], expected=expected)
