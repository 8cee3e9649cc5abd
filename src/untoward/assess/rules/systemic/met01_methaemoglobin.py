"""MET01: blue after a local anaesthetic

Question
    Could a local anaesthetic have made the blood unable to carry oxygen (methaemoglobinaemia)?
Facts used
    Blue or grey lips or skin, oxygen saturation; whether prilocaine, benzocaine, lidocaine, tetracaine or a
    numbing cream was given; lack of the enzyme G6PD; day since the session.
Logic
    A blue or grey colour, or a saturation below 92 %, within 24 hours of such an anaesthetic, or on an unknown
    day. When nobody knows what was given it cannot tell; the colour itself is an emergency by ABC01.
Levels
    emergency_now.
Evidence
    A review of 242 episodes and a dental course, which gives 3 to 4 hours as the usual time. The bound of 92 %
    and the window of 24 hours are ours.
Limits
    It cannot tell methaemoglobin from any other lack of oxygen, nor when the saturation reads falsely high.
Example
    Blue lips 4 hours after prilocaine cream, saturation 86 % on oxygen: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_systemic import oxidising_anaesthetic_given
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

CRITERION = "methaemoglobin-after-anaesthetic"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    window = facts.boundary(CRITERION, "window").days
    given = oxidising_anaesthetic_given(facts)
    if given is Answer.NO or facts.day_within(0.0, window) is Answer.NO:
        return None
    if given is not Answer.YES:
        return CANNOT_TELL
    colour = facts.question("cyanosis")
    low = facts.compare("spo2", facts.boundary(CRITERION, "oxygen-saturation"))
    if Answer.YES not in (colour, low):
        return CANNOT_TELL if colour is Answer.UNKNOWN else None
    signs = (*facts.present_of("cyanosis"), *(["low oxygen saturation"] if low is Answer.YES else []))
    risk = facts.present_of("g6pd-deficiency")
    return Conclusion(
        Disposition.EMERGENCY_NOW,
        f"Signs that fit methaemoglobinaemia after a local anaesthetic: {', '.join(signs)}"
        + (f"; known risk: {', '.join(risk)}." if risk else "."),
        "blue or grey colour, or saturation below 92 %, within 24 hours of such an anaesthetic",
    )


RULE = Rule(
    code="MET01",
    name="Blue after a local anaesthetic",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("methaemoglobin-after-anaesthetic",),
    evaluate=evaluate,
    alternatives=(
        "Lung or heart trouble: oxygen lifts the reading and the colour.",
        "Blocked blood vessel: one place is blue or pale, lips and fingers elsewhere are pink.",
        "Cold hands: blue fingers only, warm and pink again soon.",
        "Dye or disinfectant on the skin: it wipes off.",
    ),
    treatment=(
        "treatment-methaemoglobin-us-label",
        "treatment-methaemoglobin-other-label",
        "treatment-methaemoglobin-g6pd",
    ),
)
