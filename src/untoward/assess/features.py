"""Clinical features that several rules share, each put together from the facts in one way only."""

from __future__ import annotations

from untoward.assess.facts import Facts
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
    said = facts.question("fever")
    if said is Answer.NO:
        facts.missing.pop("temperature_c", None)
    return said


def spreading(facts: Facts) -> Answer:
    """Redness that spreads, or a red streak, at any time."""
    stated = facts.question(*SPREADING)
    if stated is Answer.YES:
        return Answer.YES
    here = [term for term in SPREADS_IN if facts.present_of(term)]
    return any_of([stated, *(facts.growing(term) for term in here if facts.said_to_grow(term))])


def local_signs(facts: Facts) -> Answer:
    """At least three of the four local signs of cellulitis."""
    needed = int(facts.boundary(CELLULITIS, "signs").value)
    return facts.has_at_least(needed, *LOCAL_SIGNS)


def local_signs_present(facts: Facts) -> tuple[str, ...]:
    """Labels of the local signs of infection that are there."""
    terms = [term for group in LOCAL_SIGNS for term in group]
    return facts.present_of(*terms, *INFECTION_STATED, *SPREADING, *PUS)


def infection_suspected(facts: Facts) -> Answer:
    """Any sign that fits an infection after an injection: local, spreading, with pus, or with fever."""
    stated = bool(facts.present_of(*INFECTION_STATED, "sepsis", "necrotising-infection", "chills"))
    if stated:
        return Answer.YES
    return any_of([fever(facts), spreading(facts), facts.question(*PUS), local_signs(facts)])
