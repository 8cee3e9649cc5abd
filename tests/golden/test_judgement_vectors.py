"""Judgements against published boundaries and worked examples.

Sizes: the boundaries of the FDA scale (2007) and of the DAIDS table, version 2.1, above 15 years of age.
Naranjo: scores printed question by question in three case reports, J Med Case Rep 2019 (10.1186/s13256-019-2244-z,
table 2), Ther Clin Risk Manag 2018 (PMC6136411, table 1) and World J Clin Cases 2024 (10.12998/wjcc.v12.i7.1371, table 1).
Completeness: products of the printed penalties (Bergvall and others, Drug Saf 2014;37:65).
"""

import json
import math

import pytest

from untoward.assess.judgement import judge
from untoward.assess.judgement.causality.answers import Known
from untoward.assess.judgement.causality.naranjo import QUESTIONS, naranjo_of
from untoward.assess.judgement.completeness import Documented, completeness_of
from untoward.assess.judgement.grading.infection_scores import qsofa
from untoward.assess.judgement.view import View
from untoward.assess.situation import Situation
from untoward.exchange.cases import read_cases
from untoward.model.answer import Answer
from untoward.tasks.knowledge import case_names, evidence

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def situation(findings):
    document = {"patient": {"age": 40}, "observations": [{"day": 2, "findings": findings}]}
    (case,) = read_cases(json.dumps(document), case_names())
    labels = {key: term.label for key, term in evidence().terms.terms.items()}
    return Situation.at(case, 0, evidence(), labels, lambda _compound, _term: None)


def redness(size, scale):
    found = judge(
        situation({"injection site redness": {"size_cm": size}, "interferes with daily activity": False})
    ).grades
    return next(grade.grade for grade in found if grade.scale == scale and grade.term == "redness")


@pytest.mark.parametrize(
    ("size", "grade"), [(2.4, 0), (2.5, 1), (5.0, 1), (5.05, 2), (5.1, 2), (10.0, 2), (10.05, 3), (10.1, 3)]
)
def test_redness_by_the_fda_scale(size, grade):
    assert redness(size, "FDA") == grade


@pytest.mark.parametrize(
    ("size", "grade"), [(2.4, 0), (2.5, 1), (4.9, 1), (5.0, 2), (5.1, 2), (9.9, 2), (10.0, 3), (10.1, 3)]
)
def test_redness_by_the_daids_table_above_15_years(size, grade):
    assert redness(size, "DAIDS") == grade


def test_quick_sofa():
    view = View(situation({"respiratory_rate": 22, "systolic_bp": 100, "avpu": "alert"}))
    score = qsofa(view)
    assert (score.low, score.high) == (2, 2)


def scored(*answers):
    known = {number: Known(answer=answer, fact="") for number, answer in zip(QUESTIONS, answers, strict=True)}
    return naranjo_of(known)


PUBLISHED = {
    "levothyroxine and the liver, 2019": (
        (YES, YES, YES, YES, NO, UNKNOWN, NO, NO, NO, UNKNOWN), (1, 2, 1, 2, 2, 0, 0, 0, 0, 0), 8, "probable",
    ),
    "a probable reaction, 2018": (
        (NO, YES, YES, UNKNOWN, NO, UNKNOWN, NO, NO, NO, YES), (0, 2, 1, 0, 2, 0, 0, 0, 0, 1), 6, "probable",
    ),
    "another cause, 2024": (
        (YES, YES, NO, UNKNOWN, YES, UNKNOWN, NO, NO, NO, YES), (1, 2, 0, 0, -1, 0, 0, 0, 0, 1), 3, "possible",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_naranjo_scores(name):
    answers, points, score, category = PUBLISHED[name]
    found = scored(*answers)
    assert tuple(item.points for item in found.answers) == points
    assert (found.score, found.category) == (score, category)


def test_naranjo_of_which_nothing_is_known():
    found = scored(*[UNKNOWN] * 10)
    assert (found.score, found.category, found.low, found.high, found.reachable) == (0, "doubtful", -4, 13, 9)


def test_the_ends_of_naranjo():
    best = scored(YES, YES, YES, YES, NO, NO, YES, YES, YES, YES)
    worst = scored(NO, NO, NO, NO, YES, YES, NO, NO, NO, NO)
    assert (best.score, best.category) == (13, "definite")
    assert (worst.score, worst.category) == (-4, "doubtful")


@pytest.mark.parametrize(
    ("answers", "score", "category"),
    [
        ((YES, YES, YES, YES, NO, NO, NO, NO, NO, NO), 9, "definite"),
        ((YES, YES, YES, YES, NO, UNKNOWN, NO, NO, NO, NO), 8, "probable"),
        ((YES, YES, UNKNOWN, UNKNOWN, NO, UNKNOWN, NO, NO, NO, NO), 5, "probable"),
        ((NO, YES, UNKNOWN, UNKNOWN, NO, UNKNOWN, NO, NO, NO, NO), 4, "possible"),
        ((YES, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NO, NO, NO, NO), 1, "possible"),
        ((NO, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NO, NO, NO, NO), 0, "doubtful"),
    ],
)
def test_both_sides_of_each_naranjo_category(answers, score, category):
    found = scored(*answers)
    assert (found.score, found.category) == (score, category)


COMPLETE = {
    "indication": True, "outcome": True, "sex": True, "age": True, "dose": True, "country": True,
    "reporter": True, "report_type": True, "comments": True,
}  # fmt: skip
TEN_PER_CENT = ("dose", "country", "reporter", "report_type", "comments")


def completeness(onset=0.0, *, without=()):
    held = {name: name not in without for name in COMPLETE}
    return completeness_of(Documented(onset_uncertain_days=onset, **held)).score


def test_completeness_of_a_whole_report():
    assert completeness() == 1.0


def test_completeness_without_time_to_onset():
    assert completeness(None) == pytest.approx(0.50)


def test_completeness_without_age_and_sex():
    assert completeness(without=("age", "sex")) == pytest.approx(0.49)


def test_completeness_without_the_five_small_ones():
    assert completeness(without=TEN_PER_CENT) == pytest.approx(0.59, abs=0.001)


def test_completeness_of_nothing():
    score = completeness(None, without=tuple(COMPLETE))
    assert score == pytest.approx(0.0709, abs=0.00005)
    assert score == pytest.approx(math.prod([0.5, *[0.7] * 4, *[0.9] * 5]))
