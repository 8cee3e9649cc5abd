"""The judgement as a whole: lazy, complete, comparable, and about one thing at a time."""

import pytest

from untoward.assess.judgement import OUTPUTS, judge
from untoward.assess.judgement.grading import conflicts, grades
from untoward.assess.judgement.view import View
from untoward.evidence.records import Criterion
from untoward.model.answer import Answer
from untoward.model.judgement import ReportContext
from untoward.tasks.knowledge import evidence

BRUISE = {"day": 2, "findings": {"injection site bruising": True}}


def test_nothing_is_worked_out_before_it_is_asked_for(situation):
    judged = judge(situation(BRUISE))
    assert not set(vars(judged)) & set(OUTPUTS)
    assert judged.seriousness.value is Answer.UNKNOWN
    assert set(vars(judged)) & set(OUTPUTS) == {"seriousness"}


def test_every_output_of_a_case_of_which_nothing_is_known(situation):
    judged = judge(situation({"text": ""}))
    assert (
        judged.grades == judged.conflicts == judged.definitions == judged.scores == judged.expectedness == ()
    )
    assert judged.attribution == ()
    assert judged.causality.term is None
    assert judged.seriousness.value is Answer.UNKNOWN


def test_two_judgements_of_the_same_are_equal(situation):
    assert judge(situation(BRUISE)) == judge(situation(BRUISE))
    assert judge(situation(BRUISE)) != judge(
        situation({"day": 3, "findings": {"injection site bruising": True}})
    )
    assert judge(situation(BRUISE)) != 1


def test_what_a_report_says_beyond_the_case(situation):
    said = ReportContext(country="GB")
    assert judge(situation(BRUISE), said).completeness.score > judge(situation(BRUISE)).completeness.score


@pytest.mark.parametrize("criterion", ["death", "life-threatening", "hospital-admission", "disability"])
def test_a_serious_outcome_leaves_causality_expectedness_and_local_grades_alone(seen, criterion):
    plain, serious = seen({"redness": {"size_cm": 3}}), seen({"redness": {"size_cm": 3}, criterion: True})
    assert [g.grade for g in grades(plain) if g.scale == "FDA"] == [
        g.grade for g in grades(serious) if g.scale == "FDA"
    ]
    before, after = judge(plain.situation), judge(serious.situation)
    assert before.causality.who_umc == after.causality.who_umc
    assert before.expectedness == after.expectedness


def test_a_grade_does_not_make_it_serious(seen):
    assert judge(seen({"redness": {"size_cm": 40}}).situation).seriousness.value is Answer.UNKNOWN


def test_every_record_that_is_named_exists(seen):
    everything = {key: True for key, term in evidence().terms.terms.items() if term.kind.value != "vital"}
    sessions = [{"components": [{"compound": "deoxycholic acid"}, {"compound": "lidocaine"}]}]
    judged = judge(seen(everything, sessions=sessions).situation)
    named = [*judged.grades, *judged.definitions, *judged.expectedness, *judged.attribution, judged.causality,
             judged.seriousness, judged.completeness]  # fmt: skip
    assert {key for item in named for key in item.evidence} <= set(evidence().records)


def test_every_constant_that_stands_in_code_is_the_one_of_its_record():
    from untoward.assess.judgement.causality.naranjo import CATEGORIES
    from untoward.assess.judgement.completeness import (
        AGE_GROUP_ONLY,
        MISSING,
        UNCERTAIN_BY_MORE_THAN_A_MONTH,
        UNCERTAIN_ONSET,
        WELL_DOCUMENTED_ABOVE,
    )

    bounds = {t.name: t.value for t in criterion("naranjo").thresholds}
    assert {name: bounds[name] for _least, name in CATEGORIES} == {name: least for least, name in CATEGORIES}
    shares = {t.name.replace("-", " "): t.value for t in criterion("vigigrade-completeness").thresholds}
    assert {name: shares[name] / 100 for name in MISSING} == pytest.approx(MISSING)
    assert shares["time to onset uncertain"] / 100 == UNCERTAIN_ONSET
    assert shares["time to onset uncertain over a month"] / 100 == UNCERTAIN_BY_MORE_THAN_A_MONTH
    assert shares["age group only"] / 100 == AGE_GROUP_ONLY
    assert shares["well documented"] == WELL_DOCUMENTED_ABOVE


def criterion(key) -> Criterion:
    return evidence().criterion(key)


def test_conflicts_need_two_grades_that_stand(seen):
    view = View(seen({"redness": True}).situation)
    assert conflicts(view, grades(view)) == ()
