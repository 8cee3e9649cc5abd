"""A day at a clinic where every word of a patient is a mark: none of it is in a log, an address, or a subject."""

import io
import json
import logging
import re
import sys
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DataError
from django.test import Client
from django.utils import timezone
from tests.registry.patients.people import picture
from tests.web.security.world import address, made

from untoward.registry.models import Patient, Reaction
from untoward.registry.roles import Role
from untoward.tasks.record import check_ins, escalations
from untoward.tasks.site import settings_now
from untoward.web.listing import PAGES
from untoward.web.logs import WithoutPatients

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]
MARK = "Zqxj"
"""Every word that is told of the patient begins with it."""


def words(kind):
    return (
        f"{MARK}{kind.replace(' ', '')} {MARK}word@{MARK.lower()}.example"
        if kind == "contact"
        else f"{MARK}{kind}"
    )


@pytest.fixture
def logged():
    """All lines that our way of logging would write, of our loggers whatever their level and of all others from INFO on."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(WithoutPatients())
    root, ours = logging.getLogger(), logging.getLogger("untoward")
    levels = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    ours.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_a_whole_day_leaves_no_word_of_a_patient(db, logged, monkeypatch):
    world = made("North", lambda kind: words(kind) if "clinic" not in kind and "user" not in kind else kind)
    Patient.objects.filter(pk=world.patient.pk).update(
        contact=f"{MARK.lower()}@mail.example", key=f"{MARK}-KEY"
    )
    nurse, director = world.client_of(Role.INJECTOR), world.client_of(Role.DIRECTOR)
    addresses = [
        *_recorded(world, nurse),
        *_told(world),
        *_decided(world, director),
        *_called(world, director),
    ]
    addresses += _failed(world, nurse, monkeypatch)
    addresses += [address(name, world) for name in PAGES]
    lines = logged.getvalue()
    assert "Not Found" in lines, "nothing was logged at all: this test would prove nothing"
    assert "DataError" in lines
    assert MARK.lower() not in lines.lower(), [
        one for one in lines.splitlines() if MARK.lower() in one.lower()
    ][:3]
    assert world.own_link not in lines
    assert world.check_in_link not in lines
    assert not [one for one in addresses if MARK.lower() in one.lower()]
    for letter in mail.outbox:
        assert MARK.lower() not in letter.subject.lower()
        assert MARK.lower() not in letter.body.lower()
    for left in (settings_now().home / "outbox").glob("*.json"):
        assert MARK not in json.loads(left.read_text())["text"]


def _followed(browser, where, sent):
    answer = browser.post(where, sent, follow=True)
    return [where, *(place for place, _ in answer.redirect_chain)]


def _recorded(world, nurse):
    """A new patient found again, a correction, a note, a photo, a link."""
    person = f"/patients/{world.patient.uid}"
    photo = io.BytesIO(picture())
    photo.name = f"{MARK}.jpg"
    yield from _followed(
        nurse, "/patients/new", {"name": f"{MARK} New", "contact": f"{MARK}@x.example", "language": "en"}
    )
    yield from _followed(nurse, "/patients", {"q": f"{MARK} New"})
    yield from _followed(
        nurse, f"{person}/correct", {"name": f"{MARK}ier", "version": "1", "reason": f"{MARK} spelt"}
    )
    yield from _followed(nurse, f"{person}/note", {"text": f"{MARK} said so"})
    yield from _followed(nurse, f"{person}/photos/new", {"file": photo, "view": "close", "purposes": "care"})
    yield from _followed(
        nurse, f"/session/{world.session.uid}/problem", {"said": f"{MARK} a lump", "by_patient": "yes"}
    )
    yield from _followed(nurse, f"/check-ins/{world.later_check_in.uid}/send", {})
    yield from _followed(nurse, f"/passport/{world.session.uid}/link", {})


def _told(world):
    """The patient answers, adds words, reads."""
    said = {"how": "something", "what": "lump", "which_asked": "1", "since": "days", "bad": "mild", "course": "same",
            "words": f"{MARK} hurts", "step": "course"}  # fmt: skip
    patient = Client()
    for where in (f"/c/{world.check_in_link}", f"/p/{world.own_link}/problem"):
        answer = patient.post(where, said, follow=True)
        yield from (
            place.replace(world.own_link, "").replace(world.check_in_link, "")
            for place, _ in answer.redirect_chain
        )
        patient.post(f"{where}/more", {"words": f"{MARK} more"})
        patient.put(where)


def _decided(world, director):
    """Somebody decides, recalls, writes letters, and the minute's jobs run."""
    case = Reaction.objects.order_by("-pk").first()
    yield from _followed(director, f"/case/{case.uid}/decision", {"kind": "called", "text": f"{MARK} called"})
    yield from _followed(director, f"/lot/{world.lot.uid}/recall", {"reason": f"{MARK} glass"})
    reached = {"patient": str(world.patient.uid), "how": "phone", "reached": "yes", "note": f"{MARK} told"}
    yield from _followed(director, f"/recalls/{world.recall.uid}/contact", reached)
    director.get(f"/recalls/{world.recall.uid}/messages")
    b"".join(director.get("/audit/export"))
    check_ins.send_due(timezone.now() + timedelta(days=8))
    escalations.escalate_due(timezone.now() + timedelta(days=8))


