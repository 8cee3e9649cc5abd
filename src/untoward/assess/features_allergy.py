"""What the definitions of anaphylaxis ask for, put together from the facts of a case."""

from __future__ import annotations

from untoward.assess.anaphylaxis import BrightonSigns, Picture, low_pressure
from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS
from untoward.model.answer import Answer, all_of, any_of, at_least

NIAID = "niaid-faan-2006-anaphylaxis"
CHILD_PRESSURE = "niaid-faan-2006-child-blood-pressure"
RECOGNITION = "rcuk-2021-airway-breathing-circulation"
BRIGHTON = "brighton-2007-anaphylaxis"
FAST_PULSE = "brighton-fast-pulse"
SEPSIS = "nice-sepsis-community-high"

SKIN = ("hives", "angioedema", "generalised-rash", "generalised-itch", "allergy")
FLUSH_AND_MOUTH = ("flushing", "tongue-swelling")
AIRWAY = ("throat-swelling", "tongue-swelling", "throat-tightness", "hoarse-voice", "stridor")
BREATHING = (
    "breathlessness", "wheeze", "stridor", "cyanosis", "fast-breathing", "low-oxygen", "exhaustion",
)  # fmt: skip
COLLAPSE = ("collapse", "faint", "incontinence", "low-blood-pressure", "cardiac-arrest")
SOFT_CIRCULATION = ("fast-pulse", "pale-clammy")
GUT = ("vomiting", "abdominal-pain", "diarrhoea")
SECOND_SYSTEM = (*GUT, "repeated-vomiting", "faint", "dizziness", "incontinence", "sense-of-doom", "cough")
"""Signs of gut, circulation or breathing that are often harmless alone and grave beside a general skin sign."""

ALLERGIC_TO = {
    "soy-allergy": ("phosphatidylcholine", "phosphatidylcholine-deoxycholate"),
    "egg-allergy": ("phosphatidylcholine", "phosphatidylcholine-deoxycholate"),
}
SEVERE = frozenset({"severe", "very severe", "grave", "intense", "severa", "severo", "intensa", "intenso"})


def early(facts: Facts) -> bool:
    """Whether a sudden reaction may still begin: within a day, or on an unknown day."""
    return facts.day_within(0.0, EARLY_DAYS) is not Answer.NO


def skin_there(facts: Facts) -> tuple[str, ...]:
    """Labels of the general skin and mucosa signs that are there; lips count unless they were injected."""
    lips = () if facts.on_lips() else ("lip-swelling",)
    return facts.present_of(*SKIN, *FLUSH_AND_MOUTH, *lips)


def beside_skin(facts: Facts) -> tuple[str, ...]:
    """Labels of signs of another system that make a general skin reaction more than skin."""
    return facts.present_of(*SECOND_SYSTEM, *AIRWAY, *BREATHING, *COLLAPSE, *SOFT_CIRCULATION)


def picture(facts: Facts) -> Picture:
    """The facts as the criteria ask for them. An unknown day is taken as an early one, the safe reading."""
    skin = Answer.YES if skin_there(facts) else facts.question(*SKIN)
    pressure = pressure_low(facts)
    breathing = any_of(
        [facts.question(*BREATHING), *_measured(facts, "spo2", RECOGNITION, "oxygen-saturation")]
    )
    gut = facts.question("vomiting", "repeated-vomiting", "abdominal-pain", "diarrhoea")
    return Picture(
        sudden=Answer.of(early(facts)),
        allergen=Answer.YES,
        known_allergen=known_allergen(facts),
        skin=skin,
        airway=facts.question(*AIRWAY),
        breathing=breathing,
        circulation=_circulation(facts, skin, pressure),
        bronchospasm=_there("wheeze", facts),
        larynx=any_of([_there("stridor", facts), _there("throat-swelling", facts)]),
        low_pressure=pressure,
        organ=Answer.YES if pressure is Answer.YES else facts.question(*COLLAPSE),
        lasting_gut=_bad_gut(facts, gut),
        severe_gut=_bad_gut(facts, gut),
    )


def pressure_low(facts: Facts) -> Answer:
    """Low blood pressure, stated or measured; the usual pressure is read from `baseline` of the measurement."""
    if facts.present_of("low-blood-pressure"):
        return Answer.YES
    systolic = facts.measured("systolic-bp")
    usual = None if systolic is None else facts.number("systolic-bp", "baseline")
    age = None if systolic is None else facts.age_years
    answer = low_pressure(systolic, usual, age, facts.criterion(NIAID), facts.criterion(CHILD_PRESSURE))
    return Answer.NO if answer is Answer.UNKNOWN and facts.denied("low-blood-pressure") else answer


def known_allergen(facts: Facts) -> Answer:
    """Whether what was injected is known to be an allergen for this person."""
    if facts.present_of("previous-reaction-to-same"):
        return Answer.YES
    matches = [
        facts.injected(*compounds) for term, compounds in ALLERGIC_TO.items() if facts.present_of(term)
    ]
    if facts.present_of("local-anaesthetic-allergy"):
        matches.append(facts.injected_class("local anaesthetic"))
    if Answer.YES in matches:
        return Answer.YES
    return Answer.NO if facts.denied("previous-reaction-to-same") else Answer.UNKNOWN


