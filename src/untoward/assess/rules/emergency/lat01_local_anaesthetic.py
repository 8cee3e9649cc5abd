"""LAT01: local anaesthetic in the blood

Question
    Could this be poisoning by the local anaesthetic?
Facts used
    Tingling round the mouth, metallic taste, ringing ears; dizziness, tremor, slurred speech or anxiety beside
    one of them; whether they have gone; agitation, seizure, confusion, collapse, slow or irregular pulse, low
    blood pressure; whether a local anaesthetic was injected; day since the session.
Logic
    One early sign within 24 hours of a session in which a local anaesthetic was, or may have been, injected.
    An unknown day or product counts as if it were so. A severe sign keeps it an emergency although the early
    ones have gone, and is named here without an early one when an anaesthetic is known to have been injected.
    Severe signs of unknown cause are judged by EYE01 and ABC01.
Levels
    emergency_now unless every early sign is said to have recovered and no severe one is there; then same_day.
Evidence
    Early signs of local anaesthetic toxicity; the window of 24 hours is ours, wide enough for tumescent
    doses.
Limits
    Lips that were numbed on purpose tingle too; it errs to the urgent side. A slow pulse counts only
    beside an early sign, and not beside a faint, to which it belongs.
Example
    A metallic taste and ringing ears 10 minutes after procaine: emergency_now.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, all_of
from untoward.model.finding import Disposition

CRITERION = "local-anaesthetic-toxicity-signs"
EARLY = ("perioral-tingling", "metallic-taste", "tinnitus")
BESIDE = ("dizziness", "tremor", "slurred-speech", "anxiety")
SEVERE = (
    "seizure",
    "confusion",
    "agitation",
    "coma",
    "collapse",
    "arrhythmia",
    "cardiac-arrest",
    "low-blood-pressure",
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    window_days = facts.boundary(CRITERION, "window").days
    given = facts.injected_class("local anaesthetic")
    exposed = all_of([given, facts.day_within(0.0, window_days)])
    if exposed is Answer.NO:
        return None
    early = facts.question(*EARLY)
    severe = facts.present_of(*SEVERE)
    if early is not Answer.YES:
        if severe and given is Answer.YES:
            return _conclusion(severe, over=False, window_days=window_days)
        return CANNOT_TELL if early is Answer.UNKNOWN else None
    severe += _slow_pulse(facts)
    here = [term for term in EARLY if facts.present_of(term)]
    over = not severe and all_of([facts.attribute(term, "recovered") for term in here]) is Answer.YES
    signs = (*facts.present_of(*EARLY, *BESIDE), *severe)
    return _conclusion(signs, over=over, window_days=window_days)


def _slow_pulse(facts: Facts) -> tuple[str, ...]:
    return () if facts.present_of("faint") else facts.present_of("slow-pulse")


def _conclusion(signs: tuple[str, ...], *, over: bool, window_days: float) -> Conclusion:
    return Conclusion(
        Disposition.SAME_DAY if over else Disposition.EMERGENCY_NOW,
        f"Signs that fit local anaesthetic in the blood: {', '.join(signs)}"
        + (", now over." if over else "."),
        f"one sign within {window_days * 24:g} hours of a local anaesthetic; same day once all early ones are over",
    )


RULE = Rule(
    code="LAT01",
    name="Local anaesthetic in the blood",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(CRITERION,),
    evaluate=evaluate,
    alternatives=(
        "Faint: pale and slow pulse, better on lying flat, no ringing ears or metallic taste.",
        "Adrenaline in the mixture: pounding heart, tremor and pallor that pass within minutes.",
        "Panic with fast breathing: tingling fingers and mouth, clear mind, normal heart tracing.",
        "Anaphylaxis: hives, swelling or wheeze.",
        "Methaemoglobin: blue or grey colour that oxygen does not change.",
    ),
    treatment=(
        "treatment-anaesthetic-toxicity-first-steps",
        "treatment-anaesthetic-toxicity-lipid",
    ),
)
