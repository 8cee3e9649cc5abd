"""DEN01: dent, scar or lost hair

Question
    Has the injection left a lasting change of shape, a scar or a bare patch?
Facts used
    Loss of fat, excess of fat, uneven contour, lost hair, scar, keloid, filler out of place; scars of that
    kind in the history; day since the session.
Logic
    A change of shape while the first 4 weeks of swelling last, with nothing else, is photographed and left. Loss or
    excess of fat, lost hair, a scar or a keloid, at any time, and an uneven contour after 4 weeks or on an unknown
    day, get a photograph as baseline and an ordinary appointment.
Levels
    routine; self_care for an uneven contour in the first 4 weeks.
Evidence
    Local loss of fat after an injection tends to go by itself; a keloid grows beyond the injury and does not go back.
    Photographs now and after 3 and 6 months are a proposal of ours.
Limits
    No published onset of a dent was found. Loss of fat in several places may be an illness of its own.
Example
    A dent of the thigh 3 months after a steroid injection: routine.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.finding import Disposition

LEVELS = "lasting-lesion-levels"
CHANGES = ("lipoatrophy", "lipohypertrophy", "alopecia", "scar", "keloid", "filler-migration")
UNEVEN = "contour-irregularity"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    changes, uneven = facts.present_of(*CHANGES), facts.present_of(UNEVEN)
    if not changes and not uneven:
        return CANNOT_TELL if facts.doubtful_of(*CHANGES, UNEVEN) else None
    weeks = facts.boundary(LEVELS, "lasting")
    lasting = facts.day is None or weeks.met_by(facts.day / 7)
    first, second = (
        facts.boundary(LEVELS, name).value for name in ("dent-review-first", "dent-review-second")
    )
    history = facts.present_of("keloid-history")
    return Conclusion(
        Disposition.ROUTINE if changes or lasting else Disposition.SELF_CARE,
        f"Lasting change: {', '.join((*changes, *uneven))}{' (' + ', '.join(history) + ')' if history else ''}. "
        f"Photograph it now, and again after {first} and {second} months.",
        f"routine; an uneven contour alone only after {weeks.value} weeks or on an unknown day",
    )


RULE = Rule(
    code="DEN01",
    name="Dent, scar or lost hair",
    most_urgent=Disposition.ROUTINE,
    evidence=(LEVELS, "lipoatrophy-course", "keloid-versus-scar"),
    evaluate=evaluate,
    alternatives=(
        "Swelling around it: the dent shows only while the edge is still swollen.",
        "Morphoea: hard ivory skin with a violet edge, still spreading.",
        "Keloid: the scar grows beyond the edge of the wound.",
        "Alopecia areata: smooth round bald patches also where nothing was injected.",
    ),
)
