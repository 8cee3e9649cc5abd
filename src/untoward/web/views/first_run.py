"""The first run: the link that `untoward serve` printed makes the first clinic and its director."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError, UsageError
from untoward.tasks.site import settings_now
from untoward.tasks.site_first_run import FirstClinic, begin, token_is_right
from untoward.web.listing import Request, public_page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIELDS = ("clinic", "city", "country", "time_zone", "phone", "name", "email")


@public_page("first-run", "first-run")
def first_run(request: Request) -> HttpResponse:
    """A form behind the token; without it, or once somebody can sign in, there is nothing here."""
    token = request.POST.get("key") or request.GET.get("key", "")
    if not token_is_right(settings_now(), token):
        raise Http404
    if request.method != "POST":
        return _form(request, token, {"time_zone": settings_now().time_zone}, ())
    given = {name: request.POST.get(name, "") for name in FIELDS}
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        twice = Fault(field="again", what=_("The two passwords are not the same."))
        return _form(request, token, given, (twice,))
    first = FirstClinic(**given, password=password, language=(get_language() or "en")[:2])
    try:
        user = begin(settings_now(), token, first)
    except InputError as error:
        return _form(request, token, given, error.faults)
    except UsageError as error:
        raise Http404 from error
    login(request, user, backend=BACKEND)
    messages.success(
        request,
        _(
            "The clinic is ready, and you are its director. Protect your account with a passkey or an "
            "authenticator app, then open the worklist."
        ),
    )
    return redirect("mfa_index")


def _form(request: Request, token: str, given: dict[str, str], faults: object) -> HttpResponse:
    found = list(faults) if isinstance(faults, tuple | list) else []
    known = {
        "key": token,
        "given": given,
        "faults": found,
        "fault": {fault.field: fault for fault in found},
        "zones": sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"),
    }
    return render(request, "first_run/first_run.html", known, status=422 if found else 200)
