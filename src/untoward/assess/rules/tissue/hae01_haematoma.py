"""HAE01: blood under the skin

Question
    Is the bleeding under the skin over, or does it go on, press, or reach the airway?
Facts used
    Haematoma, tense swelling, bleeding, bruise; whether they grow; breathing trouble, stridor, voice change,
    trouble swallowing, drooling; injection on the neck; blood thinner, antiplatelet, bleeding disorder; day
    since the session.
Logic
    A haematoma or tense swelling with a sign of the airway, one that grows on the neck, or one that is both tense
    and growing, cannot wait. Growing or tense alone is looked at today, and so is bleeding that gets worse or a
    bruise that grows on a blood thinner. A haematoma that is said not to grow is watched in the first two
    weeks; otherwise it gets an ordinary look. Each of the circumstances in which blood does not clot raises the
    level by one.
Levels
    emergency_now, same_day, routine or self_care as above; one higher with a blood thinner, an antiplatelet or a
    bleeding disorder, so that same_day becomes within_1h.
Evidence
    Signs of a neck haematoma (SHOUT tool), two published people on blood thinners who lost their airway hours
    after a small injury of the neck, and the grades of CTCAE. The levels are a proposal of ours.
Limits
    No published size or speed was found. An ordinary bruise is left to its expected course.
Example
    A haematoma of the neck that grows, two hours after the session: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_tissue import AIRWAY_OF_THE_NECK, THIN_BLOOD, growing, on_neck, severe
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

HAEMATOMA, TENSE = "haematoma", "tense-swelling"
WATCHED_DAYS = 14.0
RAISED = {
    Disposition.WITHIN_1H: Disposition.EMERGENCY_NOW,
    Disposition.SAME_DAY: Disposition.WITHIN_1H,
    Disposition.WITHIN_72H: Disposition.SAME_DAY,
    Disposition.ROUTINE: Disposition.WITHIN_72H,
    Disposition.SELF_CARE: Disposition.ROUTINE,
}


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    thin = facts.present_of(*THIN_BLOOD)
    here = facts.present_of(HAEMATOMA, TENSE)
    going_on = _going_on(facts, thin)
    if not here and not going_on:
        return CANNOT_TELL if facts.doubtful_of(HAEMATOMA, TENSE) else None
    level = _level(facts, going_on) if here else Disposition.SAME_DAY
    airway = facts.present_of(*AIRWAY_OF_THE_NECK) if here else ()
    return Conclusion(
        RAISED.get(level, level) if thin else level,
        _statement(here, going_on, airway, thin),
        "airway sign, growing on the neck, or tense and growing: now; growing or tense: the same day; "
        "one level higher when blood does not clot well",
    )


def _going_on(facts: Facts, thin: tuple[str, ...]) -> tuple[str, ...]:
    grows = growing(facts, HAEMATOMA, TENSE, "bleeding")
    bruises = growing(facts, "bruise") if thin else ()
    heavy = facts.present_of("bleeding") if severe(facts, "bleeding") else ()
    return tuple(dict.fromkeys((*grows, *heavy, *bruises)))


def _level(facts: Facts, going_on: tuple[str, ...]) -> Disposition:
    tense = bool(facts.present_of(TENSE))
    if facts.present_of(*AIRWAY_OF_THE_NECK) or (going_on and (tense or on_neck(facts) is Answer.YES)):
        return Disposition.EMERGENCY_NOW
    if going_on or tense:
        return Disposition.SAME_DAY
    stable = facts.growing(HAEMATOMA) is Answer.NO
    young = facts.day_within(0.0, WATCHED_DAYS) is Answer.YES
    return Disposition.SELF_CARE if stable and young else Disposition.ROUTINE


def _statement(
    here: tuple[str, ...], going_on: tuple[str, ...], airway: tuple[str, ...], thin: tuple[str, ...]
) -> str:
    parts = ["Blood or tension under the skin: " + ", ".join(dict.fromkeys((*here, *going_on)))]
    parts += ["growing or heavy"] if going_on else []
    parts += [f"with {', '.join(airway)}"] if airway else []
    parts += [f"known: {', '.join(thin)}"] if thin else []
    return "; ".join(parts) + "."


RULE = Rule(
    code="HAE01",
    name="Blood under the skin",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("haematoma-levels", "neck-haematoma-signs", "neck-haematoma-anticoagulant", "ctcae-haematoma"),
    evaluate=evaluate,
    alternatives=(
        "Ordinary bruise: flat, not growing, changes colour and fades.",
        "Abscess: hot and more painful after some days, fever.",
        "Blocked blood vessel: net-like or grey, painful, slow refill, no yellow or green later.",
        "Bleeding disorder or blood thinner: bruises also where nothing was injected.",
    ),
    treatment=("treatment-neck-haematoma",),
)
