"""The emergency card: for everybody, in four languages, with the number of the country, and with no internet."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from untoward.registry.models import Clinic, Membership, User
from untoward.registry.writing import write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Emergency card"),
        ("es", "Tarjeta de emergencia"),
        ("pt", "Cartão de emergência"),
        ("fr", "Carte d’urgence"),
    ],
)
def test_the_card_in_each_language(client, language, title):
    shown = client.get(f"/emergency/{language}").content.decode()
    assert f"<h1>{title}</h1>" in shown
    assert f'<html lang="{language}">' in shown
    assert shown.count('href="tel:') >= 3 + 12


def test_the_language_of_the_browser_and_the_number_of_the_country(client):
    shown = client.get(
        "/emergency?country=gb", headers={"accept-language": "fr-CA,en;q=0.5"}
    ).content.decode()
    assert "Carte d’urgence" in shown
    assert 'class="call huge" href="tel:999"' in shown


def test_who_is_signed_in_sees_the_number_of_the_clinic_and_nothing_of_theirs_is_on_it(client):
    clinic = Clinic(name="North", country="AU")
    write(clinic, by=None)
    user = User.objects.create_user("nurse@example.org", "a long enough one")
    write(Membership(user=user, clinic=clinic, role="injector"), by=None)
    client.force_login(user)
    shown = client.get("/emergency").content.decode()
    assert 'class="call huge" href="tel:000"' in shown
    assert "nurse@example.org" not in shown


@pytest.mark.parametrize("country", ["zz", "<script>", "é", "12345"])
def test_a_country_that_is_none_gets_the_usual_numbers(client, country):
    shown = client.get("/emergency/en", {"country": country}).content.decode()
    assert "tel:911" in shown
    assert "<script>alert" not in shown
    assert "&lt;SCRIPT" not in shown or "<SCRIPT" not in shown


def test_what_is_kept_can_all_be_had(client):
    answer = client.get("/service-worker.js")
    script = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/javascript")
    kept = json.loads(re.search(r"const KEEP = (\[.*?\]);", script)[1])
    assert kept[0] == "/emergency"
    for address in kept:
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/")), address
        else:
            assert client.get(address).status_code == 200, address
    page = client.get("/emergency/en").content.decode()
    used = set(re.findall(r'(?:href|src)="(/(?:static|style)/[^"]+\.(?:css|js))"', page))
    needed = {one for one in used if one.endswith(".css") or "emergency" in one}
    assert needed <= set(kept)


def test_the_manifest_points_at_the_card(client):
    content = json.loads(client.get("/manifest/es.webmanifest").content)
    assert content["start_url"] == reverse("emergency-in", args=["es"])
    assert (content["lang"], content["short_name"]) == ("es", "Emergencia")


@pytest.mark.parametrize("address", ["/emergency/xx", "/manifest/xx.webmanifest"])
def test_a_language_without_texts_is_not_there(client, address):
    assert client.get(address).status_code == 404


def test_the_card_only_answers_questions(client):
    assert client.post("/emergency").status_code == 405
