"""The trail on a page: whose entries, what changed, whether it is whole, and as a file."""

import itertools
import json

import pytest

from untoward.registry.models import Entry, Patient
from untoward.registry.roles import Action, Role, may
from untoward.registry.writing import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(north):
    made = Patient(clinic=north.clinic, key="P1", name="Zoë Secret", contact="zoe@example.org")
    write(made, by=north.users[Role.INJECTOR])
    made.weight_kg = 61.5
    write(made, by=north.users[Role.DIRECTOR], reason="weighed Zoë")
    return made


def entry_of(patient, version):
    return Entry.objects.get(model="Patient", uid=patient.uid, version=version)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_read_it(north, patient, role):
    client, expected = north.client_of(role), 200 if may(role, Action.SEE_AUDIT) else 403
    assert client.get("/audit").status_code == expected
    assert client.get(f"/audit/{entry_of(patient, 1).number}").status_code == expected
    assert client.get("/audit/export").status_code == expected


def test_an_entry_shows_what_changed(north, patient):
    page = north.client_of(Role.DIRECTOR).get(f"/audit/{entry_of(patient, 2).number}").content.decode()
    assert "61.5" in page
    assert "weighed Zoë" in page
    assert "Zoë Secret" not in page  # the name did not change


def test_who_may_not_see_patients_sees_no_patient(north, patient):
    client = north.client_of(Role.ADMINISTRATOR)
    paths = [
        "/audit",
        "/audit?model=Patient",
        f"/audit/{entry_of(patient, 1).number}",
        f"/audit/{entry_of(patient, 2).number}",
    ]
    for path in paths:
        page = client.get(path).content.decode()
        assert "Zoë" not in page
        assert "zoe@" not in page
        assert "61.5" not in page
    file = b"".join(client.get("/audit/export").streaming_content).decode()
    assert "Zo" not in file


def test_another_clinics_entries_are_not_shown(north, south, patient):
    client = south.client_of(Role.DIRECTOR)
    assert client.get(f"/audit/{entry_of(patient, 1).number}").status_code == 404
    assert ">Patient</td>" not in client.get("/audit").content.decode()
    assert "Zoë" not in b"".join(client.get("/audit/export").streaming_content).decode()


def test_filters(north, patient):
    client = north.client_of(Role.DIRECTOR)

    def numbers(**wanted):
        return [entry.number for entry, _ in client.get("/audit", wanted).context["lines"]]

    both = [entry_of(patient, 2).number, entry_of(patient, 1).number]
    assert numbers(model="Patient") == both
    assert numbers(model="Patient", by="injector@north.example") == both[1:]
    assert numbers(uid=str(patient.uid)) == both
    assert numbers(model="Patient", until="2001-01-01") == []
    assert numbers(model="Patient", since="2001-01-01", before=both[0]) == both[1:]


@pytest.mark.parametrize(
    "query", ["model=x", "uid=x", "since=x", "before=x", "before=-1", "until=9999-99-99"]
)
def test_a_filter_that_cannot_be_read_filters_nothing(north, patient, query):
    assert north.client_of(Role.DIRECTOR).get(f"/audit?{query}").status_code == 200


def test_a_whole_trail_is_said_to_be_whole(north, patient):
    page = north.client_of(Role.INSPECTOR).post("/audit/verify", follow=True).content.decode()
    assert "The trail is whole" in page


def test_a_broken_trail_is_said_to_be_broken(north, patient):
    Patient.objects.filter(pk=patient.pk).update(weight_kg=70)
    page = north.client_of(Role.INSPECTOR).post("/audit/verify").content.decode()
    assert "The trail is broken" in page
    assert str(patient.uid) in page


def test_the_file_holds_the_chain(north, south, patient):
    write(Patient(clinic=south.clinic, key="P2", name="Other"), by=None)
    file = b"".join(north.client_of(Role.DIRECTOR).get("/audit/export").streaming_content).decode()
    lines = [json.loads(line) for line in file.splitlines()]
    assert [line["number"] for line in lines] == list(range(1, Entry.objects.count() + 1))
    assert all(after["previous"] == before["hash"] for before, after in itertools.pairwise(lines))
    assert "state" not in lines[-1]
    assert (
        next(line for line in lines if line["number"] == entry_of(patient, 1).number)["state"]["name"]
        == "Zoë Secret"
    )
