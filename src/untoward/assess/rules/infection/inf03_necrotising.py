"""INF03: necrotising infection

Question
    Could this be an infection that destroys tissue within hours?
Facts used
    Pain out of proportion, numb skin over it, tense or wood-hard swelling, crackling under the skin,
    blood-filled blisters, purple or black skin; any sign of infection: fever, chills, pus, spreading, stated
    infection, or 3 of 4 local signs after day 2.
Logic
    One red flag beside any sign of infection. Crackling under the skin and a stated necrotising infection are
    enough alone. Purple or dead skin alone, after more than two weeks, is a red flag only beside fever,
    chills, spreading or pain out of proportion: slow infections are purple too, and are judged by NTM01.
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

from untoward.assess import features
from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, all_of, any_of
from untoward.model.finding import Disposition

ALONE = ("crepitus", "necrotising-infection")
RED_FLAGS = (
    "pain-out-of-proportion", "skin-anaesthesia", "tense-swelling", "haemorrhagic-blister",
    "purple-discolouration", "necrosis",
)  # fmt: skip

COLOURS = {"purple-discolouration", "necrosis"}
SLOW_FROM_DAYS = 14.0
"""From here on a purple colour alone fits a slow infection as well; the limit is ours."""


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    alone = facts.present_of(*ALONE)
    flagged = _flagged(facts)
    suspected = Answer.YES if alone else all_of([flagged, features.infection_suspected(facts)])
    if suspected is Answer.YES:
        signs = (
            *alone,
            *facts.present_of(*RED_FLAGS, "fever", "chills"),
            *features.local_signs_present(facts),
        )
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Signs that fit an infection destroying tissue, for surgical review: {', '.join(dict.fromkeys(signs))}.",
            "one red flag with any sign of infection",
        )
    return CANNOT_TELL if suspected is Answer.UNKNOWN else None


def _flagged(facts: Facts) -> Answer:
    flagged = facts.question(*RED_FLAGS)
    here = {term for term in RED_FLAGS if facts.present_of(term)}
    if not here or not here <= COLOURS or facts.day_within(0.0, SLOW_FROM_DAYS) is not Answer.NO:
        return flagged
    return any_of([facts.question("chills", "fever"), features.fever(facts), features.spreading(facts)])


RULE = Rule(
    code="INF03",
    name="Necrotising infection",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("necrotising-infection-red-flags",),
    evaluate=evaluate,
    alternatives=(
        "Cellulitis: pain fits what is seen, no blood blisters, no crackling, fairly well.",
        "Blocked vessel or Nicolau syndrome: pain from the injection on, net-like colour, no fever yet.",
        "Deep haematoma: bruise-coloured and tense soon after the injection, no fever.",
        "Pyoderma gangrenosum: ulcer with an undermined violet edge that grows after cutting, no germ found.",
    ),
    treatment=(
        "treatment-necrotising-surgery",
        "treatment-sepsis-transfer",
    ),
)
