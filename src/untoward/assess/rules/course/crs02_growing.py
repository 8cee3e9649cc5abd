"""CRS02: growing after the first two days

Question
    Is a reaction growing at a time when it should be shrinking?
Facts used
    For each reaction of the skin: its size now and when it was last measured, or that it is said to be
    spreading or getting worse; day since the session.
Logic
    Fires when, after 2 days from the session, a reaction is larger than when it was measured at least 6 hours
    earlier, or is said to be spreading or getting worse. An unknown day counts as later than 2 days. Lumps and
    lasting changes grow slowly: they are seen within three days, and the same day when an inflamed sign grows.
Levels
    same_day; within_72h when only lumps or lasting changes grow.
Evidence
    The cut-offs (48 hours, 6 hours between measurements) are a proposal of ours on top of the infection
    guidance that a spreading edge needs review; no published cut-off was found.
Limits
    Two people may measure the same swelling differently; any growth counts.
Example
    Redness of 3 cm on day 3 and 5 cm on day 4: same_day.
"""

from __future__ import annotations

from untoward.assess.asking import LARGER_FROM_DAYS
from untoward.assess.facts import Facts
from untoward.assess.features import past_procedure
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

LASTING = frozenset({"skin-lasting"})
SLOW = frozenset({"nodule", "papule", "induration", "folliculitis", "calcification"})
"""What may grow without an infection; the rules on nodules and mycobacteria say more about it."""

FAST = frozenset({"ulcer", "necrosis", "blister"})
"""Lasting changes whose growth cannot wait."""

ON_THE_SKIN = frozenset({"local", "infection", "skin-lasting", "vascular", "allergy"})


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    reactions = facts.in_group(facts.reactions, ON_THE_SKIN)
    if not reactions or past_procedure(facts) is Answer.NO:
        return None
    answers = {term: facts.growing(term) for term in reactions}
    growing = [term for term, answer in answers.items() if answer is Answer.YES]
    if growing:
        slow = (set(facts.in_group(growing, LASTING)) - FAST) | (SLOW & set(growing))
        return Conclusion(
            Disposition.WITHIN_72H if slow.issuperset(growing) else Disposition.SAME_DAY,
            f"Growing when it should be shrinking: {', '.join(map(facts.label, growing))}.",
            f"larger than at least {LARGER_FROM_DAYS * 24:g} hours before, spreading or worse, after day 2",
        )
    return CANNOT_TELL if Answer.UNKNOWN in answers.values() else None


RULE = Rule(
    code="CRS02",
    name="Growing after the first two days",
    most_urgent=Disposition.SAME_DAY,
    evidence=("infection-timing", "nice-ng141-cellulitis-review"),
    evaluate=evaluate,
    alternatives=(
        "Infection: warm, red and painful with a spreading edge, or fever.",
        "Haematoma: firm and bruise-coloured, soon after the injection, more so on blood thinners.",
        "Allergic or irritant reaction: itch more than pain, in the shape of what touched the skin.",
        "Inflamed fat: firm and tender under the skin after a fat-dissolving injection, no fever.",
    ),
    treatment=(
        "nice-ng141-look-first",
        "nice-ng141-cellulitis-review",
        "nice-ng141-refer",
    ),
)
