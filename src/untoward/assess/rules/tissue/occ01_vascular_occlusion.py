"""OCC01: blocked blood vessel

Question
    Could a blood vessel of the skin be blocked?
Facts used
    Pale, dusky or net-like (livedo) skin, cold skin, slow capillary refill (said or measured), pain out of
    proportion; severe pain or pain that gets worse; bruise or haematoma; filler, local anaesthetic or
    adrenaline injected; injection on the face; day since the session.
Logic
    Fires for one such sign, in or beyond the injected area, within 3 days of the session or when the day is
    not known. Blisters are not waited for. From then to day 14 it takes two signs, because one colour alone
    has more harmless causes by then. A measured refill counts above the longest time that any text calls
    normal; a shorter one reassures nobody. Severe or growing pain counts after filler, or on the face when it
    is not known what was injected. Purple skin beside a bruise, with nothing else, is taken for the bruise
    unless filler was injected and it hurts; the refill must still be looked at today. So is cold skin alone
    when no filler is known.
Levels
    emergency_now within 3 days or on an unknown day; within_1h for two signs up to day 14; same_day for purple
    skin beside a bruise, cold skin alone without filler, growing pain elsewhere, or a colour that nobody
    described, or pustules, within 3 days of filler (within_1h when it hurts).
Evidence
    Signs of vascular occlusion after fillers, and the skin stages of the 2021 guideline: pallor at once, livedo
    within hours, pustules at 72 hours, blackening over days. The windows of 3 and 14 days are ours.
Limits
    Pain can be absent under local anaesthetic. Local anaesthetic, above all with adrenaline, also makes skin
    pale for a while: the statement says so, and the level stays. A swelling that presses a vessel shut is
    judged by HAE01.
Example
    A white patch and pain beyond the nose 30 minutes after a filler: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_tissue import LITTLE_BLOOD, WORST_PAIN, filler_injected, growing, mild, severe
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

CRITERION = "vascular-occlusion-signs"
LATE = "occlusion-late-window"
REFILL = "capillary-refill-longest-normal"
PURPLE, COLD = "purple-discolouration", "cold-skin"
BRUISED = ("bruise", "haematoma")
HURTS = ("pain", "tenderness", "burning")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    early = facts.day_within(0.0, facts.boundary(CRITERION, "time").days)
    asked = facts.question(*LITTLE_BLOOD), facts.question(WORST_PAIN)
    signs = [*facts.present_of(*LITTLE_BLOOD, WORST_PAIN), *_measured_refill(facts)]
    if early is Answer.NO:
        return _late(facts, signs)
    if signs:
        return _alone(facts, signs) or _emergency(facts, signs)
    return _painful(facts) or _unclear_colour(facts) or (CANNOT_TELL if Answer.UNKNOWN in asked else None)


def _emergency(facts: Facts, signs: list[str]) -> Conclusion:
    return Conclusion(
        Disposition.EMERGENCY_NOW,
        f"Signs that fit a blocked blood vessel: {', '.join(signs)}." + _anaesthetic(facts, signs),
        f"one sign within {facts.boundary(CRITERION, 'time').days:g} days of the session, or on an unknown day",
    )


def _unclear_colour(facts: Facts) -> Conclusion | None:
    """A colour that nobody described, or pustules, in the first days after filler: either may be a stage of it."""
    signs = facts.present_of("discolouration", "pustule")
    if not signs or filler_injected(facts) is not Answer.YES:
        return None
    hurts = _hurts(facts)
    return Conclusion(
        Disposition.WITHIN_1H if hurts else Disposition.SAME_DAY,
        f"After filler: {', '.join(signs)}{', with pain' if hurts else ''}. "
        "Which colour, and does it come back after pressing?",
        "a colour not described, or pustules, within 3 days of filler; within the hour when it hurts",
    )


def _anaesthetic(facts: Facts, signs: list[str]) -> str:
    if signs != [facts.label("pallor")]:
        return ""
    numbed = facts.injected("adrenaline"), facts.injected_class("local anaesthetic")
    if Answer.YES not in numbed:
        return ""
    return " Local anaesthetic, above all with adrenaline, can also make skin pale for a while; do not wait for it."


def _late(facts: Facts, signs: list[str]) -> Conclusion | None:
    window = facts.boundary(LATE, "late")
    if len(signs) < 2 or facts.day_within(0.0, window.days) is Answer.NO:
        return None
    return Conclusion(
        Disposition.WITHIN_1H,
        f"Signs that fit skin with too little blood, days after the injection: {', '.join(signs)}.",
        f"two signs, up to day {window.days:g}",
    )


def _alone(facts: Facts, signs: list[str]) -> Conclusion | None:
    """A single sign that has a likely harmless cause: purple beside a bruise, or cold without filler."""
    only = signs[0] if len(signs) == 1 else ""
    filler = filler_injected(facts) is Answer.YES
    painful = _pain_counts(facts) or (filler and _hurts(facts))
    bruised = only == facts.label(PURPLE) and facts.present_of(*BRUISED)
    if painful or not (bruised or (only == facts.label(COLD) and not filler)):
        return None
    named = ", ".join(dict.fromkeys((only, *facts.present_of(*BRUISED)))).capitalize()
    return Conclusion(
        Disposition.SAME_DAY,
        f"{named}: press on it and see today whether the colour comes back. "
        "Pain that grows, or pale or net-like skin, would make it an emergency.",
        "purple skin beside a bruise, or cold skin without a known filler, and nothing else",
    )


def _hurts(facts: Facts) -> bool:
    return any(facts.present_of(term) and not mild(facts, term) for term in HURTS)


def _pain_counts(facts: Facts) -> bool:
    """Severe or growing pain, where a blocked vessel is likely: after filler, or on the face with who knows what."""
    if not (severe(facts, "pain") or growing(facts, "pain")):
        return False
    filler = filler_injected(facts)
    return filler is Answer.YES or (filler is Answer.UNKNOWN and facts.on_face() is Answer.YES)


def _painful(facts: Facts) -> Conclusion | None:
    counts = _pain_counts(facts)
    if not counts and not growing(facts, "pain"):
        return None
    return Conclusion(
        Disposition.EMERGENCY_NOW if counts else Disposition.SAME_DAY,
        "Severe pain, or pain that gets worse, after the injection can be the first sign of a blocked blood vessel.",
        "growing or severe pain: now after filler, or on the face when the product is not known; "
        "growing pain elsewhere the same day",
    )


def _measured_refill(facts: Facts) -> list[str]:
    bound = facts.boundary(REFILL, "longest-normal")
    slow = facts.compare("capillary-refill", bound) is Answer.YES
    return [f"capillary refill above {bound.value:g} s"] if slow else []


RULE = Rule(
    code="OCC01",
    name="Blocked blood vessel",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(CRITERION, "occlusion-skin-stages", LATE, REFILL, "anaesthetic-blanching"),
    evaluate=evaluate,
    alternatives=(
        "Bruise: refill normal, purple to yellow over days, tender at most.",
        "Pallor from adrenaline or pressure of the anaesthetic: at once, painless, passes by itself.",
        "Shingles or cold sores: grouped blisters on one side, days later, burning before.",
        "Infection: warm and spreading, days later, refill quick.",
    ),
    treatment=(
        "treatment-occlusion-flood",
        "treatment-occlusion-whenever-found",
        "treatment-occlusion-units-not-agreed",
        "treatment-vision-loss-transfer",
    ),
)
