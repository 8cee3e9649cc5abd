"""INF02: pus or a collection

Question
    Is there pus, or a collection that may hold pus?
Facts used
    Pus, abscess, fluctuance.
Logic
    Any one of them.
Levels
    same_day: drainage and a culture, where possible before antibiotics.
Evidence
    Injection-site abscess by the Brighton Collaboration; purulent drainage as an infection criterion.
Limits
    A sterile abscess looks the same; a culture, also for mycobacteria, tells.
Example
    A soft swelling that lets out yellow fluid on day 12: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.finding import Disposition


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    signs = facts.present_of("pus", "abscess", "fluctuance")
    if signs:
        return Conclusion(
            Disposition.SAME_DAY,
            f"Pus or a collection: {', '.join(signs)}. A sample before antibiotics, also for mycobacteria, would tell most.",
            "any one of pus, abscess, fluctuance",
        )
    return CANNOT_TELL if facts.missing else None


RULE = Rule(
    code="INF02",
    name="Pus or a collection",
    most_urgent=Disposition.SAME_DAY,
    evidence=("brighton-injection-site-abscess",),
    evaluate=evaluate,
)
