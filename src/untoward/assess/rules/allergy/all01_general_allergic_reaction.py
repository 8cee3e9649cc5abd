"""ALL01: a general allergic reaction

Question
    Is there a general allergic reaction of the skin alone, or a second wave of an anaphylaxis?
Facts used
    Hives away from the site, swelling of the face or lids (angioedema), itch or rash all over, an allergic
    reaction that was stated; the same skin signs or anaphylaxis seen in the last 3 days, adrenaline given;
    signs of another organ system; day since the session.
Logic
    Skin signs that come back within 3 days of an anaphylaxis, or after adrenaline was given, fit a second
    wave. Alone they are watched. Within one day of the session, or on an unknown day, skin signs with a sign
    of another system are left to ANA01, which works through the criteria of anaphylaxis.
Levels
    emergency_now for a second wave; same_day alone within one day or when the day is unknown, and for hives with
    a swollen face at any time; within_72h later, and for nothing but a swollen face, not severely, that was
    itself injected within the day.
Evidence
    Skin signs alone are not anaphylaxis, and may come before it (Resuscitation Council UK 2021). The 3 days
    of a second wave are ours.
Limits
    A wheal at the puncture itself is not hives; it has its own term.
Example
    Hives over the trunk 3 hours after a session, breathing normal: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS
from untoward.assess.features_allergy import SKIN, beside_skin, early
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SECOND_WAVE_DAYS = 3.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    asked = facts.question(*SKIN)
    if asked is not Answer.YES:
        return CANNOT_TELL if asked is Answer.UNKNOWN and early(facts) else None
    signs = ", ".join(facts.present_of(*SKIN))
    if _second_wave(facts):
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Allergic signs again after an anaphylaxis: {signs}.",
            f"general skin signs within {SECOND_WAVE_DAYS:g} days of anaphylaxis, or after adrenaline",
        )
    if early(facts) and beside_skin(facts):
        return None
    return Conclusion(
        _level(facts),
        f"A general allergic reaction of the skin: {signs}. "
        "Breathing trouble, a tight throat, vomiting or faintness would make it an emergency.",
        f"a general skin reaction or a stated allergy; same day within {EARLY_DAYS:g} day or when the day is unknown",
    )


def _level(facts: Facts) -> Disposition:
    """Hives with a swollen face are new at any time; a swollen face alone, where it was injected, may be just that."""
    here = [term for term in SKIN if facts.present_of(term)]
    if {"hives", "angioedema"} <= set(here):
        return Disposition.SAME_DAY
    injected_there = (
        here == ["angioedema"]
        and facts.day is not None
        and facts.on_face() is Answer.YES
        and facts.text("angioedema", "severity") != "severe"
    )
    return Disposition.SAME_DAY if early(facts) and not injected_there else Disposition.WITHIN_72H


def _second_wave(facts: Facts) -> bool:
    treated = (
        facts.present_of("adrenaline-given") and facts.day_within(0.0, SECOND_WAVE_DAYS) is not Answer.NO
    )
    return bool(treated or facts.seen_before(SECOND_WAVE_DAYS, "anaphylaxis"))


RULE = Rule(
    code="ALL01",
    name="General allergic reaction",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("rcuk-2021-airway-breathing-circulation",),
    evaluate=evaluate,
    alternatives=(
        "Faint: pale and sweating with a slow pulse, better within minutes of lying flat, no hives.",
        "Reaction of the punctures alone: weals or redness only where the needle went.",
        "Swelling from an ACE inhibitor: lip or tongue swells, no hives, no itch, and they take one.",
        "Flush from a drug that widens the vessels: warm red skin without weals that fades by itself.",
    ),
    treatment=(
        "treatment-anaphylaxis-adrenaline-by-age",
        "treatment-anaphylaxis-posture",
        "treatment-anaphylaxis-antihistamine-third-line",
        "treatment-urticaria-antihistamine",
        "treatment-anaphylaxis-after",
    ),
)
