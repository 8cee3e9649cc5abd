"""Features that the rules on tissue injury and lasting disease share, each put together in one way only."""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import fever
from untoward.assess.situation import site_words
from untoward.model.answer import Answer

SKIN_COLOUR = ("pallor", "livedo", "purple-discolouration")
"""Colours of skin that gets too little blood, from the first stage to the last before it dies."""

LITTLE_BLOOD = (*SKIN_COLOUR, "slow-capillary-refill", "cold-skin")
"""Signs of skin that gets too little blood, other than pain."""

WORST_PAIN = "pain-out-of-proportion"
SEVERE = frozenset(
    {"severe", "extreme", "unbearable", "intense", "excruciating", "grave", "severo", "severa"}
)
SEVERE_FROM = 7.0
"""Pain from 7 of 10 on counts as severe; our own reading."""

MILD = frozenset({"mild", "slight", "leve", "ligero", "leger"})

THIN_BLOOD = ("anticoagulant", "antiplatelet", "bleeding-disorder")
"""Circumstances in which bleeding under the skin goes on."""

AIRWAY_OF_THE_NECK = ("breathlessness", "stridor", "hoarse-voice", "dysphagia", "drooling")
"""Signs that a swelling of the neck presses on the airway."""

WHOLE_BODY = ("weight-loss", "night-sweats", "chills")
"""Signs of the whole body beside fever that make a lasting lesion pressing."""

NECK_WORDS = frozenset(
    """neck throat submental submandibular platysma cuello garganta papada submentoniana submentoniano pescoco papo cou
    gorge""".split()
)

FILLERS = ("hyaluronic-acid", "cross-linked-hyaluronic-acid", "poly-l-lactic-acid", "calcium-hydroxylapatite")
FILLER_NAMES = (
    "filler",
    "silicone",
    "silicona",
    "pmma",
    "polymethyl",
    "fat graft",
    "biopolymer",
    "biopolimero",
    "relleno",
)


def filler_injected(facts: Facts) -> Answer:
    """Whether a filler or another stuff of particles was injected, by its compound or by its name."""
    named = facts.injected_named("filler", *FILLER_NAMES)
    return Answer.YES if named is Answer.YES else facts.injected(*FILLERS)


def on_neck(facts: Facts) -> Answer:
    """Whether a session was on the neck or under the chin; UNKNOWN when the sites of a session are not recorded."""
    sessions = facts.sessions
    if any(site_words(session) & NECK_WORDS for session in sessions):
        facts.note("injected on the neck", Answer.YES.value)
        return Answer.YES
    if sessions and all(session.sites for session in sessions):
        facts.note("injected on the neck", Answer.NO.value)
        return Answer.NO
    facts.lacking("injected on the neck")
    return Answer.UNKNOWN


def severe(facts: Facts, term: str) -> bool:
    """Whether a sign that is there is said to be severe, in words or from 7 on a scale of 0 to 10."""
    if not facts.present_of(term):
        return False
    score = _number(facts, term, "value")
    return facts.text(term, "severity") in SEVERE or (score is not None and score >= SEVERE_FROM)


def mild(facts: Facts, term: str) -> bool:
    """Whether a sign is said to be mild."""
    return facts.text(term, "severity") in MILD


def lasted_days(facts: Facts, term: str) -> float | None:
    """How long a sign has been there, as far as that was said; None when it was not."""
    duration, since = _number(facts, term, "duration_days"), _number(facts, term, "since_day")
    if duration is not None or since is None or facts.day is None:
        return duration
    return facts.day - since


def _number(facts: Facts, term: str, name: str) -> float | None:
    """A number that a sign may carry; nobody has to ask for it, so it is not noted as missing."""
    value = facts.number(term, name)
    facts.missing.pop(f"{facts.label(term)}: {name}", None)
    return value


def growing(facts: Facts, *terms: str) -> tuple[str, ...]:
    """Labels of those signs that are there and are larger, spreading or getting worse."""
    here = [term for term in terms if facts.present_of(term)]
    return tuple(facts.label(term) for term in here if facts.growing(term) is Answer.YES)


def whole_body(facts: Facts) -> tuple[str, ...]:
    """Labels of the signs of the whole body that are there: fever, chills, night sweats, weight loss."""
    signs = facts.present_of(*WHOLE_BODY)
    return ("fever", *signs) if fever(facts) is Answer.YES else signs
