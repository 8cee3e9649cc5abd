"""NEC01: skin necrosis or ulcer

Question
    Is skin dying, or open, where it was injected?
Facts used
    Black or grey dead skin, blood-filled blisters, blisters, pustules, dusky, pale or net-like skin, ulcer, its
    size, whether it grows; foul smell; day since the session.
Logic
    Dead skin, blood-filled blisters, blisters or pustules over dusky skin, or a growing ulcer are the late signs
    of starved tissue. Any other ulcer, or a blister whose ground is not known, is open skin that a clinician must
    see. The size gives the grade and never lowers the level: open skin is never left to self-care.
Levels
    within_1h for dead skin, blisters or pustules over dusky skin, a growing ulcer, or an ulcer that smells foul;
    same_day for any other ulcer or blister.
Evidence
    Skin ulceration grading (CTCAE: below 1 cm, 1 to 2 cm, above 2 cm) and the skin stages of a blocked vessel:
    pallor, livedo, pustules at 72 hours, blackening, slough or crust over days.
Limits
    It does not tell a pressure blister from a tape burn; it errs to the urgent side. The workbook of CTCAE says
    "area" and prints centimetres; the largest diameter is used.
Example
    A black patch of 1 cm on day 3 after injection lipolysis: within_1h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_tissue import SKIN_COLOUR
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

GRADES, STAGES = "ctcae-skin-ulceration", "occlusion-skin-stages"
DEAD = ("necrosis", "haemorrhagic-blister")
OPEN = ("ulcer", "blister")
PUSTULE, SMELL = "pustule", "foul-smell"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    asked = facts.question(*DEAD), facts.question(*OPEN)
    pustules = facts.present_of(PUSTULE) if facts.present_of(*SKIN_COLOUR) else ()
    if Answer.YES not in asked and not pustules:
        return CANNOT_TELL if Answer.UNKNOWN in asked else None
    signs = ", ".join(facts.present_of(*DEAD, *OPEN, *SKIN_COLOUR, SMELL) + pustules)
    if pustules or _dying(facts):
        return Conclusion(
            Disposition.WITHIN_1H,
            f"Signs that fit dying skin: {signs}.{_grade(facts)}",
            "dead skin, blisters or pustules over dusky skin, a growing or foul-smelling ulcer, at any time",
        )
    return Conclusion(
        Disposition.SAME_DAY,
        f"Open or blistered skin: {signs}.{_grade(facts)}",
        "any ulcer or blister at the site; never self-care",
    )


def _dying(facts: Facts) -> bool:
    if facts.present_of(*DEAD):
        return True
    if facts.present_of("blister") and facts.question(*SKIN_COLOUR) is Answer.YES:
        return True
    if not facts.present_of("ulcer"):
        return False
    return bool(facts.present_of(SMELL)) or facts.growing("ulcer") is Answer.YES


def _grade(facts: Facts) -> str:
    """The CTCAE grade that the size of the ulcer gives, in words; nothing without an ulcer or its size."""
    size = facts.number("ulcer", "size_cm") if facts.present_of("ulcer") else None
    if size is None:
        return ""
    grades = {name: facts.boundary(GRADES, name).met_by(size) for name in ("grade-2", "grade-3")}
    number = 3 if grades["grade-3"] else 2 if grades["grade-2"] else 1
    return f" An ulcer of {size:g} cm is at least grade {number} (CTCAE)."


RULE = Rule(
    code="NEC01",
    name="Skin necrosis or ulcer",
    most_urgent=Disposition.WITHIN_1H,
    evidence=(GRADES, "vascular-occlusion-signs", STAGES),
    evaluate=evaluate,
    alternatives=(
        "Burn by heat, cold or chemical: the shape of the pack or peel.",
        "Infection: spreading redness, pus or fever around the ulcer.",
        "Mycobacterial ulcer: weeks later, with other lumps at the punctures.",
        "Pyoderma gangrenosum: undermined violet edge that grows after cutting.",
        "Scratched or picked skin: straight edges within reach of the hand.",
    ),
    treatment=(
        "treatment-occlusion-whenever-found",
        "treatment-occlusion-flood",
        "treatment-nicolau-no-standard",
        "treatment-necrotising-surgery",
    ),
)
