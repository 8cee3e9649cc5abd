"""Two who changed the same thing: what stands now, as whoever asks may see it, beside what they sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from untoward.registry.models import (
    CheckIn,
    Clinic,
    Consent,
    ConsentText,
    Investigation,
    Kept,
    Lot,
    Membership,
    OwnPage,
    Patient,
    Practitioner,
    Product,
    Reaction,
    Recall,
    Recipe,
    Session,
    Vial,
)
from untoward.registry.writing import Conflict
from untoward.web.api.access import Asker
from untoward.web.api.shapes.base import Told
from untoward.web.api.shapes.cases import case_line
from untoward.web.api.shapes.check_ins import check_in_out
from untoward.web.api.shapes.patients import consent_out, patient_out, text_out
from untoward.web.api.shapes.people import clinic_out, member_out, practitioner_out
from untoward.web.api.shapes.recalls import recall_out
from untoward.web.api.shapes.sessions import link_out, session_out
from untoward.web.api.shapes.stock import lot_out, product_out, recipe_out, vial_out
from untoward.web.api.shapes.watch import investigation_line

SHOWN: Mapping[type[Kept], Callable[[Any, Asker], Told]] = {
    CheckIn: lambda one, _asker: check_in_out(one),
    Clinic: lambda one, _asker: clinic_out(one),
    Consent: consent_out,
    ConsentText: lambda one, _asker: text_out(one),
    Investigation: lambda one, _asker: investigation_line(one),
    Lot: lambda one, _asker: lot_out(one),
    Membership: lambda one, _asker: member_out(one),
    OwnPage: lambda one, _asker: link_out(one),
    Patient: patient_out,
    Practitioner: lambda one, _asker: practitioner_out(one),
    Product: lambda one, _asker: product_out(one),
    Reaction: lambda one, _asker: case_line(one),
    Recall: lambda one, _asker: recall_out(one),
    Recipe: lambda one, _asker: recipe_out(one),
    Session: lambda one, _asker: session_out(one),
    Vial: lambda one, _asker: vial_out(one),
}
"""Kinds of things that are corrected with a version, and how each is shown."""


def both(request: HttpRequest, asker: Asker, conflict: Conflict) -> dict[str, Any]:
    """What stands now and what was sent, for the answer to a conflict."""
    kind = type(conflict.thing)
    told: dict[str, Any] = {"theirs_version": conflict.theirs, "yours": _sent(request)}
    if kind in SHOWN:
        now = kind._default_manager.get(pk=conflict.thing.pk)
        told["theirs"] = SHOWN[kind](now, asker).model_dump(mode="json", exclude_unset=True)
    return told


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """The document that was sent; it has been read once, so that it is one."""
    if request.content_type != "application/json" or not request.body:
        return None
    sent = json.loads(request.body)
    return sent if isinstance(sent, dict) else None
