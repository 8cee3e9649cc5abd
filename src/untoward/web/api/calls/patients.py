"""Calls about patients and notes. What is looked for is sent in the body: keys and names never stand in an address."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Body, Query

from untoward.registry.models import Patient
from untoward.registry.roles import Action
from untoward.tasks.record.patients import PatientDraft, add_note, save_patient, search
from untoward.web.api.access import Asker, Call
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes.base import Page, Paging
from untoward.web.api.shapes.patients import (
    FindIn,
    NoteIn,
    NoteOut,
    PatientCorrectionIn,
    PatientIn,
    PatientOut,
    patient_out,
)
from untoward.web.api.shapes.sessions import SessionLine


@operation("POST", "/patients/find", "patients-find", Action.SEE_PATIENTS, answers=list[PatientOut])
def find_patients(request: Call, wanted: Body[FindIn]) -> list[PatientOut]:
    """Patients by key, or by name for those who see names; those who came last for an empty text. At most 50."""
    asker = request.asker
    return [patient_out(one, asker) for one in search(asker.clinic, wanted.text, names=asker.names)]


@operation("POST", "/patients", "patient-new", Action.RECORD, answers=PatientOut, status=201)
def new_patient(request: Call, given: Body[PatientIn]) -> PatientOut:
    """Record a patient under a fresh key."""
    asker = request.asker
    made = save_patient(draft_of(given), clinic=asker.clinic, by=asker.user)
    return patient_out(made, asker)


@operation("GET", "/patients/{uuid:uid}", "patient", Action.SEE_PATIENTS, answers=PatientOut)
def one_patient(request: Call, uid: UUID) -> PatientOut:
    """One patient."""
    return patient_out(patient_here(request.asker, uid), request.asker)


@operation("PUT", "/patients/{uuid:uid}", "patient-correct", Action.RECORD, answers=PatientOut)
def correct_patient(request: Call, uid: UUID, given: Body[PatientCorrectionIn]) -> PatientOut:
    """Correct a patient; 409 with theirs beside yours when somebody else did since the version you read."""
    asker = request.asker
    kept = save_patient(
        draft_of(given),
        clinic=asker.clinic,
        by=asker.user,
        patient=patient_here(asker, uid),
        version=given.version,
        reason=given.reason,
    )
    return patient_out(kept, asker)


@operation(
    "GET", "/patients/{uuid:uid}/sessions", "patient-sessions", Action.SEE_PATIENTS, answers=Page[SessionLine]
)
def sessions_of(request: Call, uid: UUID, page: Query[Paging]) -> Page[SessionLine]:
    """The sessions a patient had, the latest first."""
    found = patient_here(request.asker, uid).sessions.select_related("practitioner").order_by("-at", "-pk")
    return part(found, page, SessionLine.model_validate)


@operation(
    "GET",
    "/patients/{uuid:uid}/notes",
    "patient-notes",
    Action.SEE_PATIENTS,
    answers=Page[NoteOut],
    names=True,
)
def notes_of(request: Call, uid: UUID, page: Query[Paging]) -> Page[NoteOut]:
    """The notes about a patient, the latest first; for those who see names, for notes hold them."""
    found = patient_here(request.asker, uid).notes.select_related("by").order_by("-at", "-pk")
    return part(found, page, NoteOut.model_validate)


@operation("POST", "/patients/{uuid:uid}/notes", "patient-note", Action.RECORD, answers=NoteOut, status=201)
def new_note(request: Call, uid: UUID, given: Body[NoteIn]) -> NoteOut:
    """Write a note about a patient."""
    made = add_note(patient_here(request.asker, uid), given.text, by=request.asker.user)
    return NoteOut.model_validate(made)


def draft_of(given: PatientIn) -> PatientDraft:
    """A patient as the record takes them."""
    return PatientDraft(**given.model_dump(include=set(PatientIn.model_fields)))


def patient_here(asker: Asker, uid: UUID) -> Patient:
    """A patient of the clinic of whoever asks; otherwise there is none."""
    found: Patient = get_object_or_404(Patient.objects.select_related("clinic"), uid=uid, clinic=asker.clinic)
    return found