def _called(world, director):
    """The calls, with and without faults."""
    for where, body in (
        ("/api/v1/patients", {"name": f"{MARK} Api"}), ("/api/v1/patients", {"nmae": MARK}),
        ("/api/v1/patients/find", {"text": MARK}), (f"/api/v1/cases/{world.case.uid}/observations", {"text": f"{MARK} seen"}),
    ):  # fmt: skip
        director.post(where, json.dumps(body), "application/json")
        yield where


def _failed(world, nurse, monkeypatch):
    """Not there, not allowed, a conflict, a fault of the database that repeats the row, and one of ours that repeats a name."""
    nurse.get("/patients/00000000-0000-4000-8000-000000000000")
    nurse.get("/settings")
    Client(enforce_csrf_checks=True).post("/patients/new", {"name": MARK})
    yield from _followed(
        nurse, f"/patients/{world.patient.uid}/correct", {"name": MARK, "version": "1", "reason": MARK}
    )
    browser = world.client_of(Role.INJECTOR)
    browser.raise_request_exception = False
    for error in (
        DataError(f'value too long\nDETAIL: Failing row contains (1, "{MARK} Row").'),
        KeyError(f"{MARK} key"),
    ):

        def refuse(*_args, _error=error, **_kwargs):
            raise _error

        monkeypatch.setattr("untoward.tasks.record.patients.save_patient", refuse)
        answer = browser.post("/patients/new", {"name": f"{MARK} Lost", "language": "en", "although": "yes"})
        assert answer.status_code in {500, 503}
        assert MARK not in answer.content.decode()


def line_of(error, message="Internal Server Error: %s", *args):
    try:
        raise error
    except type(error):
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, message, args or ("/x",), sys.exc_info())
    logging.Formatter().format(record)  # another handler wrote the whole of it before
    return WithoutPatients().format(record)


class TestTheWayLinesAreWritten:
    def test_of_an_error_its_kind_and_place_are_told_and_not_its_words(self):
        line = line_of(DataError(f"Failing row contains ({MARK})"))
        assert "django.db.utils.DataError" in line
        assert re.search(r"test_logs\.py:\d+ in line_of", line)
        assert MARK not in line

    def test_nor_the_words_of_what_caused_it(self):
        try:
            try:
                raise KeyError(f"{MARK} first")
            except KeyError as first:
                raise ValueError(f"{MARK} second") from first
        except ValueError as error:
            line = line_of(error)
        assert line.index("builtins.KeyError") < line.index("builtins.ValueError")
        assert MARK not in line

    @pytest.mark.parametrize(
        "where",
        ["/c/abcdefghijklmnop", "/p/abcdefghijklmnop/problem", "/sign-in/password/reset/key/1-abcdefghijkl/"],
    )
    def test_links_are_cut_to_their_kind(self, where):
        line = WithoutPatients().format(
            logging.LogRecord("x", 30, "f", 1, "Not Found: %s", (f"{where}?q={MARK}",), None)
        )
        assert "abcdefgh" not in line
        assert MARK not in line
        assert "…" in line
