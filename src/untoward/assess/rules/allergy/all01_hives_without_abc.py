"""ALL01: hives or swelling of the face without a sign of airway, breathing or circulation

Question
    Is there a general allergic skin reaction that could still turn into anaphylaxis?
Facts used
    Hives away from the site, swelling of the face or lids (angioedema), day since the session.
Logic
    Fires when either is there within one day of the session, or when the day is not known. Signs of airway,
    breathing or circulation are judged by ABC01 and are more urgent.
Levels
    same_day within one day or when the day is unknown; within_72h later.
Evidence
    Skin signs alone are not anaphylaxis, and may come before it (Resuscitation Council UK 2021; NIAID/FAAN
    2006).
Limits
    A wheal at the puncture itself is not hives; it has its own term.
Example
    Hives over the trunk 3 hours after a session, breathing normal: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

EARLY_DAYS = 1.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    signs = facts.present_of("hives", "angioedema")
    if not signs:
        return CANNOT_TELL if facts.missing else None
    early = facts.day_within(0.0, EARLY_DAYS) is not Answer.NO
    return Conclusion(
        Disposition.SAME_DAY if early else Disposition.WITHIN_72H,
        f"A general allergic skin reaction: {', '.join(signs)}. "
        "Breathing trouble, a tight throat or faintness would be an emergency.",
        f"hives or angioedema; same day within {EARLY_DAYS:g} day of the session or when the day is unknown",
    )


RULE = Rule(
    code="ALL01",
    name="Hives or facial swelling without airway, breathing or circulation signs",
    most_urgent=Disposition.SAME_DAY,
    evidence=("rcuk-2021-airway-breathing-circulation", "niaid-faan-2006-anaphylaxis"),
    evaluate=evaluate,
)
