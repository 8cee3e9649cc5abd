"""A small record of two clinics that use the same keys, with everything in it that a table has to tell apart."""

from datetime import UTC, date, datetime, timedelta

import pytest

from untoward.registry.models import (
    Clinic,
    Component,
    Lot,
    Observation,
    Patient,
    Point,
    Practitioner,
    Product,
    Reaction,
    Session,
    Vial,
)
from untoward.registry.writing import Change, write, write_all

FIRST_DAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def keep(*things):
    write_all([Change(thing=thing) for thing in things], by=None)
    return things


def inject(clinic, patient, practitioner, at, components, **more):
    """One session with components given as (product, lot, vial, mix, volume_ml)."""
    session = Session(
        clinic=clinic, patient=patient, practitioner=practitioner, at=at, technique="mesotherapy", **more
    )
    parts = [
        Component(product=product, lot=lot, vial=vial, mix=mix, volume_ml=volume)
        for product, lot, vial, mix, volume in components
    ]
    points = [] if session.sites else [Point(view="face-front", zone="cheek-left")]
    write(session, by=None, parts={"components": parts, "points": points})
    return session


def problem(session, term, days, **more):
    """A reaction so many days after the session, told the day after its onset."""
    begun = session.at + timedelta(days=days)
    reaction = Reaction(
        clinic=session.clinic,
        patient=session.patient,
        session=session,
        term=term,
        reported_at=begun + timedelta(days=1),
        **{"onset_at": begun, **more},
    )
    write(reaction, by=None)
    return reaction


def seen(reaction, days, text="", **findings):
    at = reaction.session.at + timedelta(days=days)
    observation = Observation(
        reaction=reaction,
        at=at,
        text=text,
        findings={name.replace("_", " "): value for name, value in findings.items()},
    )
    write(observation, by=None)
    return observation


@pytest.fixture
def clinics(db):
    return keep(
        Clinic(name="North, Calle Mayor 1", city="León", region="Castilla", time_zone="Europe/Madrid"),
        Clinic(name="South", time_zone="America/Lima"),
    )


@pytest.fixture
def stock(clinics):
    lipo = Product(
        name="Lipo",
        compounds=[
            {"compound": "deoxycholic-acid", "percent": 1},
            {"compound": "phosphatidylcholine", "percent": 5},
        ],
    )
    procaine = Product(name="Procaine 2 %", compounds=[{"compound": "procaine", "percent": 2}])
    saline = Product(name="Saline", compounds=[{"compound": "sodium chloride", "percent": 0.9}], diluent=True)
    secret = Product(name="Secret serum")
    keep(lipo, procaine, saline, secret)
    lots = keep(
        Lot(product=lipo, number="L-1", expires=date(2027, 1, 1), supplier="Wholesale; South"),
        Lot(product=procaine, number="P=9"),
        Lot(product=saline, number="S-3"),
    )
    vials = keep(
        *(Vial(clinic=clinic, lot=lot, label="V1") for clinic, lot in zip(clinics, lots[:2], strict=True))
    )
    return {"products": (lipo, procaine, saline, secret), "lots": lots, "vials": vials}


@pytest.fixture
def record(clinics, stock):
    """Four sessions, four reactions: each odd in its own way."""
    north, south = clinics
    lipo, procaine, saline, secret = stock["products"]
    lots, vials = stock["lots"], stock["vials"]
    ana, eva = keep(
        Patient(
            clinic=north,
            key="A1",
            name="Ana Ruiz",
            birth_year=1980,
            sex="F",
            weight_kg=61.5,
            pregnant=False,
            allergies=["latex", "penicillin"],
            history=[],
        ),
        Patient(clinic=south, key="B2", name="Eva Sol"),
    )
    injectors = keep(*(Practitioner(clinic=clinic, key="D1", name="Dr One") for clinic in clinics))
    mixed = [
        (lipo, lots[0], vials[0], "A", 2.0),
        (saline, lots[2], None, "A", 1.0),
        (secret, None, None, "B", 0.5),
    ]
    first = inject(
        north, ana, injectors[0], FIRST_DAY, mixed, sites=["abdomen", "thigh"], room="Room 2", device="gun"
    )
    again = inject(
        north, ana, injectors[0], FIRST_DAY + timedelta(days=30), [(procaine, lots[1], None, "A", 1.0)]
    )
    away = inject(
        south, eva, injectors[1], FIRST_DAY + timedelta(days=3), [(procaine, lots[1], vials[1], "A", 1.0)]
    )
    midnight = datetime(2026, 4, 10, 5, 0, tzinfo=UTC)
    undated = inject(south, eva, injectors[1], midnight, [], sites=["scalp"])
    nodule = problem(
        first,
        "nodule",
        20,
        outbreak="Spring 2026",
        outcome="recovered",
        resolved_at=FIRST_DAY + timedelta(days=80),
    )
    seen(
        nodule,
        21,
        'two lumps, one said "hard"\nno fever',
        nodule={"size_cm": 2, "count": 2},
        fever=False,
        glowing=True,
    )
    seen(nodule, 60, "", nodule=False, fever=True)
    early = problem(again, "swelling", -0.1)
    seen(early, 1, "swollen", swelling={"severity": "mild"}, temperature=38.5)
    problem(away, "never heard of", 2)
    problem(undated, "", 1, onset_at=None)
    return {"sessions": (first, again, away, undated), "reactions": (nodule, early)}
