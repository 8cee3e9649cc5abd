"""A clinic with a bad vial: of eight persons, four had it; three of them fell ill, one was never heard of again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.registry.tables.conftest import FIRST_DAY, inject, keep, problem, seen

from untoward.registry.models import (
    CheckIn,
    Clinic,
    Lot,
    Membership,
    Patient,
    Practitioner,
    Product,
    User,
    Vial,
)
from untoward.registry.roles import Role
from untoward.registry.writing import write


@pytest.fixture
def home(settings, tmp_path):
    settings.UNTOWARD = replace(settings.UNTOWARD, home=tmp_path)
    return tmp_path


@pytest.fixture
def north(db, home):
    north, south = keep(Clinic(name="North"), Clinic(name="South"))
    lipo = keep(Product(name="Lipo", compounds=[{"compound": "deoxycholic-acid", "percent": 1}]))[0]
    bad, good = keep(Lot(product=lipo, number="BAD"), Lot(product=lipo, number="GOOD"))
    vials = keep(Vial(clinic=north, lot=bad, label="VB"), Vial(clinic=north, lot=good, label="VG"))
    hand = keep(Practitioner(clinic=north, key="D1", name="Dr One"))[0]
    sessions = []
    for number in range(8):
        patient = keep(
            Patient(clinic=north, key=f"K{number}", name=f"Name {number}", birth_year=1980 + number, sex="F")
        )[0]
        lot, vial = (bad, vials[0]) if number < 4 else (good, vials[1])
        sessions.append(
            inject(
                north, patient, hand, FIRST_DAY + timedelta(days=number), [(lipo, lot, vial, "A", 1.0)],
                sites=["thigh"], room="Room 2" if number < 4 else "",
            )
        )  # fmt: skip
    for session in sessions[:3]:
        reaction = problem(session, "nodule", 21)
        seen(reaction, 22, nodule={"count": 3})
    answered = CheckIn(
        session=sessions[4],
        day=14,
        due_at=sessions[4].at + timedelta(days=14),
        answered_at=sessions[4].at + timedelta(days=15),
    )
    write(answered, by=None)
    keep(Vial(clinic=south, lot=bad, label="VS"))
    return north


@pytest.fixture
def director(north):
    user = User.objects.create_user("director@example.org", "a long enough one")
    write(Membership(user=user, clinic=north, role=Role.DIRECTOR), by=None)
    return user
