"""CRS02: growing after the first two days

Question
    Is a reaction growing at a time when it should be shrinking?
Facts used
    Size now and at the last earlier observation, or that it is said to be spreading; day since the session.
Logic
    Fires when, after 2 days from the session, a reaction is larger than at an observation at least 6 hours
    earlier, or is said to be spreading or getting worse.
Levels
    same_day.
Evidence
    The cut-offs (48 hours, 6 hours between measurements) are a proposal of ours on top of the infection
    guidance that a spreading edge needs review; no published cut-off was found.
Limits
    Two people may measure the same swelling differently; any growth counts.
Example
    Redness of 3 cm on day 3 and 5 cm on day 4: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

APART_DAYS = 0.25


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    reactions = facts.reactions
    day = facts.day
    after_days = facts.boundary("infection-timing", "procedure").days
    if not reactions or (day is not None and day <= after_days):
        return None
    growing = [facts.label(term) for term in reactions if _grows(facts, term, day)]
    if growing:
        return Conclusion(
            Disposition.SAME_DAY,
            f"Growing after the first two days: {', '.join(growing)}.",
            f"larger than at least {APART_DAYS * 24:g} hours before, or spreading, after day {after_days:g}",
        )
    return CANNOT_TELL if facts.missing else None


def _grows(facts: Facts, term: str, day: float | None) -> bool:
    if facts.attribute(term, "spreading") is Answer.YES or facts.attribute(term, "worse") is Answer.YES:
        return True
    size, before = facts.number(term, "size_cm"), facts.size_before(term)
    if size is None or before is None or day is None:
        return False
    return size > before[1] and day - before[0] >= APART_DAYS


RULE = Rule(
    code="CRS02",
    name="Growing after the first two days",
    most_urgent=Disposition.SAME_DAY,
    evidence=("infection-timing", "nice-ng141-cellulitis-review"),
    evaluate=evaluate,
)
