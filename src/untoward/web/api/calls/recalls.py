"""Calls about recalls: begin one, see whom it concerns, write to them, note who was reached, close it."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Query

from untoward.errors import Fault, InputError
from untoward.registry.models import Lot, Patient, Recall, Vial
from untoward.registry.roles import Action
from untoward.tasks.record import recalls as task
from untoward.tasks.record.exposed import TrackedPeople
from untoward.tasks.record.recall_letters import Letter, letter, message
from untoward.web.api.access import Asker, Call
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes import recalls as shapes
from untoward.web.api.shapes.base import Page, Paging


@operation("GET", "/recalls", "recalls", Action.RECALL, answers=Page[shapes.RecallOut])
def recalls(request: Call, page: Query[Paging]) -> Page[shapes.RecallOut]:
    """Recalls that concern your clinic, open ones first."""
    return part(task.recalls_seen_by(request.asker.clinic), page, shapes.recall_out)


@operation("POST", "/recalls", "recall-begin", Action.RECALL, answers=shapes.RecallOut, status=201)
def begin(request: Call, given: Body[shapes.RecallIn]) -> shapes.RecallOut:
    """Bar a lot, or one vial of your clinic, from use everywhere at once, and begin to look for who got it."""
    asker = request.asker
    lot = Lot.objects.filter(uid=given.lot).first() if given.lot else None
    vial = Vial.objects.filter(uid=given.vial, clinic=asker.clinic).first() if given.vial else None
    if (given.lot is None) == (given.vial is None) or (lot is None) == (vial is None):
        expected = "the uid of either a lot or a vial of your clinic"
        raise InputError(
            "Nothing was recalled.", [Fault(what="is not clear", field="lot", expected=expected)]
        )
    made = task.begin_recall(lot=lot, vial=vial, reason=given.reason, by=asker.user, clinic=asker.clinic)
    return shapes.recall_out(recall_here(asker, made.uid))


@operation("GET", "/recalls/{uuid:uid}", "recall", Action.RECALL, answers=shapes.ProgressOut)
def one_recall(request: Call, uid: UUID) -> shapes.ProgressOut:
    """One recall, and how far your clinic is with it."""
    found = recall_here(request.asker, uid)
    return shapes.progress_out(found, task.progress_at(found, request.asker.clinic))


@operation(
    "GET", "/recalls/{uuid:uid}/exposed", "recall-exposed", Action.RECALL, answers=Page[shapes.TrackedOut]
)
def exposed(request: Call, uid: UUID, page: Query[Paging]) -> Page[shapes.TrackedOut]:
    """The people of your clinic whom a recall concerns, under their keys, those not reached first."""
    people = TrackedPeople(recall_here(request.asker, uid), request.asker.clinic)
    return part(people, page, shapes.tracked_out)


@operation(
    "POST",
    "/recalls/{uuid:uid}/contacts",
    "recall-contact",
    Action.RECALL,
    answers=shapes.ContactOut,
    status=201,
)
def contact(request: Call, uid: UUID, given: Body[shapes.ContactIn]) -> shapes.ContactOut:
    """Note an attempt to reach somebody; as many as it takes."""
    asker = request.asker
    found = recall_here(asker, uid)
    patient = Patient.objects.filter(uid=given.patient, clinic=asker.clinic).select_related("clinic").first()
    if patient is None:
        expected = "the uid of somebody whom the recall concerns"
        raise InputError(
            "Nothing was noted.",
            [Fault(what="is not on record", field="patient", got=str(given.patient), expected=expected)],
        )
    made = task.log_contact(
        found, patient, how=given.how, reached=given.reached, by=asker.user, note=given.note
    )
    return shapes.ContactOut.model_validate(made)


@operation(
    "GET",
    "/recalls/{uuid:uid}/letters",
    "recall-letters",
    Action.RECALL,
    answers=Page[shapes.LetterOut],
)
def letters(
    request: Call, uid: UUID, page: Query[Paging], everybody: Query[bool] = False
) -> Page[shapes.LetterOut]:
    """Letters and short messages, in each person's language, to those not reached; with `everybody` to all."""
    found, now = recall_here(request.asker, uid), timezone.now()
    people = TrackedPeople(found, request.asker.clinic, waiting_only=not everybody)

    def written(one: task.Tracked) -> shapes.LetterOut:
        said, patient = letter(found, one.person, now), one.person.patient
        return shapes.LetterOut(
            patient=patient.uid,
            patient_key=patient.key,
            contact=patient.contact,
            language=said.language,
            letter=_lines(said),
            message=message(one.person),
        )

    return part(people, page, written)


@operation(
    "POST",
    "/recalls/{uuid:uid}/letters/sent",
    "recall-letters-sent",
    Action.RECALL,
    answers=shapes.LettersSent,
)
def letters_sent(request: Call, uid: UUID) -> shapes.LettersSent:
    """Note that a letter went to everybody not reached. A letter reaches nobody by itself."""
    asker = request.asker
    return shapes.LettersSent(sent=task.log_letters(recall_here(asker, uid), asker.clinic, by=asker.user))


@operation("POST", "/recalls/{uuid:uid}/close", "recall-close", Action.RECALL, answers=shapes.RecallOut)
def close(request: Call, uid: UUID, given: Body[shapes.CloseIn]) -> shapes.RecallOut:
    """Close a recall with what came of it. What was recalled stays barred."""
    asker = request.asker
    found = recall_here(asker, uid)
    task.close_recall(
        found,
        summary=given.summary,
        by=asker.user,
        clinic=asker.clinic,
        version=given.version,
        although=given.although,
    )
    return shapes.recall_out(recall_here(asker, uid))


def recall_here(asker: Asker, uid: UUID) -> Recall:
    """A recall that concerns the clinic of whoever asks; otherwise there is none."""
    found: Recall = get_object_or_404(task.recalls_seen_by(asker.clinic), uid=uid)
    return found


def _lines(said: Letter) -> list[str]:
    """A letter as paragraphs, in the order they are read."""
    facts = [f"{name}: {value}" for name, value in said.facts]
    signs = [f"• {sign}" for sign in said.signs]
    after = [said.not_squeeze, said.call, said.emergency, said.sign, said.clinic.name]
    return [said.written, said.dear, said.what, *facts, said.calm, said.watch, *signs, *after]
