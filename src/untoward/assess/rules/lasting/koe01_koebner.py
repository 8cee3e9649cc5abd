"""KOE01: a skin disease at the punctures

Question
    Has a skin disease come up where the needle went in (Koebner response)?
Facts used
    Papules, plaques, scaly or lichenoid patches, psoriasis, pale patches; psoriasis, vitiligo or lichen planus in the
    history; day since the session.
Logic
    Psoriasis or a lichenoid eruption that was stated fires at any time. Papules, plaques, a rash or pale patches fire
    with such a disease in the history, from 3 days to 2 years after the session or on an unknown day. With the history
    not known the rule asks for it.
Levels
    routine: dermatology, and no more injections there until then.
Evidence
    Psoriasis comes up at injured skin after 10 to 20 days as a rule, with a range from 3 days to 2 years.
Limits
    The range is that of psoriasis; for lichen planus and vitiligo none was found. Infection looks alike and is judged
    by its own rules.
Example
    Scaly plaques at the punctures 15 days after a session in somebody with psoriasis: routine.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

ONSET = "koebner-onset"
STATED = ("psoriasis", "lichenoid-eruption")
PATCHES = ("papule", "plaque", "rash", "hypopigmentation")
HISTORY = ("psoriasis-history", "vitiligo-history", "lichen-planus-history")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    stated = facts.present_of(*STATED)
    if stated:
        return _conclusion(facts, stated, facts.present_of(*HISTORY))
    patches = facts.present_of(*PATCHES)
    if not patches:
        return CANNOT_TELL if facts.doubtful_of(*STATED) else None
    first, last = facts.boundary(ONSET, "from").days, facts.boundary(ONSET, "to").days
    if facts.day_within(first, last) is Answer.NO:
        return None
    history = facts.every_one(*HISTORY)
    if history is Answer.YES:
        return _conclusion(facts, patches, facts.present_of(*HISTORY))
    return CANNOT_TELL if history is Answer.UNKNOWN else None


def _conclusion(facts: Facts, patches: tuple[str, ...], history: tuple[str, ...]) -> Conclusion:
    known = f" in somebody with {', '.join(history)}" if history else ""
    first, last = facts.boundary(ONSET, "from").days, facts.boundary(ONSET, "to").days
    return Conclusion(
        Disposition.ROUTINE,
        f"Signs that fit a skin disease coming up where it was injured: {', '.join(patches)}{known}. "
        "For a dermatologist; no more injections there until then.",
        f"stated, or with such a disease in the history, {first:g} to {last:g} days after the session",
    )


RULE = Rule(
    code="KOE01",
    name="A skin disease at the punctures",
    most_urgent=Disposition.ROUTINE,
    evidence=(ONSET, "koebner-share"),
    evaluate=evaluate,
    alternatives=(
        "Mycobacterial infection: tender lumps or pus at the punctures rather than scaly or flat patches.",
        "Contact allergy: itchy and weeping, in the shape of what touched the skin, within days.",
        "Granuloma or sarcoid: firm papules without scale; tissue shows it.",
        "Flat warts: small and many along the line of the needle.",
    ),
    treatment=(
        "treatment-koebner-no-repeat",
        "treatment-koebner-counsel",
    ),
)
