"""Invented people, texts and pictures for tests of patients, consent, photos and passports."""

import io
from datetime import UTC, date, datetime

from PIL import Image

from untoward.registry.models import (
    Clinic,
    Component,
    Lot,
    Membership,
    Point,
    Practitioner,
    Product,
    Reaction,
    Session,
    User,
    Vial,
)
from untoward.registry.roles import Role
from untoward.registry.writing import write
from untoward.tasks.record.consents import ConsentDraft, TextDraft, give, save_text
from untoward.tasks.record.patients import PatientDraft, save_patient

AT = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


def clinic(name="North", **fields):
    made = Clinic(
        name=name, **{"country": "ES", "phone": "+34 900 000 001", "time_zone": "Europe/Madrid", **fields}
    )
    write(made, by=None)
    return made


def somebody(at, role=Role.INJECTOR, name=""):
    user = User.objects.create_user(
        f"{role}-{User.objects.count()}@example.org", "a long enough one", name=name or f"{role} {at}"
    )
    write(Membership(user=user, clinic=at, role=role), by=None)
    return user


def patient(at, by, **fields):
    return save_patient(
        PatientDraft(**{"name": "Lucía Ortega", "language": "es", **fields}), clinic=at, by=by
    )


def text(by, edition="2026-1", language="es", body="Me van a inyectar."):
    draft = TextDraft(name="Injections", edition=edition, language=language, body=body)
    return save_text(draft, clinic=by.memberships.get().clinic, by=by)


def consent(person, by, of=None, purposes=("care",)):
    of = of or text(by)
    draft = ConsentDraft(
        patient=person,
        text=of,
        text_version=of.version,
        signed_name="Lucía Ortega",
        discussed=("harms",),
        photo_purposes=purposes,
    )
    return give(draft, by=by)


def session(person, by, at=AT, **fields):
    """A session with a known substance from a vial, and something of which nothing is known."""
    practitioner = Practitioner.objects.filter(clinic=person.clinic).first()
    if practitioner is None:
        practitioner = Practitioner(clinic=person.clinic, key="D1", name="Ana Ruiz")
        known = Product(
            name=f"Lipo A {person.clinic}", compounds=[{"compound": "deoxycholic-acid", "percent": 1}]
        )
        unknown = Product(name=f"Secret mix {person.clinic}")
        for thing in (practitioner, known, unknown):
            write(thing, by=by)
        lot = Lot(product=known, number="T-101", expires=date(2027, 3, 31))
        write(lot, by=by)
        write(Vial(clinic=person.clinic, lot=lot, label="V7"), by=by)
    vial = Vial.objects.get(clinic=person.clinic)
    made = Session(
        clinic=person.clinic,
        patient=person,
        practitioner=practitioner,
        at=at,
        technique="injection lipolysis",
        **fields,
    )
    parts = [
        Component(
            product=vial.lot.product, lot=vial.lot, vial=vial, volume_ml=2, amount=20, unit="mg", mix="A"
        ),
        Component(product=Product.objects.get(name=f"Secret mix {person.clinic}"), volume_ml=1, mix="B"),
    ]
    points = [
        Point(view="face-front", zone="under-chin", mix="A"),
        Point(view="face-front", zone="chin", mix="B"),
    ]
    write(made, by=by, parts={"components": parts, "points": points})
    return made


def reaction(of, by, **fields):
    made = Reaction(
        clinic=of.clinic,
        patient=of.patient,
        session=of,
        **{"term": "swelling", "reported_at": of.at, **fields},
    )
    write(made, by=by)
    return made


def picture(size=(60, 40), kind="JPEG", colour=(200, 30, 30), mode="RGB", **saved):
    drawn = io.BytesIO()
    Image.new(mode, size, colour).save(drawn, kind, **saved)
    return drawn.getvalue()
