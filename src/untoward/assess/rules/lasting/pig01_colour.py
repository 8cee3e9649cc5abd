"""PIG01: a colour that stays

Question
    What must happen with skin that only has another colour now?
Facts used
    Brown marks, pale marks, small vessels, blue tint of filler, discolouration; whether it spreads; day since the session.
Logic
    A mark that does not spread is kept from the sun and left alone for 4 weeks, then a clinician looks at it in the
    ordinary way, and so when the day is not known. A colour that was not described counts only after 3 days, because
    before it may be that of too little blood, which OCC01 asks about.
Levels
    routine after 4 weeks, when the day is unknown or when it spreads; self_care before.
Evidence
    Brown marks after an injury of the skin fade within months as a rule and some stay; protection from the sun comes
    first. CTCAE 6.0 grades them by how much they trouble the person, no longer by area. The 4 weeks are ours.
Limits
    It looks at the colour alone; a lump, an open place or pain beside it is judged by other rules.
Example
    A flat brown mark on day 60: routine. On day 10: self_care.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_tissue import growing
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

LEVELS, COURSE, EARLY = "lasting-lesion-levels", "pigment-after-inflammation", "vascular-occlusion-signs"
MARKS = ("hyperpigmentation", "hypopigmentation", "telangiectasia", "tyndall-effect")
ANY_COLOUR = "discolouration"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    marks = facts.present_of(*MARKS)
    if facts.day_within(0.0, facts.boundary(EARLY, "time").days) is Answer.NO:
        marks = (*marks, *facts.present_of(ANY_COLOUR))
    if not marks:
        late_colour = bool(facts.present_of(ANY_COLOUR)) and facts.day is None
        return CANNOT_TELL if late_colour or facts.doubtful_of(*MARKS) else None
    weeks = facts.boundary(LEVELS, "lasting")
    lasting = facts.day is None or weeks.met_by(facts.day / 7)
    spreads = growing(facts, *MARKS, ANY_COLOUR)
    advice = "Keep the sun off it; a photograph now shows later whether it fades."
    return Conclusion(
        Disposition.ROUTINE if lasting or spreads else Disposition.SELF_CARE,
        f"Colour of the skin: {', '.join(marks)}{', spreading' if spreads else ''}. {advice}",
        f"routine after {weeks.value} weeks, on an unknown day or when spreading; self-care before",
    )


RULE = Rule(
    code="PIG01",
    name="A colour that stays",
    most_urgent=Disposition.ROUTINE,
    evidence=(COURSE, LEVELS, EARLY),
    evaluate=evaluate,
    alternatives=(
        "Blocked blood vessel: new, painful, pale or net-like, within days of the injection.",
        "Bruise or iron stain: yellow-brown where a bruise was.",
        "Filler lying too high: blue-grey and smooth under thin skin, since the injection.",
        "Melasma or another earlier patch: same on both sides, away from the punctures.",
    ),
    treatment=("pigment-after-inflammation",),
)
