"""Calls about sessions: check one, save it, correct it. What is named must be on record at the clinic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Body
from ninja.errors import HttpError

from untoward.errors import Fault, InputError
from untoward.registry.models import Consent, Lot, Patient, Practitioner, Product, Session, Vial
from untoward.registry.roles import Action
from untoward.tasks.record.drafts import ComponentDraft, PointDraft, SessionDraft, faults_of
from untoward.tasks.record.patients import PatientDraft
from untoward.tasks.record.patients import faults_of as patient_faults
from untoward.tasks.record.session_checks import check
from untoward.tasks.record.sessions import save
from untoward.web.api.access import Asker, Call
from untoward.web.api.calls.patients import draft_of as patient_draft
from untoward.web.api.listing import operation
from untoward.web.api.shapes.base import Fault as FaultOut
from untoward.web.api.shapes.sessions import (
    CheckedOut,
    ComponentIn,
    PractitionerLine,
    SessionCorrectionIn,
    SessionIn,
    SessionOut,
    check_out,
    session_out,
)


@operation("GET", "/practitioners", "practitioners-here", Action.RECORD, answers=list[PractitionerLine])
def practitioners(request: Call) -> list[PractitionerLine]:
    """Who may be named as practitioner of a session."""
    here = Practitioner.objects.filter(clinic=request.asker.clinic, active=True).order_by("name", "pk")
    return [PractitionerLine.model_validate(one) for one in here]


@operation("POST", "/sessions/check", "session-check", Action.RECORD, answers=CheckedOut)
def check_session(request: Call, given: Body[SessionIn]) -> CheckedOut:
    """What speaks against a session, the worst first, and its faults; nothing is kept."""
    draft = _draft(given, request.asker)
    faults = [FaultOut.model_validate(fault) for fault in faults_of(draft)]
    return CheckedOut(checks=[] if faults else [check_out(one) for one in check(draft)], faults=faults)


@operation("POST", "/sessions", "session-new", Action.RECORD, answers=SessionOut, status=201)
def new_session(request: Call, given: Body[SessionIn]) -> SessionOut:
    """Save a session; 409 with the blocks that no reason was given for."""
    return session_out(save(_draft(given, request.asker), by=request.asker.user))


@operation("GET", "/sessions/{uuid:uid}", "session", Action.SEE_PATIENTS, answers=SessionOut)
def one_session(request: Call, uid: UUID) -> SessionOut:
    """One session."""
    return session_out(session_here(request.asker, uid))


@operation("PUT", "/sessions/{uuid:uid}", "session-correct", Action.RECORD, answers=SessionOut)
def correct_session(request: Call, uid: UUID, given: Body[SessionCorrectionIn]) -> SessionOut:
    """Correct a session; 409 with theirs beside yours when somebody else did since the version you read."""
    session = session_here(request.asker, uid)
    draft = _draft(given, request.asker)
    saved = save(
        replace(draft, session=session, version=given.version, reason=given.reason, token=""),
        by=request.asker.user,
    )
    return session_out(session_here(request.asker, saved.uid))


def session_here(asker: Asker, uid: UUID) -> Session:
    """A session of the clinic of whoever asks; otherwise there is none."""
    found: Session = get_object_or_404(
        Session.objects.select_related("clinic", "patient", "practitioner", "consent"),
        uid=uid,
        clinic=asker.clinic,
    )
    return found


def _draft(given: SessionIn, asker: Asker) -> SessionDraft:
    """What was sent as the record takes it. Raises InputError for whatever is not on record at the clinic."""
    if given.overrides and not asker.may(Action.OVERRIDE):
        raise HttpError(403, f"This token does not include: {Action.OVERRIDE.value}.")
    faults: list[Fault] = []
    patient = _patient(given, asker, faults)
    practitioner = _one(Practitioner, given.practitioner, "practitioner", faults, clinic=asker.clinic)
    consent = _one(Consent, given.consent, "consent", faults, patient__clinic=asker.clinic)
    components = [_component(one, number, asker, faults) for number, one in enumerate(given.components, 1)]
    if faults or patient is None or practitioner is None:
        raise InputError("The session cannot be read.", faults)
    plain = ("at", "technique", "route", "device", "room", "sites", "asepsis", "note", "token", "overrides")
    return SessionDraft(
        clinic=asker.clinic,
        patient=patient,
        practitioner=practitioner,
        consent=consent,
        components=tuple(one for one in components if one is not None),
        points=tuple(PointDraft(**one.model_dump()) for one in given.points),
        **{name: getattr(given, name) for name in plain},
    )


def _patient(given: SessionIn, asker: Asker, faults: list[Fault]) -> Patient | PatientDraft | None:
    if (given.patient is None) == (given.new_patient is None):
        expected = "either patient, on record, or new_patient"
        faults.append(Fault(what="is not clear", field="patient", expected=expected))
        return None
    if given.new_patient is not None:
        new = patient_draft(given.new_patient)
        faults.extend(patient_faults(new))
        return new
    found: Patient | None = _one(Patient, given.patient, "patient", faults, clinic=asker.clinic)
    return found


def _component(one: ComponentIn, number: int, asker: Asker, faults: list[Fault]) -> ComponentDraft | None:
    """The product is that of the vial or the lot where it is not named itself."""
    where = f"component {number}"
    vial = _one(Vial, one.vial, "vial", faults, where, clinic=asker.clinic)
    lot = _one(Lot, one.lot, "lot", faults, where) or (vial.lot if vial else None)
    product = _one(Product, one.product, "product", faults, where) or (lot.product if lot else None)
    if product is None:
        if one.product is None and one.lot is None and one.vial is None:
            faults.append(
                Fault(what="is missing", where=where, field="product", expected="a product, lot or vial")
            )
        return None
    if lot is not None and lot.product_id != product.pk:
        faults.append(Fault(what="is of another product", where=where, field="lot", expected=product.name))
    return ComponentDraft(
        product=product,
        lot=lot,
        vial=vial,
        mix=one.mix,
        volume_ml=one.volume_ml,
        amount=one.amount,
        unit=one.unit,
    )


def _one(model: Any, uid: UUID | None, name: str, faults: list[Fault], where: str = "", **owner: Any) -> Any:
    """The thing with this uid; None, and a fault, when nothing of the clinic has it."""
    if uid is None:
        return None
    found = model.objects.filter(uid=uid, **owner).first()
    if found is None:
        expected = "the uid of one at your clinic"
        faults.append(
            Fault(what="is not on record", where=where, field=name, got=str(uid), expected=expected)
        )
    return found
