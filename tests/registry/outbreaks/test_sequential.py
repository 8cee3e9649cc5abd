"""The sequential watch of a record: one look a day in the ledger, and nothing kept before there is a baseline."""

from datetime import timedelta
from math import log10

import pytest
from tests.registry.tables.conftest import FIRST_DAY, inject, keep, problem

from untoward.registry.models import Clinic, Lot, Patient, Practitioner, Product, Reaction, Vial
from untoward.registry.writing import write
from untoward.tasks.record import watching_record
from untoward.tasks.record.tables import registry_tables
from untoward.tasks.record.watch_sequential import sequential_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(db, settings):
    """Ninety days with four sessions each, then a vial after which six persons fall ill."""
    clinic = keep(Clinic(name="Busy", time_zone="UTC"))[0]
    lipo = keep(Product(name="Lipo", compounds=[{"compound": "deoxycholic-acid", "percent": 1}]))[0]
    lot = keep(Lot(product=lipo, number="L1"))[0]
    calm, bad = keep(Vial(clinic=clinic, lot=lot, label="CALM"), Vial(clinic=clinic, lot=lot, label="BAD"))
    hand = keep(Practitioner(clinic=clinic, key="D1", name="Dr One"))[0]
    for number in range(200):
        patient = keep(Patient(clinic=clinic, key=f"K{number}"))[0]
        vial = bad if number >= 190 else calm
        at = FIRST_DAY + timedelta(days=number)
        session = inject(clinic, patient, hand, at, [(lipo, lot, vial, "A", 1.0)], sites=["thigh"])
        if number >= 194:
            problem(session, "nodule", 14)
    return clinic


def test_a_vial_crosses_the_line_with_what_was_known_then(busy, tmp_path):
    registry = registry_tables([busy])
    ledger = tmp_path / "looks.jsonl"
    now = (FIRST_DAY + timedelta(days=260)).replace(tzinfo=None)
    found = sequential_of(registry, now, ledger)
    first = found["states"][0]
    assert (first["outcome"], first["value"], first["cases"], first["lit"]) == ("infection", "BAD", 6, True)
    assert first["crossed"]["cases"] <= first["cases"]
    assert first["needed"] == pytest.approx(
        first["log10_e"] + log10(first["level"] / found["alpha"]), abs=0.01
    )
    assert found["looks"] == 1
    assert sequential_of(registry, now + timedelta(hours=1), ledger)["looks"] == 1, "one look a day"
    assert sequential_of(registry, now + timedelta(days=1), ledger)["looks"] == 2


def test_a_ledger_that_was_tampered_with_is_said_and_not_continued(busy, tmp_path):
    registry, ledger = registry_tables([busy]), tmp_path / "looks.jsonl"
    now = (FIRST_DAY + timedelta(days=260)).replace(tzinfo=None)
    sequential_of(registry, now, ledger)
    changed = ledger.read_text().replace('"alpha":0.05', '"alpha":0.50')
    ledger.write_text(changed)
    found = sequential_of(registry, now + timedelta(days=2), ledger)
    assert found["note"]
    assert ledger.read_text() == changed


def test_a_young_record_keeps_nothing_yet(north):
    watching_record.refresh([north])
    found = watching_record.latest(str(north.uid)).summary["sequential"]
    assert found["looks"] == 0
    assert not list((watching_record.settings_now().home / "watch").rglob("*.jsonl"))


def test_reactions_that_left_their_course_are_an_outcome(north):
    reaction = Reaction.objects.order_by("pk").first()
    reaction.course = "beyond"
    write(reaction, by=None, reason="assessed again")
    watching_record.refresh([north])
    look = watching_record.latest(str(north.uid))
    outcome = next(one for one in look.summary["outcomes"] if one["name"] == "left its expected course")
    assert outcome["cases"] == 1
    mine = look.lines.cases.filter(look.lines.cases["outcome"] == "left its expected course")
    assert mine["patient"].to_list() == ["K0"]
