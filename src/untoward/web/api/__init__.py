"""The JSON API: what the pages do, through the same functions, for programs and for scripts of one's own."""

from __future__ import annotations

from importlib import import_module

from ninja import NinjaAPI

from untoward.web.api.access import at_clinic_time
from untoward.web.api.faults import answer_faults
from untoward.web.api.listing import OPERATIONS, router

__all__ = ["OPERATIONS", "api"]

for _name in ("patients", "sessions", "stock", "cases", "watching", "own"):
    import_module(f"untoward.web.api.{_name}")

api = NinjaAPI(
    title="untoward",
    version="1",
    description=(
        "The record, the watch and the evidence of a site. Programs send a token (Authorization: Bearer KEY), limited to "
        "some actions; scripts of the site's own pages send the session cookie with X-CSRFToken. Each call names the action "
        'it needs (x-action). Times carry their zone; null is "nobody has asked", never no.'
    ),
    urls_namespace="api-1",
    docs_url=None,
    openapi_url=None,
)
api.add_decorator(at_clinic_time)
api.add_router("", router)
answer_faults(api)
