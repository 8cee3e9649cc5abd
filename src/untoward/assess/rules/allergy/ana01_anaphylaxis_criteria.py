"""ANA01: anaphylaxis criteria

Question
    Which published criteria of anaphylaxis does this reaction meet?
Facts used
    General skin signs and swelling of mouth or face; airway, breathing and circulation signs; blood pressure
    with the usual one and the age; vomiting, belly pain, diarrhoea and how bad they are; dizziness, cough,
    sense of doom; whether this person is known to react to what was injected; day since the session.
Logic
    Within one day of the session, or on an unknown day, the criteria of NIAID/FAAN 2006, WAO 2020 and the
    Resuscitation Council UK are worked through one by one; each is met, not met, or cannot be told. What was
    injected counts as a likely allergen, and as a known one only after an earlier reaction to it. A general
    skin sign with any sign of a second system counts even when it is not known whether that sign is severe.
    A fast pulse or pale clammy skin counts together with the other or beside a skin sign. The Brighton level
    says how certain the diagnosis is, as a range when facts are missing; it never decides the urgency alone.
Levels
    emergency_now when any criterion is met, or skin comes with a second system; same_day when only a Brighton
    level is reached.
Evidence
    NIAID/FAAN 2006 with its bounds for children, WAO 2020, Resuscitation Council UK 2021, Brighton 2007.
Limits
    A wheal or itch at the puncture is not a general skin sign. The revision of the Brighton definition (2023)
    could not be read and is not used. The usual blood pressure is seldom known, so a fall is seldom seen.
    Breathing trouble of any other cause meets the Resuscitation Council's list too.
    A change of voice is not counted as a sign of the larynx for WAO, because its list of them was not read.
Example
    Hives and a hoarse voice 20 minutes after lidocaine: emergency_now; Resuscitation Council UK met.
"""

from __future__ import annotations

from collections.abc import Mapping

from untoward.assess import anaphylaxis
from untoward.assess.anaphylaxis import LevelRange, Picture
from untoward.assess.facts import DAY, Facts
from untoward.assess.features import EARLY_DAYS
from untoward.assess.features_allergy import (
    BREATHING,
    COLLAPSE,
    SKIN,
    beside_skin,
    brighton_signs,
    early,
    picture,
    skin_there,
)
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

NIAID, WAO, RCUK = "NIAID/FAAN 2006", "WAO 2020", "Resuscitation Council UK 2021"
CRITERIA = {
    (NIAID, "1"): anaphylaxis.niaid_1,
    (NIAID, "2"): anaphylaxis.niaid_2,
    (NIAID, "3"): anaphylaxis.niaid_3,
    (WAO, "1"): anaphylaxis.wao_1,
    (WAO, "2"): anaphylaxis.wao_2,
    (RCUK, ""): anaphylaxis.rcuk,
}
ON_KNOWN_ALLERGEN = ((NIAID, "3"), (WAO, "2"))
Verdicts = Mapping[tuple[str, str], Answer]
MEASURED = ("systolic-bp", "spo2")
MINOR = ("sneezing", "red-eyes")
THRESHOLD = f"any one criterion, or skin with a second system, within {EARLY_DAYS:g} day or on an unknown day"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    if not early(facts):
        return None
    skin, beside = skin_there(facts), beside_skin(facts)
    minor = facts.present_of(*MINOR)
    if not (skin or beside or minor) and all(facts.measured(vital) is None for vital in MEASURED):
        asked = [facts.question(*names) for names in (SKIN, BREATHING, COLLAPSE)]
        return CANNOT_TELL if Answer.UNKNOWN in asked else None
    seen = picture(facts)
    verdicts = {name: met(seen) for name, met in CRITERIA.items()}
    level = _brighton(facts, seen)
    if Answer.YES in verdicts.values() or (skin and beside):
        return _emergency(facts, (*skin, *beside), verdicts, level)
    if level.known is not None:
        return Conclusion(Disposition.SAME_DAY, _certainty_alone(level), THRESHOLD)
    return CANNOT_TELL if _open(verdicts) else None


