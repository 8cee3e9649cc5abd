"""Every call of the API with what it takes to make it. A call can only be made known through here, so that none is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from ninja import Router, Status
from ninja.errors import ValidationError

from untoward.registry.roles import Action
from untoward.web.api.access import Access
from untoward.web.api.shapes.base import Refused

Call = Callable[..., Any]

REFUSALS = frozenset({400, 401, 403, 404, 409, 413, 422, 429, 502, 503})
"""Statuses with which any call may be refused; the answer is always a `Refused`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call: `action` is what one must be allowed to do; None for one's own tokens, which a browser alone may keep.

    `names` says that what it gives are names or contacts: it takes the right to see them beside the action.
    """

    name: str
    method: str
    path: str
    action: Action | None
    area: str
    names: bool = False


_CONTRIBUTES = "_ninja_contribute_to_operation"
"""Where the library looks for what changes an operation after its parameters were read (as its own decorators do)."""

OPERATIONS: dict[str, Operation] = {}
router = Router()


def operation(
    method: str,
    path: str,
    name: str,
    action: Action | None,
    *,
    answers: Any = None,
    status: int = 200,
    media: str = "",
    names: bool = False,
) -> Callable[[Call], Call]:
    """List a call for those who may do the action.

    `answers` is what it gives, with `status` when all went well; `media` the kind of file where it gives no JSON. `names` is
    for calls that give nothing but names and contacts.
    """

    def keep(call: Call) -> Call:
        if name in OPERATIONS:
            raise ValueError(f"two calls are named {name}")
        area = call.__module__.rpartition(".")[2]
        OPERATIONS[name] = Operation(
            name=name, method=method, path=path, action=action, area=area, names=names
        )
        responses: dict[Any, Any] = {status: answers, REFUSALS: Refused}
        if method == "GET":
            responses[304] = None
        setattr(call, _CONTRIBUTES, [_answering(status)])
        router.add_api_operation(
            path,
            [method],
            call,
            auth=Access(action, names=names),
            response=responses,
            exclude_unset=True,
            url_name=name,
            operation_id=name,
            summary=(call.__doc__ or name).partition("\n")[0].rstrip("."),
            tags=[area.replace("_", " ")],
            openapi_extra=_extra(action, status, media),
        )
        return call

    return keep


def _answering(status: int) -> Callable[[Any], None]:
    """Make an operation answer with a status of its own when all went well, and refuse what it does not ask for."""

    def change(made: Any) -> None:
        call, asked = made.view_func, _asked(made)

        @wraps(call)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            _refuse_others(request, asked)
            result = call(request, *args, **kwargs)
            return result if isinstance(result, HttpResponseBase) else Status(status, result)

        made.view_func = answered

    return change


def _asked(made: Any) -> frozenset[str]:
    """The names that an operation asks for in the address."""
    of_query = [model for model in made.models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in of_query for name in model.__ninja_flatten_map__)


def _refuse_others(request: HttpRequest, asked: frozenset[str]) -> None:
    """Raise ValidationError for a parameter that the call does not know: one mistyped is never passed over."""
    unknown = [name for name in request.GET if name not in asked]
    if unknown:
        what = f"is no parameter of this call; it knows: {', '.join(sorted(asked)) or 'none'}"
        raise ValidationError([{"loc": ("query", name[:60]), "msg": what} for name in unknown])


def _extra(action: Action | None, status: int, media: str) -> dict[str, Any]:
    """What the description says beside the shapes: the action, and the kind of file."""
    extra: dict[str, Any] = {"x-action": action.value if action else "keep one's own tokens"}
    if media:
        file = {"schema": {"type": "string", "format": "binary"}}
        extra["responses"] = {status: {"description": "OK", "content": {media: file}}}
    return extra
