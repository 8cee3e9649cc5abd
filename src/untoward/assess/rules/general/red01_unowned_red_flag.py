"""RED01: a sign that no other rule owns

Question
    Is there a sign that must be looked at although no rule says more about it?
Facts used
    Every sign now present that is marked as a red flag; every other bare sign.
Logic
    Fires for any of them, except red flags that another rule weighs in full and may call less urgent (faint,
    hives, a swollen face, itch or rash all over, a crooked smile, fever; a slow pulse and pallor of a faint
    that is over). It is the net below the other rules, which say more. It cannot tell when something was said
    that nobody understood, or named with a question mark.
Levels
    same_day for a red flag; routine for any other sign.
Evidence
    The marks of the term list, which follow the published criteria of the standards.
Limits
    It knows nothing about the cause; a more specific rule usually fires beside it and is more urgent.
Example
    Jaundice with no other fact: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

OWNED = frozenset(
    {"faint", "hives", "angioedema", "generalised-rash", "generalised-itch", "facial-asymmetry", "fever"}
)
"""Red flags that VAS01, ALL01, NRV01 and INF04 answer in every case in which they are there."""

PART_OF_A_FAINT = frozenset({"slow-pulse", "pale-clammy"})
"""Red flags that belong to a faint and go with it."""


OF_THE_FIRST_HOURS = frozenset(
    {
        "pallor",
        "livedo",
        "slow-capillary-refill",
        "cold-skin",
        "tinnitus",
        "metallic-taste",
        "perioral-tingling",
    }
)
"""Red flags of a blocked vessel or of a local anaesthetic, which belong to the first hours and days."""

LONG_AFTER_DAYS = 28.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    owned = OWNED | PART_OF_A_FAINT if _faint_is_over(facts) else OWNED
    flags = [term for term in facts.signs_reported(red_flag=True) if term not in owned]
    long_after = facts.day_within(0.0, LONG_AFTER_DAYS) is Answer.NO
    if flags and not (long_after and OF_THE_FIRST_HOURS.issuperset(flags)):
        return Conclusion(
            Disposition.SAME_DAY,
            f"Needs a look today: {_listed(facts, flags)}.",
            "any sign marked as a red flag",
        )
    others = (*flags, *facts.signs_reported(red_flag=False))
    if others:
        return Conclusion(
            Disposition.ROUTINE,
            f"Needs a look: {_listed(facts, others)}.",
            "any sign that no other rule weighs",
        )
    return CANNOT_TELL if facts.unclear() else None


def _faint_is_over(facts: Facts) -> bool:
    return bool(facts.present_of("faint")) and facts.attribute("faint", "recovered") is Answer.YES


def _listed(facts: Facts, terms: tuple[str, ...] | list[str]) -> str:
    return ", ".join(facts.present_of(*terms))


RULE = Rule(
    code="RED01",
    name="A sign that no other rule owns",
    most_urgent=Disposition.SAME_DAY,
    evidence=("safety-netting",),
    evaluate=evaluate,
)
