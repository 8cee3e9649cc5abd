"""SER01: late fever, joints and rash

Question
    Could this be a reaction like serum sickness?
Facts used
    Fever, joint pain, general rash or hives, swollen lymph nodes; serum sickness that was stated; day since
    the session.
Logic
    Two of the four signs between day 6 and day 21, both included, or on an unknown day. A stated serum
    sickness counts at any time.
Levels
    same_day.
Evidence
    Definition in the Common Terminology Criteria for Adverse Events. That two signs are enough is ours.
Limits
    In somebody who met the substance before it can come in 1 to 3 days, which is not counted. Infection gives
    the same signs and is judged by its own rules.
Example
    Fever, aching joints and hives on day 10: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import fever
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, at_least
from untoward.model.finding import Disposition

WINDOW, SIGNS = "serum-sickness-ctcae", "serum-sickness-signs"
OTHERS = (("joint-pain",), ("generalised-rash", "hives"), ("lymph-node-swelling",))
NAMES = ("joint-pain", "generalised-rash", "hives", "lymph-node-swelling")
THRESHOLD = (
    "two of fever, joint pain, general rash or hives, swollen lymph nodes, from day 6 to day 21; or stated"
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    stated = facts.present_of("serum-sickness")
    first, last = (facts.boundary(WINDOW, name).days for name in ("from", "until"))
    if not stated and facts.day_within(first, last) is Answer.NO:
        return None
    hot = fever(facts)
    needed = int(facts.boundary(SIGNS, "signs").value)
    enough = at_least(needed, [hot, *(facts.question(*group) for group in OTHERS)])
    if enough is not Answer.YES and not stated:
        _ask_in_turn(facts, hot)
        return CANNOT_TELL if enough is Answer.UNKNOWN else None
    seen = (*stated, *(["fever"] if hot is Answer.YES else []), *facts.present_of(*NAMES))
    return Conclusion(
        Disposition.SAME_DAY,
        f"Signs that fit a reaction like serum sickness: {', '.join(seen)}.",
        THRESHOLD,
    )


def _ask_in_turn(facts: Facts, hot: Answer) -> None:
    """Leave only fever and joints to be asked while no sign is there: rash and nodes matter beside one of them."""
    if hot is not Answer.YES and not facts.present_of(*NAMES):
        for name in ("generalised-rash", "lymph-node-swelling"):
            facts.missing.pop(facts.label(name), None)


RULE = Rule(
    code="SER01",
    name="Late fever, joints and rash",
    most_urgent=Disposition.SAME_DAY,
    evidence=("serum-sickness-ctcae", "serum-sickness-signs"),
    evaluate=evaluate,
    alternatives=(
        "Viral illness: sore throat or cough, ill people around.",
        "Infection at the punctures or sepsis: pain, pus or fast breathing.",
        "Severe drug rash: swollen face, blisters, sore mouth or eyes, abnormal liver tests.",
        "Joint or connective tissue disease: morning stiffness for weeks, earlier attacks.",
    ),
    treatment=(
        "treatment-serum-sickness",
        "treatment-urticaria-antihistamine",
    ),
)
