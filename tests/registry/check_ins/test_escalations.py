"""A problem that nobody reads in time goes to the director, once for each time the patient tells something."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from untoward.registry.models import Membership, Task
from untoward.registry.writing import write
from untoward.tasks.record import cases, check_ins, escalations, messages, problems
from untoward.tasks.record.check_in_questions import Answers
from untoward.tasks.record.check_in_status import status_of
from untoward.tasks.record.escalations import Escalated, escalate_due

pytestmark = pytest.mark.django_db
SWELLING = Answers(how="something", what=("swelling",), since="today", bad="mild", course="better")


@pytest.fixture
def told_at():
    return timezone.now()


@pytest.fixture
def reaction(session, director, told_at):
    return problems.tell(session, SWELLING, by=None, now=told_at)


def test_it_waits_for_the_clinics_own_time_and_no_longer(reaction, told_at):
    limit = escalations.look_by(reaction, told_at)
    assert limit <= told_at + timedelta(hours=24)
    assert escalate_due(limit - timedelta(seconds=1)) == Escalated()
    assert escalate_due(limit) == Escalated(problems=1, messages=1)
    assert escalate_due(limit + timedelta(hours=1)) == Escalated()
    [task] = Task.objects.filter(kind=escalations.ESCALATION)
    assert (task.reaction, task.clinic) == (reaction, reaction.clinic)
    [sent] = mail.outbox
    assert sent.to == ["director@example.org"]
    assert "worklist" in sent.body
    assert not any(
        word in f"{sent.subject}{sent.body}{task.text}" for word in ("Ana Ruiz", "patient-0417", "swelling")
    )
    assert status_of(reaction, limit + timedelta(minutes=1)).overdue


def test_an_emergency_is_escalated_at_once(session, director):
    now = timezone.now()
    problems.tell(session, Answers(how="something", what=("breathing",)), by=None, now=now)
    assert escalate_due(now) == Escalated(problems=1, messages=1)


def test_what_was_read_is_not_escalated(reaction, director, told_at):
    cases.decide(reaction, by=director, kind="looked")
    assert escalate_due(told_at + timedelta(days=3)) == Escalated()


def test_what_is_added_later_starts_a_clock_of_its_own(reaction, told_at):
    limit = escalations.look_by(reaction, told_at)
    escalate_due(limit)
    cases.observe(reaction, by=None, at=told_at + timedelta(seconds=1), text="peor", by_patient=True)
    assert escalate_due(limit + timedelta(days=1)) == Escalated()
    Task.objects.filter(kind=escalations.ESCALATION).update(due_at=told_at)
    assert escalate_due(limit + timedelta(days=1)) == Escalated(problems=1, messages=1)


def test_the_check_in_it_came_from_is_marked(session, director):
    [check_in, *_rest] = check_ins.schedule(session)
    token = check_ins.new_link(check_in).rsplit("/", 1)[-1]
    check_ins.answer(token, SWELLING)
    escalate_due(timezone.now() + timedelta(days=2))
    check_in.refresh_from_db()
    assert check_in.escalated_at is not None


def test_a_director_who_left_is_not_told_and_a_dead_mail_server_undoes_nothing(
    reaction, director, monkeypatch
):
    monkeypatch.setattr(messages, "send_mail", lambda *_given: (_ for _ in ()).throw(OSError))
    at = timezone.now() + timedelta(days=2)
    assert escalate_due(at) == Escalated(problems=1, failed=1)
    assert Task.objects.filter(kind=escalations.ESCALATION).count() == 1
    membership = Membership.objects.get(user=director)
    membership.ended_at = at
    write(membership, by=None, reason="left")
    Task.objects.update(due_at=at - timedelta(days=9))
    assert escalate_due(at) == Escalated(problems=1)
