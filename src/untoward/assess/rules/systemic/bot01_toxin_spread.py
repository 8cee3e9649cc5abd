"""BOT01: botulinum toxin beyond the place of injection

Question
    Could botulinum toxin be acting away from where it was injected?
Facts used
    Trouble swallowing, slurred speech, hoarse voice, breathlessness, double or blurred sight, weakness of
    muscles or all over, drooling, drooping lid, dry mouth; whether botulinum toxin was, or may have been,
    injected; injection on the face; day since the session.
Logic
    Within 28 days of the toxin, or on an unknown day, any sign of the first group counts, and a drooping lid
    together with a dry mouth, or when the face was certainly not injected. A drooping lid or a dry mouth alone
    can be local. When nobody knows what was injected, two signs are needed, one of them of the eyes, the
    throat, speech or strength.
Levels
    emergency_now for such signs; same_day for a drooping lid or a dry mouth alone.
Evidence
    CDC health advisory of April 2024; UK Health Security Agency 2025 for the four weeks. Same-day for a lid
    alone, to be asked again after 12 to 24 hours, is a proposal of ours.
Limits
    Headache and a heavy brow are common after toxin and are not counted. It does not tell a stroke from
    botulism; both are an emergency. Tests are not awaited.
Example
    Drooping lid and double sight 3 days after toxin: emergency_now. Drooping lid alone after toxin between the
    brows: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_systemic import toxin_given
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

ONSET, ALONE = "botulism-onset-uk", "botulism-lid-alone"
NERVE = (
    "dysphagia",
    "slurred-speech",
    "double-vision",
    "blurred-vision",
    "weakness",
    "generalised-weakness",
    "drooling",
)
SPREAD = (*NERVE, "hoarse-voice", "breathlessness")
LID, DRY = "ptosis", "dry-mouth"
ASKED = ("dysphagia", "slurred-speech", "double-vision", "breathlessness", "weakness", LID)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    toxin = toxin_given(facts)
    within = facts.day_within(0.0, facts.boundary(ONSET, "onset").days)
    if toxin is Answer.NO or within is Answer.NO:
        return None
    signs, lid = facts.present_of(*SPREAD), facts.present_of(LID, DRY)
    if _spread(facts, toxin, signs, lid):
        return _emergency(toxin, (*signs, *lid))
    if lid and toxin is Answer.YES:
        return _alone(facts, lid)
    if toxin is not Answer.YES and not signs and not lid:
        return CANNOT_TELL  # what was injected is the question; one sign more would not answer it
    asked = [facts.question(name) for name in ASKED]
    return CANNOT_TELL if Answer.UNKNOWN in asked or signs or lid else None


def _spread(facts: Facts, toxin: Answer, signs: tuple[str, ...], lid: tuple[str, ...]) -> bool:
    """Whether the signs go beyond a lid or a dry mouth alone; more is asked when the product is not known."""
    needed = int(facts.boundary(ALONE, "signs-of-unknown-product").value)
    if toxin is not Answer.YES:
        return len(signs) + len(lid) >= needed and bool(facts.present_of(*NERVE, LID))
    far_away = bool(facts.present_of(LID)) and facts.on_face() is Answer.NO
    return bool(signs) or len(lid) >= needed or far_away


def _emergency(toxin: Answer, signs: tuple[str, ...]) -> Conclusion:
    product = (
        "" if toxin is Answer.YES else " What was injected is not known, and it may have been the toxin."
    )
    return Conclusion(
        Disposition.EMERGENCY_NOW,
        f"Signs that fit botulinum toxin acting away from the injection: {', '.join(signs)}.{product}",
        "one sign within 28 days of the toxin; two when the product is not known",
    )


def _alone(facts: Facts, lid: tuple[str, ...]) -> Conclusion:
    first = facts.boundary(ALONE, "ask-again-from").value
    last = facts.boundary(ALONE, "ask-again-by").value
    for name in ASKED:
        facts.question(name)
    return Conclusion(
        Disposition.SAME_DAY,
        f"{', '.join(lid).capitalize()} alone after botulinum toxin, which can be local. Ask again after "
        f"{first:g} to {last:g} hours: swallowing, speech, breathing, double sight, weakness.",
        "a drooping lid or a dry mouth alone within 28 days of the toxin",
    )


RULE = Rule(
    code="BOT01",
    name="Botulinum toxin beyond the place of injection",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("botulism-after-injection", "botulism-onset-uk", "botulism-lid-alone"),
    evaluate=evaluate,
    alternatives=(
        "Local spread of toxin: one drooping lid beside the injection and nothing else.",
        "Myasthenia gravis: worse towards evening and after effort, better with rest.",
        "Guillain-Barré syndrome: weakness climbs from the legs, tingling, reflexes lost.",
        "Stroke: sudden and on one side.",
    ),
    treatment=(
        "treatment-botulism-call-now",
        "treatment-botulism-do-not-wait",
    ),
)
