"""Pages of patients: who sees what, no name in an address, nothing typed is lost, nobody overwrites anybody."""

import pytest
from django.test import Client
from tests.registry.patients import people

from untoward.registry.models import Note, Patient
from untoward.registry.roles import Role
from untoward.tasks.record import patients

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('x')</script>"


def signed_in(clinic, role, **more):
    client = Client(**more)
    client.force_login(
        people.somebody(clinic, role), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.fixture
def clinic():
    return people.clinic()


@pytest.fixture
def nurse(clinic):
    return people.somebody(clinic, name="Nurse")


@pytest.fixture
def lucia(clinic, nurse):
    return people.patient(
        clinic, nurse, contact="lucia@example.org", birth_year=1984, allergies=("penicillin",)
    )


@pytest.fixture
def browser(clinic, nurse):
    client = Client()
    client.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def fields(**typed):
    known = {
        "name": "Marta Gil",
        "contact": "",
        "birth_year": "",
        "sex": "",
        "weight_kg": "",
        "language": "es",
        "pregnant": "not_asked",
        "version": "1",
    }
    for name in ("allergies", "history", "medicines"):
        known |= {name: "not_asked", f"{name}_lines": ""}
    return {**known, **typed}


class TestList:
    def test_the_search_is_posted_and_answered_with_the_whole_page(self, browser, lucia, clinic, nurse):
        people.patient(clinic, nurse, name="Marta Gil")
        page = browser.post("/patients", {"q": "ortega"})
        assert page.status_code == 200
        assert "Lucía Ortega" in page.content.decode()
        assert "Marta Gil" not in page.content.decode()

    def test_a_name_in_the_address_is_not_read(self, browser, lucia, clinic, nurse):
        people.patient(clinic, nurse, name="Marta Gil")
        assert "Marta Gil" in browser.get("/patients?q=ortega").content.decode()

    def test_htmx_gets_the_found_ones_alone(self, browser, lucia):
        page = browser.post("/patients", {"q": "ortega"}, headers={"HX-Request": "true"}).content.decode()
        assert "Lucía Ortega" in page
        assert "<html" not in page

    def test_an_empty_list_says_how_to_begin(self, browser):
        assert "New patient" in browser.get("/patients").content.decode()
        assert "No patients yet" in browser.get("/patients").content.decode()

    def test_nobody_of_another_clinic(self, browser, lucia):
        other = people.clinic("South")
        hers = people.patient(other, people.somebody(other), name="Pilar Soto")
        assert "Pilar" not in browser.get("/patients").content.decode()
        for address in (f"/patients/{hers.uid}", f"/patients/{hers.uid}/correct"):
            assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("role", "status", "name", "contact"),
    [
        (Role.INJECTOR, 200, True, True),
        (Role.DIRECTOR, 200, True, True),
        (Role.OFFICER, 200, True, False),
        (Role.INSPECTOR, 200, False, False),
        (Role.EPIDEMIOLOGIST, 403, False, False),
        (Role.ADMINISTRATOR, 403, False, False),
    ],
)
def test_each_role_sees_what_it_may(clinic, lucia, nurse, role, status, name, contact):
    patients.add_note(lucia, "Her note", by=nurse)
    client = signed_in(clinic, role)
    page = client.get(f"/patients/{lucia.uid}")
    assert page.status_code == status
    said = page.content.decode()
    assert ("Lucía Ortega" in said) == name
    assert ("Her note" in said) == name
    assert ("lucia@example.org" in said) == contact
    found = client.post("/patients", {"q": "ortega"}).content.decode()
    assert (lucia.key in found) == name
    may_record = role in (Role.INJECTOR, Role.DIRECTOR)
    assert (client.get("/patients/new").status_code == 200) == may_record
    assert (client.get(f"/patients/{lucia.uid}/correct").status_code == 200) == may_record
    assert client.post(f"/patients/{lucia.uid}/note", {"text": "x"}).status_code == (
        302 if may_record else 403
    )


def test_nobody_without_signing_in(lucia):
    for address in ("/patients", f"/patients/{lucia.uid}", "/patients/new"):
        page = Client().get(address)
        assert page.status_code == 302
        assert page.headers["Location"].startswith("/sign-in/login/")


