"""What a patient tells becomes a case at once; nothing told is lost, and nobody's word is lowered by a rule."""

from datetime import timedelta

import pytest
from django.utils import timezone

from untoward.errors import UserError
from untoward.registry.models import Task
from untoward.registry.writing import write
from untoward.tasks.record import cases, problems
from untoward.tasks.record.check_in_questions import Answers
from untoward.tasks.record.check_in_status import open_questions, status_of, told_lines, unassessed

pytestmark = pytest.mark.django_db


def tell(session, **given):
    answers = Answers(**{"how": "something", **given})
    return problems.tell(session, answers, by=None, now=timezone.now())


def test_answers_become_findings_of_an_assessed_case(session):
    reaction = tell(
        session, what=("redness",), since="yesterday", bad="severe", course="worse", words="muy rojo"
    )
    [seen] = reaction.observations.all()
    assert seen.findings == {
        "redness": {"present": True, "duration_days": 1.0, "severity": "severe", "worse": True}
    }
    assert (seen.text, seen.by_patient, reaction.by_patient, reaction.read_at) == (
        "muy rojo",
        True,
        True,
        None,
    )
    assert reaction.disposition == seen.assessment["disposition"]


@pytest.mark.parametrize(
    "given", [{"what": ("breathing",)}, {"what": ("vision",)}, {"what": ("colour",), "which": ("pallor",)}]
)
def test_what_cannot_wait_is_an_emergency_at_once(session, given):
    status = status_of(tell(session, **given), timezone.now())
    assert status.emergency
    assert status.heading == "Llame ya al 112"
    assert (status.numbers, status.asks) == (("112",), ())


def test_the_patients_own_word_that_it_is_an_emergency_stands(session):
    reaction = tell(session, how="emergency")
    assert reaction.disposition == "emergency_now"
    problems.tell_more(reaction, "un poco de hinchazón leve", None, now=timezone.now())
    reaction.refresh_from_db()
    assert reaction.disposition == "emergency_now"
    assert told_lines(reaction, "es")[0] == "un poco de hinchazón leve"


def test_everything_else_says_who_reads_it_by_when_and_nothing_says_all_is_well(session):
    now = timezone.now()
    reaction = tell(session, what=("swelling",), since="today", bad="mild", course="better")
    status = status_of(reaction, now)
    assert not status.emergency
    assert "Una persona de Clínica Norte leerá esto antes del" in status.clock
    page = " ".join([status.heading, *(line for part in status.sections for line in part.lines)]).lower()
    assert "112" in " ".join(part.title for part in status.sections)
    assert not any(word in page for word in ("todo está bien", " mg", "diagnóstico"))


def test_who_has_read_it_is_shown(session, director):
    reaction = tell(session, what=("pain",))
    cases.decide(reaction, by=director, kind="looked")
    assert "leyó esto" in status_of(reaction, timezone.now()).clock


def test_further_questions_are_asked_for_two_rounds_at_most_and_never_twice(session):
    reaction = tell(session, what=("lump",), since="week", bad="mild", course="same")
    seen = set()
    for _round in range(problems.ROUNDS):
        asked = open_questions(reaction)
        assert asked
        assert not seen.intersection(one.key for one in asked)
        seen.update(one.key for one in asked)
        said = {one.key: answer for one, answer in zip(asked, ("no", "unsure", "no"), strict=False)}
        assert problems.answer_further(reaction, asked, said, now=timezone.now())
        reaction.refresh_from_db()
    assert open_questions(reaction) == ()
    findings = problems.last_told(reaction).findings
    assert findings["nodule"]["present"] is True
    assert {findings[key] for key in seen if "." not in key} == {False, None}


def test_an_answer_that_changes_everything_does_so_at_once(session):
    reaction = tell(session, what=("swelling",), since="today", bad="mild", course="same")
    asked = [one for one in open_questions(reaction) if not one.attribute]
    problems.answer_further(reaction, asked, {one.key: "yes" for one in asked}, now=timezone.now())
    reaction.refresh_from_db()
    assert status_of(reaction, timezone.now()).emergency


def test_no_answer_to_a_further_question_adds_nothing(session):
    reaction = tell(session, what=("swelling",))
    assert not problems.answer_further(reaction, open_questions(reaction), {}, now=timezone.now())
    assert reaction.observations.count() == 1


def test_the_same_sign_told_again_joins_the_open_case(session):
    first = tell(session, what=("lump",))
    again = tell(session, what=("lump", "pain"), course="worse")
    other = tell(session, what=("fever",))
    assert again == first
    assert first.observations.count() == 2
    assert other != first


def test_what_is_added_makes_a_case_unread_again(session, director):
    reaction = tell(session, what=("pain",))
    cases.decide(reaction, by=director, kind="looked")
    problems.tell_more(reaction, "ahora me duele más", None, now=timezone.now())
    reaction.refresh_from_db()
    assert reaction.read_at is None
    with pytest.raises(UserError):
        problems.tell_more(reaction, "  ", None, now=timezone.now())


def test_a_photo_that_is_none_is_refused_and_the_words_are_kept(session):
    reaction = tell(session, what=("pain",))
    assert not problems.tell_more(reaction, "mire la foto", b"this is no photo", now=timezone.now())
    assert problems.last_told(reaction).text == "mire la foto"
    assert reaction.photos.count() == 0


def test_what_cannot_be_assessed_reaches_a_person_all_the_same(session, monkeypatch):
    def broken(**_given):
        raise RuntimeError

    monkeypatch.setattr(cases, "report", broken)
    assert tell(session, words="algo raro") is None
    assert Task.objects.get(kind=problems.UNREAD).clinic == session.clinic
    status = unassessed(session)
    assert "Llame hoy a su clínica" in status.lines[0]


def test_a_problem_before_the_session_cannot_be_and_still_reaches_a_person(session):
    session.at = timezone.now() + timedelta(days=1)
    write(session, by=None, reason="moved")
    assert tell(session, what=("pain",)) is None
    assert Task.objects.filter(kind=problems.UNREAD).count() == 1
