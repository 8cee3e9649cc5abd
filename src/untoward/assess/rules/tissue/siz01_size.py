"""SIZ01: size of redness or swelling

Question
    Is the redness, swelling or hardness so large that somebody must look at it?
Facts used
    Largest diameter of redness, swelling, hardness or warmth; whether it grows; the expected course of each;
    fat-dissolving injection; day since the session.
Logic
    Each size is graded by both scales, and where they differ, which is at exactly 5.0 and 10.0 cm, both grades are
    said and the stricter one counts. Grade 3 is seen today and grade 2 within a day. Both scales were made for one
    vaccine injection: swelling or hardness of a whole field after a fat-dissolving injection, still within its
    published course and not said to grow, is one step less urgent, and grade 2 that a published course explains is
    not pressed.
Levels
    same_day for grade 3, and for grade 2 that nothing explains; within_72h for grade 3 swelling of a fat-dissolving
    injection within its course, and for grade 2 redness or warmth within its course; routine for grade 2 swelling
    or hardness within its course; self_care for grade 1 that does not grow.
Evidence
    Local reaction grades of FDA (grade 2 above 5, grade 3 above 10 cm) and DAIDS (from 5 and from 10 cm).
Limits
    It says how large, not what it is. A field of many punctures is wider than one injection.
Example
    Redness of 10.0 cm on day 1: same_day (FDA grade 2, DAIDS grade 3). Of 4.9 cm: self_care.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import CourseState, Disposition

FDA, DAIDS = "fda-2007-local-grading", "daids-2-1-local-grading"
MEASURED = ("redness", "swelling", "induration", "warmth")
OF_A_FIELD = ("swelling", "induration")
FAT_DISSOLVING = (
    "deoxycholic-acid", "phosphatidylcholine-deoxycholate", "phosphatidylcholine", "aqualyx", "lemon-bottle",
)  # fmt: skip
BY_GRADE = {3: Disposition.SAME_DAY, 2: Disposition.SAME_DAY, 1: Disposition.SELF_CARE}


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    here = [term for term in MEASURED if facts.present_of(term)]
    sizes = {term: size for term in here if (size := facts.number(term, "size_cm")) is not None}
    graded = {term: _grade(facts, DAIDS, size) for term, size in sizes.items() if _grade(facts, DAIDS, size)}
    levels = {term: level for term, grade in graded.items() if (level := _level(facts, term, grade))}
    if not levels:
        return CANNOT_TELL if len(sizes) < len(here) else None
    described = [_described(facts, term, sizes[term]) for term in levels]
    return Conclusion(
        Disposition.most_urgent(list(levels.values())),
        f"Measured: {'; '.join(described)}. Mark the edge and measure again.",
        "grade 1 from 2.5 cm; grade 2 from 5 (DAIDS) or above 5 cm (FDA); grade 3 from 10 (DAIDS) or above 10 cm (FDA)",
    )


def _grade(facts: Facts, scale: str, size: float) -> int:
    """The grade of a size in cm by one scale; 0 below grade 1."""
    return sum(facts.boundary(scale, f"grade-{number}").met_by(size) for number in (1, 2, 3))


def _level(facts: Facts, term: str, grade: int) -> Disposition | None:
    grows = facts.growing(term) is Answer.YES
    if grade == 1:
        return None if grows else Disposition.SELF_CARE
    if grows or facts.course(term) is not CourseState.WITHIN:
        return BY_GRADE[grade]
    field = term in OF_A_FIELD and facts.injected(*FAT_DISSOLVING) is Answer.YES
    if grade == 3:
        return Disposition.WITHIN_72H if field else Disposition.SAME_DAY
    return Disposition.ROUTINE if term in OF_A_FIELD else Disposition.WITHIN_72H


def _described(facts: Facts, term: str, size: float) -> str:
    fda, daids = _grade(facts, FDA, size), _grade(facts, DAIDS, size)
    words = (
        f"grade {daids}"
        if fda == daids
        else f"grade {fda} by FDA, grade {daids} by DAIDS, the stricter counts"
    )
    return f"{facts.label(term)} {size:g} cm ({words})"


RULE = Rule(
    code="SIZ01",
    name="Size of redness or swelling",
    most_urgent=Disposition.SAME_DAY,
    evidence=(DAIDS, FDA),
    evaluate=evaluate,
    alternatives=(
        "Infection: warm, painful, growing after the second day.",
        "Allergic swelling: itch or hives, also elsewhere.",
        "Haematoma: firm and bruise-coloured from the first day.",
        "Expected swelling after a fat-dissolving injection: even, greatest in the first days, then less.",
    ),
    treatment=("nice-ng141-look-first",),
)
