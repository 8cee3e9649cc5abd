"""RED01: a red flag that no other rule owns

Question
    Is there a sign that the term list marks as dangerous, whatever else is known?
Facts used
    Every sign now present that is marked as a red flag.
Logic
    Fires for any such sign. It is the net below the other rules, which say more.
Levels
    same_day.
Evidence
    The marks of the term list, which follow the published criteria of the standards.
Limits
    It knows nothing about the cause; a more specific rule usually fires beside it and is more urgent.
Example
    Jaundice with no other fact: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import Answered, Conclusion, Rule
from untoward.model.finding import Disposition


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    signs = facts.present_of(*facts.red_flags_present())
    if not signs:
        return None
    return Conclusion(
        Disposition.SAME_DAY, f"Needs a look today: {', '.join(signs)}.", "any sign marked as a red flag"
    )


RULE = Rule(
    code="RED01",
    name="A red flag that no other rule owns",
    most_urgent=Disposition.SAME_DAY,
    evidence=("safety-netting",),
    evaluate=evaluate,
)
