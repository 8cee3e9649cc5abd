"""Who makes a call, and whether they may: a browser that is signed in, or a program with a token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from untoward.registry.models import Clinic, Membership, User
from untoward.registry.roles import Action, may
from untoward.tasks.record.patients import sees_contact, sees_names
from untoward.web.clinic_time import clinic_time
from untoward.web.limits import too_many
from untoward.web.tokens import find, note_use, scope_of

SCHEME = "bearer"
CALLS_A_MINUTE, WRONG_KEYS_A_MINUTE = 600, 30
"""How often one address may call, and how often with a key that opens nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Somebody with their role at a clinic. `scopes` are those of the token; None in a browser, which has no narrower limit."""

    user: User
    clinic: Clinic
    role: str
    scopes: frozenset[str] | None = None

    def may(self, action: Action) -> bool:
        """Whether the role allows it, and the token too."""
        return may(self.role, action) and (self.scopes is None or scope_of(action) in self.scopes)

    @property
    def names(self) -> bool:
        """Whether they see the names of patients."""
        treats = self.may(Action.RECORD) or self.may(Action.ANSWER)
        return sees_names(self.role) and self.may(Action.SEE_PATIENTS) and treats

    @property
    def contact(self) -> bool:
        """Whether they see where patients are reached."""
        return sees_contact(self.role) and self.may(Action.SEE_PATIENTS) and self.may(Action.RECORD)


class Call(HttpRequest):
    """A request with who asks, as `Access` found them (for annotations)."""

    asker: Asker


class Access(AuthBase):
    """Lets through who may do the action; `request.asker` says who it is. None is for whoever works at a clinic, in a browser.

    With no key and nobody signed in the answer is 401; with a session but without its CSRF token, or without the right, 403;
    429 when an address asks too often. With `names` it takes the right to see names beside the action.
    """

    openapi_type = "http"
    openapi_scheme = SCHEME

    def __init__(self, action: Action | None, *, names: bool = False) -> None:
        self.action, self.names = action, names
        super().__init__()

    def __call__(self, request: HttpRequest) -> Asker | None:
        """Who asks; None when nobody is known."""
        if too_many(request, "api", CALLS_A_MINUTE):
            raise HttpError(429, "This address asks too often: wait a minute.")
        given = request.headers.get("Authorization")
        asker = _of_token(request, given) if given else _of_session(request)
        if asker is None:
            return None
        if self.action is None and asker.scopes is not None:
            raise HttpError(403, "Tokens are kept in a browser by whoever is signed in, not with a token.")
        self._refuse(asker)
        known = cast("Any", request)
        known.asker, known.user, known.clinic = asker, asker.user, asker.clinic
        return asker

    def _refuse(self, asker: Asker) -> None:
        if self.action is not None and not asker.may(self.action):
            whose = "Your role" if not may(asker.role, self.action) else "This token"
            raise HttpError(403, f"{whose} does not include: {self.action.value}.")
        if self.names and not asker.names:
            raise HttpError(
                403,
                "This shows names or faces: it is for roles, and tokens, that see patients and treat or answer them.",
            )


def at_clinic_time(call: Callable[..., Any]) -> Callable[..., Any]:
    """Count days as they are at the clinic of whoever asks."""

    @wraps(call)
    def within(request: Call, *args: Any, **kwargs: Any) -> Any:
        with clinic_time(request.asker.clinic.time_zone):
            return call(request, *args, **kwargs)

    return within


def _of_token(request: HttpRequest, header: str) -> Asker | None:
    """Who a key belongs to. A header that holds none is never passed over for the cookie of a session."""
    scheme, _space, key = header.partition(" ")
    token = find(key.strip()) if scheme.lower() == SCHEME else None
    if token is None:
        if too_many(request, "api-key", WRONG_KEYS_A_MINUTE):
            raise HttpError(429, "Too many keys from this address open nothing: wait a minute.")
        return None
    membership = Membership.objects.filter(user=token.user, clinic=token.clinic, ended_at=None).first()
    if membership is None:
        raise HttpError(403, "The owner of this token no longer works at its clinic.")
    note_use(token)
    return Asker(user=token.user, clinic=token.clinic, role=membership.role, scopes=frozenset(token.scopes))


def _of_session(request: HttpRequest) -> Asker | None:
    known = cast("Any", request)
    if not known.user.is_authenticated:
        return None
    if check_csrf(request) is not None:
        raise HttpError(403, "The CSRF token is missing or wrong: send it in the header X-CSRFToken.")
    if known.membership is None:
        raise HttpError(403, "You work at no clinic.")
    return Asker(user=known.user, clinic=known.membership.clinic, role=known.membership.role)
