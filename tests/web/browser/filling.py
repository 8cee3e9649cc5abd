"""Fills the record of the site that browser tests walk, and prints what they need to find their way about in it, as JSON.

Run as ``python -m tests.web.browser.filling`` with the home in the environment. One clinic with somebody of every role, and
at least one of everything a page can show.
"""

import io
import json
import sys
from dataclasses import replace
from datetime import timedelta

from untoward.tasks.site import migrate, open_site

open_site()

from django.test import Client  # noqa: E402 - models can be read after the set-up alone
from django.utils import timezone  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from tests.registry.sessions.conftest import made_draft, made_place  # noqa: E402

from untoward.model.finding import Disposition  # noqa: E402
from untoward.registry.models import Component, Entry, Lot, Membership, Session, User, Vial  # noqa: E402
from untoward.registry.roles import Role  # noqa: E402
from untoward.registry.writing import Change, write, write_all  # noqa: E402
from untoward.tasks.record import (  # noqa: E402
    cases,
    check_ins,
    consents,
    investigations,
    outbreak_desk,
    passports,
    patients,
    photos,
    recalls,
    sessions,
    stock,
    watching_record,
)
from untoward.tasks.record.check_in_questions import Answers  # noqa: E402

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROW_OF_LUMPS = "a row of hard red bumps on my thigh since last week"
TOLD = {
    "emergency": "The skin beside my nose has gone white and it hurts a lot, I cannot see on one eye",
    "lumps": ROW_OF_LUMPS,
    "spreading": "The skin is red and hot, the redness is spreading and I have a fever of 39",
    "bruise": "a small bruise, a little tender",
    "own-words": "it feels strange when I chew",
}
"""What was told in each case; "lumps" leads the case whose page has most on it."""

ILL = "nodule, abscess, cellulitis, bruise"
"""Who is a case of the outbreak: so many that its tables have rows."""


def main():
    """Everything, in the order in which a clinic would write it."""
    migrate()
    place = made_place()
    people = _people(place)
    director = people[Role.DIRECTOR]
    old = _old_vials(place)
    treated = [_treated(place, old[number % len(old)], number) for number in range(14)]
    again = replace(
        made_draft(place), patient=patients.PatientDraft(name="Rosa Gil", allergies=()), consent=None
    )
    recorded = sessions.save(again, place.nurse)
    found = {
        "clinic": place.clinic,
        "patient": recorded.patient,
        "new-patient": place.patient,
        "session": recorded,
        "practitioner": place.person,
        "member": Membership.objects.get(user=people[Role.INSPECTOR]),
        "product": place.products[0],
        "recipe": place.recipe,
        "lot": place.lots[0],
        "vial": place.vials[0],
        "consent": _consent(place, recorded.patient),
        "consent-text": place.consent.text,
        **_stock(place, director),
        **_told(place, treated, director),
        **_pictures(place, recorded),
        "recalled-lot": old[0].lot,
        "old-lot": old[1].lot,
        "old-vial": old[2],
    }
    tokens = _links(place, treated, recorded)
    found["check-in"] = treated[0].check_ins.latest("day")
    found["recall"] = recalls.begin_recall(
        lot=found["recalled-lot"], reason="in doubt: two nodules", by=director, clinic=place.clinic
    )
    _contacted(found["recall"], treated[0].patient, director)
    found["investigation"] = _investigation(place, director)
    watching_record.refresh([place.clinic])
    known = {
        "uids": {name: str(thing.uid) for name, thing in found.items()},
        "tokens": tokens,
        "cookies": {str(role): _cookie(user) for role, user in people.items()}
        | {"director-es": _cookie(_spanish_director(place))},
        "entry": Entry.objects.order_by("-number").values_list("number", flat=True)[0],
        "key": place.patient.key,
        "seen": recorded.patient.key,
    }
    sys.stdout.write(json.dumps(known) + "\n")


def _people(place):
    """Somebody of every role, by role, with the addresses of a demonstration; the injector is the practitioner."""
    User.objects.filter(pk=place.nurse.pk).update(email="injector@demo.example", name="Iris Injector")
    people = {Role.INJECTOR: place.nurse}
    for role in Role:
        if role not in people:
            people[role] = User.objects.create_user(
                f"{role}@demo.example", None, name=f"{role.label.title()} Demo"
            )
            write(Membership(user=people[role], clinic=place.clinic, role=role), by=None)
    return people


def _spanish_director(place):
    """Somebody who may see everything and reads Spanish."""
    made = User.objects.create_user("director.es@demo.example", None, name="Dolores Directora", language="es")
    write(Membership(user=made, clinic=place.clinic, role=Role.DIRECTOR), by=None)
    return made


def _old_vials(place):
    """Vials of three lots that people were treated from; the first lot is going to be recalled."""
    made = []
    for number in range(1, 4):
        lot = Lot(
            product=place.products[1],
            number=f"OLD-{number}",
            expires=timezone.localdate() + timedelta(days=300),
        )
        opened = timezone.now() - timedelta(days=40)
        vial = Vial(
            clinic=place.clinic, lot=lot, label=f"D-{number}", opened_at=opened, opened_by=place.nurse
        )
        write_all([Change(thing=lot), Change(thing=vial)], by=place.nurse)
        made.append(vial)
    return made


