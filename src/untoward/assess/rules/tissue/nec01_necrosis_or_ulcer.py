"""NEC01: skin necrosis or ulcer

Question
    Is skin dying, or open, where it was injected?
Facts used
    Black or grey dead skin, blisters, dusky or purple skin, ulcer and its size, whether it is growing.
Logic
    Dead skin, blood-filled blisters, blisters over dusky skin, or a growing ulcer are the late signs of starved tissue. Any other
    ulcer, or a blister whose ground is not known, is open skin that a clinician must see.
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
from untoward.model.answer import Answer, all_of, any_of
from untoward.model.finding import Disposition


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    dead = facts.has_any("necrosis", "haemorrhagic-blister")
    blister = facts.has("blister")
    dusky = facts.has_any("purple-discolouration", "livedo")
    ulcer = facts.has("ulcer")
    growing = facts.attribute("ulcer", "spreading") if ulcer is Answer.YES else Answer.NO
    urgent = any_of([dead, all_of([blister, dusky]), all_of([ulcer, growing])])
    signs = ", ".join(facts.present_of("necrosis", "haemorrhagic-blister", "blister", "purple-discolouration", "livedo", "ulcer"))
    if urgent is Answer.YES:
        return Conclusion(
            Disposition.WITHIN_1H,
            f"Signs that fit dying skin: {signs}.",
            "dead skin, or blisters over dusky skin, or a growing ulcer, at any time",
        )
    if Answer.YES in (ulcer, blister):
        return Conclusion(
            Disposition.SAME_DAY, f"Open or blistered skin: {signs}.", "any ulcer or blister at the site"
        )
    return CANNOT_TELL if urgent is Answer.UNKNOWN else None


RULE = Rule(
    code="NEC01",
    name="Skin necrosis or ulcer",
    most_urgent=Disposition.WITHIN_1H,
    evidence=("ctcae-skin-ulceration", "vascular-occlusion-signs"),
    evaluate=evaluate,
)
