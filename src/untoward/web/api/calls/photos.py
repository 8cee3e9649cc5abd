"""Calls about photos: for whoever sees faces, and only for purposes that the patient agreed to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import File, Form, Query
from ninja.files import UploadedFile

from untoward.errors import Fault, InputError
from untoward.registry.models import Patient, Photo, Reaction, Session
from untoward.registry.roles import Action
from untoward.tasks.record import photos as task
from untoward.tasks.record.photo_files import MOST_BYTES
from untoward.web.api.access import Call
from untoward.web.api.calls.patients import patient_here
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes.base import Page, Paging
from untoward.web.api.shapes.patients import PhotoIn, PhotoOut, photo_out
from untoward.web.picture_answer import picture_answer


@operation(
    "GET",
    "/patients/{uuid:uid}/photos",
    "photos",
    Action.SEE_PATIENTS,
    answers=Page[PhotoOut],
    names=True,
)
def photos_of(request: Call, uid: UUID, page: Query[Paging]) -> Page[PhotoOut]:
    """The photos of a patient, the earliest first, each with what it may be used for now."""
    return part(task.shown(patient_here(request.asker, uid)), page, photo_out)


@operation("POST", "/patients/{uuid:uid}/photos", "photo-new", Action.RECORD, answers=PhotoOut, status=201)
def new_photo(request: Call, uid: UUID, file: File[UploadedFile], given: Form[PhotoIn]) -> PhotoOut:
    """Add a photo (JPEG, PNG or WebP, 15 MB at most), sent as a form. Nothing but the picture is kept of the file."""
    patient = patient_here(request.asker, uid)
    made = task.store(
        bytes(file.read(MOST_BYTES + 1)),
        patient=patient,
        by=request.asker.user,
        taken_at=given.taken_at,
        view=given.view,
        purposes=given.purposes,
        session=_owned(Session, given.session, "session", patient),
        reaction=_owned(Reaction, given.case, "case", patient),
    )
    return photo_out(task.Shown(photo=made, purposes=task.usable_for(made)))


@operation("GET", "/photos/{uuid:uid}", "photo", Action.SEE_PATIENTS, media="image/jpeg", names=True)
def picture(request: Call, uid: UUID, small: Query[bool] = False) -> HttpResponse:
    """The picture itself, as long as it may be used for something; `small` gives a small one."""
    found = get_object_or_404(
        Photo.objects.select_related("patient"), uid=uid, patient__clinic=request.asker.clinic
    )
    return picture_answer(found, small=small)


def _owned(model: Any, uid: UUID | None, name: str, patient: Patient) -> Any:
    """A session or case of this patient; None when none was named."""
    if uid is None:
        return None
    found = model.objects.filter(uid=uid, patient=patient).first()
    if found is None:
        expected = "the uid of one of this patient"
        fault = Fault(what="is not on record", field=name, got=str(uid), expected=expected)
        raise InputError("The photo was not saved.", [fault])
    return found
