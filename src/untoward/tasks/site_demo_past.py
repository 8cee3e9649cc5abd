"""What the demonstration's clinics have done lately: consents and photos, two recalls, an investigation in each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Q

from untoward.registry.models import Clinic, ConsentText, Lot, Patient, Session, User
from untoward.registry.roles import Role
from untoward.tasks.record import consents, photos, recalls
from untoward.tasks.record.consents import ConsentDraft, TextDraft
from untoward.tasks.record.investigations import (
    InvestigationDraft,
    StepDraft,
    close,
    decide,
    open_investigation,
)
from untoward.tasks.site_demo_people import People
from untoward.tasks.site_demo_pictures import spot

Said = Callable[[str, int, int], None]
CONSENTED = 24
"""How many of the clinic's latest patients have a consent on record."""
TEXTS = {
    "en": (
        "Injections into the skin",
        "I was told what will be injected, from which vial, and that this use may not be approved.\n\n"
        "I know what is usual afterwards and what is not, that an infection can come weeks or months later, and whom to"
        " call.\n\nI may change my mind at any time.",
    ),
    "es": (
        "Inyecciones en la piel",
        "Me han dicho qué se me inyectará, de qué vial, y que este uso puede no estar aprobado.\n\n"
        "Sé qué es habitual después y qué no, que una infección puede aparecer semanas o meses más tarde, y a quién"
        " llamar.\n\nPuedo cambiar de opinión cuando quiera.",
    ),
}
"""Consent texts by language: name and body."""


def lately(people: People, vial: str, now: datetime, say: Said) -> None:
    """All of it, at the clinic of the vial that the outbreak came from."""
    clinic = Clinic.objects.get(vials__label=vial)
    consents_and_photos(people, clinic, now)
    say("what was done lately", 1, 3)
    two_recalls(people, clinic, vial, now)
    say("what was done lately", 2, 3)
    investigations(people, clinic, _looked_into(clinic), now)
    say("what was done lately", 3, 3)


def _looked_into(clinic: Clinic) -> Iterator[tuple[str, str, str, str]]:
    """Title, outcome, axis and value of what is looked into; nothing of the outbreak, which is left to whoever tries this."""
    key = clinic.practitioners.order_by("pk").values_list("key", flat=True)[0]
    yield "More bruises after lidocaine than before", "any reaction", "compound", "lidocaine"
    yield "Itching at the thighs", "allergy", "site", "thigh"
    yield "Late lumps after deoxycholic acid", "infection", "compound", "deoxycholic acid"
    yield f"Reactions in the hands of {key}", "any reaction", "practitioner", key
    yield "Pigment after sessions at the flanks", "tissue injury", "site", "flanks"


def consents_and_photos(people: People, clinic: Clinic, now: datetime) -> None:
    """Consent texts in two languages, the consents of the latest patients, and photos of two of them."""
    director, injector = people.users[Role.DIRECTOR], people.users[Role.INJECTOR]
    texts = [
        consents.save_text(
            TextDraft(name=name, edition="2026-1", language=language, body=body), clinic=clinic, by=director
        )
        for language, (name, body) in TEXTS.items()
    ]
    before = now - timedelta(days=4)
    latest = Session.objects.filter(clinic=clinic, at__lt=before).order_by("-at", "-pk")
    treated = list(dict.fromkeys(one.patient for one in latest.select_related("patient")[: 3 * CONSENTED]))
    for number, patient in enumerate(treated[:CONSENTED]):
        _consent(patient, texts, number, injector)
    for patient in treated[:2]:
        last = Session.objects.filter(patient=patient, at__lt=before).order_by("-at")[0]
        _photos(patient, last, now, injector)


def _consent(patient: Patient, texts: Sequence[ConsentText], number: int, by: User) -> None:
    text = next((one for one in texts if one.language == patient.language), texts[0])
    draft = ConsentDraft(
        patient=patient,
        text=text,
        text_version=text.version,
        signed_name=patient.name,
        discussed=("substances", "usual", "harms", "late", "help"),
        photo_purposes=("care", "teaching") if number % 3 == 0 else ("care",),
    )
    first = patient.sessions.order_by("at")[0]
    consents.give(draft, by=by, at=first.at - timedelta(minutes=20))


