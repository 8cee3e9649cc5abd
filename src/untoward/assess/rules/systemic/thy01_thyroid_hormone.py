"""THY01: thyroid hormone in the mix

Question
    Could a fat-dissolving or mesotherapy mix have held thyroid hormone?
Facts used
    Palpitations or fast pulse, sweating, tremor, weight loss, anxiety, sleeplessness, diarrhoea; heart rate;
    chest pain, confusion, fever; an excess of thyroid hormone that was stated; what was injected; day since
    the session.
Logic
    Two symptoms, or a heart rate above 100, between one day and 8 weeks after a fat-dissolving or mesotherapy
    mix, or one that nobody can name. With a heart rate above 130, chest pain or confusion it is an emergency.
    Fever makes it one only beside two symptoms and a fast heart, because an infection alone gives both fever
    and a fast heart. A stated excess counts at any time.
Levels
    emergency_now as above; within_72h otherwise, for thyroid tests that include thyroglobulin.
Evidence
    A case after mesotherapy in a decision-support page; the number of symptoms, the rates and the window are
    a proposal of ours and weak, so they only raise the urgency.
Limits
    Infection, fear and many medicines give the same signs. The first day is left out, because the hormone
    needs longer and other rules watch it.
Example
    Palpitations, sweats and weight loss 4 weeks after "fat-dissolving" injections: within_72h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import fever
from untoward.assess.features_systemic import lipolytic_given
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, at_least
from untoward.model.finding import Disposition

CRITERION = "thyroid-hormone-excess"
HEART = ("palpitations", "fast-pulse", "arrhythmia")
SYMPTOMS = (HEART, ("sweating",), ("tremor",), ("weight-loss",), ("anxiety", "agitation"), ("insomnia",),
            ("diarrhoea",))  # fmt: skip
NAMES = tuple(name for group in SYMPTOMS for name in group)
GRAVE = ("chest-pain", "confusion")
THRESHOLD = "two symptoms or a heart rate above 100, from one day to 8 weeks after such a mix; or stated"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    stated = facts.present_of("thyrotoxicosis")
    if not stated and not _in_window(facts):
        return None
    if not stated and lipolytic_given(facts) is Answer.NO:
        return None
    fast = facts.compare("heart-rate", facts.boundary(CRITERION, "heart-rate")) is Answer.YES
    needed = int(facts.boundary(CRITERION, "symptoms").value)
    enough = sum(bool(facts.present_of(*group)) for group in SYMPTOMS) >= needed
    if not (stated or fast or enough):
        open_ = at_least(needed, [facts.question(*group) for group in SYMPTOMS])
        return CANNOT_TELL if open_ is Answer.UNKNOWN else None
    return _conclusion(facts, (*stated, *facts.present_of(*NAMES)), fast, enough or bool(stated))


def _in_window(facts: Facts) -> bool:
    first, last = (facts.boundary(CRITERION, name).days for name in ("from", "window"))
    return facts.day_within(first, last) is not Answer.NO


def _conclusion(facts: Facts, signs: tuple[str, ...], fast: bool, several: bool) -> Conclusion:
    racing = fast or bool(facts.present_of(*HEART))
    very_fast = facts.compare("heart-rate", facts.boundary(CRITERION, "heart-rate-emergency")) is Answer.YES
    hot = racing and several and fever(facts) is Answer.YES
    grave = (
        *facts.present_of(*GRAVE),
        *(["fever"] if hot else []),
        *(["a very fast heart"] if very_fast else []),
    )
    seen = ", ".join((*signs, *(["heart rate above 100"] if fast else [])))
    if grave:
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Signs that fit too much thyroid hormone: {seen}, with {', '.join(grave)}.",
            THRESHOLD,
        )
    return Conclusion(
        Disposition.WITHIN_72H,
        f"Signs that fit too much thyroid hormone, which some fat-dissolving mixes have held: {seen}. "
        "Thyroid tests should include thyroglobulin.",
        THRESHOLD,
    )


RULE = Rule(
    code="THY01",
    name="Thyroid hormone in the mix",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=("thyroid-hormone-excess",),
    evaluate=evaluate,
    alternatives=(
        "Graves' disease: enlarged thyroid or staring eyes, high thyroglobulin.",
        "Thyroiditis: tender neck or recent birth.",
        "Caffeine, aminophylline or another stimulant in the mixture: within hours, gone in a day or two.",
        "Anxiety or menopause: thyroid tests normal.",
    ),
    treatment=("treatment-thyroid-tests",),
)
