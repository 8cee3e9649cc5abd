"""Calls about what a clinic sets for itself."""

from __future__ import annotations

from typing import Any

from ninja import Body

from untoward.registry.models import Clinic
from untoward.registry.roles import Action
from untoward.tasks.record.clinics import ClinicDraft, save_clinic
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.shapes.people import ClinicIn, ClinicOut, clinic_out


@operation("GET", "/clinic", "clinic", Action.KEEP_SETTINGS, answers=ClinicOut)
def clinic(request: Call) -> ClinicOut:
    """What your clinic has set for itself."""
    return clinic_out(Clinic.objects.get(pk=request.asker.clinic.pk))


@operation("PUT", "/clinic", "clinic-change", Action.KEEP_SETTINGS, answers=ClinicOut)
def change(request: Call, given: Body[ClinicIn]) -> ClinicOut:
    """Change the settings; 409 with theirs beside yours when somebody else did since the version you read."""
    asker = request.asker
    typed: dict[str, Any] = {
        name: str(getattr(given, name)) for name in ("answer_within_hours", "own_page_days")
    }
    days = ", ".join(str(day) for day in given.check_in_days)
    plain = given.model_dump(exclude={*typed, "check_in_days"})
    draft = ClinicDraft(clinic=asker.clinic, check_in_days=days, **plain, **typed)
    return clinic_out(save_clinic(draft, asker.user))
