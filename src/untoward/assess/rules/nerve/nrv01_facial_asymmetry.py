"""NRV01: crooked smile

Question
    Is a new crooked smile an injured or numbed facial nerve, or a stroke?
Facts used
    Facial asymmetry, stated nerve injury; weakness, slurred speech; injection on the face or of deoxycholic
    acid; day since the session.
Logic
    After an injection on the face, later than the first day, it fits an injured branch of the facial nerve.
    Within the first day, or on an unknown day, it may be an embolism. With no injection on the face nothing
    explains it. In both these cases it is an emergency until arms, legs and speech are said to be normal. Any
    sign of the eye, speech or strength is judged by EYE01 and is an emergency.
Levels
    within_72h when an injection on the face explains it after day 1; same_day when it does not but weakness
    and slurred speech are denied, or when the place is not known; emergency_now otherwise.
Evidence
    Injury of the jaw branch after deoxycholic acid under the chin: 4 % of people, median 44 days.
    Neurological signs within a day of a facial injection can be an embolism.
Limits
    It does not check the forehead and the closing of the eye; they are asked by whoever sees the person.
Example
    A lopsided smile 10 days after deoxycholic acid under the chin: within_72h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

NERVE, EMBOLISM = "deoxycholic-nerve-injury", "filler-vision-signs"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    crooked = facts.question("facial-asymmetry", "nerve-injury")
    if crooked is not Answer.YES:
        asks = crooked is Answer.UNKNOWN and facts.on_face() is Answer.YES
        return CANNOT_TELL if asks else None
    level = _level(facts)
    what = ", ".join(facts.present_of("facial-asymmetry", "nerve-injury"))
    weighed = {
        Disposition.EMERGENCY_NOW: "which can be a stroke or an embolism until arms, legs and speech are known to be normal",
        Disposition.SAME_DAY: "which nothing known explains for certain",
        Disposition.WITHIN_72H: "which fits an injured nerve after an injection on the face",
    }[level]
    return Conclusion(
        level,
        f"New {what}, {weighed}.",
        f"alone, later than day {EARLY_DAYS:g}, after an injection on the face: within 72 hours",
    )


def _level(facts: Facts) -> Disposition:
    explained = Answer.YES if facts.injected("deoxycholic-acid") is Answer.YES else facts.on_face()
    limbs_and_speech_normal = facts.denied("weakness") and facts.denied("slurred-speech")
    if not facts.present_of("facial-asymmetry"):
        return Disposition.WITHIN_72H
    if explained is Answer.YES and facts.day_within(0.0, EARLY_DAYS) is Answer.NO:
        return Disposition.WITHIN_72H
    if explained is Answer.UNKNOWN and facts.day_within(0.0, EARLY_DAYS) is Answer.NO:
        return Disposition.SAME_DAY
    return Disposition.SAME_DAY if limbs_and_speech_normal else Disposition.EMERGENCY_NOW


RULE = Rule(
    code="NRV01",
    name="Crooked smile",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(NERVE, EMBOLISM),
    evaluate=evaluate,
    alternatives=(
        "Stroke: arm, leg, speech or sight too; the forehead still moves.",
        "Bell's palsy: the whole half of the face, forehead and eye closure too.",
        "Anaesthetic still at work: from the injection on, gone within hours.",
        "Toxin that reached another muscle: days after toxin, nothing else weak.",
        "Swelling on one side: the muscle moves when tested by itself.",
    ),
)