def _treated(place, vial, number):
    """A session of a person of its own, three to twenty-nine days ago."""
    patient = patients.save_patient(
        patients.PatientDraft(
            name=f"Person {number}",
            birth_year=1970 + number,
            sex="female",
            contact=f"+34 600 000 {number:03}",
        ),
        clinic=place.clinic,
        by=place.nurse,
    )
    session = Session(
        clinic=place.clinic,
        patient=patient,
        practitioner=place.person,
        at=timezone.now() - timedelta(days=3 + 2 * number),
        technique="mesotherapy",
        sites=["thigh" if number % 2 else "face"],
        asepsis={"hand_hygiene": True},
    )
    part = Component(product=vial.lot.product, lot=vial.lot, vial=vial, volume_ml=1, mix="A")
    write(session, by=place.nurse, parts={"components": [part]})
    return session


def _consent(place, patient):
    return consents.give(
        consents.ConsentDraft(
            patient=patient,
            text=place.consent.text,
            text_version=place.consent.text.version,
            signed_name="Rosa Gil",
            discussed=("usual", "harms", "help"),
            photo_purposes=("care", "teaching"),
        ),
        by=place.nurse,
    )


def _stock(place, director):
    """A lot with unopened vials."""
    day = timezone.localdate() + timedelta(days=20)
    wanted = stock.LotDraft(product=place.products[0], number="NEW-9", expires=day, supplier="A supplier")
    fresh = stock.take_in(wanted, clinic=place.clinic, by=director, vials=3)
    return {
        "fresh-lot": fresh,
        "unopened-vial": place.clinic.vials.filter(lot=fresh).first(),
    }


def _told(place, treated, director):
    """A case of each kind that is told; one of them worked on, one signed off."""
    made = {}
    for (name, words), session in zip(TOLD.items(), treated[4:], strict=False):
        made[f"case-{name}"] = cases.report(
            session=session, by=None, said=words, by_patient=True, onset_at=session.at + timedelta(days=2)
        )
    lumps = made["case-lumps"]
    findings = {"antibiotic failure": {"drug": "cefalexin", "days": 5}, "nodule": {"count": 3, "size_cm": 1}}
    cases.observe(lumps, by=director, text="three firm nodules", findings=findings)
    cases.decide(lumps, by=director, kind="called", text="asked to come today")
    over = cases.report(session=treated[12], by=place.nurse, said="a bruise on the cheek")
    cases.decide(over, by=director, kind="outcome", text="gone", details={"outcome": "recovered"})
    over.refresh_from_db()
    cases.sign_off(over, by=director, reason="gone at the last look")
    for disposition, session in zip(tuple(Disposition)[1:], treated[9:], strict=True):
        case = cases.report(session=session, by=place.nurse, said="a bruise")
        case.disposition = disposition.value
        write(case, by=place.nurse, reason="every urgency is shown")
    return {**made, "case-signed": over}


def _pictures(place, session):
    """Two photos of somebody who allowed them: drawn, of nobody."""
    made = {}
    for name, days in (("photo", 20), ("later-photo", 1)):
        drawn = io.BytesIO()
        picture = Image.new("RGB", (320, 240), (236, 200, 180))
        ImageDraw.Draw(picture).ellipse((120, 80, 200, 160), fill=(200, 110 + days, 110))
        picture.save(drawn, "JPEG")
        made[name] = photos.store(
            drawn.getvalue(),
            patient=session.patient,
            by=place.nurse,
            taken_at=timezone.now() - timedelta(days=days),
            view="face-front",
            session=session,
        )
    return made


def _links(place, treated, recorded):
    """Links of patients: the own page, a check-in nobody answered, one to be answered by keyboard, one that was answered."""
    own = passports.passport_link(recorded, by=place.nurse)
    told = passports.passport_link(treated[5], by=place.nurse)
    tokens = {"own-page": own.token, "own-page-told": told.token}
    for name, session in (
        ("check-in", treated[0]),
        ("check-in-to-answer", treated[1]),
        ("answered", treated[2]),
    ):
        tokens[name] = check_ins.new_link(check_ins.schedule(session)[-1]).rsplit("/", 1)[-1]
    answers = Answers(how="something", what=("lump",), since="days", bad="mild", course="same")
    check_ins.answer(tokens["answered"], answers)
    return tokens


def _contacted(recall, patient, director):
    recalls.log_contact(recall, patient, how="phone", reached=False, by=director, note="no answer")


def _investigation(place, director):
    draft = investigations.InvestigationDraft(
        title="Nodules after one vial",
        outcome="infection",
        where=({"axis": "vial", "value": "D-2"},),
        decision="noticed by a person",
        rationale="two people with the same vial",
        owner=director,
        due_on=timezone.localdate() + timedelta(days=5),
    )
    made = investigations.open_investigation(draft, place.clinic, director)
    kept = replace(outbreak_desk.fields_of(made), terms=ILL, onset_from="0", onset_to="")
    outbreak_desk.save_definition(made, made.version, kept, director)
    return made


def _cookie(user):
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser.cookies["sessionid"].value


if __name__ == "__main__":
    main()
