"""PAI01: severe pain

Question
    Is the pain so strong that it must be looked at, whatever else is known?
Facts used
    Pain, soreness or burning and how bad it is said to be (in words, or on a scale of 0 to 10); that it keeps
    the person from moving; day since the session; fat-dissolving injection; unlicensed product or injector.
Logic
    Severe pain, or pain with which an arm, a leg, the jaw or the body cannot be moved, does not belong to
    the course of an injection. In the first two days after a fat-dissolving injection strong pain is
    described as usual; it is then seen within three days, unless the product or the hand had no licence. Pain
    out of proportion to what the skin shows is judged by OCC01 and INF03.
Levels
    same_day; within_72h in the first two days after a fat-dissolving injection.
Evidence
    Pain that prevents daily activity is grade 3 in both scales of local reactions. That grade 3 is seen the
    same day is a proposal of ours.
Limits
    People bear pain differently. A severe pain that nobody graded is not seen by this rule.
Example
    "Unbearable pain in the belly" on day 3: same_day.
"""

from __future__ import annotations

from untoward.assess.asking import Question
from untoward.assess.facts import Facts
from untoward.assess.features import past_procedure
from untoward.assess.features_systemic import lipolytic_given
from untoward.assess.features_tissue import severe
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SORE = ("pain", "tenderness", "burning", "nodule", "induration", "swelling", "muscle-pain")
THRESHOLD = "pain said to be severe or from 7 of 10, or that prevents movement (grade 3)"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    signs = [facts.label(term) for term in ("pain", "tenderness", "burning") if severe(facts, term)]
    if facts.present_of("limited-movement") and facts.present_of(*SORE):
        signs += facts.present_of("limited-movement")
    if not signs:
        return CANNOT_TELL if _not_graded(facts) else None
    return Conclusion(
        Disposition.WITHIN_72H if _usual(facts) else Disposition.SAME_DAY,
        f"Severe pain after an injection: {', '.join(signs)}.",
        THRESHOLD,
    )


def _usual(facts: Facts) -> bool:
    """Whether strong pain is described as usual: the first days after a licensed fat-dissolving injection."""
    if facts.present_of("limited-movement", "unlicensed-injector", "unlicensed-product"):
        return False
    return past_procedure(facts) is Answer.NO and lipolytic_given(facts) is Answer.YES


def _not_graded(facts: Facts) -> bool:
    """Whether a pain is there and nobody said how bad it is."""
    if not facts.present_of("pain") or facts.text("pain", "severity") is not None:
        return False
    return facts.number("pain", "value") is None and _lacks_severity(facts)


def _lacks_severity(facts: Facts) -> bool:
    facts.missing.pop(f"{facts.label('pain')}: value", None)
    facts.missing[f"{facts.label('pain')}: severity"] = Question("pain", "severity")
    return True


RULE = Rule(
    code="PAI01",
    name="Severe pain",
    most_urgent=Disposition.SAME_DAY,
    evidence=("fda-2007-local-grading", "daids-2-1-local-grading"),
    evaluate=evaluate,
    alternatives=(
        "Blocked blood vessel: pale, grey or net-like skin with the pain.",
        "Necrotising infection: pain far greater than what is seen, fever, fast spread.",
        "Nerve struck by the needle: electric pain at the injection, numb or tingling along a line.",
        "Shingles: burning on one side, then grouped blisters.",
    ),
)
