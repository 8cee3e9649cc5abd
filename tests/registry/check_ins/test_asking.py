"""When patients are asked, through which links, and what becomes of them."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from untoward.errors import OutsideError, UserError
from untoward.registry.models import CheckIn, Session
from untoward.registry.trail import verify
from untoward.registry.writing import Conflict, write
from untoward.tasks.record import check_ins, messages
from untoward.tasks.record.check_in_links import LinkGoneError, hash_of, new_token
from untoward.tasks.record.check_in_questions import Answers

pytestmark = pytest.mark.django_db
FINE = Answers(how="fine")


@pytest.fixture
def planned(session):
    return check_ins.schedule(session)


@pytest.fixture
def first(planned):
    return planned[0]


def token_in(address):
    return address.rsplit("/", 1)[-1]


def test_each_day_is_planned_once_at_ten_at_the_clinic_whatever_the_clocks_do(make_session):
    session = make_session(
        datetime(2026, 10, 20, 21, 30, tzinfo=UTC)
    )  # 23:30 in Madrid; clocks change on the 25th
    made = check_ins.schedule(session, now=session.at)
    assert [one.day for one in made] == list(check_ins.DAYS)
    assert [one.due_at.astimezone(UTC) for one in made[:3]] == [
        datetime(2026, 10, 21, 8, tzinfo=UTC),
        datetime(2026, 10, 23, 8, tzinfo=UTC),
        datetime(2026, 10, 27, 9, tzinfo=UTC),
    ]
    assert check_ins.schedule(session, now=session.at) == []


def test_the_clinics_own_days_count_and_days_long_gone_are_not_planned(make_session, clinic):
    clinic.check_in_days = [2, "x", -1, 30, 2]
    write(clinic, by=None, reason="own days")
    session = make_session(timezone.now() - timedelta(days=20))
    assert [one.day for one in check_ins.schedule(Session.objects.get(pk=session.pk))] == [30]


def test_what_is_due_is_sent_once_with_nothing_of_the_patient_in_it(planned, patient, first):
    assert check_ins.send_due(first.due_at + timedelta(minutes=1)) == check_ins.Sent(sent=1)
    assert check_ins.send_due(first.due_at + timedelta(minutes=2)) == check_ins.Sent()
    [sent] = mail.outbox
    assert sent.to == ["ana@example.org"]
    link = next(word for word in sent.body.split() if "/c/" in word)
    said = f"{sent.subject} {sent.body.replace(link, '')}".lower()
    assert "clínica norte" in said
    assert not any(word in said for word in ("ana ruiz", "patient-0417", "lipo", "inye", "barbilla", "chin"))
    first.refresh_from_db()
    assert check_ins.by_link(token_in(link), first.due_at + timedelta(hours=1)) == first
    assert first.link_hash == hashlib.sha256(token_in(link).encode()).hexdigest()
    assert token_in(link) not in json.dumps([str(entry) for entry in verify().faults])


def test_a_new_session_is_planned_by_the_minute_job(session):
    check_ins.send_due(timezone.now())
    assert session.check_ins.count() == len(check_ins.DAYS)


def test_a_telephone_gets_a_file_in_the_outbox(first, patient):
    patient.contact = "+34 600 000 001"
    write(patient, by=None, reason="telephone")
    folder = Path(settings.UNTOWARD.home) / messages.OUTBOX
    before = set(folder.glob("text-*.json")) if folder.exists() else set()
    check_ins.send_due(first.due_at)
    [made] = set(folder.glob("text-*.json")) - before
    content = json.loads(made.read_text(encoding="utf-8"))
    assert content["to"] == "+34 600 000 001"
    assert "/c/" in content["text"]
    assert made.stat().st_mode & 0o077 == 0
    assert mail.outbox == []


def test_nobody_is_sent_anything_without_a_contact_or_after_three_days(first, patient):
    check_ins.send_due(first.due_at + check_ins.TOO_LATE)
    first.refresh_from_db()
    assert first.sent_at is None
    patient.contact = " "
    write(patient, by=None, reason="no contact")
    with pytest.raises(UserError, match="Ask them by phone"):
        check_ins.send(CheckIn.objects.get(pk=first.pk))


def test_a_mail_server_that_refuses_leaves_the_check_in_to_be_sent_again(first, monkeypatch):
    def refuse(*_given, **_more):
        raise ConnectionRefusedError

    monkeypatch.setattr(messages, "send_mail", refuse)
    assert check_ins.send_due(first.due_at) == check_ins.Sent(failed=1)
    with pytest.raises(OutsideError):
        check_ins.send(CheckIn.objects.get(pk=first.pk))
    first.refresh_from_db()
    assert (first.sent_at, first.link_hash) == (None, None)
    monkeypatch.undo()
    assert check_ins.send_due(first.due_at).sent == 1


@pytest.mark.parametrize("wrong", ["", "x", "a" * 48, "é" * 48, "../../etc/passwd"])
def test_a_guess_is_refused_before_the_record_is_asked(wrong, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(LinkGoneError):
        check_ins.by_link(wrong)


def test_a_signed_token_that_nobody_was_given_opens_nothing():
    token = new_token()
    assert len(hash_of(token)) == 64
    with pytest.raises(LinkGoneError):
        check_ins.by_link(token)


def test_a_link_ends_after_a_week_when_revoked_and_when_a_newer_one_is_made(first):
    now = timezone.now()
    old = token_in(check_ins.new_link(first, now=now))
    assert check_ins.by_link(old, now + check_ins.WORKS_FOR - timedelta(seconds=1)) == first
    with pytest.raises(LinkGoneError):
        check_ins.by_link(old, now + check_ins.WORKS_FOR)
    newer = token_in(check_ins.new_link(first, now=now))
    with pytest.raises(LinkGoneError):
        check_ins.by_link(old, now)
    check_ins.revoke(first, by=None, reason="wrong person")
    for token in (old, newer):
        with pytest.raises(LinkGoneError):
            check_ins.answer(token, FINE, now)
    assert CheckIn.objects.get(pk=first.pk).answered_at is None


def test_fine_is_kept_once_and_makes_no_case(first, session):
    token = token_in(check_ins.new_link(first))
    assert check_ins.answer(token, FINE) is None
    with pytest.raises(check_ins.AnsweredError):
        check_ins.answer(token, FINE)
    first.refresh_from_db()
    assert first.answers["how"] == "fine"
    assert session.reactions.count() == 0


def test_a_problem_may_follow_fine_but_never_the_other_way(first, session):
    token = token_in(check_ins.new_link(first))
    check_ins.answer(token, FINE)
    problem = Answers(how="something", what=("swelling",), since="today", bad="mild", course="same")
    reaction = check_ins.answer(token, problem)
    assert reaction.observations.get().check_in == first
    for again in (FINE, problem):
        with pytest.raises(check_ins.AnsweredError):
            check_ins.answer(token, again)
    assert session.reactions.count() == 1


def test_two_answers_at_the_same_moment_keep_the_first(first):
    token = token_in(check_ins.new_link(first))
    real = check_ins.by_link

    def slow(*given):
        found = real(*given)
        other = CheckIn.objects.get(pk=found.pk)
        other.answered_at, other.answers = timezone.now(), FINE.document(by_phone=False)
        write(other, by=None, reason="answered by the patient")
        return found

    check_ins.by_link = slow
    try:
        with pytest.raises(check_ins.AnsweredError):
            check_ins.answer(token, Answers(how="something", what=("pain",)))
    finally:
        check_ins.by_link = real
    assert CheckIn.objects.get(pk=first.pk).answers["how"] == "fine"


def test_who_wants_no_more_questions_gets_none(first, planned):
    token = token_in(check_ins.new_link(first))
    assert check_ins.stop_asking(token) == len(planned)
    with pytest.raises(LinkGoneError):
        check_ins.by_link(token)
    assert check_ins.send_due(planned[-1].due_at) == check_ins.Sent()


def test_by_phone_an_answer_counts_as_read_and_a_change_meanwhile_is_a_conflict(first, director):
    stale = CheckIn.objects.get(pk=first.pk)
    check_ins.new_link(first)
    with pytest.raises(Conflict):
        check_ins.answer_by_phone(stale, FINE, by=director)
    reaction = check_ins.answer_by_phone(first, Answers(how="something", which=("itch",)), by=director)
    assert reaction.read_at is not None
    assert (first.answers["by_phone"], first.looked_by) == (True, director)
    assert reaction.observations.get().findings["itch"]["present"] is True


def test_everything_stands_in_the_trail(first, director):
    token = token_in(check_ins.new_link(first, by=director))
    check_ins.answer(token, Answers(how="something", what=("pain",), course="worse"))
    assert verify().faults == ()


def test_the_clinics_list_holds_what_asks_for_something(planned, clinic, first, session):
    now = first.due_at + timedelta(minutes=5)
    before = check_ins.standing(clinic, first.due_at - timedelta(hours=1))
    assert (before.coming[0], before.to_send) == (first, ())
    assert check_ins.standing(clinic, now).to_send == (first,)
    check_ins.send(first, now=now)
    assert check_ins.standing(clinic, now + check_ins.UNANSWERED_AFTER).unanswered == (first,)
    token = token_in(check_ins.new_link(first, now=now))
    reaction = check_ins.answer(
        token, Answers(how="something", what=("lump",)), now if now < timezone.now() else None
    )
    assert check_ins.standing(clinic, now).problems == (first,)
    reaction.refresh_from_db()
    reaction.read_at = timezone.now()
    write(reaction, by=None, reason="read")
    assert check_ins.standing(clinic, now).problems == ()
