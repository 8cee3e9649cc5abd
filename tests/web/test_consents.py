"""Pages of consent: from the director's edition to a signed consent, its print, and its end."""

import pytest
from tests.registry.patients import people
from tests.web.conftest import signed_in

from untoward.registry.models import Consent, ConsentText
from untoward.registry.roles import Role
from untoward.registry.writing import write
from untoward.tasks.record import consents

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
def clinic():
    return people.clinic()


@pytest.fixture
def director(clinic):
    return people.somebody(clinic, Role.DIRECTOR)


@pytest.fixture
def browser(director):
    return signed_in(director)


@pytest.fixture
def lucia(clinic, director):
    return people.patient(clinic, director)


@pytest.fixture
def text(director):
    return people.text(director)


def form(text, **typed):
    return {
        "text": str(text.uid),
        "text_version": str(text.version),
        "signed_name": "Lucía Ortega",
        "discussed": ["harms", "help"],
        "said": "May fly.",
        "photo_purposes": ["care"],
        **typed,
    }


class TestTexts:
    def test_a_director_writes_an_edition(self, browser):
        typed = {"name": "Fillers", "edition": "1", "language": "fr", "body": "Un\r\n\r\ndeux"}
        assert browser.post("/consent-texts/new", typed).status_code == 302
        assert ConsentText.objects.get().body == "Un\n\ndeux"
        assert "Fillers" in browser.get("/consent-texts").content.decode()

    def test_a_refused_edition_keeps_what_was_typed(self, browser, text):
        page = browser.post(
            "/consent-texts/new",
            {"name": "Injections", "edition": "2026-1", "language": "es", "body": "Long words"},
        )
        assert page.status_code == 422
        assert "Long words" in page.content.decode()
        assert 'href="#edition"' in page.content.decode()

    def test_an_edition_in_use_shows_no_form_and_takes_no_change(self, browser, text, lucia, director):
        people.consent(lucia, director, of=text)
        address = f"/consent-texts/{text.uid}"
        assert "<textarea" not in browser.get(address).content.decode()
        typed = {
            "name": "Injections",
            "edition": "2026-1",
            "language": "es",
            "body": "New",
            "version": "1",
            "reason": "x",
        }
        assert browser.post(address, typed).status_code == 422
        assert ConsentText.objects.get().body == "Me van a inyectar."

    def test_an_unused_one_is_corrected_and_two_directors_see_each_other(self, browser, text):
        address = f"/consent-texts/{text.uid}"
        typed = {"name": "Injections", "edition": "2026-1", "language": "es", "version": "1", "reason": "x"}
        assert browser.post(address, {**typed, "body": "Theirs"}).status_code == 302
        page = browser.post(address, {**typed, "body": "Mine"})
        assert page.status_code == 409
        assert "Theirs" in page.content.decode()
        assert "Mine" in page.content.decode()
        assert browser.post(address, {**typed, "body": "Mine", "version": "2"}).status_code == 302

    def test_a_new_edition_begins_with_the_old_words(self, browser, text):
        assert text.body in browser.get(f"/consent-texts/new?from={text.uid}").content.decode()
        assert browser.get("/consent-texts/new?from=nonsense").status_code == 200

    @pytest.mark.parametrize("role", [Role.INJECTOR, Role.OFFICER, Role.INSPECTOR, Role.EPIDEMIOLOGIST])
    def test_nobody_else_writes_texts(self, clinic, role, text):
        client = signed_in(people.somebody(clinic, role))
        for address in ("/consent-texts", "/consent-texts/new", f"/consent-texts/{text.uid}"):
            assert client.get(address).status_code == 403

    def test_a_text_of_all_clinics_is_read_and_one_of_another_is_not_there(self, browser, director):
        shared = ConsentText(name="Photos", edition="1", language="es", body="De todas.")
        theirs = ConsentText(
            clinic=people.clinic("South"), name="Lips", edition="1", language="es", body="Suyo."
        )
        for one in (shared, theirs):
            write(one, by=None)
        page = browser.get(f"/consent-texts/{shared.uid}").content.decode()
        assert "De todas." in page
        assert "<textarea" not in page
        assert "of all clinics" in browser.get("/consent-texts").content.decode()
        assert "Lips" not in browser.get("/consent-texts").content.decode()
        assert browser.get(f"/consent-texts/{theirs.uid}").status_code == 404
        assert "Suyo." not in browser.get(f"/consent-texts/new?from={theirs.uid}").content.decode()


