"""INF04: fever after an injection

Question
    Is there fever, and is it more than the first evening's?
Facts used
    Fever or measured temperature, chills, day since the session.
Logic
    Fever of 38.0 °C or more, or said to be there, within six weeks of the session or when the day is unknown.
Levels
    same_day.
Evidence
    Suspected infection after an invasive procedure within six weeks is seen face to face (NICE adult sepsis
    criteria).
Limits
    It does not score sepsis. Other causes of fever are as likely; that is for whoever sees the person.
Example
    38.6 °C on day 5 with spreading redness: same_day from this rule and from INF01.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, any_of
from untoward.model.finding import Disposition

FEVER_CELSIUS = 38.0
WINDOW_DAYS = 42.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    temperature = facts.measured("temperature")
    measured = Answer.of(None if temperature is None else temperature >= FEVER_CELSIUS)
    fever = any_of([facts.has("fever"), measured])
    if fever is not Answer.YES:
        return CANNOT_TELL if fever is Answer.UNKNOWN else None
    if facts.day_within(0.0, WINDOW_DAYS) is Answer.NO:
        return None
    return Conclusion(
        Disposition.SAME_DAY,
        "Fever after an injection.",
        f"fever or temperature >= {FEVER_CELSIUS:g} celsius within {WINDOW_DAYS:g} days of the session",
    )


RULE = Rule(
    code="INF04",
    name="Fever after an injection",
    most_urgent=Disposition.SAME_DAY,
    evidence=("nice-sepsis-community-moderate", "sepsis-fever-absence"),
    evaluate=evaluate,
)
