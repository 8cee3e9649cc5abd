"""The page for when the database or its disk fails: it is made without asking the database for anything."""

from __future__ import annotations

from django.db import Error
from django.http import HttpResponse
from django.template.loader import render_to_string

from untoward.tasks.site_words import meaning
from untoward.web.views.style import sheet_version

RETRY_SECONDS = "10"


def outage_page(error: BaseException | None) -> HttpResponse | None:
    """What happened and that nothing is lost, as 503; None where the error is none of the database.

    To be asked by the handler of broken requests, before it renders anything that knows who is signed in.
    """
    if not isinstance(error, Error):
        return None
    page = render_to_string("outage.html", {"meaning": meaning(error), "style_version": sheet_version()})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_SECONDS})
