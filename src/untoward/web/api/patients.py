"""Calls about patients. What is looked for is sent in the body: keys and names never stand in an address."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Body

from untoward.registry.models import Patient
from untoward.registry.roles import Action
from untoward.tasks.record.patients import PatientDraft, save_patient, search
from untoward.web.api.access import Call
from untoward.web.api.answers import Plain, patient_out
from untoward.web.api.given import FindIn, PatientIn
from untoward.web.api.listing import operation


@operation("POST", "/patients/find", "patients-find", Action.SEE_PATIENTS, answers=list[Plain])
def find_patients(request: Call, wanted: Body[FindIn]) -> list[Plain]:
    """Patients by key, or by name for those who see names; those who came last for an empty text."""
    asker = request.asker
    return [patient_out(one, asker) for one in search(asker.clinic, wanted.text, names=asker.names)]


@operation("POST", "/patients", "patient-new", Action.RECORD, answers=Plain, status=201)
def new_patient(request: Call, given: Body[PatientIn]) -> Plain:
    """Record a patient under a fresh key."""
    asker = request.asker
    made = save_patient(draft_of(given), clinic=asker.clinic, by=asker.user)
    return patient_out(made, asker)


@operation("GET", "/patients/{uuid:uid}", "patient", Action.SEE_PATIENTS, answers=Plain)
def one_patient(request: Call, uid: UUID) -> Plain:
    """One patient with the sessions they had, the latest first."""
    asker = request.asker
    patient = get_object_or_404(Patient, uid=uid, clinic=asker.clinic)
    sessions = patient.sessions.order_by("-at", "-pk").values("uid", "at", "technique")
    return {**patient_out(patient, asker), "sessions": list(sessions)}


def draft_of(given: PatientIn) -> PatientDraft:
    """A patient as the record takes them."""
    return PatientDraft(**given.model_dump())