def _photos(patient: Patient, session: Session, now: datetime, by: User) -> None:
    """A spot that fades, from the day of the session to a few days later."""
    for days, across, redness in ((0, 2.4, 0.8), (1, 1.6, 0.5), (3, 0.9, 0.25)):
        taken = session.at + timedelta(days=days, hours=1)
        if taken < now:
            picture = spot(across, redness, label=f"Day {days}")
            photos.store(
                picture, patient=patient, by=by, taken_at=taken, view="close", session=session, purposes=("care",)
            )  # fmt: skip


def two_recalls(people: People, clinic: Clinic, spare: str, now: datetime) -> None:
    """One that is closed with everybody reached, and one that is open with some; neither of the vial `spare`."""
    everybody = Count("components__session__patient", distinct=True)
    here = Count("components__session__patient", filter=Q(components__session__clinic=clinic), distinct=True)
    lots = Lot.objects.exclude(vials__label=spare).annotate(everybody=everybody, here=here)
    few = list(lots.filter(here__gte=2).select_related("product").order_by("everybody", "pk")[:2])
    if len(few) < 2:
        return
    officer = people.users[Role.OFFICER]
    _closed_recall(few[0], clinic, list(people.clinics.values()), officer, now)
    _open_recall(few[1], clinic, officer, now)


def _closed_recall(lot: Lot, clinic: Clinic, clinics: Sequence[Clinic], by: User, now: datetime) -> None:
    begun = now - timedelta(days=40)
    reason = "The maker withdrew the lot: the printed strength is wrong on part of the labels."
    recall = recalls.begin_recall(lot=lot, reason=reason, by=by, clinic=clinic, at=begun)
    exposed = [one for each in clinics for one in recalls.tracked(recall, each)]
    for number, one in enumerate(exposed, 1):
        at = begun + timedelta(hours=20 * number)
        recalls.log_contact(
            recall, one.person.patient, how="phone", reached=True, by=by, at=min(at, now - timedelta(days=2))
        )
    recalls.close_recall(
        recall,
        summary="Everybody was reached by telephone and is well. The remaining vials went back to the maker.",
        by=by,
        clinic=clinic,
        version=recall.version,
        at=now - timedelta(days=2),
    )


def _open_recall(lot: Lot, clinic: Clinic, by: User, now: datetime) -> None:
    reason = "The supplier cannot show that the lot was kept cold on its way."
    recall = recalls.begin_recall(lot=lot, reason=reason, by=by, clinic=clinic, at=now - timedelta(days=2))
    people = [one.person.patient for one in recalls.tracked(recall, clinic)]
    for number, patient in enumerate(people[: max(2, len(people) * 2 // 3)]):
        at = now - timedelta(hours=30 - number)
        reached, note = number % 3 != 2, "" if number % 3 != 2 else "No answer; try in the evening."
        recalls.log_contact(recall, patient, how="phone", reached=reached, by=by, note=note, at=min(at, now))


STEPS = (
    ("detect", "noticed by the watch", "The rate is above what chance gives among like sessions."),
    ("validate", "real", "The cases were read one by one: terms and dates are right."),
    ("prioritise", "within a week", "Nothing severe so far; more people will get it next week."),
    ("assess", "not enough data yet", "The same hands and rooms: nothing tells the two apart so far."),
    ("recommend", "keep watching", "Look again after fifty more sessions, or at once after a severe case."),
)
"""What is decided in each step of the demonstration's investigations."""


def investigations(
    people: People, clinic: Clinic, places: Iterable[tuple[str, str, str, str]], now: datetime
) -> None:
    """One investigation in each step, from detected to recommended and closed. Places are title, outcome, axis, value."""
    officer, epidemiologist = people.users[Role.OFFICER], people.users[Role.EPIDEMIOLOGIST]
    for reached, (title, outcome, axis, value) in enumerate(places, 1):
        begun = now - timedelta(days=3 * reached + 2)
        step, decision, rationale = STEPS[0]
        draft = InvestigationDraft(
            title=title,
            outcome=outcome,
            where=({"axis": axis, "value": value},),
            decision=decision,
            rationale=rationale,
            owner=officer if reached % 2 else epidemiologist,
            due_on=(now + timedelta(days=7 * reached - 5)).date(),
        )
        made = open_investigation(draft, clinic, epidemiologist, begun)
        for seen, (step, decision, rationale) in enumerate(STEPS[1:reached], 1):
            next_one = StepDraft(step=step, decision=decision, rationale=rationale, seen=seen)
            decide(made, next_one, officer, begun + timedelta(days=2 * seen, hours=3))
        if reached == len(STEPS):
            close(made, made.version, officer, now - timedelta(days=1))
