"""Pages for what went wrong, in words that say what to do next."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from untoward.web.outages import outage_page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is at this address, or not for this person: the two are not told apart."""
    if _is_call(request):
        return JsonResponse(
            {"message": "There is no such call, or no such thing at its address.", "faults": []}, status=404
        )
    return render(request, "not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours, or of the database. Nothing that was being saved was half saved."""
    page = outage_page(sys.exc_info()[1], request)
    if _is_call(request):
        words = "A part of the site does not answer now. Nothing was half saved: try again in a minute."
        ours = "This is a fault of the program. Nothing was half saved."
        return JsonResponse(
            {"message": words if page is not None else ours, "faults": []},
            status=page.status_code if page is not None else 500,
        )
    return page if page is not None else render(request, "broken.html", status=500)


def _is_call(request: HttpRequest) -> bool:
    """Whether a program asked, which reads JSON alone."""
    return bool(request.path.startswith("/api/"))
