"""The evidence pages: everybody who works here may read them, and nothing unknown is shown as a no."""

import re

import pytest
from django.urls import reverse

from untoward.registry.models import Clinic, Membership, User
from untoward.registry.roles import Role
from untoward.registry.writing import write
from untoward.tasks.knowledge import evidence

pytestmark = pytest.mark.django_db
OUTSIDE = re.compile(r"<a [^>]*href=\"https?://[^>]*>")


@pytest.fixture
def reader(client):
    clinic = Clinic(name="North")
    write(clinic, by=None)

    def enter(role=Role.INJECTOR):
        user = User.objects.create_user(f"{role}@example.org", "a long enough one")
        write(Membership(user=user, clinic=clinic, role=role), by=None)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return enter


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


NAMES = ("evidence", "evidence-pairs", "evidence-claims", "evidence-sources", "about")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read_the_evidence(reader, role):
    client = reader(role)
    assert {client.get(reverse(name)).status_code for name in NAMES} == {200}


def test_nobody_reads_it_without_signing_in(client, db):
    assert {client.get(reverse(name)).status_code for name in NAMES} == {302}


def test_every_way_out_tells_the_other_site_nothing(reader):
    client = reader()
    pages = [reverse(name) for name in NAMES] + [reverse("evidence-compound", args=["deoxycholic-acid"])]
    links = [link for page in pages for link in OUTSIDE.findall(text_of(client.get(page)))]
    assert len(links) > 50
    assert all('rel="noreferrer"' in link for link in links)


@pytest.mark.parametrize("word", ["Kybella", "desoxicólico", "detergent"])
def test_compounds_are_found_by_brand_language_and_class(reader, word):
    assert "deoxycholic acid" in text_of(reader().get(reverse("evidence"), {"q": word}))


def test_a_name_nobody_knows_is_not_said_to_be_harmless(reader):
    assert "has not been reviewed" in text_of(reader().get(reverse("evidence"), {"q": "zzyzx"}))


def test_every_compound_has_its_page(reader):
    client = reader()
    for key, compound in evidence().compounds.items():
        page = text_of(client.get(reverse("evidence-compound", args=[key])))
        assert f"<title>{compound.label}".lower() in page.lower().replace("&#x27;", "'")
        assert "style=" not in page
    assert client.get(reverse("evidence-compound", args=["no-such"])).status_code == 404
    assert ".c-half" in text_of(client.get(reverse("evidence-style")))


def test_two_names_give_a_verdict_with_its_sources(reader):
    page = reader().get(reverse("evidence-pairs"), {"name": ["lidocaine 2%", "procaine", ""]})
    assert page.context["document"]["verdict"] == "caution"
    assert "Caution" in text_of(page)
    assert page.context["deciding"][0]["sources"][0]["citation"] in text_of(page)


def test_a_pair_nobody_tested_is_no_data_and_not_ok(reader):
    page = reader().get(reverse("evidence-pairs"), {"name": ["vitamin C", "glutathione"]})
    assert page.context["document"]["verdict"] != "ok" or page.context["compatible"]
    unknown = reader(Role.OFFICER).get(reverse("evidence-pairs"), {"name": ["zzyzx", "procaine"]})
    assert unknown.context["document"]["verdict"] != "ok"
    assert "not recognised" in text_of(unknown)


@pytest.mark.parametrize(
    "query", [{"name": ["procaine"]}, {"name": ["procaine", "lidocaine"], "country": "France"}]
)
def test_a_question_that_cannot_be_answered_keeps_what_was_typed(reader, query):
    page = text_of(reader().get(reverse("evidence-pairs"), query))
    assert 'role="alert"' in page
    assert 'value="procaine"' in page


def test_claims_are_filtered_by_state_and_word(reader):
    client = reader()
    everything = client.get(reverse("evidence-claims")).context["rows"]
    proven = client.get(reverse("evidence-claims"), {"state": "proven"}).context["rows"]
    assert 0 < len(proven) < len(everything)
    assert {row["record"].state for row in proven} == {"proven"}
    assert "No claim fits" in text_of(client.get(reverse("evidence-claims"), {"q": "zzyzx"}))


def test_sources_are_paged_and_searched(reader):
    client = reader()
    first = client.get(reverse("evidence-sources"))
    assert first.context["total"] == len(evidence().sources)
    assert len(first.context["rows"]) == 50
    found = client.get(reverse("evidence-sources"), {"q": "kybella"}).context
    assert 0 < found["total"] < 20


def test_what_is_searched_for_is_shown_as_text(reader):
    client = reader()
    for name in NAMES[:4]:
        field = "name" if name == "evidence-pairs" else "q"
        assert "<script>x" not in text_of(client.get(reverse(name), {field: "<script>x"}))


def test_about_says_what_it_is_for_and_what_answers(reader):
    page = text_of(reader().get(reverse("about")))
    for said in (
        "Intended use",
        "not been assessed or approved",
        evidence().version,
        "Apache License",
        "emergency number",
    ):
        assert said in page
