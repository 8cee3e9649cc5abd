"""PEM01: injected material in the lung

Question
    Could filler, silicone, fat or oil have reached the lung?
Facts used
    Breathlessness, low oxygen, chest pain, collapse, blue lips, fast breathing, cough; oxygen saturation;
    whether a filler, silicone, fat or oil was injected; day since the session.
Logic
    One such sign within 72 hours of the injection, or on an unknown day. A cough alone is weaker. When nobody
    knows what was injected it cannot tell; the signs are an emergency by ABC01.
Levels
    emergency_now; same_day for a cough alone.
Evidence
    Review of 33 people with silicone embolism: all began within 72 hours, 92 % had low oxygen. One case after
    hyaluronic acid in the face began on the third day.
Limits
    It cannot tell this from a clot, an infection or anaphylaxis. Late illness of the lung after silicone is not
    covered.
Example
    Breathless two days after silicone in the buttocks: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_systemic import foreign_material_given
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

CRITERION = "foreign-material-lung-embolism"
RECOGNITION = "rcuk-2021-airway-breathing-circulation"
SIGNS = ("breathlessness", "low-oxygen", "chest-pain", "collapse", "cyanosis", "fast-breathing")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    given = foreign_material_given(facts)
    window = facts.boundary(CRITERION, "window").days
    if given is Answer.NO or facts.day_within(0.0, window) is Answer.NO:
        return None
    if given is not Answer.YES:
        return CANNOT_TELL
    asked = facts.question(*SIGNS)
    low = facts.compare("spo2", facts.boundary(RECOGNITION, "oxygen-saturation")) is Answer.YES
    cough = facts.present_of("cough")
    if not (asked is Answer.YES or low or cough):
        return CANNOT_TELL if asked is Answer.UNKNOWN else None
    grave = asked is Answer.YES or low
    signs = (*facts.present_of(*SIGNS), *(["low oxygen saturation"] if low else []), *cough)
    return Conclusion(
        Disposition.EMERGENCY_NOW if grave else Disposition.SAME_DAY,
        f"Signs that fit injected material in the lung: {', '.join(signs)}.",
        "one sign within 72 hours of filler, silicone, fat or oil; a cough alone: same day",
    )


RULE = Rule(
    code="PEM01",
    name="Injected material in the lung",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("foreign-material-lung-embolism", "rcuk-2021-airway-breathing-circulation"),
    evaluate=evaluate,
    alternatives=(
        "Blood clot in the lung: swollen calf, long journey, hormones or earlier clots.",
        "Anaphylaxis: hives, wheeze or swelling within minutes to hours.",
        "Air round the lung: sudden pain on one side after a needle in chest, neck or upper back.",
        "Pneumonia: cough and fever over days.",
    ),
    treatment=("treatment-lung-embolism-steroid-case",),
)
