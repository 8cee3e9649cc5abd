"""VAS01: faint

Question
    Was a faint a simple one, or the start of something worse?
Facts used
    Faint, whether it has recovered, how often, whether there was an injury in the fall, day since the session;
    breathlessness, wheeze, tight throat, hives, flushing, chest pain, seizure, palpitations.
Logic
    A faint within a day of the injection that has recovered, with no sign of allergy, breathing trouble,
    chest pain or seizure, fits a vasovagal faint. A slow pulse fits it too and does not exclude anaphylaxis.
    A faint that is not known to have recovered, or has a worse sign beside it, is treated as an emergency. A
    repeated faint, one with palpitations or an injury, or one later than a day is no simple faint.
Levels
    emergency_now when not recovered, recovery unknown or a worse sign is there; same_day when repeated, late,
    or with palpitations or an injury; routine when a worse sign was not asked for; self_care when recovered and every
    worse sign is denied.
Evidence
    Comparison of vasovagal faint and anaphylaxis (evidence record `vasovagal-versus-anaphylaxis`). What makes a faint more than a
    simple one is a list of ours, which only raises the urgency.
Limits
    How bad an injury is, is not weighed; a blow to the head needs its own look.
Example
    Faint at the needle, pulse 48, well again lying flat after 2 minutes: not an emergency.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, any_of
from untoward.model.finding import Disposition

WORSE = ("breathlessness", "hives", "chest-pain", "seizure")
ALSO_WORSE = (
    "wheeze",
    "throat-tightness",
    "throat-swelling",
    "tongue-swelling",
    "angioedema",
    "cyanosis",
    "confusion",
    "flushing",
    "collapse",
)
THRESHOLD = (
    "recovered, within a day of the injection, with no breathing trouble, hives, chest pain or seizure"
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    early = facts.day_within(0.0, EARLY_DAYS)
    fainted = facts.question("faint")
    if fainted is not Answer.YES:
        return CANNOT_TELL if fainted is Answer.UNKNOWN and early is not Answer.NO else None
    recovered = facts.attribute("faint", "recovered")
    worse = Answer.YES if facts.present_of(*ALSO_WORSE) else any_of([facts.question(term) for term in WORSE])
    if worse is Answer.YES or recovered is not Answer.YES:
        reason = (
            "with a sign of something worse"
            if worse is Answer.YES
            else "and recovery is not known to be complete"
        )
        return Conclusion(Disposition.EMERGENCY_NOW, f"A faint after an injection, {reason}.", THRESHOLD)
    if early is not Answer.YES or _not_simple(facts):
        return Conclusion(
            Disposition.SAME_DAY,
            "A faint that is repeated, late, or with palpitations or an injury is no simple one.",
            THRESHOLD,
        )
    level = Disposition.SELF_CARE if worse is Answer.NO else Disposition.ROUTINE
    return Conclusion(level, "A faint that has fully recovered fits a simple (vasovagal) faint.", THRESHOLD)


def _not_simple(facts: Facts) -> bool:
    times = facts.number("faint", "count")
    hurt = facts.attribute("faint", "injury") is Answer.YES
    return (times is not None and times > 1) or hurt or bool(facts.present_of("palpitations", "arrhythmia"))


RULE = Rule(
    code="VAS01",
    name="Faint",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("vasovagal-versus-anaphylaxis", "faint-not-simple"),
    evaluate=evaluate,
    alternatives=(
        "Anaphylaxis: begins after the injection, fast pulse, hives or wheeze, no better on lying flat.",
        "Local anaesthetic in the blood: tingling mouth, metallic taste, ringing ears before the collapse.",
        "Heart rhythm: palpitations or chest pain first, no warning, or heart disease in the history.",
        "Seizure or low blood sugar: long jerking, bitten tongue, slow to come round; diabetes.",
    ),
    treatment=(
        "treatment-faint-lie-flat",
        "treatment-faint-watch",
        "treatment-anaphylaxis-adrenaline-by-age",
        "treatment-anaphylaxis-posture",
    ),
)
