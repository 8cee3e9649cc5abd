"""Every call of the API with what it takes to make it. A call can only be made known through here, so that none is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ninja import Router

from untoward.registry.roles import Action
from untoward.web.api.access import Access

Call = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call: `action` is what one must be allowed to do; None for one's own tokens, which a browser alone may keep."""

    name: str
    method: str
    path: str
    action: Action | None


OPERATIONS: dict[str, Operation] = {}
router = Router()


def operation(
    method: str, path: str, name: str, action: Action | None, *, answers: Any = Any, status: int = 200
) -> Callable[[Call], Call]:
    """List a call for those who may do the action. `answers` is what it gives, with `status` when all went well."""

    def keep(call: Call) -> Call:
        if name in OPERATIONS:
            raise ValueError(f"two calls are named {name}")
        OPERATIONS[name] = Operation(name=name, method=method, path=path, action=action)
        router.add_api_operation(
            path,
            [method],
            call,
            auth=Access(action),
            response={status: answers},
            url_name=name,
            operation_id=name,
            summary=(call.__doc__ or name).partition("\n")[0].rstrip("."),
            openapi_extra={"x-action": action.value if action else "keep one's own tokens"},
        )
        return call

    return keep
