"""Two clinics that had vials of one lot, and a third lot that nobody got."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from untoward.registry.models import (
    Clinic,
    Component,
    Lot,
    Membership,
    Patient,
    Practitioner,
    Product,
    Reaction,
    Session,
    User,
    Vial,
)
from untoward.registry.writing import write


class Store:
    """A clinic with a director, two vials of the shared lot, and a way to treat people from them."""

    def __init__(self, name, product, lot, *, phone="+34 971 000 000"):
        self.clinic = Clinic(name=name, country="ES", time_zone="Europe/Madrid", phone=phone)
        write(self.clinic, by=None)
        self.product, self.lot, self.people = product, lot, 0
        self.director = self.user("director")
        self.ana = Practitioner(clinic=self.clinic, key=f"{name}-D1", name="Ana Ruiz")
        write(self.ana, by=None)
        self.vials = [self.vial(f"V{number}") for number in (1, 2)]

    def user(self, role):
        made = User.objects.create_user(
            f"{role}@{self.clinic.uid}.example", "a long enough one", name=f"{role} {self.clinic.name}"
        )
        write(Membership(user=made, clinic=self.clinic, role=role), by=None)
        return made

    def vial(self, label, *, lot=None, hours=1.0):
        made = Vial(clinic=self.clinic, lot=lot or self.lot, label=label)
        made.opened_at, made.opened_by = timezone.now() - timedelta(hours=hours), self.director
        write(made, by=self.director)
        return made

    def patient(self, **known):
        self.people += 1
        known.setdefault("name", f"Person {self.people} {self.clinic.name}")
        made = Patient(clinic=self.clinic, key=f"{self.clinic.name}-P{self.people}", **known)
        write(made, by=self.director)
        return made

    def session(self, *vials, patient=None, days_ago=3.0):
        parts = [Component(product=one.lot.product, lot=one.lot, vial=one, volume_ml=2) for one in vials]
        made = Session(
            clinic=self.clinic,
            patient=patient or self.patient(),
            practitioner=self.ana,
            at=timezone.now() - timedelta(days=days_ago),
            technique="mesotherapy",
        )
        write(made, by=self.director, parts={"components": parts})
        return made

    def reaction(self, session, term="nodule"):
        made = Reaction(
            clinic=self.clinic,
            patient=session.patient,
            session=session,
            term=term,
            said="a lump",
            reported_at=timezone.now(),
        )
        write(made, by=self.director)
        return made


@pytest.fixture
def product(db):
    made = Product(
        name="Lipodissolve",
        gtin="07032069804988",
        in_use_hours=24,
        compounds=[{"compound": "deoxycholic-acid", "percent": 1}],
    )
    write(made, by=None)
    return made


@pytest.fixture
def lot(product):
    made = Lot(product=product, number="AB12", expires=date(2090, 1, 1), supplier="Delivered & Co")
    write(made, by=None)
    return made


@pytest.fixture
def north_store(product, lot):
    return Store("North", product, lot)


@pytest.fixture
def south_store(product, lot, north_store):
    return Store("South", product, lot)
