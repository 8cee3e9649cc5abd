"""LAD01: summed dose of local anaesthetics

Question
    Was more local anaesthetic given in the last session than the lowest published limit allows?
Facts used
    Every local anaesthetic of the last session with its amount, or its strength and volume; adrenaline in the
    same syringe; body weight; day since the session.
Logic
    The milligrams of all local anaesthetics of the session are added, creams included, and compared with each
    limit published for any of them, by body weight and in all. The limit with adrenaline applies only when
    every syringe with an anaesthetic held adrenaline. Limits for tumescent anaesthesia are never used. An
    amount or a weight that is missing can only hide a limit that was passed, so it cannot tell unless one is
    passed already.
Levels
    routine, for whoever answers for the treatment, within a day of the session.
Evidence
    United States labels of lidocaine, prilocaine, mepivacaine and procaine; a United States poison-centre
    handbook; Australian guidance. Where they differ, both are named.
Limits
    The limits are for healthy adults and one anaesthetic at a time; adding mg of a strong and a weak one is
    cruder than nature. Disease of liver, kidney or heart, pregnancy and age lower them. It looks at the amount
    alone; signs of poisoning are judged by LAT01.
Example
    Lidocaine above the Australian but below the United States limit for the weight: routine, with both named.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import EARLY_DAYS
from untoward.assess.features_systemic import (
    AnaestheticDose,
    DoseLimit,
    anaesthetic_dose,
    dose_limits,
    last_session,
)
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    session = last_session(facts.sessions)
    if session is None or facts.day_within(0.0, EARLY_DAYS) is Answer.NO:
        return None
    dose = anaesthetic_dose(session)
    if not dose.compounds:
        return CANNOT_TELL if facts.injected_class("local anaesthetic") is Answer.UNKNOWN else None
    for key in dose.unmeasured:
        facts.lacking(f"amount of {facts.compound_label(key)}")
    facts.note("local anaesthetics of the session, summed", f"{dose.total:g} mg")
    weight = facts.weight_kg
    limits = dose_limits(facts, dose, weight)
    passed = [limit for limit in limits if dose.total > limit.milligrams]
    if passed:
        kept = [limit for limit in limits if dose.total <= limit.milligrams]
        return Conclusion(
            Disposition.ROUTINE, _statement(facts, dose, passed, kept), _threshold(dose, limits)
        )
    return CANNOT_TELL if dose.unmeasured or weight is None else None


def _statement(facts: Facts, dose: AnaestheticDose, passed: list[DoseLimit], kept: list[DoseLimit]) -> str:
    given = ", ".join(facts.compound_label(key) for key in dose.compounds)
    over = {_who(facts, limit): None for limit in passed}
    within = [name for name in {_who(facts, limit): None for limit in kept} if name not in over]
    differ = f"; not passed: {', '.join(within)}. The published limits differ" if within else ""
    return (
        f"The local anaesthetics of the session added together ({given}) pass a published limit: "
        f"{', '.join(over)}{differ}. Early signs of poisoning need an emergency answer."
    )


def _who(facts: Facts, limit: DoseLimit) -> str:
    return f"{limit.jurisdiction} for {facts.compound_label(limit.compound)}"


def _threshold(dose: AnaestheticDose, limits: tuple[DoseLimit, ...]) -> str:
    """The sum and each limit as printed, for whoever checks the figures."""
    printed = "; ".join(f"{limit.jurisdiction}: {limit.printed}" for limit in limits)
    return f"summed {dose.total:g} mg against {printed}"


RULE = Rule(
    code="LAD01",
    name="Summed dose of local anaesthetics",
    most_urgent=Disposition.ROUTINE,
    evidence=(
        "anaesthetic-dose-us-lidocaine-label",
        "anaesthetic-dose-us-labels",
        "anaesthetic-dose-us-procaine-label",
        "anaesthetic-dose-us-handbook",
        "anaesthetic-dose-au",
    ),
    evaluate=evaluate,
    alternatives=(
        "Cream counted as if it were all absorbed: the true dose in the blood may be lower.",
        "Product stronger or larger than its label says, such as an unlicensed one: the true dose is higher.",
    ),
    treatment=(
        "treatment-anaesthetic-toxicity-first-steps",
        "treatment-anaesthetic-toxicity-lipid",
    ),
)
