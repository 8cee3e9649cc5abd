"""A problem becomes a case: told, assessed with all that was known, judged, decided on and signed off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from untoward.errors import InputError, UserError
from untoward.registry.models import CheckIn, Decision, Entry, Observation, Reaction
from untoward.registry.trail import verify
from untoward.registry.writing import Conflict, write
from untoward.tasks.record import cases

pytestmark = pytest.mark.django_db

VESSEL = "white patch with a net pattern on my cheek and it hurts a lot, I cannot see on one eye"


def test_a_report_is_assessed_at_once_and_says_by_when(ward):
    session = ward.session(days_ago=4)
    seen = timezone.now()
    reaction = cases.report(
        session=session, by=None, said="warm red lump, getting bigger", at=seen, by_patient=True
    )
    kept = Reaction.objects.get(pk=reaction.pk)
    observation = kept.observations.get()
    assert (kept.disposition, kept.term, kept.read_at) == ("same_day", "nodule", None)
    assert kept.deadline == seen + timedelta(hours=6)
    assert observation.assessment["disposition"] == "same_day"
    assert observation.assessment["findings"][0]["rule"]
    assert observation.rule_set == observation.assessment["rule_set"]
    assert verify().faults == ()


def test_a_bruise_gets_a_day_to_look_again_and_a_course(ward):
    session = ward.session(days_ago=1)
    answers = dict.fromkeys(
        (
            "breathlessness",
            "throat swelling",
            "collapse",
            "fever",
            "spreading redness",
            "pus",
            "skin necrosis",
            "pain out of proportion",
            "blanched skin",
        ),
        False,
    )
    reaction = cases.report(session=session, by=ward.nurse, said="a bruise, not painful", findings=answers)
    assert (reaction.term, reaction.course) == ("bruise", "within")
    assert reaction.deadline > timezone.now()


def test_what_someone_of_the_clinic_reports_counts_as_read(ward):
    assert cases.report(session=ward.session(), by=ward.nurse, said="swelling").read_at is not None


@pytest.mark.parametrize(
    "read",
    [
        lambda case, by: cases.decide(case, by=by, kind="looked"),
        lambda case, by: cases.observe(case, by=by, text="seen, no change"),
        lambda case, by: cases.sign_off(case, by=by, reason="called, all is well"),
    ],
)
def test_whoever_reads_a_case_has_read_the_answer_it_came_from(ward, read):
    session = ward.session(days_ago=4)
    asked, other = (
        CheckIn(session=session, day=day, due_at=timezone.now(), answered_at=timezone.now(), answers={})
        for day in (3, 4)
    )
    for one in (asked, other):
        write(one, by=None)
    case = cases.report(session=session, by=None, said="a bruise", by_patient=True, check_in=asked)
    cases.observe(case, by=None, text="it itches too", by_patient=True, check_in=asked)
    assert CheckIn.objects.get(pk=asked.pk).looked_at is None
    case.refresh_from_db()
    read(case, ward.nurse)
    asked.refresh_from_db()
    assert (asked.looked_by, asked.looked_at is None) == (ward.nurse, False)
    assert CheckIn.objects.get(pk=other.pk).looked_at is None
    assert verify().faults == ()


def test_a_term_given_by_name_is_kept_by_its_id_and_counts_as_there(ward):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="see photo", term="Nodule")
    assert reaction.term == "nodule"
    coded = reaction.observations.get().assessment["coded"]
    assert ("nodule", False) in [(item["term"], item["negated"]) for item in coded]


def test_words_nobody_understands_are_no_reassurance(ward):
    reaction = cases.report(session=ward.session(), by=None, said="qwrt zzz", by_patient=True)
    assert reaction.term == ""
    assert reaction.disposition != "self_care"


def test_the_first_day_of_a_reaction_reaches_the_rules(ward):
    session = ward.session(days_ago=30)
    onset = session.at + timedelta(days=20)
    reaction = cases.report(session=session, by=ward.nurse, said="a hard lump", term="nodule", onset_at=onset)
    facts = [
        fact
        for item in reaction.observations.get().assessment["findings"]
        for fact in item["facts_used"].items()
    ]
    assert ("nodule", "yes, count 1, since_day 20") in facts


def test_the_same_report_twice_is_one_case(ward):
    session = ward.session()
    first = cases.report(session=session, by=None, said="a lump", by_patient=True)
    again = cases.report(session=session, by=None, said="a lump", by_patient=True)
    other = cases.report(session=session, by=None, said="a lump", findings={"fever": True}, by_patient=True)
    assert (again.pk, Reaction.objects.count()) == (first.pk, 2)
    assert other.pk != first.pk


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"said": " "}, "text"),
        ({"said": "lump", "at": timedelta(days=-9)}, "at"),
        ({"said": "lump", "at": timedelta(days=2)}, "at"),
        ({"said": "lump", "onset_at": timedelta(days=2)}, "onset_at"),
        ({"said": "lump", "at": timedelta(days=-2), "onset_at": timedelta(days=-1)}, "onset_at"),
        ({"said": "lump", "findings": {"nodule": [1]}}, "observations.0.findings.nodule"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(ward, given, field):
    now = timezone.now()
    given = {name: now + value if isinstance(value, timedelta) else value for name, value in given.items()}
    with pytest.raises(InputError) as refused:
        cases.report(session=ward.session(days_ago=3), by=ward.nurse, **given)
    assert field in [fault.field for fault in refused.value.faults]
    assert not Reaction.objects.exists()


def test_unread_urgency_does_not_fall_because_the_patient_tells_more(ward):
    session = ward.session(days_ago=1, sites=["cheek"])
    reaction = cases.report(session=session, by=None, said=VESSEL, by_patient=True)
    due = reaction.deadline
    cases.observe(reaction, by=None, text="a small bruise", by_patient=True)
    assert (reaction.disposition, reaction.deadline) == ("emergency_now", due)
    cases.decide(reaction, by=ward.nurse, kind="called", text="told to call the ambulance")
    cases.observe(reaction, by=ward.nurse, text="no pain, sees well, skin pink, small bruise")
    assert reaction.disposition != "emergency_now"


def test_urgency_for_want_of_answers_falls_once_they_are_given(ward):
    reaction = cases.report(session=ward.session(days_ago=1), by=None, said="a bruise", by_patient=True)
    [first] = reaction.observations.all()
    assert first.assessment["findings"][0]["rule"] == "CAN01"
    asked = first.assessment["findings"][0]["facts_missing"]
    cases.observe(reaction, by=None, text="a bruise", findings=dict.fromkeys(asked, False), by_patient=True)
    assert reaction.disposition == "self_care"
    assert reaction.deadline > timezone.now()


def test_a_persons_own_word_of_an_emergency_stands_until_it_is_read(ward):
    reaction = cases.report(session=ward.session(days_ago=1), by=None, said="a bruise", by_patient=True)
    reaction.disposition, reaction.deadline = "emergency_now", timezone.now()
    write(reaction, by=None, reason="the patient says that it is an emergency")
    cases.observe(reaction, by=None, text="a bruise", findings={"fever": False}, by_patient=True)
    assert reaction.disposition == "emergency_now"


def test_a_patient_who_tells_more_makes_the_case_unread_again(ward):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="redness")
    cases.observe(reaction, by=None, text="now pus comes out", by_patient=True)
    assert reaction.read_at is None
    assert reaction.disposition == "same_day"
    cases.decide(reaction, by=ward.nurse, kind="looked")
    assert reaction.read_at is not None


def test_an_earlier_observation_told_late_is_judged_by_what_was_known_then(ward):
    session = ward.session(days_ago=20)
    reaction = cases.report(session=session, by=ward.nurse, said="pus comes out of the lump")
    early = cases.observe(
        reaction,
        by=ward.nurse,
        text="a lump, 2 cm",
        at=session.at + timedelta(days=5),
        findings={"pus": False},
    )
    assert early.assessment["day"] == 5
    assert "pus" not in [item["term"] for item in early.assessment["coded"] if not item["negated"]]
    last = reaction.observations.order_by("at").last()
    assert reaction.disposition == last.assessment["disposition"]
    assert verify().faults == ()


def test_others_with_the_same_from_one_vial_are_known_from_the_day_they_told(ward):
    first = cases.report(session=ward.session(days_ago=20), by=ward.nurse, said="a lump", term="nodule")
    second = cases.report(session=ward.session(days_ago=20), by=ward.nurse, said="a lump", term="nodule")
    before = [fact for item in first.observations.get().assessment["findings"] for fact in item["facts_used"]]
    after = [fact for item in second.observations.get().assessment["findings"] for fact in item["facts_used"]]
    assert "other treated people have the same" not in before
    assert "other treated people have the same" in after
    assert "vial used for several people" not in before


def test_a_stated_no_is_not_overruled_by_the_record(ward):
    cases.report(session=ward.session(days_ago=20), by=ward.nurse, said="a lump", term="nodule")
    second = cases.report(
        session=ward.session(days_ago=20), by=ward.nurse, said="a lump", findings={"others-affected": False}
    )
    coded = {item["term"]: item["negated"] for item in second.observations.get().assessment["coded"]}
    assert coded["other treated people have the same"] is True


def test_assessing_again_keeps_what_did_not_change(ward):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="a lump")
    entries = Entry.objects.count()
    assert cases.assess(reaction)["disposition"] == reaction.disposition
    assert Entry.objects.count() == entries


def test_assessing_again_uses_what_is_known_of_the_person_by_now(ward):
    session = ward.session(days_ago=9)
    reaction = cases.report(session=session, by=ward.nurse, said="a warm red lump")
    session.patient.history = ["diabetes"]
    write(session.patient, by=ward.nurse, reason="asked")
    before = reaction.observations.get().version
    facts = [
        fact for item in cases.assess(reaction, by=ward.nurse)["findings"] for fact in item["facts_used"]
    ]
    assert "diabetes" in facts
    assert reaction.observations.get().version == before + 1


def test_two_people_add_at_once_and_nothing_is_lost(ward, monkeypatch):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="a lump")
    real, raced = cases._judge, []

    def judge(fresh, observations, *, from_):
        real(fresh, observations, from_=from_)
        if not raced:
            raced.append(True)
            cases.decide(reaction, by=ward.nurse, kind="note", text="meanwhile")

    monkeypatch.setattr(cases, "_judge", judge)
    cases.observe(reaction, by=ward.nurse, text="larger now")
    assert Observation.objects.filter(reaction=reaction).count() == 2
    assert Decision.objects.filter(reaction=reaction).count() == 1


@pytest.mark.parametrize(("kind", "text"), [("burned", "x"), ("note", "  ")])
def test_a_decision_says_what(ward, kind, text):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="a lump")
    with pytest.raises(InputError):
        cases.decide(reaction, by=ward.nurse, kind=kind, text=text)
    assert not Decision.objects.exists()


def test_an_outcome_ends_the_reaction(ward):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="a lump")
    cases.decide(reaction, by=ward.nurse, kind="outcome", text="gone", details={"outcome": "recovered"})
    assert (reaction.outcome, reaction.resolved_at is None) == ("recovered", False)
    cases.decide(reaction, by=ward.nurse, kind="outcome", text="back", details={"outcome": "not recovered"})
    assert (reaction.outcome, reaction.resolved_at) == ("not recovered", None)


def test_an_open_emergency_is_not_signed_off_without_a_decision(ward):
    session = ward.session(days_ago=1, sites=["cheek"])
    reaction = cases.report(session=session, by=None, said=VESSEL, by_patient=True)
    cases.decide(reaction, by=ward.nurse, kind="looked")
    with pytest.raises(UserError, match="nothing is noted as done"):
        cases.sign_off(reaction, by=ward.nurse, reason="all is fine again")
    cases.decide(reaction, by=ward.nurse, kind="sent", text="ambulance called, hyaluronidase given")
    cases.sign_off(reaction, by=ward.nurse, reason="seen by ophthalmology, closed")
    assert Reaction.objects.get().signed_by == ward.nurse


def test_signing_off_needs_a_reason_and_the_newest_version(ward):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="a lump")
    with pytest.raises(InputError):
        cases.sign_off(reaction, by=ward.nurse, reason="ok")
    stale = Reaction.objects.get()
    cases.decide(reaction, by=ward.nurse, kind="note", text="something new")
    with pytest.raises(Conflict):
        cases.sign_off(stale, by=ward.nurse, reason="gone for two weeks")
    assert Reaction.objects.get().signed_at is None


def test_something_new_opens_a_signed_case_again(ward):
    reaction = cases.report(session=ward.session(), by=ward.nurse, said="a lump")
    cases.sign_off(reaction, by=ward.nurse, reason="gone for two weeks")
    cases.observe(reaction, by=None, text="it is back and hurts", by_patient=True)
    assert (reaction.signed_at, reaction.read_at) == (None, None)
    cases.sign_off(reaction, by=ward.nurse, reason="seen, ordinary bruise")
    cases.observe(reaction, by=ward.nurse, text="back once more")
    assert list(reaction.decisions.order_by("pk").values_list("kind", flat=True)) == [
        "signed",
        "signed",
        "reopened",
    ]
    assert verify().faults == ()
