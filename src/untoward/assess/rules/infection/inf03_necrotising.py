"""INF03: necrotising infection

Question
    Could this be an infection that destroys tissue within hours?
Facts used
    Pain out of proportion, numb skin over it, tense or wood-hard swelling, crackling under the skin,
    blisters, purple or black skin, together with a local infection sign or fever.
Logic
    One red flag beside any sign of infection.
Levels
    emergency_now.
Evidence
    Red flags of necrotising soft-tissue infection (evidence record `necrotising-infection-red-flags`).
Limits
    Skin may look almost normal early; a low laboratory score must never reassure.
Example
    Fever, and pain far worse than the look of the skin, on day 3: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, all_of
from untoward.model.finding import Disposition

RED_FLAGS = (
    "pain-out-of-proportion",
    "skin-anaesthesia",
    "tense-swelling",
    "crepitus",
    "haemorrhagic-blister",
    "purple-discolouration",
    "necrosis",
)
INFECTION = ("fever", "chills", "spreading-redness", "red-streak", "cellulitis", "pus", "abscess")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    suspected = all_of(
        [
            facts.has_any(*RED_FLAGS, "necrotising-infection"),
            facts.has_any(*INFECTION, "necrotising-infection"),
        ]
    )
    if suspected is Answer.YES:
        signs = facts.present_of(*RED_FLAGS, *INFECTION, "necrotising-infection")
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Signs that fit an infection destroying tissue, for surgical review: {', '.join(signs)}.",
            "one red flag with any sign of infection",
        )
    return CANNOT_TELL if suspected is Answer.UNKNOWN else None


RULE = Rule(
    code="INF03",
    name="Necrotising infection",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("necrotising-infection-red-flags",),
    evaluate=evaluate,
)
