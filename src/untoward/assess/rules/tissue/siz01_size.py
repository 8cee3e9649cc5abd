"""SIZ01: size of redness or swelling

Question
    Is the redness, swelling or hardness so large that somebody must look at it?
Facts used
    Largest diameter of redness, swelling, hardness or warmth; the expected course of each.
Logic
    From 10 cm on it is grade 3. From 5 cm on it is grade 2, which is reviewed within a day unless a published
    course explains it, because swelling after a fat-dissolving injection is often that wide. Where the two
    scales differ at the boundary itself (5.0 and 10.0 cm), the stricter one is taken.
Levels
    same_day from 10 cm, and from 5 cm when no published course explains it; within_72h from 5 cm within an
    expected course.
Evidence
    Local reaction grades of DAIDS and FDA.
Limits
    Made for one injection, not for a field of many punctures. It says how large, not what it is.
Example
    Redness of 10.0 cm on day 1: same_day. Of 4.9 cm: silent.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.finding import CourseState, Disposition

SCALE = "daids-2-1-local-grading"
MEASURED = ("redness", "swelling", "induration", "warmth")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    here = [term for term in MEASURED if facts.present_of(term)]
    large, moderate = facts.boundary(SCALE, "grade-3"), facts.boundary(SCALE, "grade-2")
    sizes = {term: size for term in here if (size := facts.number(term, "size_cm")) is not None}
    wide = [term for term in sizes if moderate.met_by(sizes[term])]
    if not wide:
        return CANNOT_TELL if len(sizes) < len(here) else None
    explained = all(
        facts.course(term) is CourseState.WITHIN and not large.met_by(sizes[term]) for term in wide
    )
    return Conclusion(
        Disposition.WITHIN_72H if explained else Disposition.SAME_DAY,
        "Large: " + ", ".join(f"{facts.label(term)} {sizes[term]:g} cm" for term in wide) + ".",
        f">= {large.value:g} cm, or >= {moderate.value:g} cm without a published course that explains it: same day",
    )


RULE = Rule(
    code="SIZ01",
    name="Size of redness or swelling",
    most_urgent=Disposition.SAME_DAY,
    evidence=(SCALE, "fda-2007-local-grading"),
    evaluate=evaluate,
)
