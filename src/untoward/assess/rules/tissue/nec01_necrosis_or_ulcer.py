"""NEC01: skin necrosis or ulcer

Question
    Is skin dying, or open, where it was injected?
Facts used
    Black or grey dead skin, blood-filled blisters, blisters, dusky or net-like skin, ulcer, whether it grows.
Logic
    Dead skin, blood-filled blisters, blisters over dusky skin, or a growing ulcer are the late signs of
    starved tissue. Any other ulcer, or a blister whose ground is not known, is open skin that a clinician
    must see.
Levels
    within_1h for dead skin, blisters over dusky skin or a growing ulcer; same_day for any other ulcer or
    blister.
Evidence
    Skin ulceration grading (CTCAE) and the stages of vascular occlusion after fillers: pallor, livedo, dusky
    skin, blisters, eschar.
Limits
    It does not tell a pressure blister from a tape burn; it errs to the urgent side.
Example
    A black patch of 1 cm on day 3 after injection lipolysis: within_1h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

DEAD = ("necrosis", "haemorrhagic-blister")
OPEN = ("ulcer", "blister")
DUSKY = ("purple-discolouration", "livedo", "pallor")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    asked = facts.question(*DEAD), facts.question(*OPEN)
    if Answer.YES not in asked:
        return CANNOT_TELL if Answer.UNKNOWN in asked else None
    signs = ", ".join(facts.present_of(*DEAD, *OPEN, *DUSKY))
    if _dying(facts):
        return Conclusion(
            Disposition.WITHIN_1H,
            f"Signs that fit dying skin: {signs}.",
            "dead skin, or blisters over dusky skin, or a growing ulcer, at any time",
        )
    return Conclusion(
        Disposition.SAME_DAY, f"Open or blistered skin: {signs}.", "any ulcer or blister at the site"
    )


def _dying(facts: Facts) -> bool:
    if facts.present_of(*DEAD):
        return True
    if facts.present_of("blister") and facts.question(*DUSKY) is Answer.YES:
        return True
    return bool(facts.present_of("ulcer")) and facts.growing("ulcer") is Answer.YES


RULE = Rule(
    code="NEC01",
    name="Skin necrosis or ulcer",
    most_urgent=Disposition.WITHIN_1H,
    evidence=("ctcae-skin-ulceration", "vascular-occlusion-signs"),
    evaluate=evaluate,
)
