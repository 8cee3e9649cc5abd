"""A clinic ready to record: people, three products with a lot and an open vial each, one recipe."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from untoward.registry.models import (
    Clinic,
    Consent,
    ConsentText,
    Credential,
    Ingredient,
    Lot,
    Membership,
    Practitioner,
    Product,
    Recipe,
    User,
    Vial,
)
from untoward.registry.writing import write
from untoward.tasks.record.drafts import ComponentDraft, PointDraft, SessionDraft
from untoward.tasks.record.patients import PatientDraft, save_patient
from untoward.tasks.record.sessions import new_token

GTIN = "07032069804988"
PRODUCTS = (
    ("Hyalin 1 %", [{"compound": "hyaluronic-acid", "percent": 1}], GTIN),
    ("Lidocaine 2 %", [{"compound": "lidocaine", "percent": 2}], ""),
    ("Saline", [{"compound": "sodium-chloride", "percent": 0.9}], ""),
)


def _clinic(name):
    made = Clinic(name=name, country="ES", time_zone="Europe/Madrid", check_in_days=[1, 7])
    write(made, by=None)
    return made


def _user(clinic, email, role):
    user = User.objects.create_user(email, "a long enough one", name=email.partition("@")[0])
    write(Membership(user=user, clinic=clinic, role=role), by=None)
    return user


def made_place():
    """Everything of one clinic, by name."""
    clinic = _clinic("North")
    nurse = _user(clinic, "nurse@example.org", "injector")
    person = Practitioner(clinic=clinic, key="D1", name="Ana Ruiz", user=nurse)
    licence = Credential(kind="licence", number="1", expires=date(2090, 1, 1), allows=["mesotherapy"])
    write(person, by=None, parts={"credentials": [licence]})
    products, lots, vials = [], [], []
    for number, (name, compounds, gtin) in enumerate(PRODUCTS, 1):
        product = Product(name=name, compounds=compounds, gtin=gtin, in_use_hours=24)
        write(product, by=None)
        lot = Lot(product=product, number=f"L{number}", expires=date(2090, 1, 1))
        write(lot, by=None)
        opened = timezone.now() - timedelta(hours=2)
        vial = Vial(clinic=clinic, lot=lot, label=f"V10{number}", opened_at=opened, opened_by=nurse)
        write(vial, by=None)
        products.append(product)
        lots.append(lot)
        vials.append(vial)
    recipe = Recipe(clinic=clinic, name="Glow")
    parts = [Ingredient(product=one, volume_ml=2, order=n) for n, one in enumerate(products)]
    write(recipe, by=None, parts={"ingredients": parts})
    known = {"allergies": (), "history": (), "medicines": (), "pregnant": False}
    patient = save_patient(
        PatientDraft(name="Lucía Vega", birth_year=1980, sex="female", weight_kg=60, **known),
        clinic=clinic,
        by=nurse,
    )
    text = ConsentText(name="Mesotherapy", edition="1", language="en", body="What it is.")
    write(text, by=None)
    consent = Consent(
        patient=patient,
        text=text,
        given_at=timezone.now() - timedelta(days=1),
        signed_name="LV",
        taken_by=nurse,
    )
    write(consent, by=nurse)
    return SimpleNamespace(
        clinic=clinic, nurse=nurse, person=person, products=products, lots=lots, vials=vials, recipe=recipe,
        patient=patient, consent=consent,
    )  # fmt: skip


@pytest.fixture
def place(db):
    """A clinic ready to record."""
    return made_place()


@pytest.fixture
def elsewhere(db):
    """Another clinic, with a vial, a patient and a practitioner of its own."""
    clinic = _clinic("South")
    nurse = _user(clinic, "south@example.org", "injector")
    person = Practitioner(clinic=clinic, key="D1", name="Eva Sol")
    write(person, by=None)
    product = Product(name="Other", compounds=[])
    write(product, by=None)
    lot = Lot(product=product, number="S1")
    write(lot, by=None)
    vial = Vial(clinic=clinic, lot=lot, label="S-1")
    write(vial, by=None)
    patient = save_patient(PatientDraft(name="Someone Else"), clinic=clinic, by=nurse)
    return SimpleNamespace(clinic=clinic, nurse=nurse, person=person, vial=vial, patient=patient)


@pytest.fixture
def draft(place):
    """A session that nothing speaks against."""
    return made_draft(place)


def made_draft(place):
    """One vial, two points, a consent, nothing to object to."""
    return SessionDraft(
        clinic=place.clinic,
        patient=place.patient,
        practitioner=place.person,
        at=timezone.now() - timedelta(minutes=10),
        technique="mesotherapy",
        components=(
            ComponentDraft(product=place.products[0], lot=place.lots[0], vial=place.vials[0], volume_ml=0.2),
        ),
        points=(
            PointDraft(view="face-front", zone="cheek-left", volume_ml=0.1),
            PointDraft(view="face-front", x=0.5, y=0.4, volume_ml=0.1),
        ),
        sites=("face",),
        asepsis={"hand_hygiene": True},
        consent=place.consent,
        token=new_token(),
    )
