"""Pages for what went wrong, in words that say what to do next."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from untoward.web.outages import outage_page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is at this address, or not for this person: the two are not told apart."""
    return render(request, "not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours, or of the database. Nothing that was being saved was half saved."""
    page = outage_page(sys.exc_info()[1])
    return page if page is not None else render(request, "broken.html", status=500)