def _brighton(facts: Facts, seen: Picture) -> LevelRange:
    """The Brighton level. What it lacks is not asked for, because it never decides the urgency."""
    lacking = set(facts.missing)
    level = anaphylaxis.brighton(seen.sudden, brighton_signs(facts, seen))
    for name in set(facts.missing) - lacking:
        del facts.missing[name]
    return level


def _open(verdicts: Verdicts) -> bool:
    """Whether a criterion stays open that does not hang on a known allergen alone."""
    return any(said is Answer.UNKNOWN for name, said in verdicts.items() if name not in ON_KNOWN_ALLERGEN)


def _emergency(facts: Facts, signs: tuple[str, ...], verdicts: Verdicts, level: LevelRange) -> Conclusion:
    named = ", ".join(dict.fromkeys(signs)) or "low blood pressure or oxygen"
    open_day = " The day is not known and is taken as the first." if DAY in facts.missing else ""
    return Conclusion(
        Disposition.EMERGENCY_NOW,
        f"Signs that fit anaphylaxis: {named}. {_listed(verdicts)}{_certainty(level)}{open_day}",
        THRESHOLD,
    )


def _listed(verdicts: Verdicts) -> str:
    """Which criteria are met, which are not, which stay open, and that the standards differ when they do."""
    met, not_met, open_ = (_named(verdicts, answer) for answer in (Answer.YES, Answer.NO, Answer.UNKNOWN))
    sentences = [
        f"Criteria met: {met}." if met else "Whether a criterion is met depends on what is not known yet.",
        f"Not met: {not_met}; the standards differ." if met and not_met else "",
        f"Cannot be told yet: {open_}." if open_ else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _named(verdicts: Verdicts, answer: Answer) -> str:
    """The criteria with this answer, such as "NIAID/FAAN 2006 (1, 2), WAO 2020 (1)"."""
    numbers: dict[str, list[str]] = {}
    for (standard, number), said in verdicts.items():
        if said is answer:
            numbers.setdefault(standard, []).append(number)
    return ", ".join(
        f"{name} ({', '.join(found)})" if any(found) else name for name, found in numbers.items()
    )


def _certainty(level: LevelRange) -> str:
    return "" if level.known is None else f" Brighton 2007, certainty and not urgency: {level}."


def _certainty_alone(level: LevelRange) -> str:
    return (
        f"Minor signs of several organ systems (Brighton 2007, certainty and not urgency: {level}); "
        "no criterion that calls for an emergency is known to be met."
    )


RULE = Rule(
    code="ANA01",
    name="Anaphylaxis criteria",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(
        "niaid-faan-2006-anaphylaxis",
        "niaid-faan-2006-child-blood-pressure",
        "wao-2020-anaphylaxis",
        "rcuk-2021-airway-breathing-circulation",
        "brighton-2007-anaphylaxis",
        "brighton-fast-pulse",
        "nice-sepsis-community-high",
    ),
    evaluate=evaluate,
    alternatives=(
        "Faint: slow pulse and pale skin, better on lying flat, no hives and no wheeze.",
        "Local anaesthetic in the blood: tingling round the mouth, metallic taste or a fit, no hives.",
        "Panic with fast breathing: tingling fingers, normal oxygen and blood pressure, no skin signs.",
        "Sepsis: fever and a place of infection, over hours to days rather than minutes.",
    ),
    treatment=(
        "treatment-anaphylaxis-adrenaline-by-age",
        "treatment-anaphylaxis-adrenaline-by-weight",
        "treatment-anaphylaxis-adrenaline-us-label",
        "treatment-anaphylaxis-repeat-uk",
        "treatment-anaphylaxis-posture",
        "treatment-anaphylaxis-refractory",
        "treatment-anaphylaxis-antihistamine-third-line",
        "treatment-anaphylaxis-tryptase",
        "treatment-anaphylaxis-observation",
        "treatment-anaphylaxis-good-response-conflict",
        "treatment-anaphylaxis-after",
    ),
)
