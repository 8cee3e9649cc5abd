"""The settings of a clinic."""

import pytest

from untoward.registry.models import Clinic, Entry
from untoward.registry.roles import Action, Role, may
from untoward.registry.writing import write

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "North", "city": "Vigo", "region": "", "country": "es", "time_zone": "Europe/Madrid", "language": "es",
    "phone": "+34 900 000 000", "check_in_days": "7, 1; 3 3", "answer_within_hours": "12",
    "own_page_days": "90", "reason": "moved", "version": "1",
}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_who_may_change_settings(north, role):
    allowed = may(role, Action.KEEP_SETTINGS)
    assert north.client_of(role).get("/settings").status_code == (200 if allowed else 403)
    assert north.client_of(role).post("/settings", FILLED).status_code == (302 if allowed else 403)


def test_settings_are_kept_with_their_reason(north):
    north.client_of(Role.ADMINISTRATOR).post("/settings", FILLED)
    clinic = Clinic.objects.get(pk=north.clinic.pk)
    assert (clinic.check_in_days, clinic.answer_within_hours, clinic.country) == ([1, 3, 7], 12, "ES")
    assert Entry.objects.filter(model="Clinic").last().reason == "moved"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", " "), ("country", "Spain"), ("time_zone", "Mars"), ("language", "xx"), ("check_in_days", "soon"),
        ("own_page_days", ""), ("own_page_days", "0"), ("own_page_days", "800"),
        ("check_in_days", "0"), ("check_in_days", "400"), ("answer_within_hours", ""), ("answer_within_hours", "1000"),
        ("reason", ""),
    ],
)  # fmt: skip
def test_a_fault_is_named_and_nothing_typed_is_lost(north, field, text):
    answer = north.client_of(Role.DIRECTOR).post("/settings", {**FILLED, field: text})
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert "+34 900 000 000" in answer.content.decode()
    assert Clinic.objects.get(pk=north.clinic.pk).version == 1


def test_theirs_beside_mine_when_somebody_was_quicker(north):
    theirs = Clinic.objects.get(pk=north.clinic.pk)
    theirs.city = "Lugo"
    write(theirs, by=None, reason="moved")
    client = north.client_of(Role.DIRECTOR)
    answer = client.post("/settings", FILLED)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert ">Lugo</td>" in page
    assert ">Vigo</td>" in page
    assert client.post("/settings", {**FILLED, "version": "2"}).status_code == 302


@pytest.mark.parametrize(("tick", "weeks"), [({}, False), ({"dates_to_the_week": "yes"}, True)])
def test_days_of_the_own_page_and_weeks_for_days_are_kept_and_shown(north, tick, weeks):
    client = north.client_of(Role.DIRECTOR)
    client.post("/settings", {**FILLED, **tick})
    clinic = Clinic.objects.get(pk=north.clinic.pk)
    assert (clinic.own_page_days, clinic.dates_to_the_week) == (90, weeks)
    page = client.get("/settings").content.decode()
    assert ("checked" in page) is weeks
    assert 'href="/consent-texts"' in page


def test_only_ones_own_clinic_is_changed(north, south):
    south.client_of(Role.DIRECTOR).post("/settings", {**FILLED, "name": "South"})
    assert Clinic.objects.get(pk=north.clinic.pk).version == 1
