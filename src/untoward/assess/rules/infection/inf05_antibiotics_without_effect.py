"""INF05: antibiotics without effect

Question
    Is a skin infection not getting better on antibiotics?
Facts used
    Antibiotic failure, and signs of infection of the skin (redness with warmth or pain, cellulitis, pus,
    abscess).
Logic
    Both together.
Levels
    same_day.
Evidence
    Cellulitis is reviewed when it has not begun to improve 2 to 3 days after antibiotics were started (NICE
    NG141).
Limits
    Cold lumps that do not answer to antibiotics are judged by NTM01.
Example
    Redness still spreading on day 3 of cefalexin: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, all_of, any_of
from untoward.model.finding import Disposition


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    inflamed = all_of(
        [facts.has("redness"), facts.has_any("warmth", "pain", "tenderness", "spreading-redness")]
    )
    infected = any_of([inflamed, facts.has_any("cellulitis", "pus", "abscess")])
    failing = all_of([facts.has("antibiotic-failure"), infected])
    if failing is Answer.YES:
        return Conclusion(
            Disposition.SAME_DAY,
            "An infection of the skin that does not get better on antibiotics.",
            "not improving 2 to 3 days after antibiotics were started",
        )
    return CANNOT_TELL if failing is Answer.UNKNOWN else None


RULE = Rule(
    code="INF05",
    name="Antibiotics without effect",
    most_urgent=Disposition.SAME_DAY,
    evidence=("nice-ng141-cellulitis-review",),
    evaluate=evaluate,
)
