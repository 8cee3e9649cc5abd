"""NIC01: pain and livid skin after any drug

Question
    Could the injected drug have closed the vessels of the skin (Nicolau syndrome, livedoid dermatitis)?
Facts used
    Stated Nicolau syndrome; severe, growing or out-of-proportion pain; pale, net-like or violaceous skin;
    blisters, ulcer, dead skin; filler injected; day since the session.
Logic
    Fires for the pair of such pain and such a colour after any drug, or when the syndrome was stated. A filler
    is left to OCC01. One half of the pair alone is named with what to ask. Once 3 days are over, skin that is
    blistered, open or dead decides.
Levels
    emergency_now within 3 days or on an unknown day; within_1h later when skin is dying; same_day later with
    whole skin, and routine after the 8 weeks in which a published series healed.
Evidence
    Published reviews and series agree on the order: severe pain at the injection, then pale or violaceous skin,
    then ulcer and dead tissue. There are no agreed criteria. The window of 3 days is ours.
Limits
    It does not know whether the pain came with the needle or later. Most published cases followed an injection
    into muscle; under the skin it is rare.
Example
    Unbearable pain during an injection of diclofenac and a violet net pattern an hour later: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_tissue import SKIN_COLOUR, WORST_PAIN, filler_injected, growing, severe
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SIGNS, WINDOW, HEALING = "nicolau-signs", "nicolau-window", "nicolau-healing"
STATED = "nicolau-syndrome"
DYING = ("blister", "haemorrhagic-blister", "ulcer", "necrosis")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    stated = facts.present_of(STATED)
    colour = facts.present_of(*SKIN_COLOUR)
    pain = _pain(facts)
    if not stated and (not colour or not pain):
        return _half(facts, colour, pain)
    if not stated and filler_injected(facts) is Answer.YES:
        return None
    level = _level(facts)
    signs = dict.fromkeys((*stated, *pain, *colour, *facts.present_of(*DYING)))
    return Conclusion(
        level,
        f"Signs that fit vessels of the skin closed by an injected drug: {', '.join(signs)}.",
        f"severe pain with pale or violaceous skin: now within {facts.boundary(WINDOW, 'time').days:g} days, "
        "later within 1 hour while skin is dying",
    )


def _half(facts: Facts, colour: tuple[str, ...], pain: tuple[str, ...]) -> Answered:
    if facts.doubtful_of(STATED):
        return CANNOT_TELL
    if colour and not pain:
        return CANNOT_TELL if facts.has(WORST_PAIN) is Answer.UNKNOWN else None
    if pain and not colour:
        return CANNOT_TELL if facts.question(*SKIN_COLOUR) is Answer.UNKNOWN else None
    return None


def _pain(facts: Facts) -> tuple[str, ...]:
    worst = facts.present_of(WORST_PAIN)
    bad = severe(facts, "pain") or bool(growing(facts, "pain"))
    return (*worst, *facts.present_of("pain")) if worst or bad else ()


def _level(facts: Facts) -> Disposition:
    if facts.day_within(0.0, facts.boundary(WINDOW, "time").days) is not Answer.NO:
        return Disposition.EMERGENCY_NOW
    if facts.present_of(*DYING):
        return Disposition.WITHIN_1H
    healed = facts.day_within(0.0, facts.boundary(HEALING, "healed-to").days) is Answer.NO
    return Disposition.ROUTINE if healed and not facts.present_of(*SKIN_COLOUR) else Disposition.SAME_DAY


RULE = Rule(
    code="NIC01",
    name="Pain and livid skin after any drug",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(SIGNS, WINDOW, HEALING),
    evaluate=evaluate,
    alternatives=(
        "Filler in a vessel: after a filler, in the field of a facial artery.",
        "Necrotising infection: hours to days later, fever, spreading fast.",
        "Bruise: no severe pain at the injection, refill normal, colours change.",
        "Pallor from adrenaline in the anaesthetic: painless and passing.",
    ),
    treatment=("treatment-nicolau-no-standard",),
)
