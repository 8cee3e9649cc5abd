"""A database that fails gives a page that says so, without asking the database."""

import errno
import io

import pytest
from django.db import IntegrityError, OperationalError

from untoward.web.outages import outage_page


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("attempt to write a readonly database", "can be read but not written"),
        ("database or disk is full", "no room left"),
        ("could not extend file: No space left on device", "no room left"),
        ("database is locked", "held the database for too long"),
        ("connection refused", "does not answer"),
        ("server closed the connection unexpectedly", "does not answer"),
        ("database disk image is malformed", "restore the last backup"),
    ],
)
def test_what_it_means_is_said(said, means):
    answer = outage_page(OperationalError(said))
    assert answer.status_code == 503
    assert means in answer.content.decode()
    assert "Nothing that was acknowledged is lost" in answer.content.decode()


def test_what_the_database_said_is_not_shown():
    page = outage_page(OperationalError("Key (name)=(Zoë Secret) already exists")).content.decode()
    assert "Zoë" not in page


@pytest.mark.parametrize(
    "error", [None, ValueError("x"), IntegrityError("UNIQUE"), FileNotFoundError(2, "x")]
)
def test_other_faults_are_not_the_databases(error):
    assert outage_page(error) is None


FORM = {"note": ['a <b>lump</b> & "more"'], "p_ml": ["0.1", "0.2"], "csrfmiddlewaretoken": ["t"]}


class TestWhatWasTyped:
    def test_a_form_stands_on_the_page_again_field_by_field(self, rf):
        page = outage_page(OperationalError("gone"), rf.post("/session/new?patient=1", FORM)).content.decode()
        assert 'action="/session/new?patient=1"' in page
        assert 'name="note" value="a &lt;b&gt;lump&lt;/b&gt; &amp; &quot;more&quot;"' in page
        assert page.index('name="p_ml" value="0.1"') < page.index('name="p_ml" value="0.2"')
        assert 'name="csrfmiddlewaretoken" value="t"' in page

    def test_a_password_never_does(self, rf):
        sent = rf.post("/sign-in/login/", {"login": "ana@example.org", "password": "correct horse"})
        page = outage_page(OperationalError("gone"), sent).content.decode()
        assert "correct horse" not in page
        assert "<form" not in page

    def test_a_file_has_to_be_chosen_again(self, rf):
        page = outage_page(
            OSError(errno.ENOSPC, "No space left on device"),
            rf.post("/p", {"photo": io.BytesIO(b"x"), "view": "front"}),
        )
        assert page.status_code == 503
        assert "no room left" in page.content.decode()
        assert "choose it again" in page.content.decode()

    def test_htmx_gets_one_paragraph_to_stand_above_the_form(self, rf):
        sent = rf.post("/session/new", FORM, headers={"HX-Request": "true"})
        page = outage_page(OperationalError("gone"), sent).content.decode()
        assert page.lstrip().startswith('<p class="message error" role="alert">')
        assert "lump" not in page

    def test_a_page_that_was_only_asked_for_has_no_form(self, rf):
        assert "<form" not in outage_page(OperationalError("gone"), rf.get("/worklist?q=1")).content.decode()
