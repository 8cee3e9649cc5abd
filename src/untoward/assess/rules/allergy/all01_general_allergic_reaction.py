"""ALL01: a general allergic reaction

Question
    Is there a general allergic reaction, and is it more than skin?
Facts used
    Hives away from the site, swelling of the face or lids (angioedema), itch or rash all over, an allergic
    reaction that was stated; flushing when another system is involved; vomiting, diarrhoea, belly pain,
    faint, dizziness; the same skin signs or anaphylaxis seen in the last 3 days; day since the session.
Logic
    Skin signs within one day of the session, or when the day is not known, with a sign of the gut or of the
    circulation fit anaphylaxis. Skin signs that come back within 3 days of an anaphylaxis fit a second wave.
    Alone they are watched. Signs of airway, breathing or circulation are judged by ABC01.
Levels
    emergency_now with a second system or a second wave; same_day alone within one day or when the day is
    unknown; within_72h later.
Evidence
    Skin with gut or circulation within hours of the exposure (NIAID/FAAN 2006, WAO 2020). Skin signs alone
    are not anaphylaxis, and may come before it (Resuscitation Council UK 2021). The 3 days of a second wave
    are ours.
Limits
    A wheal at the puncture itself is not hives; it has its own term. The criteria ask for severe or lasting
    gut signs; here any counts, because how bad they are is seldom written down.
Example
    Hives over the trunk 3 hours after a session, breathing normal: same_day. With vomiting: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SKIN = ("hives", "angioedema", "generalised-rash", "generalised-itch", "allergy")
FLUSHING = "flushing"
SECOND_SYSTEM = ("vomiting", "diarrhoea", "abdominal-pain", "faint", "dizziness", "incontinence")
SECOND_WAVE_DAYS = 3.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    skin = ", ".join(facts.present_of(*SKIN, FLUSHING))
    more = facts.present_of(*SECOND_SYSTEM) if skin and _early(facts) else ()
    if more:
        return _emergency(
            f"Skin and a second system, which fits anaphylaxis: {skin}, with {', '.join(more)}."
        )
    asked = facts.question(*SKIN)
    if asked is not Answer.YES:
        return CANNOT_TELL if asked is Answer.UNKNOWN and _early(facts) else None
    signs = ", ".join(facts.present_of(*SKIN))
    if facts.seen_before(SECOND_WAVE_DAYS, "anaphylaxis"):
        return _emergency(f"Allergic signs again after an anaphylaxis: {signs}.")
    return Conclusion(
        Disposition.SAME_DAY if _early(facts) else Disposition.WITHIN_72H,
        f"A general allergic reaction: {signs}. "
        "Breathing trouble, a tight throat, vomiting or faintness would make it an emergency.",
        f"a general skin reaction or a stated allergy; same day within {EARLY_DAYS:g} day or when the day is unknown",
    )


def _early(facts: Facts) -> bool:
    return facts.day_within(0.0, EARLY_DAYS) is not Answer.NO


def _emergency(statement: str) -> Conclusion:
    threshold = f"skin with gut or circulation within {EARLY_DAYS:g} day, or within {SECOND_WAVE_DAYS:g} days of anaphylaxis"
    return Conclusion(Disposition.EMERGENCY_NOW, statement, threshold)


RULE = Rule(
    code="ALL01",
    name="General allergic reaction",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(
        "niaid-faan-2006-anaphylaxis",
        "wao-2020-anaphylaxis",
        "rcuk-2021-airway-breathing-circulation",
    ),
    evaluate=evaluate,
)
