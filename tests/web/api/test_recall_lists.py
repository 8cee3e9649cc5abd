"""Lists of exposed and recalled people: read a part at a time, in the right order; open recalls come before closed ones."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.registry.tables.conftest import inject, keep
from tests.web.api.conftest import BASE

from untoward.registry.models import Patient, Recall
from untoward.registry.roles import Role
from untoward.tasks.record import exposed, recalls

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(here):
    """Four more people got something of the opened vial."""
    for number in range(4):
        (patient,) = keep(Patient(clinic=here.clinic, key=f"K{number}", name=f"Eva {number}"))
        at = timezone.now() - timedelta(minutes=9 - number)
        given = [(here.product, here.lot, here.opened, "A", 0.1)]
        inject(here.clinic, patient, here.practitioner, at, given)
    return here


@pytest.fixture
def asked_for(monkeypatch):
    """How many people were built at each reading."""
    built, whole = [], exposed.exposed_to

    def counted(**given):
        found = whole(**given)
        built.append(len(found))
        return found

    monkeypatch.setattr(exposed, "exposed_to", counted)
    return built


def parts_of(browser, where):
    found, offset = [], 0
    while offset is not None:
        page = browser.get(where, {"limit": 2, "offset": offset}).json()
        found, offset = found + page["items"], page["next"]
        assert page["total"] >= len(found)
    return found


@pytest.mark.parametrize("what", ["lots", "vials", "recalls"])
def test_only_the_part_that_is_given_is_built(north, five, asked_for, what):
    thing = {"lots": five.lot, "vials": five.opened, "recalls": five.recall}[what]
    listed = parts_of(north.client_of(Role.DIRECTOR), f"{BASE}/{what}/{thing.uid}/exposed")
    whole = recalls.exposed_to(vial=five.opened, clinics=[five.clinic])
    assert [one["patient"] for one in listed] == [str(one.patient.uid) for one in whole]
    assert len(listed) == 5
    assert asked_for == [2, 2, 1]


def test_letters_are_for_those_not_reached_unless_everybody_is_asked_for(north, five, asked_for):
    director, at = north.client_of(Role.DIRECTOR), f"{BASE}/recalls/{five.recall.uid}"
    call = {"patient": str(five.patient.uid), "how": "phone", "reached": True}
    assert (
        director.post(f"{at}/contacts", json.dumps(call), content_type="application/json").status_code == 201
    )
    asked_for.clear()
    letters = parts_of(director, f"{at}/letters")
    assert len(letters) == 4
    assert str(five.patient.uid) not in {one["patient"] for one in letters}
    assert asked_for == [2, 2]
    assert director.get(f"{at}/letters", {"everybody": "true"}).json()["total"] == 5
    progress = director.get(at).json()
    assert (progress["exposed"], progress["reached"], progress["waiting"]) == (5, 1, 4)


def test_open_recalls_come_first_then_those_closed_last(here):
    def recall(hours, closed=None):
        made = Recall(
            lot=here.lot,
            reason="r",
            begun_by=here.user,
            begun_at=now - timedelta(hours=hours),
            closed_at=now - timedelta(hours=closed) if closed else None,
        )
        return keep(made)[0]

    now = timezone.now()
    early, late, open_one = recall(9, closed=5), recall(8, closed=1), recall(30)
    assert list(recalls.recalls_seen_by(here.clinic)) == [here.recall, open_one, late, early]
