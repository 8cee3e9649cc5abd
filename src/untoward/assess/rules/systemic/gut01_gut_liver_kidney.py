"""GUT01: gut, liver or kidney after a fat-dissolving injection

Question
    Is sickness after a fat-dissolving injection the usual mild kind, or a sign of liver or kidney trouble?
Facts used
    Nausea, diarrhoea, dizziness, bleeding between periods, vomiting and how often; jaundice, dark urine,
    little urine, liver injury; collapse; severity and trend; whether phosphatidylcholine or deoxycholate was
    injected; day since the session.
Logic
    Mild signs within 48 hours of such an injection are of the usual kind. Longer, severe or worse they are
    not. Repeated vomiting and every sign of liver or kidney count at any time, also when nobody knows what was
    injected; a collapse beside them makes it an emergency.
Levels
    emergency_now with collapse beside them; same_day for a grave sign, or severe or worsening ones;
    within_72h when they last 48 hours or longer; routine while a grave sign or vomiting is open; self_care
    when the grave signs are denied.
Evidence
    United Kingdom survey of 10,581 treatments: effects on the whole body in 3 %, most very mild or mild.
    Systematic review: liver dysfunction and kidney failure in single papers. The 48 hours are ours.
Limits
    A stomach infection looks the same. Dizziness can also be a sign of allergy or of the anaesthetic, which
    their own rules weigh.
Example
    Nausea the evening after injections under the chin, urine normal: self_care. Yellow eyes on day 4: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_systemic import DETERGENTS
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

WINDOW = "lipolysis-systemic-window"
MILD = ("nausea", "diarrhoea", "dizziness", "menstrual-bleeding", "vomiting")
GRAVE = ("jaundice", "dark-urine", "little-urine", "liver-injury", "repeated-vomiting")
ASKED = ("jaundice", "dark-urine", "little-urine", "repeated-vomiting")
SEVERE = frozenset({"severe", "very severe", "grave", "intense"})
THRESHOLD = (
    "mild and under 48 hours after the injection; repeated vomiting, jaundice, dark or little urine: same day"
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    given = facts.injected(*DETERGENTS)
    if given is Answer.NO:
        return None
    grave, mild = facts.present_of(*GRAVE), [term for term in MILD if facts.present_of(term)]
    if grave or _often(facts):
        return _grave(facts, (*grave, *facts.present_of(*MILD)))
    if given is not Answer.YES:
        return CANNOT_TELL
    if not mild:
        asked = [facts.question(name) for name in ASKED]
        return CANNOT_TELL if Answer.UNKNOWN in asked else None
    return _mild(facts, mild)


def _often(facts: Facts) -> bool:
    times = facts.number("vomiting", "count") if facts.present_of("vomiting") else None
    return times is not None and times > 1


def _grave(facts: Facts, signs: tuple[str, ...]) -> Conclusion:
    collapsed = facts.present_of("collapse")
    return Conclusion(
        Disposition.EMERGENCY_NOW if collapsed else Disposition.SAME_DAY,
        f"Signs that fit an effect on gut, liver or kidney: {', '.join((*signs, *collapsed))}.",
        THRESHOLD,
    )


def _mild(facts: Facts, mild: list[str]) -> Conclusion:
    listed = ", ".join(facts.present_of(*mild))
    if any(facts.text(term, "severity") in SEVERE or facts.growing(term) is Answer.YES for term in mild):
        return Conclusion(Disposition.SAME_DAY, f"Severe or worse after the injection: {listed}.", THRESHOLD)
    window, day = facts.boundary(WINDOW, "window"), facts.day
    if day is not None and day >= window.days:
        return Conclusion(
            Disposition.WITHIN_72H,
            f"Still there two days or longer after a fat-dissolving injection: {listed}.",
            THRESHOLD,
        )
    denied = all([facts.question(name) is Answer.NO for name in ASKED])  # noqa: C419 - every question is asked
    calm = denied and day is not None and "vomiting" not in mild
    return Conclusion(
        Disposition.SELF_CARE if calm else Disposition.ROUTINE,
        f"Of the kind that often follows a fat-dissolving injection for a day or two: {listed}.",
        THRESHOLD,
    )


RULE = Rule(
    code="GUT01",
    name="Gut, liver or kidney after a fat-dissolving injection",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("lipolysis-systemic-mild", "lipolysis-systemic-window", "lipolysis-systemic-severe"),
    evaluate=evaluate,
    alternatives=(
        "Stomach infection: fever, diarrhoea, ill people around.",
        "Gallstones or pancreas: strong pain under the ribs or through to the back.",
        "Liver damage from another drug or virus: paracetamol, herbal product, hepatitis.",
        "Anaphylaxis: vomiting or cramps within minutes to hours with hives, faintness or wheeze.",
        "Stimulant in the mixture: vomiting with tremor and fast pulse.",
    ),
)
