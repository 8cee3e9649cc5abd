"""One clinic where two people had the same vial."""

from datetime import timedelta

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
    Session,
    User,
    Vial,
)
from untoward.registry.writing import Change, write, write_all


class Ward:
    """A clinic with a nurse, a product, a lot and a vial; `session` treats a new person from them."""

    def __init__(self, name="North"):
        self.clinic = Clinic(name=name, country="ES", time_zone="Europe/Madrid")
        write(self.clinic, by=None)
        self.nurse = self.user("injector")
        self.ana = Practitioner(clinic=self.clinic, key=f"{name}-D1", name="Ana Ruiz")
        self.product = Product.objects.filter(name="Lipodissolve").first() or Product(
            name="Lipodissolve", compounds=[{"compound": "deoxycholic-acid", "percent": 1}]
        )
        self.lot = Lot(product=self.product, number=f"{name}-L7")
        self.vial = Vial(clinic=self.clinic, lot=self.lot, label=f"{name}-V7", opened_at=timezone.now())
        new = [one for one in (self.ana, self.product, self.lot, self.vial) if one.version == 0]
        write_all([Change(thing=one) for one in new], by=self.nurse)
        self.people = 0

    def user(self, role):
        made = User.objects.create_user(f"{role}@{self.clinic.uid}.example", "a long enough one", name=role)
        write(Membership(user=made, clinic=self.clinic, role=role), by=None)
        return made

    def patient(self, **known):
        self.people += 1
        made = Patient(
            clinic=self.clinic,
            key=f"{self.clinic.name}-P{self.people}",
            name=f"Person {self.people}",
            **known,
        )
        write(made, by=self.nurse)
        return made

    def session(self, *, days_ago=3.0, patient=None, vial=True, sites=("thigh",), products=(), **more):
        parts = [
            Component(
                product=self.product,
                lot=self.lot if vial else None,
                vial=self.vial if vial else None,
                volume_ml=2,
                mix="A",
            ),
            *(Component(product=product, volume_ml=1, mix="A") for product in products),
        ]
        made = Session(
            clinic=self.clinic,
            patient=patient or self.patient(),
            practitioner=self.ana,
            at=timezone.now() - timedelta(days=days_ago),
            technique="injection lipolysis",
            sites=list(sites),
            **more,
        )
        write(made, by=self.nurse, parts={"components": parts})
        return made


@pytest.fixture
def ward(db):
    return Ward()


@pytest.fixture
def another_ward(db, ward):
    return Ward("South")
