"""What to ask next is found by trying answers; here every answer is tried the slow way, through the whole assessment."""

import json

import pytest

from untoward.assess.facts import DAY, KEY_OF_VITAL
from untoward.assess.questions import MOST_QUESTIONS, POSSIBLE_DAYS
from untoward.exchange.cases import read_cases
from untoward.tasks.knowledge import assessor, case_names, evidence

LABEL_TO_ID = {term.label: key for key, term in evidence().terms.terms.items()}
OBSERVATIONS = [
    {"findings": {"lump": True}},
    {"day": 1, "findings": {"bruise": True}},
    {"day": 4, "findings": {"nodule": True, "warmth": True, "redness": {"size_cm": 3}}},
    {"day": 0.1, "findings": {"hives": True, "breathlessness": False}},
    {"day": 35, "findings": {"nodule": {"count": 3}, "fever": False}},
    {"day": 6, "findings": {"fever": True, "temperature_c": 38.6, "spreading redness": True}},
]


def assessed(observation):
    (case,) = read_cases(json.dumps({"observations": [observation]}), case_names())
    return assessor().assess(case).assessments[-1]


def with_answers(observation, name):
    """The observation with each answer that a sign or an unknown day could have."""
    if name == DAY:
        return [{**observation, "day": day} for day in POSSIBLE_DAYS]
    return [{**observation, "findings": {**observation["findings"], LABEL_TO_ID[name]: True}}]


def steps(observation, name):
    """How many steps the whole assessment becomes more urgent by the most telling answer."""
    now = assessed(observation).disposition.rank
    return max(now - assessed(other).disposition.rank for other in with_answers(observation, name))


def signs_asked(observation):
    asked = assessed(observation).questions
    return [name for name in asked if name == DAY or name in LABEL_TO_ID]


@pytest.mark.parametrize("observation", OBSERVATIONS, ids=lambda item: ", ".join(item["findings"]))
class TestAgainstTryingThroughTheWholeAssessment:
    def test_most_informative_comes_first(self, observation):
        changes = [steps(observation, name) for name in signs_asked(observation)]
        assert changes == sorted(changes, reverse=True)

    def test_the_first_question_could_change_something(self, observation):
        assert steps(observation, signs_asked(observation)[0]) > 0

    def test_no_red_flag_that_changes_more_is_left_out(self, observation):
        answer = assessed(observation)
        asked = signs_asked(observation)
        least = min(steps(observation, name) for name in asked)
        lacking = {name for item in answer.not_evaluated for name in item.missing} & LABEL_TO_ID.keys()
        left_out = lacking - set(asked)
        if len(answer.questions) < MOST_QUESTIONS:
            least = 0
        assert not [name for name in left_out if steps(observation, name) > least + 1]

    def test_what_needs_an_instrument_comes_after_what_can_be_asked(self, observation):
        measured = [name in KEY_OF_VITAL.values() for name in assessed(observation).questions]
        assert measured == sorted(measured)


def test_nothing_is_asked_when_nothing_could_be_more_urgent():
    assert assessed({"day": 2, "findings": {"breathlessness": True}}).questions == ()