class TestGiving:
    def test_from_the_form_to_the_printable_page(self, browser, text, lucia):
        page = browser.get(f"/patients/{lucia.uid}/consent").content.decode()
        assert text.body in page
        assert page.count('name="photo_purposes"') == len(consents.PURPOSES)
        assert "checked" not in page
        made = browser.post(f"/patients/{lucia.uid}/consent", form(text))
        given = Consent.objects.get()
        assert made.headers["Location"] == f"/consents/{given.uid}"
        read = browser.get(made.headers["Location"]).content.decode()
        for said in (text.body, "2026-1", "May fly.", "Lucía Ortega"):
            assert said in read

    def test_the_text_in_the_patients_language_comes_first(self, browser, director, lucia):
        people.text(director, language="en", body="In English")
        people.text(director, language="es", body="En castellano")
        assert "En castellano" in browser.get(f"/patients/{lucia.uid}/consent").content.decode()

    def test_without_a_text_it_says_who_writes_it(self, browser, lucia):
        assert "Write the first edition" in browser.get(f"/patients/{lucia.uid}/consent").content.decode()
        assert browser.post(f"/patients/{lucia.uid}/consent", {"signed_name": "x"}).status_code == 302
        assert browser.get(f"/patients/{lucia.uid}/consent?text=nonsense").status_code == 200

    def test_a_refused_form_keeps_every_tick(self, browser, text, lucia):
        page = browser.post(f"/patients/{lucia.uid}/consent", form(text, signed_name=""))
        said = page.content.decode()
        assert page.status_code == 422
        assert said.count(" checked") == 3
        assert "May fly." in said
        assert not Consent.objects.exists()

    def test_a_text_that_changed_is_read_again(self, browser, text, lucia, director):
        typed = form(text)
        draft = consents.TextDraft(name="Injections", edition="2026-1", language="es", body="Otras palabras")
        consents.save_text(draft, clinic=text.clinic, by=director, text=text, version=1, reason="x")
        page = browser.post(f"/patients/{lucia.uid}/consent", typed)
        assert page.status_code == 409
        assert "Otras palabras" in page.content.decode()
        assert 'name="text_version" value="2"' in page.content.decode()
        assert not Consent.objects.exists()

    def test_what_is_typed_is_never_run(self, browser, lucia, director):
        text = people.text(director, body=SCRIPT)
        browser.post(f"/patients/{lucia.uid}/consent", form(text, said=SCRIPT, signed_name=SCRIPT))
        given = Consent.objects.get()
        for address in (f"/consents/{given.uid}", f"/patients/{lucia.uid}", f"/patients/{lucia.uid}/consent"):
            assert SCRIPT not in browser.get(address).content.decode()


class TestWithdrawing:
    def test_once_with_what_the_patient_said(self, browser, text, lucia, director):
        given = people.consent(lucia, director, of=text)
        address = f"/consents/{given.uid}/withdraw"
        assert browser.post(address, {"version": "1", "reason": ""}).status_code == 422
        assert browser.post(address, {"version": "1", "reason": "no more"}).status_code == 302
        assert Consent.objects.get().withdrawn_at is not None
        assert "withdrawn" in browser.get(f"/consents/{given.uid}").content.decode()
        assert browser.post(address, {"version": "2", "reason": "again"}).status_code == 422
        assert browser.get(address).status_code == 405

    def test_a_version_nobody_has_is_a_conflict(self, browser, text, lucia, director):
        given = people.consent(lucia, director, of=text)
        page = browser.post(f"/consents/{given.uid}/withdraw", {"version": "7", "reason": "x"})
        assert page.status_code == 409
        assert Consent.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("role", "reads", "records", "name"),
    [
        (Role.INJECTOR, 200, True, True),
        (Role.OFFICER, 200, False, True),
        (Role.INSPECTOR, 200, False, False),
        (Role.EPIDEMIOLOGIST, 403, False, False),
        (Role.ADMINISTRATOR, 403, False, False),
    ],
)
def test_each_role_sees_what_it_may(clinic, director, lucia, text, role, reads, records, name):
    given = people.consent(lucia, director, of=text)
    client = signed_in(people.somebody(clinic, role))
    page = client.get(f"/consents/{given.uid}")
    assert page.status_code == reads
    assert ("Lucía Ortega" in page.content.decode()) == name
    assert (client.get(f"/patients/{lucia.uid}/consent").status_code == 200) == records
    assert (client.post(f"/consents/{given.uid}/withdraw", {"version": "9"}).status_code != 403) == records


def test_another_clinics_consent_is_not_there(browser):
    other = people.clinic("South")
    doctor = people.somebody(other)
    given = people.consent(people.patient(other, doctor), doctor)
    assert browser.get(f"/consents/{given.uid}").status_code == 404
    assert browser.post(f"/consents/{given.uid}/withdraw", {"version": "1", "reason": "x"}).status_code == 404
