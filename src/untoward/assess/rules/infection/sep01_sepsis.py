"""SEP01: infection with signs of the whole body

Question
    Is a suspected infection making the whole body ill?
Facts used
    Any sign of infection (fever, chills, pus, spreading, stated infection, 3 of 4 local signs after day 2);
    breathing rate, blood pressure, heart rate, temperature, hours without urine, consciousness; rash that
    does not fade, mottled or blue skin, confusion, collapse, little urine; pregnancy, age.
Logic
    Suspected infection with one high-risk criterion is an emergency; with one moderate criterion it is seen
    within the hour. The moderate criteria "invasive procedure in six weeks" and "redness at the wound" are
    left out, because every injected person with an infection meets them; weak immunity is judged by INF01.
Levels
    emergency_now with a high-risk criterion; within_1h with a moderate one.
Evidence
    NICE criteria for adults outside hospital. From 130 beats a minute on the heart rate is taken as high,
    because two copies of the table disagree about the equal sign.
Limits
    For people of 16 and over: a younger one has other limits, so a moderate value is then taken as high. It
    rests on what was measured; what was not is listed.
Example
    38.6 °C, spreading redness and 24 breaths a minute: within_1h; with 25 breaths: emergency_now.
"""

from __future__ import annotations

from untoward.assess import features
from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.evidence.records import Threshold
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

HIGH, MODERATE = "nice-sepsis-community-high", "nice-sepsis-community-moderate"
HIGH_SIGNS = ("non-blanching-rash", "livedo", "cyanosis", "confusion", "collapse")
HIGH_MEASURED = (
    ("respiratory-rate", "respiratory-rate"),
    ("systolic-bp", "systolic-blood-pressure"),
    ("urine-output-gap", "no-urine"),
)
MODERATE_MEASURED = (
    ("respiratory-rate", "respiratory-rate-low"),
    ("systolic-bp", "systolic-high"),
    ("urine-output-gap", "no-urine-low"),
    ("temperature", "tympanic-temperature"),
)
HEART_RATE_HIGH = Threshold(name="heart-rate", operator=">=", value=130, unit="/min")
ADULT_YEARS = 16.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    suspected = features.infection_suspected(facts)
    if suspected is not Answer.YES:
        return CANNOT_TELL if suspected is Answer.UNKNOWN else None
    facts.settle()
    high = [*facts.present_of(*HIGH_SIGNS), *_met(facts, HIGH, HIGH_MEASURED)]
    if facts.compare("heart-rate", HEART_RATE_HIGH) is Answer.YES:
        high.append(str(HEART_RATE_HIGH))
    moderate = [
        *facts.present_of("little-urine"),
        *_met(facts, MODERATE, MODERATE_MEASURED),
        *_fast_heart(facts),
    ]
    if high or (moderate and _young(facts)):
        return _conclusion(Disposition.EMERGENCY_NOW, [*high, *moderate])
    if moderate:
        return _conclusion(Disposition.WITHIN_1H, moderate)
    return CANNOT_TELL if facts.missing else None


def _met(facts: Facts, criterion: str, measured: tuple[tuple[str, str], ...]) -> list[str]:
    bounds = [(vital, facts.boundary(criterion, name)) for vital, name in measured]
    return [str(bound) for vital, bound in bounds if facts.compare(vital, bound) is Answer.YES]


def _fast_heart(facts: Facts) -> list[str]:
    pregnant = bool(facts.present_of("pregnancy"))
    bound = facts.boundary(MODERATE, "heart-rate-low-pregnant" if pregnant else "heart-rate-low")
    return [str(bound)] if facts.compare("heart-rate", bound) is Answer.YES else []


def _young(facts: Facts) -> bool:
    age = facts.age_years
    return age is not None and age < ADULT_YEARS


def _conclusion(level: Disposition, met: list[str]) -> Conclusion:
    return Conclusion(
        level,
        f"A suspected infection with signs of the whole body: {', '.join(met)}.",
        "suspected infection with one high-risk criterion: now; with one moderate criterion: within the hour",
    )


RULE = Rule(
    code="SEP01",
    name="Infection with signs of the whole body",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(HIGH, MODERATE, "sepsis-fever-absence"),
    evaluate=evaluate,
    alternatives=(
        "Anaphylaxis: minutes after the injection, hives or wheeze, no fever.",
        "Thyroid storm: fever and fast pulse with tremor and agitation after a slimming mixture.",
        "Stimulant in the mixture: fast pulse and tremor within hours, no place of infection.",
        "Viral illness: the numbers stay in range and others around are ill.",
    ),
    treatment=(
        "treatment-sepsis-transfer",
        "treatment-necrotising-surgery",
    ),
)
