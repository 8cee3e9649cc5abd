"""NTM01: mycobacterial infection suspected

Question
    Could this be an infection with rapidly growing mycobacteria, which shows weeks to months after the
    injection?
Facts used
    Nodule, papule, abscess, ulcer, draining sinus or the like at the site, how many; day since the session;
    antibiotic failure or a culture without growth; unlicensed product or injector, multi-dose vial, tap
    water, setting that is no clinic, travel for treatment; others affected; a positive mycobacterial culture;
    the expected course of the lesion.
Logic
    Lesion (N2) that began between day 7 and week 29 (N1; when its beginning is not known, that is there then),
    and one of: antibiotics or culture without result (N3), a
    risky product, place or water (N5), others affected (N6). A positive culture is enough by itself. Day
    unknown: as if inside the window when N3, N5 or N6 is there. Where these are not known, a lesion that no
    expected course explains is treated as suspected, because a missing fact must not reassure. Only a single
    closed lump that is said to be painless or not growing is then left to NOD01, which asks for them, and so is
    any closed lump of the first two weeks.
Levels
    within_72h: a clinician, and tissue for mycobacterial culture; not another blind course of antibiotics.
Evidence
    Composite of published outbreaks and series (evidence record `ntm-suspicion`); needs a clinician's
    signature before clinical use.
Limits
    Incubation up to years, and as short as 3 days, has been described. A negative smear does not exclude it.
Example
    Three nodules on the injection grid in week 5, no fever, antibiotics failed: within_72h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, any_of
from untoward.model.finding import CourseState, Disposition

CLOSED = ("nodule", "papule", "pustule", "granuloma", "fat-necrosis", "panniculitis", "plaque")
OPEN_OR_PUS = (
    "abscess",
    "draining-sinus",
    "ulcer",
    "sterile-abscess",
    "fluctuance",
    "pus",
    "haemorrhagic-blister",
)
LESIONS = (*CLOSED, *OPEN_OR_PUS)
NO_ANSWER_TO_TREATMENT = ("antibiotic-failure", "culture-no-growth")
RISKY = (
    "unlicensed-product", "unlicensed-injector", "multi-dose-vial", "tap-water-contact",
    "non-clinical-setting", "travel-for-treatment",
)  # fmt: skip
POINTER_GROUPS = (NO_ANSWER_TO_TREATMENT, ("others-affected",), RISKY)
POINTERS = tuple(term for group in POINTER_GROUPS for term in group)
CRITERION = "ntm-suspicion"
ALONE_FROM_DAYS = 14.0
"""From here on a closed lump is suspicious without any circumstance; small lumps of the first two weeks are common."""

THRESHOLD = "lesion on day 7 to 203 with failed treatment, a risky circumstance or others affected; or a positive culture"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    if facts.present_of("mycobacteria-culture-positive", "mycobacterial-infection"):
        return _suspected("Mycobacteria were found, or are said to have been.")
    first, last = facts.boundary(CRITERION, "onset-from").days, facts.boundary(CRITERION, "onset-to").days
    window = _in_window(facts, first, last)
    lesion = facts.question(*LESIONS)
    if lesion is Answer.NO or window is Answer.NO:
        return None
    if lesion is Answer.UNKNOWN:
        return CANNOT_TELL
    lesions = ", ".join(facts.present_of(*LESIONS))
    pointer = any_of([facts.every_one(*group) for group in POINTER_GROUPS])
    if pointer is Answer.YES:
        reasons = ", ".join(facts.present_of(*POINTERS))
        return _suspected(f"Signs that fit a slow mycobacterial infection: {lesions}, with {reasons}.")
    if pointer is Answer.UNKNOWN and window is Answer.YES and _suspicious_alone(facts):
        return _suspected(
            f"A slow mycobacterial infection cannot be excluded: {lesions} at a time that no published course "
            "explains, while treatment, circumstances and others affected are not all known."
        )
    return CANNOT_TELL if Answer.UNKNOWN in (pointer, window) else None


def _in_window(facts: Facts, first: float, last: float) -> Answer:
    """Whether a lesion began in the window; one whose beginning is not known may have begun on any day until now."""
    begun = [facts.onset_day(term) for term in LESIONS if facts.present_of(term)]
    if begun and None not in begun:
        return any_of(Answer.of(first <= day <= last) for day in begun if day is not None)
    return facts.day_within(first, last)


def _suspicious_alone(facts: Facts) -> bool:
    here = [term for term in LESIONS if facts.present_of(term)]
    unexplained = [term for term in here if facts.course(term) is not CourseState.WITHIN]
    early = facts.day is not None and facts.day < ALONE_FROM_DAYS
    return any(
        term in OPEN_OR_PUS or (not early and (_several(facts, term) or not _quiet(facts, term)))
        for term in unexplained
    )


def _quiet(facts: Facts, term: str) -> bool:
    painless = facts.attribute(term, "painful")
    if painless is Answer.UNKNOWN and facts.denied("pain"):
        painless = Answer.NO
    said = (painless, facts.growing(term))
    return Answer.NO in said and Answer.YES not in said


def _several(facts: Facts, term: str) -> bool:
    count = facts.number(term, "count")
    return count is not None and count > 1


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
    alternatives=(
        "Ordinary abscess: within days, hot and soft, better with drainage.",
        "Foreign-body granuloma: firm, months later, no pus; tissue shows it.",
        "Inflamed fat or fat necrosis: after a fat-dissolving injection, fades over weeks, no pus.",
        "Other slow germs: nocardia, fungus, tuberculosis; they need the same tissue and other cultures.",
    ),
    treatment=(
        "treatment-mycobacteria-tissue",
        "treatment-mycobacteria-no-blind-repeat",
        "treatment-mycobacteria-duration",
        "treatment-mycobacteria-combination",
    ),
)
