"""What goes wrong, as JSON: always a `message`, and `faults` with what, where, got, expected and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from untoward.errors import FaultyInput, UserError
from untoward.registry.writing import Conflict
from untoward.tasks.record.sessions import Blocked
from untoward.tasks.site_words import meaning
from untoward.web.api.answers import check_out


def answer_faults(api: NinjaAPI) -> None:
    """Make the API answer every error that is told on purpose."""
    handlers: dict[Any, Any] = {
        AuthenticationError: _nobody,
        HttpError: _refused,
        Http404: _not_here,
        ValidationError: _not_understood,
        UserError: _told,
        Error: _database,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _nobody(_request: HttpRequest, _error: Exception) -> HttpResponse:
    response = _answer(
        401, "Sign in, or send a token that is neither expired nor revoked: Authorization: Bearer KEY."
    )
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(error.status_code, str(error))


def _not_here(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return _answer(404, "There is nothing at this address at your clinic.")


def _not_understood(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Only places and reasons: what was sent may be a patient's."""
    faults = [{"field": _place(one["loc"]), "what": one["msg"]} for one in error.errors]
    return _answer(422, "The request cannot be understood.", faults=faults)


def _place(loc: Sequence[str | int]) -> str:
    """The field as the sender named it: without "body" and our name for the whole of it."""
    inside = loc[2:] if loc[0] == "body" else loc[1:]
    return ".".join(str(part) for part in inside)


def _told(_request: HttpRequest, error: UserError) -> HttpResponse:
    more: dict[str, Any] = {}
    message = str(error)
    if isinstance(error, FaultyInput):
        message = error.message
        more["faults"] = [
            {name: str(text) for name, text in asdict(one).items() if text} for one in error.faults
        ]
    elif isinstance(error, Conflict):
        more["theirs"] = error.theirs
    elif isinstance(error, Blocked):
        more["blocks"] = [check_out(one) for one in error.blocks]
    return _answer(error.http_status, message, **more)


def _database(_request: HttpRequest, error: Error) -> HttpResponse:
    response = _answer(503, meaning(error))
    response.headers["Retry-After"] = "10"
    return response


def _answer(status: int, message: str, **more: Any) -> HttpResponse:
    return JsonResponse({"message": message, "faults": [], **more}, status=status)
