"""The WHO-UMC system: six categories, tested in order; every point of a category must reasonably hold.

"Unassessable" is given only for contradictions, because we cannot know that more cannot be found out; what
merely lacks information is "conditional".
"""

from __future__ import annotations

from dataclasses import dataclass

from untoward.assess.judgement.causality.answers import (
    MECHANISM,
    after_injection,
    contradictory,
    rechallenge,
    stated,
)
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer

RECORD = "who-umc-causality"


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The points the categories ask for.

    `time` plausible, `other_cause` explains it, `withdrawal` was followed by improvement, `definitive` event,
    `returned` when given again.
    """

    time: Answer = Answer.UNKNOWN
    other_cause: Answer = Answer.UNKNOWN
    withdrawal: Answer = Answer.UNKNOWN
    definitive: Answer = Answer.UNKNOWN
    returned: Answer = Answer.UNKNOWN


def who_umc(view: View, term: str | None) -> tuple[str, str]:
    """The category of a case for one reaction, and why."""
    if term is None:
        return "conditional", "no reaction is there to judge"
    if contradictory(view):
        return "unassessable", "it is said to have come back, and not to have come back, when given again"
    time = after_injection(view, term).answer
    # What was there before the injection is its own explanation.
    other = Answer.YES if time is Answer.NO else stated(view, "other-cause-likely").answer
    return who_umc_of(
        Points(
            time=time,
            other_cause=other,
            withdrawal=stated(view, "improved-after-stopping").answer,
            definitive=stated(view, *MECHANISM).answer,
            returned=rechallenge(view).answer,
        )
    )


def who_umc_of(points: Points) -> tuple[str, str]:
    """The category of these points, and why."""
    yes, no = Answer.YES, Answer.NO
    if points.time is Answer.UNKNOWN:
        return "conditional", "when it began is not known"
    if points.time is no:
        if points.other_cause is yes:
            return "unlikely", "the time makes it improbable, and something else explains it"
        return "conditional", "the time makes it improbable, and other causes are not known"
    sure = points.other_cause is no and points.withdrawal is yes
    if sure and points.definitive is yes and points.returned is not no:
        return (
            "certain",
            "plausible time, no other cause, better after stopping, and how it came about was shown",
        )
    if sure and points.returned is not no:
        return "probable", "reasonable time, no other cause, better after stopping"
    return "possible", f"reasonable time; {_lacking(points)}"


def _lacking(points: Points) -> str:
    if points.other_cause is Answer.YES:
        return "another cause could also explain it"
    if points.other_cause is Answer.UNKNOWN:
        return "other causes were not asked about"
    if points.returned is Answer.NO:
        return "it did not come back when given again"
    if points.withdrawal is Answer.NO:
        return "it was not better after stopping"
    return "whether it was better after stopping is not known"
