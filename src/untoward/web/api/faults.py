"""What goes wrong, as JSON: always a `message`, and `faults` with what, where, got, expected and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from untoward.errors import FaultyInput, UntowardError
from untoward.registry.writing import Conflict
from untoward.tasks.record.sessions import Blocked
from untoward.tasks.site_words import meaning
from untoward.web.api.conflicts import both
from untoward.web.api.shapes.sessions import check_out

TOO_MANY, TOO_LARGE = 429, 413


def answer_faults(api: NinjaAPI) -> None:
    """Make the API answer every error that is told on purpose."""
    handlers: dict[Any, Any] = {
        AuthenticationError: _nobody,
        HttpError: _refused,
        Http404: _not_here,
        ValidationError: _not_understood,
        UntowardError: _told,
        SuspiciousOperation: _not_read,
        MultiPartParserError: _not_read,
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
    response = _answer(error.status_code, str(error))
    if error.status_code == TOO_MANY:
        response.headers["Retry-After"] = "60"
    return response


def _not_here(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return _answer(404, "There is nothing at this address at your clinic.")


def _not_read(_request: HttpRequest, error: Exception) -> HttpResponse:
    """What Django refuses to read: too large, too many fields, or no form. Its words may hold what was sent."""
    if isinstance(error, RequestDataTooBig):
        return _answer(TOO_LARGE, "The request is too large.")
    return _answer(400, "The request cannot be read.")


def _not_understood(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Only places and reasons: what was sent may be a patient's."""
    faults = [{"field": _place(one["loc"]), "what": one["msg"]} for one in error.errors]
    return _answer(422, "The request cannot be understood.", faults=faults)


def _place(loc: Sequence[str | int]) -> str:
    """The field as the sender named it: without "body" and our name for the whole of it."""
    inside = loc[2:] if loc[0] in {"body", "form", "query"} and len(loc) > 2 else loc[1:]
    return ".".join(str(part) for part in inside)


def _told(request: HttpRequest, error: UntowardError) -> HttpResponse:
    more: dict[str, Any] = {}
    message = str(error)
    if isinstance(error, FaultyInput):
        message = error.message
        more["faults"] = [
            {name: str(text) for name, text in asdict(one).items() if text} for one in error.faults
        ]
    elif isinstance(error, Conflict):
        more = both(request, cast("Any", request).asker, error)
    elif isinstance(error, Blocked):
        blocks = [check_out(one) for one in error.blocks]
        more["blocks"] = [one.model_dump(mode="json") for one in blocks]
    return _answer(error.http_status, str(message), **more)


def _database(_request: HttpRequest, error: Error) -> HttpResponse:
    response = _answer(503, meaning(error))
    response.headers["Retry-After"] = "10"
    return response


def _answer(status: int, message: str, **more: Any) -> HttpResponse:
    return JsonResponse({"message": message, "faults": [], **more}, status=status)
