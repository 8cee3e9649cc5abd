"""ABC01: airway, breathing or circulation sign

Question
    Is there a sign that airway, breathing or circulation is failing?
Facts used
    Airway: throat or tongue swelling, tight throat, stridor, lip swelling. Breathing: breathlessness, wheeze,
    blue lips, fast breathing, low oxygen, exhaustion. Circulation: collapse, low blood pressure, chest pain.
    Oxygen saturation, breathing rate, blood pressure, heart rate, consciousness. Hoarse voice, fast pulse,
    pale clammy skin; whether a faint has recovered; day since the session; whether the lips were injected.
Logic
    Any of these counts at any time. Measured values count when they pass a published boundary. Signs that are
    often harmless on their own (hoarse voice, fast pulse, pale clammy skin) count within one day of the
    session, or when the day is not known; pale clammy skin does not count beside a faint that has recovered,
    because it belongs to it. Swelling of lips that were themselves injected is left to RED01.
Levels
    emergency_now whenever one such sign is there.
Evidence
    Recognition of anaphylaxis by sudden airway, breathing or circulation problems (Resuscitation Council UK
    2021). Skin signs support the recognition and may be absent. The same signs are an emergency whatever
    their cause, so the high-risk boundaries of the sepsis guidance are used for the measured values.
Limits
    It does not say what the cause is. The boundaries are for adults. Someone who lives with a low oxygen
    saturation is called an emergency too.
Example
    Hives and a hoarse voice 20 minutes after lidocaine: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

RECOGNITION = "rcuk-2021-airway-breathing-circulation"
HIGH_RISK = "nice-sepsis-community-high"

AIRWAY = ("throat-swelling", "tongue-swelling", "throat-tightness", "stridor")
BREATHING = ("breathlessness", "wheeze", "cyanosis", "fast-breathing", "low-oxygen", "exhaustion")
CIRCULATION = ("collapse", "low-blood-pressure", "chest-pain")
MEASURED = (
    ("spo2", RECOGNITION, "oxygen-saturation"),
    ("respiratory-rate", HIGH_RISK, "respiratory-rate"),
    ("systolic-bp", HIGH_RISK, "systolic-blood-pressure"),
    ("heart-rate", HIGH_RISK, "heart-rate"),
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    questions = [facts.question(*names) for names in (BREATHING, AIRWAY, CIRCULATION)]
    signs = [*facts.present_of(*AIRWAY, *BREATHING, *CIRCULATION), *_lips(facts), *_early(facts)]
    signs += _measured(facts)
    if signs:
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Signs that fit a failing airway, breathing or circulation: {', '.join(signs)}.",
            "any one sign of airway, breathing or circulation",
        )
    return CANNOT_TELL if Answer.UNKNOWN in questions else None


def _lips(facts: Facts) -> tuple[str, ...]:
    return () if facts.on_lips() else facts.present_of("lip-swelling")


def _early(facts: Facts) -> tuple[str, ...]:
    signs = facts.present_of("hoarse-voice", "fast-pulse")
    if facts.present_of("pale-clammy") and facts.attribute("faint", "recovered") is not Answer.YES:
        signs += facts.present_of("pale-clammy")
    return signs if signs and facts.day_within(0.0, EARLY_DAYS) is not Answer.NO else ()


def _measured(facts: Facts) -> list[str]:
    boundaries = [(vital, facts.boundary(criterion, name)) for vital, criterion, name in MEASURED]
    met = [str(bound) for vital, bound in boundaries if facts.compare(vital, bound) is Answer.YES]
    level = facts.consciousness()
    return met if level in (None, "alert") else [*met, f"consciousness: {level}"]


RULE = Rule(
    code="ABC01",
    name="Airway, breathing or circulation sign",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(RECOGNITION, "niaid-faan-2006-anaphylaxis", HIGH_RISK),
    evaluate=evaluate,
    alternatives=(
        "Anaphylaxis: within minutes to hours of the injection, often with hives or swelling.",
        "Local anaesthetic in the blood: tingling mouth, a fit or a slow heart after an anaesthetic.",
        "Sepsis: fever or shivering and a place of infection, over hours to days.",
        "Clot or product in the lung: sudden breathlessness and low oxygen, no wheeze, no hives.",
        "Panic with fast breathing: oxygen and blood pressure normal; the last thing to settle for.",
    ),
    treatment=(
        "treatment-anaphylaxis-adrenaline-by-age",
        "treatment-anaphylaxis-adrenaline-by-weight",
        "treatment-anaphylaxis-adrenaline-us-label",
        "treatment-anaphylaxis-repeat-uk",
        "treatment-anaphylaxis-posture",
        "treatment-anaphylaxis-refractory",
        "treatment-anaphylaxis-antihistamine-third-line",
        "treatment-sepsis-transfer",
        "treatment-anaesthetic-toxicity-first-steps",
    ),
)
