"""Situations to judge, from findings as a case document has them."""

import json

import pytest

from untoward.assess.judgement.view import View
from untoward.assess.situation import KnownCourse, Situation
from untoward.evidence.courses import expected_course
from untoward.exchange.cases import read_cases
from untoward.tasks.knowledge import case_names, evidence

COURSES = {}


def course_of(compound, term):
    if (compound, term) not in COURSES:
        course = expected_course(evidence(), compound, term)
        COURSES[compound, term] = None if course is None else KnownCourse.of(course)
    return COURSES[compound, term]


def situation_of(*observations, **rest):
    (case,) = read_cases(json.dumps({"observations": list(observations), **rest}), case_names())
    labels = {key: term.label for key, term in evidence().terms.terms.items()}
    return Situation.at(case, len(case.observations) - 1, evidence(), labels, course_of)


@pytest.fixture(scope="session")
def situation():
    """Makes a situation from observations (and patient, sessions) at the last observation."""
    return situation_of


@pytest.fixture(scope="session")
def seen():
    """Makes the view of one observation from findings by term id, on a day, of an adult unless said otherwise."""

    def make(findings, *, day=2, age=40, **rest):
        named = {
            evidence().terms[key].label if key in evidence().terms else key: v for key, v in findings.items()
        }
        return View(situation_of({"day": day, "findings": named}, **{"patient": {"age": age}, **rest}))

    return make
