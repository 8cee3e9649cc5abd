"""What calls about the watch share: whose look is asked for, the look itself, and numbers as JSON knows them."""

from __future__ import annotations

import math
from typing import Any

from django.http import Http404
from ninja.errors import HttpError

from untoward.registry.models import Clinic, Investigation
from untoward.registry.roles import Action
from untoward.tasks.record.watching_record import ALL, Look, at_work, latest
from untoward.web.api.access import Asker, Call
from untoward.web.settings import UNTOWARD
from untoward.web.watch_page import Scope, scopes_of


def scope_of(request: Call, wanted: str) -> Scope:
    """What is looked at. A token is for one clinic: all together are for who is signed in and watches each."""
    scopes = scopes_of(request)
    if wanted != ALL:
        return scopes[0]
    if request.asker.scopes is not None or scopes[-1].name != ALL:
        raise HttpError(403, "All clinics together are for those who are signed in and watch every clinic.")
    return scopes[-1]


def look_of(request: Call, wanted: str) -> Look:
    """The last look; 404 before the first."""
    look = latest(scope_of(request, wanted).name)
    if look is None:
        raise Http404
    return look


def clinics_of(request: Call, scope: Scope) -> list[Clinic]:
    """The clinics of a scope."""
    return at_work() if scope.name == ALL else [request.asker.clinic]


def work_of(request: Call) -> list[Investigation]:
    """The investigations of the clinic of whoever asks, to be held against what the look found."""
    return list(Investigation.objects.filter(clinic=request.asker.clinic))


def identified(asker: Asker) -> bool:
    """Whether they, and their token, may see who the lines are about."""
    return asker.may(Action.SEE_PATIENTS)


def secret_from(asker: Asker) -> str:
    """The secret of the pseudonyms that they see; empty for who sees keys."""
    return "" if identified(asker) else UNTOWARD.secret_key()


def following(offset: int, limit: int, total: int) -> int | None:
    """Where the next part of a list begins; None at its end."""
    return offset + limit if offset + limit < total else None


def plain(value: Any) -> Any:
    """A value without numbers that JSON does not know: what is not finite is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value
