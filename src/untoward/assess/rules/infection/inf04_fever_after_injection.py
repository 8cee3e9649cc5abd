"""INF04: fever after an injection

Question
    Is there fever, or are there shaking chills, after the injection?
Facts used
    Fever or measured temperature, chills, day since the session.
Logic
    Fever of 38.0 °C or more, or said to be there, or chills, which come before it. Within six weeks of the
    session, or when the day is unknown, it is taken as a possible infection after an invasive procedure. A
    normal measurement now answers the question.
Levels
    same_day within six weeks or when the day is unknown; within_72h later.
Evidence
    Suspected infection after an invasive procedure within six weeks is seen face to face (NICE adult sepsis
    criteria). Absence of fever excludes nothing.
Limits
    It does not score sepsis: SEP01 and NEW01 do. Other causes of fever are as likely; that is for whoever
    sees the person.
Example
    38.6 °C on day 5 with spreading redness: same_day from this rule and from INF01.
"""

from __future__ import annotations

from untoward.assess import features
from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

WINDOW_DAYS = 42.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    fever = Answer.YES if facts.present_of("chills") else features.fever(facts)
    if fever is not Answer.YES:
        return CANNOT_TELL if fever is Answer.UNKNOWN else None
    late = facts.day_within(0.0, WINDOW_DAYS) is Answer.NO
    return Conclusion(
        Disposition.WITHIN_72H if late else Disposition.SAME_DAY,
        f"After an injection: {', '.join((*facts.present_of('chills', 'fever'), *_measured(facts)))}.",
        f"chills, fever or >= {features.FEVER_CELSIUS:g} celsius; same day within {WINDOW_DAYS:g} days of the session",
    )


def _measured(facts: Facts) -> tuple[str, ...]:
    value = facts.measured("temperature")
    return (f"{value:g} °C",) if value is not None and value >= features.FEVER_CELSIUS else ()


RULE = Rule(
    code="INF04",
    name="Fever after an injection",
    most_urgent=Disposition.SAME_DAY,
    evidence=("nice-sepsis-community-moderate", "sepsis-fever-absence"),
    evaluate=evaluate,
    alternatives=(
        "Viral illness: sore throat, cough or ill people around, and quiet punctures.",
        "Serum sickness or drug fever: one to three weeks later with rash or painful joints.",
        "Sepsis: fast breathing, confusion, mottled skin or little urine.",
        "Thyroid hormone in the mixture: heat, tremor, fast pulse and weight loss.",
    ),
    treatment=(
        "treatment-sepsis-transfer",
        "nice-ng141-look-first",
    ),
)
