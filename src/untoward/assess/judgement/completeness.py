"""How well documented a report is: the vigiGrade completeness score (Bergvall 2014).

A product over ten dimensions, each losing a share when its information is missing. It rewards information, not
suspicion. What this format has no field for (indication, country, reporter, type of report) is missing unless
the caller says it.

When a reaction was first seen on a day, and nobody said when it began, it began at some time before: the time
to onset is uncertain by as much as that day. A text counts as comments from four words on (our own choice).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Completeness, Penalty, ReportContext
from untoward.model.people import Patient

RECORD = "vigigrade-completeness"
MONTH_DAYS = 365.25 / 12
WORDS_OF_A_COMMENT = 4
WELL_DOCUMENTED_ABOVE = 0.8
UNKNOWN_SEX = frozenset({"", "unknown", "u", "unk"})

MISSING = {
    "time to onset": 0.5,
    "indication": 0.3,
    "outcome": 0.3,
    "sex": 0.3,
    "age": 0.3,
    "dose": 0.1,
    "country": 0.1,
    "reporter": 0.1,
    "report type": 0.1,
    "comments": 0.1,
}
"""The share that each missing dimension costs."""

UNCERTAIN_ONSET, UNCERTAIN_BY_MORE_THAN_A_MONTH, AGE_GROUP_ONLY = 0.1, 0.3, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """What a report holds. `onset_uncertain_days` is 0 for an exact time to onset, None when there is none."""

    onset_uncertain_days: float | None
    indication: bool = False
    outcome: bool = False
    sex: bool = False
    age: bool = False
    age_group: bool = False
    dose: bool = False
    country: bool = False
    reporter: bool = False
    report_type: bool = False
    comments: bool = False


def completeness(view: View, context: ReportContext) -> Completeness:
    """The score of a case at this observation, with what the report says beyond it."""
    patient, observation = view.situation.case.patient, view.situation.observation
    parts = [part for session in view.situation.case.sessions for part in session.components]
    return completeness_of(
        Documented(
            onset_uncertain_days=_onset(view),
            indication=bool(context.indication),
            outcome=_outcome(view),
            sex=_sex(patient),
            age=patient.age_years is not None,
            age_group=bool(context.age_group),
            dose=any(part.amount is not None or part.volume is not None for part in parts),
            country=bool(context.country),
            reporter=bool(context.reporter),
            report_type=bool(context.report_type),
            comments=len(observation.text.split()) >= WORDS_OF_A_COMMENT,
        )
    )


@lru_cache(maxsize=4096)
def completeness_of(held: Documented) -> Completeness:
    """The score of what a report holds."""
    penalties = [*_onset_penalty(held), *_age_penalty(held)]
    for name in ("indication", "outcome", "sex", "dose", "country", "reporter", "report type", "comments"):
        if not getattr(held, name.replace(" ", "_")):
            penalties.append(Penalty(dimension=name, share=MISSING[name], why="missing"))
    score = 1.0
    for penalty in penalties:
        score *= 1.0 - penalty.share
    return Completeness(
        score=score,
        well_documented=score > WELL_DOCUMENTED_ABOVE,
        penalties=tuple(penalties),
        evidence=(RECORD,),
    )


def _onset_penalty(held: Documented) -> list[Penalty]:
    name, days = "time to onset", held.onset_uncertain_days
    if days is None:
        return [Penalty(dimension=name, share=MISSING[name], why="missing")]
    if days <= 0:
        return []
    share = UNCERTAIN_BY_MORE_THAN_A_MONTH if days > MONTH_DAYS else UNCERTAIN_ONSET
    return [Penalty(dimension=name, share=share, why=f"uncertain by {days:g} days")]


def _age_penalty(held: Documented) -> list[Penalty]:
    if held.age:
        return []
    if held.age_group:
        return [Penalty(dimension="age", share=AGE_GROUP_ONLY, why="only an age group")]
    return [Penalty(dimension="age", share=MISSING["age"], why="missing")]


def _onset(view: View) -> float | None:
    """By how many days the time to onset is uncertain; None when nothing is known of it.

    It is that of the leading reaction, unless it was said of another one since which day it has been there.
    """
    term = view.leading
    if term is None:
        return None
    if any(view.number(each, "since_day") is not None for each in view.troubles):
        return 0.0
    seen = (*view.situation.earlier, view.situation.observation)
    without: float = 0.0
    for observation in seen:
        if observation.day is None:
            continue
        sign = observation.signs.get(term)
        if sign is not None and sign.answer is Answer.YES:
            return max(observation.day - max(without, 0.0), 0.0)
        if sign is not None and sign.answer is Answer.NO:
            without = observation.day
    return None


def _outcome(view: View) -> bool:
    """Whether it was said how it ended, or that it has not."""
    if any(view.ever(term) is Answer.YES for term in ("death", "disability")):
        return True
    return any(
        sign.truth("recovered") is not Answer.UNKNOWN or "outcome" in sign.attributes
        for sign in view.situation.present
    )


def _sex(patient: Patient) -> bool:
    return patient.sex is not None and patient.sex.strip().lower() not in UNKNOWN_SEX
