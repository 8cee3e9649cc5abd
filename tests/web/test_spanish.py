"""The pages in Spanish: the catalogue is level with the source, the language can be chosen, and no English is left."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from babel.messages import Message
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from untoward.registry.models import User
from untoward.registry.roles import Role
from untoward.tasks.record.spoken_dates import spoken_date

ROOT = Path(__file__).parents[2]
LEAST = 13
"""Letters from which on a text is looked for on Spanish pages: shorter ones are words of both languages too often."""


@pytest.fixture(scope="module")
def messages():
    """The program that keeps the catalogue."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["messages"] = loaded
    spec.loader.exec_module(loaded)
    return loaded


class TestCatalogue:
    def test_it_holds_every_text_translated_and_compiled_and_nothing_else(self, messages):
        found, kept = messages.gather(), messages.read_catalogue()
        assert messages.faults_of(found, kept, messages.MO.read_bytes()) == []

    def test_texts_of_every_kind_are_found(self, messages):
        found = messages.gather().where
        for text in (
            messages.Text("Worklist"),  # a template
            messages.Text("%(n)s vial", "%(n)s vials"),  # one with a plural
            messages.Text("cannot tell"),  # an argument of a filter
            messages.Text("With a reaction (95 %%)"),  # Django doubles the sign
            messages.Text("is missing"),  # a call in Python
            messages.Text("Face, front"),  # a word that is translated where it is shown
            messages.Text("Call an ambulance now"),  # a word of a module that knows no Django
        ):
            assert text in found, text

    def test_a_text_that_is_missing_dead_or_not_compiled_is_told(self, messages):
        found, kept = messages.gather(), messages.read_catalogue()
        found.where[messages.Text("A text nobody wrote")] = {"somewhere.html"}
        del found.where[messages.Text("Worklist")]
        faults = messages.faults_of(found, kept, b"")
        assert 'missing: "A text nobody wrote" (somewhere.html)' in faults
        assert 'dead: "Worklist"' in faults
        assert any(fault.startswith("not compiled") for fault in faults)

    @pytest.mark.parametrize(
        ("text", "translation", "faults"),
        [
            ("%(n)s people", "", ["not translated"]),
            ("%(n)s people", "%(m)s personas", ["other holes or tags"]),
            ("<a href='/'>first page</a>", "primera página", ["other holes or tags"]),
            ("{a} and {b}", "{b} y {a}", []),
            ("50 %%, %(n)s", "50 %%, %(n)s", []),
        ],
    )
    def test_a_translation_has_the_holes_and_tags_of_its_text(self, messages, text, translation, faults):
        assert messages.message_faults(Message(text, translation)) == faults

    def test_every_form_of_a_plural_is_looked_at(self, messages):
        one = Message(("%(n)s day", "%(n)s days"), ("%(n)s día", "días"))
        assert messages.message_faults(one) == ["other holes or tags"]

    def test_what_is_written_is_read_again_unchanged(self, messages):
        assert messages.po_bytes(messages.read_catalogue()) == messages.PO.read_bytes()


def language_of(answer):
    """The language that a page says it is in."""
    return re.search(r'<html lang="([a-z-]+)"', answer.content.decode())[1]


