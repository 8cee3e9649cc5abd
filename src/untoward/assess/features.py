"""Clinical features that several rules share, each put together from the facts in one way only."""

from __future__ import annotations

from untoward.assess.facts import KEY_OF_VITAL, Facts
from untoward.model.answer import Answer, any_of

CELLULITIS = "brighton-injection-site-cellulitis"
LOCAL_SIGNS = (("pain", "tenderness"), ("redness",), ("swelling", "induration", "nodule"), ("warmth",))
INFECTION_STATED = ("cellulitis", "injection-site-infection")
PUS = ("pus", "abscess", "fluctuance")
SPREADING = ("spreading-redness", "red-streak")

FEVER_CELSIUS = 38.0
"""Fever from here on, as in the toxicity scales and the infection guidance."""

EARLY_DAYS = 1.0
"""How long after a session a sudden reaction may still begin: a day, wider than the hours the criteria name."""

SPREADS_IN = ("redness", "swelling", "warmth", "rash")


def fever(facts: Facts) -> Answer:
    """Fever that was felt or measured. A normal measurement answers the question; a high one outweighs a no."""
    temperature = facts.measured("temperature")
    if temperature is not None and temperature >= FEVER_CELSIUS:
        facts.present_of("fever")
        return Answer.YES
    if temperature is not None and not facts.present_of("fever"):
        return Answer.NO
    facts.missing.pop(KEY_OF_VITAL["temperature"], None)
    return facts.question("fever")


def spreading(facts: Facts) -> Answer:
    """Redness that spreads, or a red streak, at any time."""
    stated = facts.question(*SPREADING)
    here = [term for term in SPREADS_IN if facts.present_of(term)]
    said = [facts.attribute(term, "spreading") for term in here]
    if Answer.YES in (stated, *said):
        return Answer.YES
    return Answer.NO if Answer.NO in (stated, *said) else Answer.UNKNOWN


def local_signs(facts: Facts) -> Answer:
    """At least three of the four local signs of cellulitis."""
    needed = int(facts.boundary(CELLULITIS, "signs").value)
    return facts.has_at_least(needed, *LOCAL_SIGNS)


def local_signs_present(facts: Facts) -> tuple[str, ...]:
    """Labels of the local signs of infection that are there."""
    terms = [term for group in LOCAL_SIGNS for term in group]
    return facts.present_of(*terms, *INFECTION_STATED, *SPREADING, *PUS)


def past_procedure(facts: Facts) -> Answer:
    """Whether the first days, in which redness and pain usually come from the injection itself, are over."""
    day = facts.day
    return (
        Answer.UNKNOWN
        if day is None
        else Answer.of(day > facts.boundary("infection-timing", "procedure").days)
    )


def infection_suspected(facts: Facts) -> Answer:
    """Any sign that fits an infection after an injection: stated, fever, pus, spreading, or local after day 2.

    UNKNOWN when fever, spreading or pus was not asked about: these are the questions that a person can answer.
    """
    if facts.present_of(*INFECTION_STATED, "sepsis", "necrotising-infection", "chills"):
        return Answer.YES
    if _three_local_signs(facts) and past_procedure(facts) is not Answer.NO:
        return Answer.YES
    return any_of([fever(facts), spreading(facts), facts.question(*PUS)])


def _three_local_signs(facts: Facts) -> bool:
    needed = int(facts.boundary(CELLULITIS, "signs").value)
    return sum(bool(facts.present_of(*names)) for names in LOCAL_SIGNS) >= needed
