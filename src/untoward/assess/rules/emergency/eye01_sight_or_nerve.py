"""EYE01: sight, speech or strength lost

Question
    Is there a sign that the eye, the brain or the nerves of breathing and swallowing are in danger?
Facts used
    Loss of sight, double vision, slurred speech, weakness, seizure, confusion, drooling; trouble swallowing
    and how bad it is; blurred sight, eye pain, hoarse voice; injection on the face; botulinum toxin; day
    since the session; vomiting with headache.
Logic
    The first group counts at any time: embolism to the eye or brain comes within hours, spread of botulinum
    toxin within weeks, and none of them can wait. Blurred sight counts unless the injection was certainly
    neither on the face nor of toxin. Eye pain counts on the face, or when the site is not known, within a
    day. A hoarse voice counts within four weeks of toxin. Mild difficulty in swallowing alone, with no toxin
    given, is same_day.
Levels
    emergency_now; same_day for mild difficulty in swallowing alone.
Evidence
    Visual and neurological embolism after fillers; signs of botulism, which can take up to four weeks.
Limits
    It does not tell these causes apart. A drooping lid alone is left to RED01, a crooked smile alone to
    NRV01.
Example
    Drooping lid and double vision 3 days after botulinum toxin: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SIGHT = ("vision-loss", "double-vision")
BRAIN = ("weakness", "slurred-speech", "confusion", "seizure", "drooling")
TOXIN_NAMES = (
    "botul", "botox", "toxin", "dysport", "xeomin", "azzalure", "bocouture", "jeuveau", "daxxify", "letybo", "alluzience",
)  # fmt: skip


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    asked = [facts.question(*SIGHT), facts.question(*BRAIN)]
    signs = [*facts.present_of(*SIGHT, *BRAIN), *_blurred(facts), *_eye_pain(facts), *_hoarse(facts)]
    swallowing = facts.present_of("dysphagia")
    if not signs and not swallowing:
        return CANNOT_TELL if Answer.UNKNOWN in asked else None
    mild = not signs and facts.text("dysphagia", "severity") in ("mild", "leve") and not _toxin(facts)
    return Conclusion(
        Disposition.SAME_DAY if mild else Disposition.EMERGENCY_NOW,
        f"Signs of the eye, brain or swallowing: {', '.join((*signs, *swallowing))}.",
        "any one sign; mild difficulty in swallowing alone, without toxin: same day",
    )


def _toxin(facts: Facts) -> bool:
    return facts.injected_named("botulinum toxin", *TOXIN_NAMES) is Answer.YES


def _blurred(facts: Facts) -> tuple[str, ...]:
    signs = facts.present_of("blurred-vision")
    if not signs or (facts.on_face() is Answer.NO and not _toxin(facts)):
        return ()
    return signs


def _eye_pain(facts: Facts) -> tuple[str, ...]:
    signs = facts.present_of("eye-pain")
    if not signs or facts.on_face() is Answer.NO:
        return ()
    within = facts.boundary("filler-vision-signs", "time").days
    return signs if facts.day_within(0.0, within) is not Answer.NO else ()


def _hoarse(facts: Facts) -> tuple[str, ...]:
    signs = facts.present_of("hoarse-voice")
    if not signs or not _toxin(facts):
        return ()
    within = facts.boundary("botulism-onset-uk", "onset").days
    return signs if facts.day_within(0.0, within) is not Answer.NO else ()


RULE = Rule(
    code="EYE01",
    name="Sight, speech or strength lost",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("filler-vision-signs", "botulism-signs", "botulism-onset-uk"),
    evaluate=evaluate,
)
