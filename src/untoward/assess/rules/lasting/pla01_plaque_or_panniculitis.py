"""PLA01: plaque, hardness or inflamed fat that stays

Question
    Does a plaque, hardness or inflammation of the fat need a sample?
Facts used
    Plaque, panniculitis, dead fat, granuloma annulare, morphea, sterile abscess, chalk in the
    skin, hardness; whether it grows; fever,
    chills, night sweats, weight loss; the expected course of hardness; day since the session.
Logic
    Any of these that grows, or goes with fever or another sign of the whole body, is seen within three days.
    Otherwise a clinician sees it in the ordinary way; after 4 weeks, or when the day is not known, the clinician
    is told to take a sample for histology, acid-fast stain and culture before any steroid, where infection is
    possible. Hardness alone counts only after 4 weeks and beyond its expected course. Lumps are left to NOD01.
Levels
    within_72h when growing or with signs of the whole body; routine otherwise.
Evidence
    Biopsy with culture decides in mycobacterial disease, and the microscope alone does not. The 4 weeks are those of
    the panels on delayed reactions. That the sample comes before the steroid is our caution.
Limits
    It cannot tell dead fat after a fat-dissolving injection from infection.
Example
    A hard red plaque 6 weeks after a session, stable and without fever: routine.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_tissue import growing, whole_body
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.finding import CourseState, Disposition

LEVELS, TISSUE = "lasting-lesion-levels", "lasting-nodule-tissue"
STATED = (
    "plaque",
    "panniculitis",
    "fat-necrosis",
    "granuloma-annulare",
    "morphea",
    "sterile-abscess",
    "calcification",
)
HARDNESS = "induration"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    lesions = facts.present_of(*STATED)
    lasting = _lasting(facts)
    if lasting and facts.course(HARDNESS) is not CourseState.WITHIN:
        lesions = (*lesions, *facts.present_of(HARDNESS))
    if not lesions:
        return CANNOT_TELL if facts.doubtful_of(*STATED) else None
    pressing = [*whole_body(facts), *(["growth"] if growing(facts, *STATED, HARDNESS) else [])]
    named = ", ".join(lesions).capitalize()
    sample = (
        " Where infection is possible: a sample for histology, acid-fast stain and culture before any steroid."
        if lasting
        else ""
    )
    return Conclusion(
        Disposition.WITHIN_72H if pressing else Disposition.ROUTINE,
        f"{named}{' with ' + ', '.join(pressing) if pressing else ', for a clinician to look at'}.{sample}",
        f"growing or with signs of the whole body: within 72 hours; lasting: more than "
        f"{facts.boundary(LEVELS, 'lasting').value} weeks after the session, or on an unknown day",
    )


def _lasting(facts: Facts) -> bool:
    return facts.day is None or facts.boundary(LEVELS, "lasting").met_by(facts.day / 7)


RULE = Rule(
    code="PLA01",
    name="Plaque, hardness or inflamed fat that stays",
    most_urgent=Disposition.WITHIN_72H,
    evidence=(LEVELS, TISSUE, "delayed-nodule"),
    evaluate=evaluate,
    alternatives=(
        "Mycobacterial infection: lumps that soften and leak along the punctures.",
        "Cellulitis: hot, spreading, with fever.",
        "Morphoea: hard ivory skin with a violet edge.",
        "Ordinary firmness after a fat-dissolving injection: even, not red, softer week by week.",
    ),
    treatment=(
        "lasting-nodule-tissue",
        "treatment-nodule-tests-first",
        "treatment-mycobacteria-tissue",
    ),
)
