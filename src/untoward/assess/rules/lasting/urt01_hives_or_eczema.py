"""URT01: hives that come back, eczema

Question
    Are hives or an itchy inflammation of the skin there to stay?
Facts used
    Hives, wheals, urticaria pigmentosa, eczema, contact dermatitis; how long they have been there or when they were
    seen before; rash or itch all over, spreading; day since the session.
Logic
    Hives count as chronic when they are said to last more than 6 weeks, or were seen at an earlier look and the
    session is more than 6 weeks ago. Eczema, contact
    dermatitis and urticaria pigmentosa count whenever they are stated, and are more pressing when they are all over
    or spread. Hives that are new are left to ALL01; how long they last is asked for.
Levels
    within_72h when eczema or contact dermatitis is widespread; routine otherwise. Not an emergency without other
    signs, which ALL01 and ABC01 judge.
Evidence
    Wheals that come and go for more than 6 weeks are called chronic; up to then they are acute.
Limits
    Hives of exactly 6 weeks are in neither class and count as acute.
Example
    Hives on and off for 8 weeks after a mesotherapy session, breathing normal: routine.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_tissue import lasted_days
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

CHRONIC = "chronic-urticaria"
HIVES = ("hives", "wheal")
ITCHY = ("eczematous-rash", "contact-dermatitis")
PIGMENTED = "urticaria-pigmentosa"
WIDESPREAD = ("generalised-rash", "generalised-itch")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    chronic = tuple(facts.label(term) for term in HIVES if facts.present_of(term) and _chronic(facts, term))
    itchy, pigmented = facts.present_of(*ITCHY), facts.present_of(PIGMENTED)
    if not (chronic or itchy or pigmented):
        return _new_hives(facts)
    spread = _widespread(facts) if itchy else ()
    signs = ", ".join((*chronic, *itchy, *pigmented, *spread))
    return Conclusion(
        Disposition.WITHIN_72H if spread else Disposition.ROUTINE,
        f"Itchy skin that stays or comes back: {signs}. Breathing trouble, a swollen face or faintness would make it "
        "an emergency.",
        f"hives: {facts.boundary(CHRONIC, 'chronic')}; eczema or contact dermatitis: within 72 hours when widespread",
    )


def _new_hives(facts: Facts) -> Answered:
    here = [term for term in HIVES if facts.present_of(term)]
    if not here:
        return CANNOT_TELL if facts.doubtful_of(*ITCHY, PIGMENTED) else None
    weeks_gone = facts.day is None or facts.boundary(CHRONIC, "chronic").met_by(facts.day / 7)
    unknown = [term for term in here if lasted_days(facts, term) is None]
    if not (weeks_gone and unknown):
        return None
    facts.lacking(f"how long there have been {facts.label(unknown[0])}")
    return CANNOT_TELL


def _chronic(facts: Facts, term: str) -> bool:
    """Said to last that long; or seen before, and the session is longer ago than that."""
    bound = facts.boundary(CHRONIC, "chronic")
    lasted = lasted_days(facts, term)
    if lasted is not None:
        return bound.met_by(lasted / 7)
    day = facts.day
    return day is not None and bound.met_by(day / 7) and bool(facts.seen_before(day, term))


def _widespread(facts: Facts) -> tuple[str, ...]:
    spread = facts.present_of(*WIDESPREAD)
    growing = any(facts.growing(term) is Answer.YES for term in ITCHY if facts.present_of(term))
    return (*spread, "spreading") if growing else spread


RULE = Rule(
    code="URT01",
    name="Hives that come back, eczema",
    most_urgent=Disposition.WITHIN_72H,
    evidence=(CHRONIC,),
    evaluate=evaluate,
    alternatives=(
        "Inflamed vessels of the skin: each weal stays longer than a day, burns and leaves a bruise.",
        "Contact allergy: scaly or weeping, only where something touched the skin.",
        "Serum sickness: with fever and painful joints.",
        "Chronic hives from another cause: began before the injection or comes without any link to it.",
    ),
    treatment=(
        "treatment-urticaria-antihistamine",
        "treatment-anaphylaxis-antihistamine-third-line",
    ),
)
