"""ABC01: airway, breathing or circulation sign

Question
    Is there a sign that airway, breathing or circulation is failing?
Facts used
    Lip, tongue or throat swelling, tight throat, hoarse voice, stridor, wheeze, breathlessness, blue lips,
    exhaustion, collapse, low blood pressure, oxygen saturation, breathing and heart rate, fast pulse, pale
    clammy skin, day since the session.
Logic
    Any sign of the airway or of failing breathing or circulation counts at any time. Measured values count
    when they pass a published high-risk boundary. Signs that are often harmless on their own (fast pulse,
    pale clammy skin, hoarse voice, cough) count within one day of the session, or when the day is not known.
Levels
    emergency_now whenever one such sign is there.
Evidence
    Recognition of anaphylaxis by sudden airway, breathing or circulation problems (Resuscitation Council UK
    2021). Skin signs support the recognition and may be absent. The same signs are an emergency whatever
    their cause.
Limits
    It does not say what the cause is. A simple faint that has fully recovered is judged by VAS01.
Example
    Hives and a hoarse voice 20 minutes after lidocaine: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

CRITERION = "rcuk-2021-airway-breathing-circulation"

AIRWAY = ("tongue-swelling", "throat-swelling", "throat-tightness", "stridor", "lip-swelling")
BREATHING = ("breathlessness", "wheeze", "cyanosis", "exhaustion")
CIRCULATION = ("collapse", "low-blood-pressure")
EARLY_ONLY = ("hoarse-voice", "fast-pulse", "pale-clammy")
EARLY_DAYS = 1.0
MEASURED = (
    ("spo2", CRITERION, "oxygen-saturation"),
    ("respiratory-rate", "nice-sepsis-community-high", "respiratory-rate"),
    ("systolic-bp", "nice-sepsis-community-high", "systolic-blood-pressure"),
    ("heart-rate", "nice-sepsis-community-high", "heart-rate"),
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    at_any_time = facts.present_of(*AIRWAY, *BREATHING, *CIRCULATION)
    early = facts.present_of(*EARLY_ONLY) if _may_be_early(facts) else ()
    measured = _measured(facts)
    signs = (*at_any_time, *early, *measured)
    if signs:
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Signs that fit a failing airway, breathing or circulation: {', '.join(signs)}.",
            "any one sign of airway, breathing or circulation",
        )
    return CANNOT_TELL if facts.missing else None


def _may_be_early(facts: Facts) -> bool:
    return facts.day_within(0.0, EARLY_DAYS) is not Answer.NO


def _measured(facts: Facts) -> tuple[str, ...]:
    boundaries = [(vital, facts.boundary(criterion, name)) for vital, criterion, name in MEASURED]
    return tuple(str(bound) for vital, bound in boundaries if facts.compare(vital, bound) is Answer.YES)


RULE = Rule(
    code="ABC01",
    name="Airway, breathing or circulation sign",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(CRITERION, "niaid-faan-2006-anaphylaxis", "nice-sepsis-community-high"),
    evaluate=evaluate,
)
