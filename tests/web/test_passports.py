"""The passport for staff, and the patient's own page: one link, no account, their language, nothing told to a guesser."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.registry.patients import people
from tests.web.conftest import signed_in

from untoward.registry.models import Entry, Observation, OwnPage
from untoward.registry.roles import Role
from untoward.registry.writing import write
from untoward.tasks.record import passports
from untoward.web.listing import PAGES
from untoward.web.views import passports as views

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uncounted(monkeypatch):
    """Tries of all tests come from one address: only the tests of the limit count them."""
    monkeypatch.setattr(views, "too_many", lambda *_args: False)


@pytest.fixture
def clinic():
    return people.clinic()


@pytest.fixture
def nurse(clinic):
    return people.somebody(clinic)


@pytest.fixture
def session(clinic, nurse):
    return people.session(people.patient(clinic, nurse, allergies=("penicillin",)), nurse)


@pytest.fixture
def browser(nurse):
    return signed_in(nurse)


@pytest.fixture
def link(session, nurse):
    return passports.passport_link(session, by=nurse)


@pytest.fixture
def own(link):
    return f"/p/{link.token}"


class TestStaff:
    def test_the_passport_is_in_the_patients_language_or_the_one_asked_for(self, browser, session):
        said = browser.get(f"/passport/{session.uid}").content.decode()
        assert "Qué le inyectaron" in said
        assert '<option value="es" lang="es" selected>' in said
        assert "What was injected" in browser.get(f"/passport/{session.uid}?language=en").content.decode()
        assert browser.get(f"/passport/{session.uid}?language=xx").status_code == 200

    def test_a_link_is_shown_once_and_works_in_another_browser(self, browser, session):
        said = browser.post(f"/passport/{session.uid}/link").content.decode()
        token = re.search(r'name="token" value="([^"]+)"', said)[1]
        assert "<svg" in said
        assert token not in browser.get(f"/passport/{session.uid}").content.decode()
        assert Client().get(f"/p/{token}").status_code == 200

    def test_a_link_is_never_made_by_looking(self, browser, session):
        assert browser.get(f"/passport/{session.uid}/link").status_code == 405
        assert not OwnPage.objects.exists()

    def test_the_pdf_with_and_without_the_link(self, browser, session, link):
        address = f"/passport/{session.uid}/pdf"
        plain, with_code = browser.get(address), browser.post(address, {"token": link.token})
        for page in (plain, with_code):
            assert page.headers["Content-Type"] == "application/pdf"
            assert page.content.startswith(b"%PDF")
            assert page.headers["Cache-Control"] == "no-store"
        assert len(with_code.content) > len(plain.content)

    def test_the_pdf_carries_no_link_that_is_another_sessions_or_ended(self, browser, session, nurse, link):
        other = people.session(session.patient, nurse)
        assert browser.post(f"/passport/{other.uid}/pdf", {"token": link.token}).status_code == 302
        passports.revoke(link.own_page, by=nurse, reason="", version=1)
        assert browser.post(f"/passport/{session.uid}/pdf", {"token": link.token}).status_code == 302

    def test_ending_a_link_twice_is_no_fault(self, browser, link, own):
        for _ in range(2):
            assert browser.post(f"/own-pages/{link.own_page.uid}/revoke").status_code == 302
        assert Client().get(own).status_code == 404
        assert Entry.objects.filter(uid=link.own_page.uid).count() == 2

    @pytest.mark.parametrize(
        ("role", "reads", "gives"),
        [
            (Role.DIRECTOR, 200, True),
            (Role.OFFICER, 200, False),
            (Role.INSPECTOR, 200, False),
            (Role.EPIDEMIOLOGIST, 403, False),
            (Role.ADMINISTRATOR, 403, False),
        ],
    )
    def test_each_role_does_what_it_may(self, clinic, session, link, role, reads, gives):
        client = signed_in(people.somebody(clinic, role, name="Another"))
        page = client.get(f"/passport/{session.uid}")
        assert page.status_code == reads
        assert ("Lucía Ortega" in page.content.decode()) == (role in (Role.DIRECTOR, Role.OFFICER))
        assert client.get(f"/passport/{session.uid}/pdf").status_code == reads
        assert client.post(f"/passport/{session.uid}/link").status_code == (200 if gives else 403)
        assert client.post(f"/own-pages/{link.own_page.uid}/revoke").status_code == (302 if gives else 403)

    def test_another_clinics_session_is_not_there(self, session, link):
        other = signed_in(people.somebody(people.clinic("South")))
        assert other.get(f"/passport/{session.uid}").status_code == 404
        assert other.get(f"/passport/{session.uid}/pdf").status_code == 404
        assert other.post(f"/passport/{session.uid}/link").status_code == 404
        assert other.post(f"/own-pages/{link.own_page.uid}/revoke").status_code == 404


class TestOwnPage:
    def test_it_says_what_the_paper_says(self, own):
        said = Client().get(own).content.decode()
        for text in (
            "Qué le inyectaron", "ácido desoxicólico", "T-101", "V7", "Ana Ruiz", "North", "tel:112", "tel:+34900000001",
            "Llame ya al 112", "Que le vean hoy", "Qué es habitual", "Qué hacer", "no anotado",
        ):  # fmt: skip
            assert text in said
        assert '<html lang="es">' in said

    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("en", "I have a problem"),
            ("es", "Tengo un problema"),
            ("pt", "Tenho um problema"),
            ("fr", "un problème"),
        ],
    )
    def test_it_speaks_the_patients_language_whatever_the_browser_says(
        self, session, own, nurse, language, text
    ):
        person = session.patient
        person.language = language
        write(person, by=nurse, reason="x")
        said = Client(headers={"accept-language": "en"}).get(own).content.decode()
        assert text in said
        assert f'<html lang="{language}">' in said

    def test_it_tells_nothing_of_who_it_is_about(self, session, own):
        said = Client().get(own).content.decode()
        assert "Ortega" not in said
        assert session.patient.key not in said

    def test_the_problem_button_leads_to_the_problem_page(self, own):
        assert "problem" in PAGES
        assert f'href="{own}/problem"' in Client().get(own).content.decode()

    def test_the_link_goes_nowhere_else(self, own):
        page = Client().get(own)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]

    def test_it_names_a_day_to_look_again_and_never_says_that_all_is_well(self, own):
        said = Client().get(own).content.decode()
        assert "Vuelva a mirar antes del" in said
        assert "todo está bien" not in said.lower()

    def test_a_problem_that_waits_says_by_when_and_one_that_was_read_says_so(self, session, own, nurse):
        told = people.reaction(session, nurse, reported_at=timezone.now(), disposition="routine")
        assert "Una persona lo mira antes del" in Client().get(own).content.decode()
        told.read_at = timezone.now()
        write(told, by=nurse, reason="read")
        assert "ha leído lo que nos contó" in Client().get(own).content.decode()

    def test_what_the_patient_told_is_one_tap_away(self, session, own, nurse):
        told = people.reaction(session, nurse, reported_at=timezone.now())
        assert "Lo que nos contó, y qué hacer" not in Client().get(own).content.decode()
        write(Observation(reaction=told, at=timezone.now(), text="hinchada", by_patient=True), by=None)
        assert f'href="{own}/problem/{told.uid}"' in Client().get(own).content.decode()

    def test_the_pdf_is_the_same_for_whoever_has_the_link(self, own):
        page = Client().get(f"{own}/pdf")
        assert page.content.startswith(b"%PDF")
        assert page.headers["Referrer-Policy"] == "no-referrer"

    def test_where_the_country_is_not_known_the_number_is_not_made_up(self, session, own, clinic):
        clinic.country = ""
        write(clinic, by=None, reason="x")
        said = Client().get(own).content.decode()
        assert 'href="tel:112"' not in said
        assert "112 / 911 / 999" in said

    def test_what_staff_typed_is_never_run(self, session, own, nurse):
        product = session.components.get(mix="A").product
        product.name = "<script>alert('x')</script>"
        write(product, by=nurse, reason="x")
        assert "<script>alert" not in Client().get(own).content.decode()


class TestGuessing:
    def test_wrong_expired_and_ended_are_not_told_apart(self, session, nurse):
        ended, old = (passports.passport_link(session, by=nurse) for _ in range(2))
        passports.revoke(ended.own_page, by=nurse, reason="", version=1)
        old.own_page.expires_at = timezone.now()
        write(old.own_page, by=None, reason="x")
        for after in ("", "/pdf"):
            pages = [Client().get(f"/p/{token}{after}") for token in ("A" * 43, ended.token, old.token)]
            assert {page.status_code for page in pages} == {404}
            assert len({page.content for page in pages}) == 1
            assert len({tuple(sorted(page.headers.items())) for page in pages}) == 1

    @pytest.mark.parametrize("token", ["A", "%00", "%ff%fe", "' OR 1=1 --", "A" * 5000, "é"])
    def test_whatever_is_tried_gives_that_page(self, token):
        assert Client().get(f"/p/{token}").status_code == 404

    def test_too_many_tries_are_turned_away_even_with_the_right_link(self, own, monkeypatch):
        monkeypatch.undo()
        client = Client(REMOTE_ADDR="198.51.100.7")
        for _ in range(views.PAGES_A_MINUTE):
            client.get("/p/wrong")
        pages = [client.get(own) for _ in range(views.PAGES_A_MINUTE + 1)]
        assert pages[-1].status_code == 429
        assert Client(REMOTE_ADDR="198.51.100.8").get(own).status_code == 200