def _circulation(facts: Facts, skin: Answer, pressure: Answer) -> Answer:
    """A circulation that fails. Fast pulse or pale clammy skin count together or beside a skin sign, not alone."""
    grave = facts.present_of("collapse", "cardiac-arrest")
    fainted = facts.present_of("faint") and facts.attribute("faint", "recovered") is not Answer.YES
    if grave or fainted or pressure is Answer.YES:
        return Answer.YES
    soft = facts.present_of(*SOFT_CIRCULATION)
    over = facts.present_of("faint")
    if soft and not over and (len(soft) > 1 or skin is Answer.YES):
        return Answer.YES
    return facts.question("collapse")


def _bad_gut(facts: Facts, gut: Answer) -> Answer:
    """Gut signs that are lasting or severe. UNKNOWN when they are there and how bad they are was not said."""
    if facts.present_of("repeated-vomiting"):
        return Answer.YES
    here = [term for term in GUT if facts.present_of(term)]
    times = [facts.number(term, "count") for term in here]
    grave = [facts.text(term, "severity") for term in here]
    if any(count is not None and count > 1 for count in times) or SEVERE.intersection(filter(None, grave)):
        return Answer.YES
    return Answer.UNKNOWN if here else gut


def _there(term: str, facts: Facts) -> Answer:
    if facts.present_of(term):
        return Answer.YES
    return Answer.NO if facts.denied(term) else Answer.UNKNOWN


def _measured(facts: Facts, vital: str, criterion: str, name: str) -> list[Answer]:
    """One answer when the vital sign was measured, none when it was not."""
    answer = facts.compare(vital, facts.boundary(criterion, name))
    return [] if answer is Answer.UNKNOWN else [answer]


# --- Brighton ---------------------------------------------------------------------------------------------------


def brighton_signs(facts: Facts, seen: Picture) -> BrightonSigns:
    """Major and minor signs as the Brighton definition of 2007 sorts them."""
    itch = _there("generalised-itch", facts)
    general = [_there(term, facts) for term in ("hives", "angioedema", "flushing")]
    return BrightonSigns(
        major_skin=any_of([*general, all_of([itch, _there("generalised-rash", facts)])]),
        minor_skin=any_of([itch, _there("wheal", facts), _there("red-eyes", facts)]),
        major_circulation=any_of([seen.low_pressure, _shock(facts, "shock-signs")]),
        minor_circulation=_shock(facts, "poor-circulation-signs"),
        major_breathing=_major_breathing(facts),
        minor_breathing=_minor_breathing(facts),
        minor_gut=facts.question("nausea", "vomiting", "repeated-vomiting", "abdominal-pain", "diarrhoea"),
        tryptase=_there("tryptase-raised", facts),
    )


def _shock(facts: Facts, bound: str) -> Answer:
    """Enough signs of a poor circulation; a weak central pulse has no term and stays unknown."""
    refill = any_of(
        [
            _there("slow-capillary-refill", facts),
            *_measured(facts, "capillary-refill", BRIGHTON, "capillary-refill"),
        ]
    )
    needed = int(facts.boundary(BRIGHTON, bound).value)
    signs = [_fast_pulse(facts), refill, _consciousness_lowered(facts)]
    return at_least(needed, [*signs, Answer.UNKNOWN] if bound == "shock-signs" else signs)


def _fast_pulse(facts: Facts) -> Answer:
    stated = _there("fast-pulse", facts)
    rate = facts.compare("heart-rate", facts.boundary(FAST_PULSE, "fast-pulse"))
    child = facts.age_years is not None and facts.age_years < _adult_from(facts)
    return stated if stated is Answer.YES or child or rate is Answer.UNKNOWN else rate


def _adult_from(facts: Facts) -> float:
    return float(facts.boundary(CHILD_PRESSURE, "adult-from").value)


def _consciousness_lowered(facts: Facts) -> Answer:
    level = facts.consciousness()
    stated = facts.question("collapse", "confusion")
    if stated is Answer.YES or level not in (None, "alert"):
        return Answer.YES
    return Answer.NO if level == "alert" else stated


def _major_breathing(facts: Facts) -> Answer:
    lips = () if facts.on_lips() else ("lip-swelling",)
    swelling = facts.question("throat-swelling", "tongue-swelling", *lips)
    distress = at_least(
        int(facts.boundary(BRIGHTON, "distress-signs").value),
        [_fast_breathing(facts), _there("cyanosis", facts), _there("exhaustion", facts)],
    )
    return any_of([_there("wheeze", facts), _there("stridor", facts), swelling, distress])


def _fast_breathing(facts: Facts) -> Answer:
    stated = _there("fast-breathing", facts)
    rate = facts.compare("respiratory-rate", facts.boundary(SEPSIS, "respiratory-rate"))
    return stated if stated is Answer.YES or rate is Answer.UNKNOWN else rate


def _minor_breathing(facts: Facts) -> Answer:
    return facts.question("breathlessness", "cough", "hoarse-voice", "throat-tightness", "sneezing")
