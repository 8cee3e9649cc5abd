"""LAS01: a lasting lesion in somebody who is unwell

Question
    Does something that stays in the skin go with an illness of the whole body?
Facts used
    Lumps, plaques, panniculitis, dead fat, granuloma, hardness, draining openings, ulcers, lichenoid patches, morphea;
    fever, chills, night sweats, weight loss, swollen lymph nodes; tiredness, feeling ill, joint pain, loss of
    appetite; day since the session.
Logic
    Such a lesion more than 4 weeks after the session, or on an unknown day, with one strong sign of the whole body
    or two weak ones. With fever not asked about the rule says so.
Levels
    within_72h.
Evidence
    The 4 weeks are those of the panels on delayed reactions; the level is a proposal of ours. The signs are those of
    an infection or an illness that goes beyond the skin.
Limits
    An ordinary cold brings the same signs; the rule cannot tell. Fever that looks like sepsis is judged elsewhere.
Example
    Hard plaques and 5 kg of weight lost, 3 months after a session: within_72h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import fever
from untoward.assess.features_tissue import whole_body
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

LEVELS = "lasting-lesion-levels"
LESIONS = (
    "nodule", "plaque", "panniculitis", "fat-necrosis", "granuloma", "induration", "draining-sinus", "ulcer",
    "lichenoid-eruption", "granuloma-annulare", "morphea", "sterile-abscess",
)  # fmt: skip
WEAK = ("malaise", "fatigue", "joint-pain", "decreased-appetite")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    lesions = facts.present_of(*LESIONS)
    if not lesions or _younger(facts):
        return None
    strong = (*whole_body(facts), *facts.present_of("lymph-node-swelling"))
    weak = facts.present_of(*WEAK)
    if strong or len(weak) > 1:
        return Conclusion(
            Disposition.WITHIN_72H,
            f"{', '.join(lesions).capitalize()} that stays, in somebody with {', '.join((*strong, *weak))}.",
            f"more than {facts.boundary(LEVELS, 'lasting').value} weeks after the session, or on an unknown day, with "
            "one strong or two weak signs of the whole body",
        )
    return CANNOT_TELL if fever(facts) is Answer.UNKNOWN else None


def _younger(facts: Facts) -> bool:
    return facts.day is not None and not facts.boundary(LEVELS, "lasting").met_by(facts.day / 7)


RULE = Rule(
    code="LAS01",
    name="A lasting lesion in somebody who is unwell",
    most_urgent=Disposition.WITHIN_72H,
    evidence=(LEVELS, "delayed-nodule", "nodule-clock-urdiales"),
    evaluate=evaluate,
    alternatives=(
        "Mycobacterial infection that has spread: lumps at the punctures, fever, weak immunity.",
        "Sarcoidosis: cough, swollen glands or eye trouble beside the papules.",
        "Inflammation of the fat from another cause: tender lumps in untreated places, or belly pain.",
        "Another illness at the same time: symptoms that began before the injection.",
    ),
    treatment=(
        "treatment-mycobacteria-tissue",
        "lasting-nodule-tissue",
        "treatment-nodule-tests-first",
    ),
)
