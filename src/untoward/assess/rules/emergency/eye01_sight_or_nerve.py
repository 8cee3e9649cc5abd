"""EYE01: sight, speech or strength lost

Question
    Is there a sign that the eye or the brain is in danger?
Facts used
    Loss of sight, double vision, bulging eye; slurred speech, weakness, seizure, confusion, coma,
    drooling; blurred
    sight; eye pain, pain when the eye moves; drooping lid; headache, vomiting; swollen, red or infected
    lids, fever; injection on the face; filler or botulinum toxin; day since the session.
Logic
    The first two groups count at any time: embolism to the eye or brain comes within hours, an infection behind the
    eye within days, spread of botulinum toxin within weeks, and none can wait. Blurred sight counts unless the
    injection was certainly neither on the face nor of toxin. Eye pain counts within a day of an injection on the
    face, or when place or day is not known, and at any time beside a swollen, red or infected face. A drooping lid
    counts within a day of a facial injection that was not toxin; so does severe headache, or headache with
    vomiting, after filler. A drooping lid alone after toxin is left to BOT01.
Levels
    emergency_now. Weakness more than four weeks after an injection that is not known to be of the face is left to
    RED01.
Evidence
    Visual and neurological embolism after fillers: eye pain, drooping lid, an eye that does not move, with or without
    loss of sight. Signs that part an infection behind the eyelid from one of the lid.
Limits
    It does not tell these causes apart. A crooked smile alone is left to NRV01, trouble swallowing to DYS01.
Example
    A drooping lid and an eye that does not move 3 hours after filler in the temple: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS, fever
from untoward.assess.features_systemic import toxin_given
from untoward.assess.features_tissue import filler_injected, severe
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

EMBOLISM, PRESENTATION, ORBIT = (
    "filler-vision-signs",
    "filler-visual-loss-presentation",
    "orbital-cellulitis-signs",
)
SIGHT = ("vision-loss", "double-vision", "bulging-eye")
BRAIN = ("slurred-speech", "confusion", "seizure", "coma", "drooling")
LATE_DAYS = 28.0
EYE_PAIN = ("eye-pain", "eye-movement-pain")
INFLAMED_LID = (
    "cellulitis",
    "injection-site-infection",
    "abscess",
    "pus",
    "swelling",
    "angioedema",
    "redness",
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    asked = [facts.question(*SIGHT), facts.question("weakness", *BRAIN)]
    signs = [
        *facts.present_of(*SIGHT, *BRAIN),
        *_weakness(facts),
        *_blurred(facts),
        *_eye_pain(facts),
        *_embolism(facts),
    ]
    if not signs:
        return CANNOT_TELL if Answer.UNKNOWN in asked else None
    return Conclusion(
        Disposition.EMERGENCY_NOW,
        f"Signs that fit danger to the eye or the brain: {', '.join(dict.fromkeys(signs))}.",
        "any one sign of sight, speech or strength; eye pain, drooping lid or headache with vomiting within "
        f"{EARLY_DAYS:g} day of a facial injection",
    )


def _weakness(facts: Facts) -> tuple[str, ...]:
    """Weakness; weeks after an injection that is not known to be of the face it is no sign of an embolism."""
    signs = facts.present_of("weakness")
    if not signs or (facts.on_face() is not Answer.YES and facts.day_within(0.0, LATE_DAYS) is Answer.NO):
        return ()
    return signs


def _blurred(facts: Facts) -> tuple[str, ...]:
    signs = facts.present_of("blurred-vision")
    if not signs or (facts.on_face() is Answer.NO and toxin_given(facts) is not Answer.YES):
        return ()
    return signs


def _eye_pain(facts: Facts) -> tuple[str, ...]:
    signs = facts.present_of(*EYE_PAIN)
    if not signs or facts.on_face() is Answer.NO:
        return ()
    inflamed = facts.present_of(*INFLAMED_LID)
    if inflamed or fever(facts) is Answer.YES or facts.present_of("eye-movement-pain"):
        return (*signs, *inflamed)
    return signs if _within_a_day(facts) is not Answer.NO else ()


def _embolism(facts: Facts) -> tuple[str, ...]:
    """A drooping lid or a headache soon after a facial injection; toxin explains both otherwise."""
    early = _within_a_day(facts)
    if facts.on_face() is not Answer.YES or early is Answer.NO:
        return ()
    filler = filler_injected(facts) is Answer.YES
    lid_counts = toxin_given(facts) is not Answer.YES and (filler or early is Answer.YES)
    lid = facts.present_of("ptosis") if lid_counts else ()
    return (*lid, *(_headache(facts) if filler else ()))


def _headache(facts: Facts) -> tuple[str, ...]:
    headache = facts.present_of("headache")
    vomiting = facts.present_of("vomiting") if headache else ()
    return (*headache, *vomiting) if vomiting or severe(facts, "headache") else ()


def _within_a_day(facts: Facts) -> Answer:
    return facts.day_within(0.0, facts.boundary(EMBOLISM, "time").days)


RULE = Rule(
    code="EYE01",
    name="Sight, speech or strength lost",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(EMBOLISM, PRESENTATION, ORBIT, "botulism-signs"),
    evaluate=evaluate,
    alternatives=(
        "Toxin spread to one eyelid: the lid droops alone; sight, pupil and eye movement are normal.",
        "Anaesthetic near the eye: numb, double sight or a drooping lid at once, gone as the numbness goes.",
        "Migraine aura: spreading zigzags in both eyes for less than an hour, and earlier attacks like it.",
        "Infection behind the eyelid: over days, with fever, a red swollen lid and pain on moving the eye.",
        "Stroke that has nothing to do with the injection: the same signs and the same urgency.",
    ),
    treatment=(
        "treatment-vision-loss-transfer",
        "treatment-vision-loss-retrobulbar",
        "treatment-occlusion-flood",
        "treatment-orbital-cellulitis",
        "treatment-botulism-call-now",
    ),
)