@pytest.mark.django_db
class TestChoosing:
    def test_the_button_changes_page_device_and_person(self, north):
        browser, page = north.client_of(Role.DIRECTOR), reverse("stock")
        assert language_of(browser.get(page)) == "en"
        answer = browser.post(reverse("language"), {"language": "es", "next": page})
        assert answer.status_code == 302
        assert answer.headers["Location"] == page
        assert language_of(browser.get(page)) == "es"
        assert User.objects.get(pk=north.users[Role.DIRECTOR].pk).language == "es"

    def test_it_works_for_whoever_has_not_signed_in(self, db):
        browser = Client()
        browser.post(reverse("language"), {"language": "es", "next": reverse("account_login")})
        assert language_of(browser.get(reverse("account_login"))) == "es"

    def test_every_page_of_staff_has_the_button_and_the_way_back(self, north):
        shown = north.client_of(Role.DIRECTOR).get(reverse("stock") + "?q=L1").content.decode()
        assert f'action="{reverse("language")}"' in shown
        assert f'name="next" value="{reverse("stock")}?q=L1"' in shown

    def test_somebodys_own_language_holds_on_a_device_that_was_told_nothing(self, north):
        User.objects.filter(pk=north.users[Role.INJECTOR].pk).update(language="es")
        assert language_of(north.client_of(Role.INJECTOR).get(reverse("stock"))) == "es"

    def test_what_the_device_was_told_holds_before_it(self, north):
        User.objects.filter(pk=north.users[Role.INJECTOR].pk).update(language="es")
        browser = north.client_of(Role.INJECTOR)
        browser.cookies["django_language"] = "en"
        assert language_of(browser.get(reverse("stock"))) == "en"

    def test_without_a_choice_the_browser_is_asked(self, north):
        spanish = {"Accept-Language": "es-AR,es;q=0.9"}
        assert language_of(north.client_of(Role.DIRECTOR).get(reverse("stock"), headers=spanish)) == "es"

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
    )
    def test_it_leads_to_no_other_site(self, north, elsewhere):
        answer = north.client_of(Role.DIRECTOR).post(
            reverse("language"), {"language": "es", "next": elsewhere}
        )
        assert answer.headers["Location"] == reverse("home")

    def test_a_language_there_is_not_changes_nothing(self, north):
        browser = north.client_of(Role.DIRECTOR)
        assert browser.post(reverse("language"), {"language": "xx"}).status_code == 400
        assert "django_language" not in browser.cookies


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """What a Spanish director reads on every page of a filled record, by path."""
    home = tmp_path_factory.mktemp("spanish")
    environment = {**os.environ, "UNTOWARD_HOME": str(home / "home"), "UNTOWARD_DEMO": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "untoward.web.settings"
    environment.pop("UNTOWARD_DATABASE_URL", None)

    def run(*command):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env=environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
        )
        return done.stdout

    known = home / "known.json"
    known.write_bytes(run("tests.web.browser.filling"))
    return json.loads(run("tests.web.spanish_pages", str(known)))


@pytest.mark.slow
def test_every_page_in_spanish_is_whole_says_so_and_leaves_no_text_in_english(pages, messages):
    """One test, so that the pages are opened once however many processes run the tests."""
    assert len(pages) > 60
    whole = {path: one for path, one in pages.items() if one["whole"]}
    assert {path: one["language"] for path, one in whole.items() if one["language"] != "es"} == {}
    assert [path for path, one in pages.items() if one["status"] >= 500] == []
    # Numbers that the browser reads, in drawings and fields, keep their point.
    assert {path: one["commas"] for path, one in pages.items() if one["commas"]} == {}
    assert _left_in_english(pages, english(messages)) == set()


def _left_in_english(pages, wanted):
    assert len(wanted) > 1000
    longest_first = sorted(map(re.escape, wanted), key=len, reverse=True)
    every = re.compile(rf"(?<!\w)({'|'.join(longest_first)})(?![\w@])")
    return {
        (path, found.group())
        for path, one in pages.items()
        for part in one["parts"]
        for found in every.finditer(part)
    }


def english(messages):
    """English texts, or the longest piece between the holes of one, that no translation holds as well."""
    kept = [message for message in messages.read_catalogue() if message.id]
    strings = "\n".join(one for message in kept for one in _forms(message.string))
    pieces = {
        max(re.split(r"%\(\w+\)[sd]|%[sd]|</?[a-z][^>]*>|\n", one), key=len).strip()
        for message in kept
        for one in _forms(message.id)
    }
    return {one.replace("%%", "%") for one in pieces if len(one) >= LEAST and one not in strings}


def _forms(text):
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize(
    ("language", "form", "said"),
    [("en", "D j M Y", "Mon 7 Dec 2026"), ("es", "D j M Y", "lun 7 dic 2026"),
     ("es", "Y-m-d", "2026-12-07"), ("es", None, "7 dic 2026")],
)  # fmt: skip
def test_spanish_writes_months_and_days_small(language, form, said):
    pattern = f'{{{{ day|date:"{form}" }}}}' if form else "{{ day|date }}"
    with override(language):
        assert Template(pattern).render(Context({"day": date(2026, 12, 7)})) == said
        assert form is None or spoken_date(date(2026, 12, 7), form) == said
        assert Template('{{ day|date:"D" }}').render(Context({"day": None})) == ""
