"""Calls about consent: editions of texts, giving consent to one, withdrawing it."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Body, Query

from untoward.errors import Fault, InputError
from untoward.registry.models import Consent, ConsentText
from untoward.registry.roles import Action
from untoward.tasks.record import consents as task
from untoward.web.api.access import Asker, Call
from untoward.web.api.calls.patients import patient_here
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes.base import Page, Paging, ReasonIn
from untoward.web.api.shapes.patients import (
    ConsentIn,
    ConsentOut,
    TextCorrectionIn,
    TextIn,
    TextOut,
    consent_out,
    text_out,
)


@operation("GET", "/consent-texts", "consent-texts", Action.KEEP_SETTINGS, answers=Page[TextOut])
def texts(request: Call, page: Query[Paging]) -> Page[TextOut]:
    """All editions of the clinic's texts and of those that all clinics share, the newest first."""
    found = task.texts_at(request.asker.clinic).select_related("clinic")
    return part(found.order_by("name", "language", "-pk"), page, text_out)


@operation("GET", "/consent-texts/offered", "consent-texts-offered", Action.RECORD, answers=list[TextOut])
def offered(request: Call) -> list[TextOut]:
    """Of every text in every language the edition to read to a patient now."""
    return [text_out(one) for one in task.newest_texts(request.asker.clinic)]


@operation("POST", "/consent-texts", "consent-text-new", Action.KEEP_SETTINGS, answers=TextOut, status=201)
def new_text(request: Call, given: Body[TextIn]) -> TextOut:
    """Write a new edition, offered from now on."""
    draft = task.TextDraft(**given.model_dump())
    return text_out(task.save_text(draft, clinic=request.asker.clinic, by=request.asker.user))


@operation("GET", "/consent-texts/{uuid:uid}", "consent-text", Action.KEEP_SETTINGS, answers=TextOut)
def one_text(request: Call, uid: UUID) -> TextOut:
    """One edition."""
    return text_out(_text(request.asker, uid))


@operation("PUT", "/consent-texts/{uuid:uid}", "consent-text-correct", Action.KEEP_SETTINGS, answers=TextOut)
def correct_text(request: Call, uid: UUID, given: Body[TextCorrectionIn]) -> TextOut:
    """Correct an edition of the clinic's own that nobody has consented to yet."""
    kept = task.save_text(
        task.TextDraft(**given.model_dump(include=set(TextIn.model_fields))),
        clinic=request.asker.clinic,
        by=request.asker.user,
        text=_text(request.asker, uid),
        version=given.version,
        reason=given.reason,
    )
    return text_out(kept)


@operation("GET", "/patients/{uuid:uid}/consents", "consents", Action.SEE_PATIENTS, answers=Page[ConsentOut])
def consents_of(request: Call, uid: UUID, page: Query[Paging]) -> Page[ConsentOut]:
    """The consents of a patient, the latest first, those withdrawn too."""
    asker = request.asker
    found = patient_here(asker, uid).consents.select_related("patient", "text", "taken_by")
    return part(found.order_by("-given_at", "-pk"), page, lambda one: consent_out(one, asker))


@operation(
    "POST", "/patients/{uuid:uid}/consents", "consent-give", Action.RECORD, answers=ConsentOut, status=201
)
def give(request: Call, uid: UUID, given: Body[ConsentIn]) -> ConsentOut:
    """Keep that a patient agreed; 409 when the text changed after it was read."""
    asker, patient = request.asker, patient_here(request.asker, uid)
    text = task.texts_at(asker.clinic).filter(uid=given.text).first()
    if text is None:
        fault = Fault(what="is not on record", field="text", got=str(given.text), expected="a consent text")
        raise InputError("The consent was not saved.", [fault])
    draft = task.ConsentDraft(patient=patient, text=text, **given.model_dump(exclude={"text"}))
    return consent_out(task.give(draft, by=asker.user), asker)


@operation("GET", "/consents/{uuid:uid}", "consent", Action.SEE_PATIENTS, answers=ConsentOut)
def one_consent(request: Call, uid: UUID) -> ConsentOut:
    """One consent as it was given."""
    return consent_out(_consent(request.asker, uid), request.asker)


@operation("POST", "/consents/{uuid:uid}/withdraw", "consent-withdraw", Action.RECORD, answers=ConsentOut)
def withdraw(request: Call, uid: UUID, given: Body[ReasonIn]) -> ConsentOut:
    """Note that a patient withdrew a consent; photos it allowed are no longer shown."""
    asker = request.asker
    kept = task.withdraw(_consent(asker, uid), by=asker.user, reason=given.reason, version=given.version)
    return consent_out(kept, asker)


def _text(asker: Asker, uid: UUID) -> ConsentText:
    found: ConsentText = get_object_or_404(task.texts_at(asker.clinic), uid=uid)
    return found


def _consent(asker: Asker, uid: UUID) -> Consent:
    found: Consent = get_object_or_404(
        Consent.objects.select_related("patient", "text", "taken_by"), uid=uid, patient__clinic=asker.clinic
    )
    return found
