"""LAT01: local anaesthetic in the blood

Question
    Could this be poisoning by the local anaesthetic?
Facts used
    Tingling round the mouth, metallic taste, ringing ears; dizziness or tremor beside one of them; whether
    they have gone; whether a local anaesthetic was injected; day since the session.
Logic
    One early sign within 24 hours of a session in which a local anaesthetic was, or may have been, injected.
    An unknown day or product counts as if it were so. Fits, confusion, collapse and slurred speech are judged
    by EYE01 and ABC01.
Levels
    emergency_now unless every such sign is said to have recovered; then same_day.
Evidence
    Early signs of local anaesthetic toxicity; the window of 24 hours is ours, wide enough for tumescent
    doses.
Limits
    Lips that were numbed on purpose tingle too; it errs to the urgent side.
Example
    A metallic taste and ringing ears 10 minutes after procaine: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, all_of
from untoward.model.finding import Disposition

CRITERION = "local-anaesthetic-toxicity-signs"
EARLY = ("perioral-tingling", "metallic-taste", "tinnitus")
BESIDE = ("dizziness", "tremor")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    window_days = facts.boundary(CRITERION, "window").days
    exposed = all_of([facts.injected_class("local anaesthetic"), facts.day_within(0.0, window_days)])
    if exposed is Answer.NO:
        return None
    early = facts.question(*EARLY)
    if early is not Answer.YES:
        return CANNOT_TELL if early is Answer.UNKNOWN else None
    here = [term for term in EARLY if facts.present_of(term)]
    over = all_of([facts.attribute(term, "recovered") for term in here]) is Answer.YES
    return Conclusion(
        Disposition.SAME_DAY if over else Disposition.EMERGENCY_NOW,
        f"Signs that fit local anaesthetic in the blood: {', '.join(facts.present_of(*EARLY, *BESIDE))}"
        + (", now over." if over else "."),
        f"one early sign within {window_days * 24:g} hours of a local anaesthetic; same day once all are over",
    )


RULE = Rule(
    code="LAT01",
    name="Local anaesthetic in the blood",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(CRITERION,),
    evaluate=evaluate,
)
