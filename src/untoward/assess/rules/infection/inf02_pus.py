"""INF02: pus or a collection

Question
    Is there pus, or a collection that may hold pus?
Facts used
    Pus, abscess (also a sterile one), fluctuance, a draining sinus.
Logic
    Any one of them.
Levels
    same_day: drainage and a culture, where possible before antibiotics.
Evidence
    Injection-site abscess by the Brighton Collaboration; purulent drainage as an infection criterion.
Limits
    A sterile abscess looks the same; a culture, also for mycobacteria, tells.
Example
    A soft swelling that lets out yellow fluid on day 12: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import PUS
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    asked = facts.question(*PUS, "sterile-abscess", "draining-sinus")
    if asked is not Answer.YES:
        return CANNOT_TELL if asked is Answer.UNKNOWN else None
    signs = ", ".join(facts.present_of(*PUS, "sterile-abscess", "draining-sinus"))
    return Conclusion(
        Disposition.SAME_DAY,
        f"Pus or a collection: {signs}. A sample before antibiotics, also for mycobacteria, would tell most.",
        "any one of pus, abscess, fluctuance, draining sinus",
    )


RULE = Rule(
    code="INF02",
    name="Pus or a collection",
    most_urgent=Disposition.SAME_DAY,
    evidence=("brighton-injection-site-abscess",),
    evaluate=evaluate,
    alternatives=(
        "Liquid fat or sterile abscess: oily or cloudy fluid after a fat-dissolving injection, no germ.",
        "Mycobacterial abscess: several, weeks later, little warmth, ordinary culture without growth.",
        "Haematoma or serum: fluid from the first days, not hot, blood or straw-coloured when drawn.",
        "Inflamed cyst: a lump with a dark pore that was there before.",
    ),
    treatment=(
        "treatment-abscess-drain-and-culture",
        "treatment-abscess-antibiotic-when",
        "treatment-mycobacteria-tissue",
        "nice-ng141-swab",
    ),
)
