"""NOD01: nodule

Question
    What must happen with a lump, now that it has been there so long?
Facts used
    Nodule, granuloma, whether it grows, is painful, warm or red; fever, weight loss, night sweats; day since
    the session.
Logic
    A lump that grows, or is warm, red or sore after the first two days, or stands beside signs of the whole
    body, is inflamed. Any other is looked at once it is 14 days old, or when its age is not known; from 4
    weeks on it is delayed, and mycobacteria are asked for before anything else. A younger quiet lump is left
    to its expected course.
Levels
    within_72h when inflamed; routine from day 14 on or when the day is unknown.
Evidence
    Three published clocks for nodules after fillers (14 days, 4 weeks, 1 year); the later ones are only used
    to ask more, never to wait longer.
Limits
    Without a biopsy nobody can say "granuloma". The clock starts at the session.
Example
    A stable painless lump 6 weeks after a filler: routine, and the questions of NTM01.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import fever, past_procedure
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

LUMPS = ("nodule", "granuloma")
INFLAMED = ("warmth", "redness", "tenderness", "pain")
WHOLE_BODY = ("weight-loss", "night-sweats", "chills")
QUIET_DAYS = 14.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    lumps = [term for term in LUMPS if facts.present_of(term)]
    if not lumps:
        return CANNOT_TELL if facts.doubtful_of(*LUMPS) else None
    named = ", ".join(facts.label(term) for term in lumps).capitalize()
    reasons = _reasons(facts, lumps)
    if reasons:
        return Conclusion(
            Disposition.WITHIN_72H,
            f"{named} with {', '.join(reasons)}.",
            "growing, or inflamed after day 2, or with signs of the whole body",
        )
    day = facts.day
    if day is not None and day < QUIET_DAYS:
        return None
    delayed = facts.boundary("delayed-nodule", "delayed")
    late = day is None or delayed.met_by(day / 7)
    return Conclusion(
        Disposition.ROUTINE,
        f"{named}, quiet as far as is known. "
        + (
            "Delayed: ask about mycobacteria before any steroid."
            if late
            else "A clinician should look at it."
        ),
        f"quiet, from day {QUIET_DAYS:g} on or when the day is unknown; delayed after {delayed.value} weeks",
    )


def _reasons(facts: Facts, lumps: list[str]) -> list[str]:
    reasons = [*facts.present_of(*WHOLE_BODY)]
    if fever(facts) is Answer.YES:
        reasons.append("fever")
    if any(facts.growing(term) is Answer.YES for term in lumps):
        reasons.append("growth")
    if past_procedure(facts) is not Answer.NO:
        reasons += facts.present_of(*INFLAMED)
        reasons += ["pain" for term in lumps if facts.attribute(term, "painful") is Answer.YES][:1]
    return list(dict.fromkeys(reasons))


RULE = Rule(
    code="NOD01",
    name="Nodule",
    most_urgent=Disposition.WITHIN_72H,
    evidence=("delayed-nodule", "ntm-suspicion"),
    evaluate=evaluate,
)
