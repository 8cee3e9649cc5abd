"""EYE01: sight, speech or strength lost

Question
    Is there a sign that the eye, the brain or the nerves of breathing and swallowing are in danger?
Facts used
    Loss of sight, double vision, slurred speech, weakness, seizure, confusion, trouble swallowing, drooling.
Logic
    Fires for any of them at any time: embolism to the eye or brain comes within hours, spread of botulinum
    toxin within weeks, toxicity of local anaesthetic within minutes to hours, and none of them can wait.
    Difficult swallowing alone is judged as same_day when it is mild.
Levels
    emergency_now; same_day for mild difficulty in swallowing alone.
Evidence
    Visual and neurological embolism after fillers; signs of botulism; signs of local-anaesthetic toxicity.
Limits
    It does not tell these causes apart.
Example
    Drooping lid and double vision 3 days after botulinum toxin: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.finding import Disposition

SIGNS = ("vision-loss", "double-vision", "slurred-speech", "weakness", "seizure", "confusion", "drooling")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    signs = facts.present_of(*SIGNS)
    swallowing = facts.present_of("dysphagia")
    if not signs and not swallowing:
        return CANNOT_TELL if facts.missing else None
    mild = not signs and _said_to_be_mild(facts)
    return Conclusion(
        Disposition.SAME_DAY if mild else Disposition.EMERGENCY_NOW,
        f"Signs of the eye, brain or swallowing: {', '.join((*signs, *swallowing))}.",
        "any one sign, at any time; mild difficulty in swallowing alone: same day",
    )


def _said_to_be_mild(facts: Facts) -> bool:
    sign = facts.sign("dysphagia")
    return sign is not None and sign.attributes.get("severity") == "mild"


RULE = Rule(
    code="EYE01",
    name="Sight, speech or strength lost",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("vascular-occlusion-signs", "botulism-signs", "local-anaesthetic-toxicity-signs"),
    evaluate=evaluate,
)
