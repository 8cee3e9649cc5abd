"""DGN01: a grave diagnosis or outcome was stated

Question
    Did somebody already name something that cannot wait?
Facts used
    Diagnoses: anaphylaxis, sepsis, botulism, stroke, blocked blood vessel, clot or filler in the lung,
    necrotising infection, local anaesthetic toxicity, methaemoglobinaemia, cardiac arrest, coma, infection of
    the eye socket, Nicolau syndrome, blood clot, kidney failure, breakdown of red cells, infection of bone or
    joint, low blood sugar. Outcomes: life-threatening, death, admission to hospital, lasting disability,
    birth defect.
Logic
    A diagnosis that was stated is taken at its word, at any time, even when no sign of it was entered:
    whoever wrote it may have known more. One that was named with a question mark is listed as not known.
Levels
    emergency_now for what kills or destroys within hours; within_1h for a clot, kidney failure, breakdown of
    red cells, infection of bone or joint or low blood sugar; same_day for an outcome, which also has to be reported.
Evidence
    The outcomes are those that make a reaction serious (ICH E2A/E2D). How soon each must be seen is a
    proposal of ours (evidence record `disposition-limits`).
Limits
    It cannot tell a diagnosis that was only feared from one that was made.
Example
    "Admitted for sepsis" and nothing else: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.finding import Disposition

NOW = (
    "anaphylaxis", "sepsis", "botulism", "stroke", "vascular-occlusion", "pulmonary-embolism",
    "necrotising-infection", "local-anaesthetic-toxicity", "methaemoglobinaemia", "life-threatening",
    "cardiac-arrest", "coma", "orbital-cellulitis", "nicolau-syndrome",
)  # fmt: skip
WITHIN_1H = ("thrombosis", "kidney-failure", "haemolysis", "bone-or-joint-infection", "hypoglycaemia")
OUTCOMES = ("death", "hospital-admission", "disability", "congenital-anomaly")
THRESHOLD = "any one that was stated, at any time"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    now, soon, outcomes = facts.present_of(*NOW), facts.present_of(*WITHIN_1H), facts.present_of(*OUTCOMES)
    named = ", ".join((*now, *soon, *outcomes))
    if now:
        return Conclusion(Disposition.EMERGENCY_NOW, f"Stated: {named}. It is taken at its word.", THRESHOLD)
    if soon:
        return Conclusion(Disposition.WITHIN_1H, f"Stated: {named}. It is taken at its word.", THRESHOLD)
    if outcomes:
        return Conclusion(
            Disposition.SAME_DAY,
            f"A serious outcome was stated: {named}. Whoever answers for safety must know today.",
            THRESHOLD,
        )
    return CANNOT_TELL if facts.doubtful_of(*NOW, *WITHIN_1H, *OUTCOMES) else None


RULE = Rule(
    code="DGN01",
    name="Grave diagnosis or outcome stated",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("disposition-limits",),
    evaluate=evaluate,
)
