"""The style sheet: the tokens and rules shared with the review, then what the site adds."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files

from django.http import HttpRequest, HttpResponse

from untoward.report.self_contained import stylesheet
from untoward.web.listing import public_page


@cache
def sheet() -> str:
    """The whole sheet."""
    own = files("untoward.web").joinpath("static/untoward/site.css").read_text(encoding="utf-8")
    return stylesheet() + own


@cache
def sheet_version() -> str:
    """Changes with the sheet, so that browsers may keep it for good."""
    return sha256(sheet().encode()).hexdigest()[:12]


@public_page("style/<str:version>.css", "style")
def style(_request: HttpRequest, version: str) -> HttpResponse:
    """The sheet; whatever version was asked for, the present one."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(sheet(), content_type="text/css; charset=utf-8", headers=headers)
