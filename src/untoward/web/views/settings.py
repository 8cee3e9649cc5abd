"""What a clinic sets for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from untoward.errors import InputError
from untoward.registry.models import Clinic
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.record.clinics import LANGUAGES, ClinicDraft, save_clinic
from untoward.web.listing import Request, page

YES = "yes"
FIELDS = (
    "name", "city", "region", "country", "time_zone", "language", "phone", "check_in_days", "answer_within_hours",
    "own_page_days", "dates_to_the_week",
)  # fmt: skip
LABELS: Mapping[str, Any] = {
    "name": lazy("Name"),
    "city": lazy("City"),
    "region": lazy("Region"),
    "country": lazy("Country"),
    "time_zone": lazy("Time zone"),
    "language": lazy("Language"),
    "phone": lazy("Telephone"),
    "check_in_days": lazy("Days after a session on which they are asked"),
    "answer_within_hours": lazy("Hours within which somebody looks at a problem"),
    "own_page_days": lazy("Days for which the link to a patient’s own page works"),
    "dates_to_the_week": lazy("Weeks instead of days"),
}


@page("settings", "settings", Action.KEEP_SETTINGS)
def settings(request: Request) -> HttpResponse:
    """See and change the settings of the clinic."""
    if request.method != "POST":
        return _form(request, {**_given(request.clinic), "version": request.clinic.version})
    given = {name: request.POST.get(name, "") for name in (*FIELDS, "reason", "version")}
    version = int(given["version"]) if given["version"].isascii() and given["version"].isdigit() else 0
    fields = {name: text for name, text in given.items() if name not in {"version", "dates_to_the_week"}}
    weeks = given["dates_to_the_week"] == YES
    draft = ClinicDraft(clinic=request.clinic, version=version, dates_to_the_week=weeks, **fields)
    try:
        save_clinic(draft, request.user)
    except InputError as error:
        known = {"faults": error.faults, "fault": {fault.field: fault for fault in error.faults}}
        return _form(request, given, known, 422)
    except Conflict as error:
        theirs = _given(Clinic.objects.get(pk=request.clinic.pk))
        differs = [
            (LABELS[name], _said(name, theirs[name]), _said(name, given[name]))
            for name in FIELDS
            if str(theirs[name]) != given[name]
        ]
        return _form(request, {**given, "version": str(error.theirs)}, {"differs": differs}, 409)
    messages.success(request, _("Settings saved."))
    return redirect("settings")


def _given(clinic: Clinic) -> dict[str, Any]:
    given = {name: getattr(clinic, name) for name in FIELDS}
    return {
        **given,
        "check_in_days": ", ".join(str(day) for day in clinic.check_in_days),
        "dates_to_the_week": YES if clinic.dates_to_the_week else "",
    }


def _said(name: str, value: object) -> str:
    """A value as people read it."""
    if name == "dates_to_the_week":
        return _("yes") if value else _("no")
    return str(value)


def _form(
    request: Request, given: dict[str, Any], known: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    zones = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    words = {"given": given, "zones": zones, "languages": LANGUAGES, **(known or {})}
    return render(request, "settings/settings.html", words, status=status)
