"""How findings become one assessment: order, questions, time, and what is carried from one observation to the next."""

import json

import pytest

from untoward.exchange.cases import assessment_document, read_cases
from untoward.model.finding import CourseState, Disposition
from untoward.tasks.knowledge import assessor, case_names, evidence
from untoward.tasks.schemas import schema_of

DENIED = dict.fromkeys(
    [
        "breathlessness", "throat swelling", "collapse", "fever", "spreading redness", "pus", "skin necrosis",
        "pain out of proportion", "loss of vision",
    ],
    False,
)  # fmt: skip


def assess(*observations, **rest):
    (case,) = read_cases(json.dumps({"observations": list(observations), **rest}), case_names())
    return assessor().assess(case)


def last(*observations, **rest):
    return assess(*observations, **rest).assessments[-1]


class TestOrder:
    def test_the_most_urgent_finding_is_the_summary(self):
        answer = last({"day": 4, "findings": {"bruise": True, "pus": True, "breathlessness": True}})
        assert answer.findings[0].disposition is answer.disposition is Disposition.EMERGENCY_NOW
        assert answer.summary == answer.findings[0].statement
        ranks = [finding.disposition.rank for finding in answer.findings]
        assert ranks == sorted(ranks)

    def test_of_equals_the_more_specific_rule_stands_first(self):
        findings = {
            "nodule": {"count": 3},
            "redness": True,
            "fever": False,
            "antibiotic failure": {"days": 5},
        }
        assert last({"day": 25, "findings": findings}).findings[0].rule == "NTM01"

    def test_of_equals_the_general_rules_stand_last(self):
        answer = last({"findings": {"lump": True}})
        assert [f.rule for f in answer.findings if f.disposition is Disposition.ROUTINE] == ["NOD01", "CAN01"]


class TestLookAgain:
    def test_self_care_names_a_day(self):
        answer = last({"day": 2, "findings": {"bruise": True, **DENIED}})
        assert answer.disposition is Disposition.SELF_CARE
        assert 3 <= answer.look_again_day <= 16

    def test_nothing_there_is_looked_at_again_the_next_day(self):
        answer = last({"day": 3, "findings": DENIED})
        assert (answer.disposition, answer.look_again_day) == (Disposition.SELF_CARE, 4)

    def test_no_other_answer_names_one(self):
        assert last({"day": 2, "findings": {"bruise": True}}).look_again_day is None


class TestQuestions:
    def test_only_what_could_raise_the_urgency_is_asked(self):
        assert last({"day": 2, "findings": {"breathlessness": True}}).questions == ()

    def test_an_unknown_day_is_asked_when_no_graver_question_is_open(self):
        asked = {name: False for name in evidence().terms.terms if evidence().terms[name].red_flag}
        assert "day since the session" in last({"findings": {**asked, "lump": True}}).questions

    def test_the_list_stays_short(self):
        assert len(last({"day": 2, "findings": {"bruise": True}}).questions) <= 12


class TestTime:
    def test_one_assessment_per_observation_each_with_what_was_known_by_then(self):
        first = {"day": 20, "findings": {"nodule": {"painful": False}}}
        second = {"day": 30, "findings": {"antibiotic failure": True}}
        dispositions = [a.disposition for a in assess(first, second).assessments]
        assert dispositions == [Disposition.ROUTINE, Disposition.WITHIN_72H]

    def test_a_lump_that_nobody_mentions_has_not_healed(self):
        answer = last({"day": 20, "findings": {"nodule": True}}, {"day": 30, "findings": {"fever": False}})
        assert any(finding.rule == "NOD01" for finding in answer.findings)

    def test_a_lump_that_is_gone_is_gone(self):
        answer = last({"day": 20, "findings": {"nodule": True}}, {"day": 30, "findings": {"nodule": False}})
        assert not any(finding.rule == "NOD01" for finding in answer.findings)

    def test_a_denial_is_not_carried_forward(self):
        answer = last({"day": 1, "findings": DENIED}, {"day": 2, "findings": {"bruise": True}})
        assert answer.disposition is Disposition.ROUTINE

    def test_a_fleeting_symptom_is_not_carried_forward(self):
        answer = last(
            {"day": 0.1, "findings": {"breathlessness": True}}, {"day": 9, "findings": {"bruise": True}}
        )
        assert answer.disposition is Disposition.ROUTINE

    def test_what_is_unknown_now_does_not_undo_what_was_known(self):
        answer = last(
            {"day": 20, "findings": {"nodule": True, "antibiotic failure": True}},
            {"day": 30, "findings": {"nodule": "unknown", "antibiotic failure": "unknown"}},
        )
        assert answer.disposition is Disposition.WITHIN_72H

    def test_observations_may_be_entered_in_any_order(self):
        early, late = {"day": 4, "findings": {"bruise": True}}, {"day": 30, "findings": {"nodule": True}}
        forwards, backwards = assess(early, late).assessments, assess(late, early).assessments
        assert [a.disposition for a in forwards] == [a.disposition for a in reversed(backwards)]


