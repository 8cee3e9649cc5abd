"""The JSON API: what the pages do, through the same functions, for programs and for scripts of one's own."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ninja import NinjaAPI

from untoward.web.api import calls
from untoward.web.api.access import at_clinic_time
from untoward.web.api.conditional import conditional
from untoward.web.api.faults import answer_faults
from untoward.web.api.listing import OPERATIONS, router

__all__ = ["OPERATIONS", "api"]

for _module in iter_modules(calls.__path__):
    import_module(f"{calls.__name__}.{_module.name}")

api = NinjaAPI(
    title="untoward",
    version="1",
    description=(
        "The record, the watch and the evidence of a site. Programs send a token (Authorization: Bearer KEY), limited to "
        "some actions; scripts of the site's own pages send the session cookie with X-CSRFToken. Each call names the action "
        'it needs (x-action). Times carry their zone; null is "nobody has asked", never no. What changes a thing sends the '
        "version that was read: 409 gives what stands now beside what was sent. Lists come in parts (limit, offset; next is "
        "null at the end). What is read has an ETag: If-None-Match answers 304 while nothing has changed. At most 600 calls "
        "a minute from one address (429)."
    ),
    urls_namespace="api-1",
    docs_url=None,
    openapi_url=None,
)
api.add_decorator(at_clinic_time)
api.add_decorator(conditional, mode="view")
api.add_router("", router)
answer_faults(api)
