"""OCC01: blocked blood vessel

Question
    Could a blood vessel be blocked or pressed shut?
Facts used
    Pale, dusky or net-like (livedo) skin, slow capillary refill, pain out of proportion; a tense swelling or
    a haematoma that grows; pain that gets worse; injection on the face; day since the session.
Logic
    Fires for one such sign within 3 days of the session, or when the day is not known. Blisters are not
    waited for. Pain that only gets worse is such a sign on the face; elsewhere it is looked at the same day.
Levels
    emergency_now; same_day for pain that gets worse with nothing else, not known to be on the face.
Evidence
    Signs of vascular occlusion after fillers and of Nicolau syndrome (evidence record
    `vascular-occlusion-signs`). That a tense or growing swelling can press a vessel shut is general
    knowledge; no published cut-off was found.
Limits
    Pain can be absent under local anaesthetic. Anaesthetic with adrenaline also makes skin pale for some
    hours. No agreed time of capillary refill was found, so a measured one is not judged.
Example
    A white patch and pain beyond the nose 30 minutes after a filler: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

CRITERION = "vascular-occlusion-signs"
SKIN = ("pallor", "livedo", "purple-discolouration", "slow-capillary-refill")
PAIN = "pain-out-of-proportion"
PRESSING = ("tense-swelling", "haematoma")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    window_days = facts.boundary(CRITERION, "time").days
    if facts.day_within(0.0, window_days) is Answer.NO:
        return None
    asked = facts.question(*SKIN), facts.question(PAIN)
    signs = [*facts.present_of(*SKIN, PAIN), *_pressing(facts)]
    if signs:
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Signs that fit a blocked blood vessel: {', '.join(signs)}.",
            f"one sign within {window_days:g} days of the session, or when the day is unknown",
        )
    if facts.present_of("pain") and facts.growing("pain") is Answer.YES:
        return Conclusion(
            Disposition.EMERGENCY_NOW if facts.on_face() is Answer.YES else Disposition.SAME_DAY,
            "Pain that gets worse after the injection can be the first sign of a blocked blood vessel.",
            f"growing pain within {window_days:g} days of the session: now on the face, the same day elsewhere",
        )
    return CANNOT_TELL if Answer.UNKNOWN in asked else None


def _pressing(facts: Facts) -> list[str]:
    here = [term for term in PRESSING if facts.present_of(term)]
    return [f"{facts.label(term)}, growing" for term in here if facts.growing(term) is Answer.YES]


RULE = Rule(
    code="OCC01",
    name="Blocked blood vessel",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(CRITERION,),
    evaluate=evaluate,
)
