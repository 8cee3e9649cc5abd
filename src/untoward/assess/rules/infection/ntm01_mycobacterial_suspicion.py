"""NTM01: mycobacterial infection suspected

Question
    Could this be an infection with rapidly growing mycobacteria, which shows weeks to months after the
    injection?
Facts used
    Nodule, abscess, ulcer or draining sinus at the site; day since the session; antibiotic failure or a
    culture without growth; unlicensed product or injector, multi-dose vial, tap water, setting that is no
    clinic, travel for treatment; others affected; a positive mycobacterial culture; the expected course of
    the lesion.
Logic
    Lesion (N2) between day 7 and week 29 (N1), and one of: antibiotics or culture without result (N3), a
    risky product, place or water (N5), others affected (N6). A positive culture is enough by itself. Where
    N3, N5 and N6 are unknown, a lesion that is not within its expected course is treated as suspected,
    because a missing fact must not reassure. Day unknown: as if inside the window when N3, N5 or N6 is known.
Levels
    within_72h: a clinician, and tissue for mycobacterial culture; not another blind course of antibiotics.
Evidence
    Composite of published outbreaks and series (evidence record `ntm-suspicion`); needs a clinician's
    signature before clinical use.
Limits
    Incubation up to years has been described. A negative smear does not exclude it.
Example
    Three nodules on the injection grid in week 5, no fever, antibiotics failed: within_72h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import CourseState, Disposition

LESIONS = ("nodule", "abscess", "ulcer", "draining-sinus", "fat-necrosis", "panniculitis", "granuloma")
NO_ANSWER_TO_TREATMENT = ("antibiotic-failure", "culture-no-growth")
RISKY = (
    "unlicensed-product", "unlicensed-injector", "multi-dose-vial", "tap-water-contact",
    "non-clinical-setting", "travel-for-treatment",
)  # fmt: skip
CRITERION = "ntm-suspicion"
THRESHOLD = "lesion on day 7 to 203 with failed treatment, a risky circumstance or others affected; or a positive culture"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    if facts.has_any("mycobacteria-culture-positive", "mycobacterial-infection") is Answer.YES:
        return _suspected("Mycobacteria were found, or are said to have been.")
    lesion = facts.has_any(*LESIONS)
    first, last = facts.boundary(CRITERION, "onset-from").days, facts.boundary(CRITERION, "onset-to").days
    window = facts.day_within(first, last)
    if lesion is Answer.NO or window is Answer.NO:
        return None
    if lesion is Answer.UNKNOWN:
        return CANNOT_TELL
    pointer = facts.has_any(*NO_ANSWER_TO_TREATMENT, *RISKY, "others-affected")
    lesions = ", ".join(facts.present_of(*LESIONS))
    if pointer is Answer.YES:
        reasons = ", ".join(facts.present_of(*NO_ANSWER_TO_TREATMENT, *RISKY, "others-affected"))
        return _suspected(f"Signs that fit a slow mycobacterial infection: {lesions}, with {reasons}.")
    if pointer is Answer.UNKNOWN and window is Answer.YES and _unexpected(facts):
        return _suspected(
            f"A slow mycobacterial infection cannot be excluded: {lesions} at a time when nothing published explains it, and "
            "treatment, circumstances and other people affected are not all known."
        )
    return CANNOT_TELL if Answer.UNKNOWN in (pointer, window) else None


def _unexpected(facts: Facts) -> bool:
    present = [term for term in LESIONS if facts.has(term) is Answer.YES]
    return any(facts.course(term) is not CourseState.WITHIN for term in present)


def _suspected(statement: str) -> Conclusion:
    return Conclusion(
        Disposition.WITHIN_72H,
        f"{statement} Tissue for mycobacterial culture, not another blind course of antibiotics.",
        THRESHOLD,
    )


RULE = Rule(
    code="NTM01",
    name="Mycobacterial infection suspected",
    most_urgent=Disposition.WITHIN_72H,
    evidence=(CRITERION,),
    evaluate=evaluate,
)
