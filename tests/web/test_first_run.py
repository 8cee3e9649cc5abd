"""The first run: one link, once; then an invited person sets a password and signs in."""

import pytest
from django.core import mail
from django.test import Client

from untoward.registry.models import Clinic, Entry, Membership, User
from untoward.registry.trail import verify
from untoward.tasks.site import settings_now
from untoward.tasks.site_first_run import TOKEN_FILE, new_token

pytestmark = pytest.mark.django_db

FILLED = {
    "clinic": "Harbour", "city": "Vigo", "country": "es", "time_zone": "Europe/Madrid", "phone": "", "name": "Dana",
    "email": "Dana@Example.org", "password": "three plain words", "again": "three plain words",
}  # fmt: skip


@pytest.fixture
def token():
    yield new_token(settings_now())
    (settings_now().home / TOKEN_FILE).unlink(missing_ok=True)


def test_the_link_makes_the_clinic_and_its_director_and_signs_in(client, token):
    assert client.get("/first-run", {"key": token}).status_code == 200
    answer = client.post("/first-run", {**FILLED, "key": token}, follow=True)
    assert answer.status_code == 200
    member = Membership.objects.select_related("user", "clinic").get()
    assert (member.role, member.user.email, member.clinic.country) == ("director", "dana@example.org", "ES")
    assert answer.context["user"] == member.user
    assert verify().faults == ()
    assert Entry.objects.count() == 2


def test_it_works_once(client, token):
    client.post("/first-run", {**FILLED, "key": token})
    assert Client().get("/first-run", {"key": token}).status_code == 404
    assert Client().post("/first-run", {**FILLED, "clinic": "Other", "key": token}).status_code == 404
    assert new_token(settings_now()) is None
    assert Clinic.objects.count() == 1


@pytest.mark.parametrize("key", ["", "wrong", "x" * 43])
def test_a_guess_finds_nothing(client, token, key):
    assert client.get("/first-run", {"key": key}).status_code == 404
    assert client.post("/first-run", {**FILLED, "key": key}).status_code == 404
    assert not User.objects.exists()


def test_the_token_file_is_for_its_owner_alone_and_does_not_hold_the_token(token):
    path = settings_now().home / TOKEN_FILE
    assert path.stat().st_mode & 0o077 == 0
    assert token not in path.read_text()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"clinic": " "}, "clinic"),
        ({"email": "nobody"}, "email"),
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "other words here"}, "again"),
        ({"country": "Spain"}, "country"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ],
)
def test_a_fault_is_named_and_nothing_typed_is_lost(client, token, changed, field):
    answer = client.post("/first-run", {**FILLED, **changed, "key": token})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'href="#id_{field}"' in page
    assert 'value="Vigo"' in page
    assert "three plain words" not in page
    assert not User.objects.exists()
    assert client.post("/first-run", {**FILLED, "key": token}).status_code == 302  # the link still works


def test_an_invited_person_sets_a_password_and_signs_in(client, north):
    director = north.client_of("director")
    director.post("/people/invite", {"email": "New@Example.org", "name": "Nora", "role": "injector"})
    [letter] = mail.outbox
    assert letter.to == ["new@example.org"]
    link = letter.body.split()[-1]
    path = "/" + link.split("/", 3)[3]
    there = client.get(path, follow=True)
    words = {"password1": "four plain words here", "password2": "four plain words here"}
    client.post(there.request["PATH_INFO"], words)
    signed = Client()
    answer = signed.post("/sign-in/login/", {"login": "new@example.org", "password": words["password1"]})
    assert answer.status_code == 302
    assert Client().get(path, follow=True).context["token_fail"]


@pytest.mark.parametrize(
    "path",
    ["login/", "password/reset/", "2fa/", "2fa/webauthn/", "password/change/", "reauthenticate/", "logout/"],
)
def test_sign_in_pages_have_our_look(north, path):
    client = Client() if path in {"login/", "password/reset/"} else north.client_of("director")
    answer = client.get(f"/sign-in/{path}", follow=True)
    assert answer.status_code == 200
    assert 'class="wordmark"' in answer.content.decode()
    assert "untoward/people.css" in answer.content.decode()
