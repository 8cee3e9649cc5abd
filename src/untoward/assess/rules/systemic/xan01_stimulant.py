"""XAN01: effect of a xanthine or beta agonist

Question
    Is the heart or the brain excited by a stimulant in the mix?
Facts used
    Palpitations, fast pulse, tremor, agitation, repeated vomiting; seizure, irregular heart, chest pain,
    collapse, low blood pressure, confusion; whether aminophylline, theophylline, caffeine, pentoxifylline or
    isoproterenol was injected; day since the session.
Logic
    Within 24 hours of the injection, or on an unknown day. The signs of the first group, save vomiting, also
    count when nobody knows what was injected. Those of the second group are named here only when a stimulant was injected; they
    are an emergency by ABC01 and EYE01 in any case.
Levels
    emergency_now with a sign of the second group; same_day otherwise.
Evidence
    United States label of aminophylline: lasting vomiting, rhythm trouble and seizures above the usual level.
    The label of isoproterenol lists palpitations, angina and rhythm trouble. The 24 hours are ours.
Limits
    Fear, pain and adrenaline in the mix give the same signs. How much was given is not weighed.
Example
    Tremor and palpitations an hour after aminophylline: same_day. With a seizure: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_systemic import stimulant_given
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

WINDOW = "xanthine-window"
EXCITED = ("palpitations", "tremor", "fast-pulse", "agitation")
SICK = "repeated-vomiting"
GRAVE = (
    "seizure",
    "arrhythmia",
    "chest-pain",
    "collapse",
    "low-blood-pressure",
    "confusion",
    "cardiac-arrest",
    "coma",
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    given = stimulant_given(facts)
    window = facts.boundary(WINDOW, "window").days
    if given is Answer.NO or facts.day_within(0.0, window) is Answer.NO:
        return None
    grave = facts.present_of(*GRAVE) if given is Answer.YES else ()
    sick = facts.present_of(SICK) if given is Answer.YES else ()
    excited = facts.question(*EXCITED)
    if not grave and not sick and excited is not Answer.YES:
        return CANNOT_TELL if excited is Answer.UNKNOWN else None
    signs = ", ".join((*facts.present_of(*EXCITED), *sick, *grave))
    product = "" if given is Answer.YES else " What was injected is not known, and it may have held one."
    return Conclusion(
        Disposition.EMERGENCY_NOW if grave else Disposition.SAME_DAY,
        f"Signs that fit the effect of a xanthine or a beta agonist: {signs}.{product}",
        "one sign within 24 hours of a xanthine or beta agonist; an emergency with seizure, rhythm or circulation",
    )


RULE = Rule(
    code="XAN01",
    name="Effect of a xanthine or beta agonist",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("xanthine-toxicity", "xanthine-window"),
    evaluate=evaluate,
    alternatives=(
        "Thyroid hormone in the mixture: over days to weeks, weight loss and heat.",
        "Anaphylaxis: hives, swelling or wheeze with the fast pulse.",
        "Local anaesthetic in the blood: tingling round the mouth, metallic taste, slow heart.",
        "Panic or heart rhythm disease: earlier attacks without an injection.",
    ),
    treatment=(
        "treatment-xanthine-poisoning",
        "treatment-xanthine-heart-and-potassium",
    ),
)
