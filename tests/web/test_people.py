"""Practitioners, credentials, users: by whom, with what faults, and never at another clinic."""

from datetime import date, timedelta

import pytest
from django.core import mail

from untoward.registry.models import Credential, Membership, Practitioner
from untoward.registry.roles import Action, Role, may
from untoward.registry.writing import write
from untoward.tasks.record.credential_numbers import npi_check_digit, shape_fault

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "Dr Vega", "key": "D1", "active": "on", "version": "0", "c0_kind": "npi", "c0_number": "1234567893",
    "c0_issuer": "NPPES", "c0_expires": "2031-01-31", "c0_allows": ["mesotherapy", "filler"],
    "c0_checked_on": "2026-01-02", "c0_checked_how": "looked up",
}  # fmt: skip


@pytest.fixture
def person(north):
    made = Practitioner(clinic=north.clinic, key="D9", name="Dr Old")
    write(made, by=None, parts={"credentials": [Credential(kind="gmc", number="7000001", allows=["filler"])]})
    return made


@pytest.mark.parametrize("role", list(Role))
def test_who_may_keep_people(north, role):
    status = north.client_of(role).get("/people").status_code
    assert status == (200 if may(role, Action.KEEP_PEOPLE) else 403)


def test_a_practitioner_with_a_credential_is_kept(north):
    answer = north.client_of(Role.DIRECTOR).post("/people/practitioner/new", FILLED)
    assert answer.status_code == 302
    held = Credential.objects.get(practitioner__key="D1")
    assert (held.number, held.expires, held.allows) == (
        "1234567893",
        date(2031, 1, 31),
        ["mesotherapy", "filler"],
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"key": ""}, "key"),
        ({"key": "D9"}, "key"),
        ({"c0_number": "1234567890"}, "c0_number"),
        ({"c0_kind": "gmc", "c0_number": "12345"}, "c0_number"),
        ({"c0_kind": ""}, "c0_kind"),
        ({"c0_checked_how": ""}, "c0_checked_how"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_lost(north, person, changed, field):
    answer = north.client_of(Role.DIRECTOR).post("/people/practitioner/new", {**FILLED, **changed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}"' in page
    assert 'value="NPPES"' in page
    assert not Practitioner.objects.filter(name="Dr Vega").exists()


def test_a_correction_needs_a_reason_and_shows_theirs_when_somebody_was_quicker(north, person):
    client, path = north.client_of(Role.DIRECTOR), f"/people/practitioner/{person.uid}"
    mine = {**FILLED, "key": "D9", "version": "1"}
    assert client.post(path, mine).status_code == 422
    theirs = Practitioner.objects.get(pk=person.pk)
    theirs.name = "Dr Quick"
    write(theirs, by=None, reason="name")
    answer = client.post(path, {**mine, "reason": "new name"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Dr Quick" in page
    assert 'value="Dr Vega"' in page
    assert 'name="version" value="2"' in page
    assert client.post(path, {**mine, "version": "2", "reason": "new name"}).status_code == 302
    assert Practitioner.objects.get(pk=person.pk).name == "Dr Vega"


def test_an_emptied_credential_is_gone_and_kept_in_the_trail(north, person):
    client, path = north.client_of(Role.DIRECTOR), f"/people/practitioner/{person.uid}"
    posted = {"name": "Dr Old", "key": "D9", "version": "1", "reason": "left", "c0_kind": "", "c0_number": ""}
    assert client.post(path, posted).status_code == 302
    assert not Credential.objects.exists()


def test_another_clinics_people_are_not_found(north, south, person):
    client = south.client_of(Role.DIRECTOR)
    assert client.get(f"/people/practitioner/{person.uid}").status_code == 404
    member = Membership.objects.get(clinic=north.clinic, role=Role.INJECTOR)
    assert (
        client.post(f"/people/member/{member.uid}", {"act": "end", "reason": "x", "version": 1}).status_code
        == 404
    )
    assert "Dr Old" not in client.get("/people").content.decode()


def test_what_expires_is_listed(north, person):
    write(
        person, by=None, reason="renewed",
        parts={"credentials": [Credential(kind="gmc", number="7000001", expires=date.today() + timedelta(days=10))]},
    )  # fmt: skip
    assert "Credentials about to expire" in north.client_of(Role.DIRECTOR).get("/people").content.decode()


class TestUsers:
    def _member(self, north, role):
        return Membership.objects.get(clinic=north.clinic, role=role, ended_at=None)

    def test_ending_a_role_ends_what_one_may_do_at_once(self, north):
        nurse = north.client_of(Role.INJECTOR)
        member = self._member(north, Role.INJECTOR)
        assert nurse.get("/patients").status_code != 403
        north.client_of(Role.DIRECTOR).post(
            f"/people/member/{member.uid}", {"act": "end", "reason": "left", "version": 1}
        )
        assert nurse.get("/patients").status_code == 403

    def test_a_change_of_role_keeps_the_one_before(self, north):
        member = self._member(north, Role.INJECTOR)
        posted = {"act": "role", "role": "officer", "version": 1}
        north.client_of(Role.DIRECTOR).post(f"/people/member/{member.uid}", posted)
        found = Membership.objects.filter(clinic=north.clinic, user=member.user).order_by("pk")
        assert [(one.role, one.ended_at is None) for one in found] == [("injector", False), ("officer", True)]

    def test_nobody_changes_or_ends_their_own_role(self, north):
        member = self._member(north, Role.DIRECTOR)
        client = north.client_of(Role.DIRECTOR)
        for posted in ({"act": "role", "role": "injector"}, {"act": "end", "reason": "x"}):
            page = client.post(f"/people/member/{member.uid}", {**posted, "version": 1}, follow=True)
            assert "their own role" in page.content.decode()
        assert self._member(north, Role.DIRECTOR) == member

    def test_a_role_ended_meanwhile_is_not_ended_twice(self, north):
        member = self._member(north, Role.INJECTOR)
        client, path = north.client_of(Role.DIRECTOR), f"/people/member/{member.uid}"
        assert (
            client.post(path, {"act": "end", "reason": "left", "version": 9}, follow=True).status_code == 200
        )
        assert self._member(north, Role.INJECTOR) == member

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"email": "no"}, "email"),
            ({"role": "king"}, "role"),
            ({"email": "injector@north.example"}, "email"),
        ],
    )
    def test_an_invitation_with_a_fault_sends_nothing(self, north, changed, field):
        posted = {"email": "new@example.org", "name": "New", "role": "injector", **changed}
        answer = north.client_of(Role.ADMINISTRATOR).post("/people/invite", posted)
        assert answer.status_code == 422
        assert f'href="#id_{field}"' in answer.content.decode()
        assert mail.outbox == []

    def test_somebody_of_another_clinic_is_invited_without_a_new_password(self, north, south):
        posted = {"email": "officer@south.example", "name": "", "role": "officer"}
        north.client_of(Role.DIRECTOR).post("/people/invite", posted)
        assert "/sign-in/login/" in mail.outbox[0].body
        assert "password/reset" not in mail.outbox[0].body


@pytest.mark.parametrize(("first", "last"), [("123456789", "3"), ("124531959", "9"), ("100000000", "4")])
def test_the_check_digit_of_an_npi(first, last):
    assert npi_check_digit(first) == last


@pytest.mark.parametrize(
    ("kind", "number", "right"),
    [
        ("npi", "1234567893", True), ("npi", "1234567839", False), ("npi", "3234567893", False), ("npi", "", False),
        ("gmc", "7012345", True), ("gmc", "701234", False), ("gmc", "70 12 345", True), ("gmc", "٧٠١٢٣٤٥", False),
        ("licence", "anything", True),
    ],
)  # fmt: skip
def test_shapes(kind, number, right):
    assert (shape_fault(kind, number) == "") is right
