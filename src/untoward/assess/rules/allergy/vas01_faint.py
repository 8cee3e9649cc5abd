"""VAS01: faint

Question
    Was a faint a simple one, or the start of something worse?
Facts used
    Faint, whether it has fully recovered, heart rate, breathlessness, wheeze, hives, chest pain, seizure.
Logic
    A faint that has recovered, with no sign of allergy, breathing trouble, chest pain or seizure, fits a
    vasovagal faint. A slow pulse fits it too and does not exclude anaphylaxis. Anything else, or recovery not
    known, is treated as an emergency.
Levels
    emergency_now when not recovered, recovery unknown or a worse sign is there; routine when recovered and a
    worse sign was not asked for; self_care when recovered and every worse sign is denied.
Evidence
    Comparison of vasovagal faint and anaphylaxis (evidence record `vasovagal-versus-anaphylaxis`).
Limits
    Repeated faints and faints with injury are not told apart yet.
Example
    Faint at the needle, pulse 48, well again lying flat after 2 minutes: not an emergency.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

WORSE_SIGNS = ("breathlessness", "wheeze", "hives", "chest-pain", "seizure", "throat-tightness")
THRESHOLD = "recovered, with no breathing trouble, hives, chest pain or seizure"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    fainted = facts.has("faint")
    if fainted is not Answer.YES:
        return CANNOT_TELL if fainted is Answer.UNKNOWN else None
    recovered = facts.attribute("faint", "recovered")
    worse = facts.has_any(*WORSE_SIGNS)
    if recovered is not Answer.YES or worse is Answer.YES:
        reason = (
            "with a sign of something worse"
            if worse is Answer.YES
            else "and recovery is not known to be complete"
        )
        return Conclusion(Disposition.EMERGENCY_NOW, f"A faint after an injection, {reason}.", THRESHOLD)
    level = Disposition.SELF_CARE if worse is Answer.NO else Disposition.ROUTINE
    return Conclusion(level, "A faint that has fully recovered fits a simple (vasovagal) faint.", THRESHOLD)


RULE = Rule(
    code="VAS01",
    name="Faint",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("vasovagal-versus-anaphylaxis",),
    evaluate=evaluate,
)
