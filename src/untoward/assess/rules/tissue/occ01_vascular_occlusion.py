"""OCC01: blocked blood vessel

Question
    Could a blood vessel be blocked or pressed shut?
Facts used
    Pale, blue or net-like (livedo) skin, pain out of proportion, slow capillary refill, day since the
    session.
Logic
    Fires for one such sign within 3 days of the session, or when the day is not known. Blisters are not
    waited for.
Levels
    emergency_now.
Evidence
    Signs of vascular occlusion after fillers and of Nicolau syndrome (evidence record
    `vascular-occlusion-signs`).
Limits
    Pain can be absent under local anaesthetic. Anaesthetic with adrenaline also makes skin pale for some
    hours.
Example
    A white patch and pain beyond the nose 30 minutes after a filler: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

CRITERION = "vascular-occlusion-signs"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    signs = facts.present_of("pallor", "livedo", "pain-out-of-proportion")
    window_days = facts.boundary(CRITERION, "time").days
    if signs and facts.day_within(0.0, window_days) is not Answer.NO:
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Signs that fit a blocked blood vessel: {', '.join(signs)}.",
            f"one sign within {window_days:g} days of the session",
        )
    return CANNOT_TELL if facts.missing and not signs else None


RULE = Rule(
    code="OCC01",
    name="Blocked blood vessel",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(CRITERION,),
    evaluate=evaluate,
)
