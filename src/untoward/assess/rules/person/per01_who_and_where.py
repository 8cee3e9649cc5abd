"""PER01: who the person is, and where it was done

Question
    Is there something about the person or the place that makes an ordinary sign count for more?
Facts used
    Weak immunity, steroids, diabetes, age, pregnancy; others with the same trouble; unlicensed product or
    injector, a place that is no clinic, a vial used for several people, tap water, travel for treatment;
    redness, warmth, swelling, hardness, pain, lump, raised spots at the site; general complaints; day since
    the session.
Logic
    Past the first two days, one inflamed sign is enough in a child or a person whose defence is weak, and two
    are enough when the product, the hand or the place was a risk. Any reaction is enough when others who were
    treated have the same. In pregnancy any general complaint is enough.
Levels
    within_72h.
Evidence
    Weak immunity raises the risk in the infection and sepsis guidance; outbreaks after injections began with
    unlicensed products, shared vials and water, and were found by a second patient (evidence records
    `ntm-suspicion`, `nice-sepsis-community-moderate`). How many signs are enough is a proposal of ours.
Limits
    Blood thinners are weighed by the rule on bleeding, the face by the rules on infection and vessels. It
    never lowers anything.
Example
    Diabetes, a red sore spot on day 5: within_72h. The same on day 1: left to the other rules.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import past_procedure
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

INFLAMED = (
    "redness",
    "warmth",
    "swelling",
    "induration",
    "pain",
    "tenderness",
    "nodule",
    "papule",
    "pustule",
)
WEAK_DEFENCE = ("immunosuppression", "diabetes", "steroid-use")
RISKY_HAND_OR_PLACE = (
    "unlicensed-product", "unlicensed-injector", "non-clinical-setting", "multi-dose-vial",
    "tap-water-contact", "travel-for-treatment",
)  # fmt: skip
GENERAL = frozenset({"general", "systemic"})
CHILD_YEARS = 16.0
THRESHOLD = (
    "after day 2 one inflamed sign with weak defence, two with a risky hand or place; any reaction when others "
    "are affected; any general complaint in pregnancy"
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    reactions = facts.reactions
    if not reactions:
        return None
    reasons = _reasons(facts, reactions)
    if reasons:
        return Conclusion(
            Disposition.WITHIN_72H, f"A sign that counts for more here: {'; '.join(reasons)}.", THRESHOLD
        )
    return CANNOT_TELL if _not_asked(facts) else None


def _reasons(facts: Facts, reactions: tuple[str, ...]) -> list[str]:
    inflamed = facts.present_of(*INFLAMED)
    past = past_procedure(facts) is not Answer.NO
    reasons = [*facts.present_of("others-affected")]
    if inflamed and past:
        reasons += [*facts.present_of(*WEAK_DEFENCE), *_child(facts)]
    if len(inflamed) > 1 and past:
        reasons += facts.present_of(*RISKY_HAND_OR_PLACE)
    if facts.in_group(reactions, GENERAL):
        reasons += facts.present_of("pregnancy")
    return reasons


def _child(facts: Facts) -> list[str]:
    age = facts.age_years
    return [f"{age:g} years old"] if age is not None and age < CHILD_YEARS else []


def _not_asked(facts: Facts) -> bool:
    """Whether something that could make the signs count for more has not been asked."""
    asked = [facts.question("others-affected")]
    if facts.present_of(*INFLAMED) and past_procedure(facts) is not Answer.NO:
        asked += [facts.question(term) for term in WEAK_DEFENCE]
    return Answer.UNKNOWN in asked


RULE = Rule(
    code="PER01",
    name="Who the person is, and where it was done",
    most_urgent=Disposition.WITHIN_72H,
    evidence=("ntm-suspicion", "nice-sepsis-community-moderate"),
    evaluate=evaluate,
)