class TestRecording:
    def test_without_scripts_from_the_form_to_the_page(self, browser, clinic):
        page = browser.post(
            "/patients/new", fields(allergies="some", allergies_lines="latex\n penicillin \n\n")
        )
        made = Patient.objects.get(name="Marta Gil")
        assert page.headers["Location"] == f"/patients/{made.uid}"
        assert made.allergies == ["latex", "penicillin"]
        assert (made.history, made.pregnant, made.clinic) == (None, None, clinic)
        assert made.key not in page.headers["Location"]

    def test_the_three_answers_stay_three(self, browser):
        browser.post("/patients/new", fields(pregnant="no", history="none", medicines="not_asked"))
        made = Patient.objects.get()
        assert (made.pregnant, made.history, made.medicines) == (False, [], None)

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"birth_year": "nineteen"}, "birth_year"),
            ({"birth_year": "1700"}, "birth_year"),
            ({"weight_kg": "heavy"}, "weight_kg"),
            ({"weight_kg": "nan"}, "weight_kg"),
            ({"pregnant": "maybe"}, "pregnant"),
            ({"allergies": "some"}, "allergies"),
            ({"allergies": "not_asked", "allergies_lines": "latex"}, "allergies"),
            ({"allergies": "anything"}, "allergies"),
            ({"language": "xx"}, "language"),
        ],
    )
    def test_a_refused_form_says_where_and_keeps_all_that_was_typed(self, browser, typed, field):
        page = browser.post("/patients/new", fields(history="some", history_lines="asthma", **typed))
        said = page.content.decode()
        assert page.status_code == 422
        assert f'href="#{field}"' in said
        assert f'id="{field}"' in said
        assert 'value="Marta Gil"' in said
        assert "asthma" in said
        assert not Patient.objects.exists()

    def test_all_faults_are_said_at_once(self, browser):
        said = browser.post("/patients/new", fields(birth_year="nineteen", weight_kg="9000")).content.decode()
        assert 'href="#birth_year"' in said
        assert 'href="#weight_kg"' in said

    def test_the_same_name_is_asked_about_once(self, browser, lucia):
        page = browser.post("/patients/new", fields(name="lucia ortega"))
        assert page.status_code == 409
        assert lucia.key in page.content.decode()
        assert browser.post("/patients/new", fields(name="lucia ortega", another="yes")).status_code == 302
        assert Patient.objects.count() == 2

    def test_what_is_typed_is_never_run(self, browser):
        typed = fields(name=SCRIPT, contact=SCRIPT, history="some", history_lines=SCRIPT)
        browser.post("/patients/new", typed)
        made = Patient.objects.get()
        browser.post(f"/patients/{made.uid}/note", {"text": SCRIPT})
        for address in (f"/patients/{made.uid}", "/patients", f"/patients/{made.uid}/correct"):
            assert SCRIPT not in browser.get(address).content.decode()

    def test_a_form_without_its_token_is_refused(self, clinic):
        client = signed_in(clinic, Role.DIRECTOR, enforce_csrf_checks=True)
        assert client.post("/patients/new", fields()).status_code == 403
        assert not Patient.objects.exists()


class TestCorrecting:
    def test_with_a_reason(self, browser, lucia):
        address = f"/patients/{lucia.uid}/correct"
        assert "penicillin" in browser.get(address).content.decode()
        refused = browser.post(address, fields(name="Lucía O."))
        assert refused.status_code == 422
        assert browser.post(address, fields(name="Lucía O.", reason="spelling")).status_code == 302
        assert Patient.objects.get().name == "Lucía O."

    def test_theirs_beside_mine_and_nothing_lost(self, browser, lucia):
        address = f"/patients/{lucia.uid}/correct"
        browser.post(address, fields(name="Theirs", reason="first"))
        page = browser.post(address, fields(name="Mine", reason="second"))
        said = page.content.decode()
        assert page.status_code == 409
        assert "Theirs" in said
        assert 'value="Mine"' in said
        assert 'name="version" value="2"' in said
        assert "first" in said
        assert Patient.objects.get().name == "Theirs"
        assert browser.post(address, fields(name="Mine", reason="second", version="2")).status_code == 302
        assert Patient.objects.get().name == "Mine"

    def test_what_they_changed_and_i_did_not_is_kept(self, browser, lucia):
        address = f"/patients/{lucia.uid}/correct"
        began = fields(
            name="Lucía Ortega",
            contact="lucia@example.org",
            birth_year="1984",
            allergies="some",
            allergies_lines="penicillin",
        )
        browser.post(address, {**began, "weight_kg": "61,5", "reason": "weighed"})
        said = browser.post(
            address, {**began, "contact": "new@example.org", "reason": "moved"}
        ).content.decode()
        assert 'name="weight_kg" value="61.5"' in said
        assert 'name="contact" value="new@example.org"' in said
        assert 'name="reason" value="moved"' in said


class TestOne:
    def test_sessions_reactions_and_what_was_not_asked(self, browser, lucia, nurse):
        session = people.session(lucia, nurse)
        people.reaction(session, nurse, disposition="same_day", deadline=people.AT)
        said = browser.get(f"/patients/{lucia.uid}").content.decode()
        assert f"/passport/{session.uid}" in said
        assert "T-101" in said
        assert "lot not recorded" in said
        assert "d-same_day" in said
        assert said.count("not asked</span>") == 3

    def test_an_empty_note_is_refused_and_said(self, browser, lucia):
        page = browser.post(f"/patients/{lucia.uid}/note", {"text": "  "})
        assert page.status_code == 422
        assert "text-fault" in page.content.decode()
        assert not Note.objects.exists()

    def test_no_name_or_key_stands_in_any_address(self, browser, lucia, nurse):
        people.session(lucia, nurse)
        said = browser.get(f"/patients/{lucia.uid}").content.decode()
        addresses = [part.split('"')[0] for part in said.split('href="')[1:] + said.split('action="')[1:]]
        assert len(addresses) > 10
        assert not [one for one in addresses if lucia.key in one or "Ortega" in one]
