"""Pages for what went wrong, in words that say what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is at this address, or not for this person: the two are not told apart."""
    return render(request, "not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Nothing that was being saved was half saved."""
    return render(request, "broken.html", status=500)