class TestCourse:
    def test_the_course_is_given_by_compound(self):
        answer = last(
            {"day": 2, "findings": {"bruise": True}},
            sessions=[{"components": [{"compound": "deoxycholic acid"}]}],
        )
        states = {standing.compound: standing.state for standing in answer.course}
        assert states == {"deoxycholic-acid": CourseState.WITHIN, "injection-itself": CourseState.WITHIN}

    def test_the_finding_names_the_records_behind_it(self):
        answer = last({"day": 2, "findings": {"bruise": True}})
        course = next(finding for finding in answer.findings if finding.rule == "CRS01")
        assert course.evidence
        assert set(course.evidence) <= set(evidence().records)


class TestDocument:
    def test_it_fits_its_schema(self):
        import jsonschema_rs

        assessed = assess(
            {"day": 2, "text": "bruise, my toes glimmer", "findings": {"fever": False, "heart_rate": 90}},
            {"findings": {"lump": True}},
            sessions=[{"components": [{"compound": "unknown stuff"}]}],
        )
        document = assessment_document(assessed, evidence().terms)
        assert list(jsonschema_rs.validator_for(schema_of("assessment")).iter_errors(document)) == []
        assert json.loads(json.dumps(document)) == document

    def test_the_worked_example_of_the_format(self):
        findings = {
            "nodule": {"count": 3, "size_cm": 1, "painful": False},
            "fever": False,
            "temperature_c": 36.8,
            "antibiotic failure": {"drug": "cefalexin", "days": 5},
        }
        document = assessment_document(
            assess(
                {
                    "day": 25,
                    "text": "a row of hard red bumps on my thigh since last week",
                    "findings": findings,
                }
            ),
            evidence().terms,
        )
        (answer,) = document["assessments"]
        assert (answer["disposition"], answer["deadline_hours"]) == ("within_72h", 72)
        assert answer["findings"][0]["rule"] == "NTM01"
        assert answer["unrecognised"] == []
        assert {"term": "nodule", "negated": False, "from": "findings", "said_as": "nodule"} in answer[
            "coded"
        ]

    def test_a_missing_vital_sign_has_the_name_of_its_key(self):
        answer = last({"day": 5, "findings": {"fever": True, "spreading redness": True}})
        lacking = {item.rule: item.missing for item in answer.not_evaluated}
        assert lacking["SEP01"][0] == "respiratory_rate"


@pytest.mark.parametrize(
    ("file", "disposition", "first"),
    [
        ("bruise-day-2", "routine", "CRS01"),
        ("lumps-day-25", "within_72h", "NTM01"),
        ("hives-hoarse-20-minutes", "emergency_now", "ABC01"),
        ("dusky-blistered-patch-day-1", "emergency_now", "OCC01"),
        ("lump-unknown-day", "routine", "NOD01"),
    ],
)
def test_the_teaching_cases(file, disposition, first):
    from pathlib import Path

    path = Path(__file__).parents[3] / "examples" / "case-files" / f"{file}.json"
    (case,) = read_cases(path.read_text(encoding="utf-8"), case_names())
    (answer,) = assessor().assess(case).assessments
    assert (answer.disposition.value, answer.findings[0].rule) == (disposition, first)
