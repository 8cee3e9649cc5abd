"""A clinic in Madrid, its people, and a session whose patient can be asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from untoward.registry.models import (
    Clinic,
    Component,
    Membership,
    Patient,
    Point,
    Practitioner,
    Product,
    Session,
    User,
)
from untoward.registry.writing import Change, write, write_all


@pytest.fixture
def clinic(db):
    made = Clinic(
        name="Clínica Norte", country="ES", time_zone="Europe/Madrid", language="es", phone="+34 910 000 000",
        answer_within_hours=24,
    )  # fmt: skip
    write(made, by=None)
    return made


@pytest.fixture
def director(clinic):
    made = User.objects.create_user("director@example.org", "a long enough one")
    write(Membership(user=made, clinic=clinic, role="director"), by=None)
    return made


@pytest.fixture
def patient(clinic):
    made = Patient(
        clinic=clinic,
        key="patient-0417",
        name="Ana Ruiz",
        contact="ana@example.org",
        language="es",
        birth_year=1980,
    )
    write(made, by=None)
    return made


@pytest.fixture
def make_session(clinic, patient):
    person = Practitioner(clinic=clinic, key="D1", name="Eva Gil")
    product = Product(name="Lipo", compounds=[{"compound": "deoxycholic-acid", "percent": 1}])
    write_all([Change(thing=person), Change(thing=product)], by=None)

    def make(at=None, **given):
        made = Session(
            clinic=clinic, patient=patient, practitioner=person, at=at or timezone.now() - timedelta(days=1),
            technique="lipolysis", sites=["chin"], **given,
        )  # fmt: skip
        parts = {
            "components": [Component(product=product, volume_ml=2)],
            "points": [Point(view="face-front", zone="chin")],
        }
        write(made, by=None, parts=parts)
        return made

    return make


@pytest.fixture
def session(make_session):
    return make_session()
