"""What `untoward assess` makes of a reaction of the record, one document per observation, and the urgency that follows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from untoward.aftercare.texts import LANGUAGES
from untoward.exchange.cases import read_cases
from untoward.model.finding import CaseAssessment, CourseState, Disposition
from untoward.model.terms import TermKind
from untoward.registry.models import Observation, Reaction
from untoward.tasks.assessing import AUTO, AssessedCase
from untoward.tasks.knowledge import assessor, case_names, evidence
from untoward.tasks.record.case_document import case_document
from untoward.tasks.record.siblings import spellings

Document = dict[str, Any]

NOT_ASKED = "CAN01"
"""The rule that reassures nobody as long as the questions about danger are not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """What a case asks for now: disposition, by when (None where no day can be said), and where its course stands."""

    disposition: Disposition
    deadline: datetime | None
    course: CourseState


def assess_observations(
    reaction: Reaction, observations: Sequence[Observation], wanted: Iterable[int]
) -> dict[int, Document]:
    """The assessment at each wanted place of the observations (earliest first), with what was known by then.

    Each is one item of `assessments` of `untoward assess --json` with `rule_set` and `evidence` beside it. Raises InputError
    for findings that are none.
    """
    document = case_document(reaction, observations)
    [case] = read_cases(json.dumps(document), case_names(), file="case")
    places, judge = list(wanted), assessor()
    judged = AssessedCase(
        case=case,
        assessment=CaseAssessment(
            id=case.id,
            rule_set=judge.rule_set,
            evidence_version=judge.evidence.version,
            assessments=tuple(judge.assess_at(case, place) for place in places),
        ),
        language=reaction.patient.language if reaction.patient.language in LANGUAGES else AUTO,
        country=_country(reaction.clinic.country),
    ).document()
    made = {"rule_set": judged["rule_set"], "evidence": judged["evidence"]}
    return {place: {**made, **item} for place, item in zip(places, judged["assessments"], strict=True)}


def urgency_of(reaction: Reaction, observations: Sequence[Observation]) -> Urgency:
    """The urgency after the last of these assessed observations (earliest first).

    What nobody at the clinic has read yet does not become less urgent because the patient tells more: while `reaction` is
    unread, the more urgent of what it was and what it would be stands, with the earlier deadline. Only what was urgent
    because too little had been asked may fall once it is answered.
    """
    last = observations[-1]
    document = last.assessment or {}
    now, due = disposition_of(document), deadline_of(reaction, last)
    course = course_of(reaction.term, document)
    if (
        reaction.read_at is not None
        or not reaction.disposition
        or _for_want_of_answers(reaction, observations)
    ):
        return Urgency(disposition=now, deadline=due, course=course)
    before = Disposition(reaction.disposition)
    most_urgent = Disposition.most_urgent([before, now])
    times = [
        at
        for disposition, at in ((before, reaction.deadline), (now, due))
        if at is not None and (disposition is not Disposition.SELF_CARE or most_urgent is disposition)
    ]
    return Urgency(disposition=most_urgent, deadline=min(times, default=None), course=course)


def _for_want_of_answers(reaction: Reaction, observations: Sequence[Observation]) -> bool:
    """Whether the urgency so far rested on nothing but questions that had not been asked."""
    earlier = [one.assessment for one in observations[:-1] if one.assessment]
    urgent = [item for item in earlier if item["disposition"] == reaction.disposition]
    return bool(urgent) and all(item["findings"][0]["rule"] == NOT_ASKED for item in urgent)


def disposition_of(document: Mapping[str, Any]) -> Disposition:
    """The disposition of an assessment document."""
    return Disposition(document["disposition"])


def deadline_of(reaction: Reaction, observation: Observation) -> datetime | None:
    """When somebody must have seen the person, or for self-care must look again; None when no day can be said."""
    document = observation.assessment or {}
    hours: float | None = document.get("deadline_hours")
    if hours is not None:
        start: datetime = observation.at
        return start + timedelta(hours=hours)
    day: float | None = document.get("look_again_day")
    return None if day is None else reaction.session.at + timedelta(days=day)


def course_of(term: str, document: Mapping[str, Any]) -> CourseState:
    """The most reassuring state that any compound with data supports for this term; NO_DATA when none has any."""
    names = spellings(term) if term else ()
    states = {item["state"] for item in document.get("course", ()) if item["term"] in names}
    for state in (CourseState.WITHIN, CourseState.LATE, CourseState.BEYOND):
        if state.value in states:
            return state
    return CourseState.NO_DATA


def leading_term(document: Mapping[str, Any]) -> str:
    """The id of the reaction that an assessment is mostly about; empty when no term was found."""
    label = (document.get("causality") or {}).get("term")
    found = evidence().terms.resolve(label) if label else None
    return found.id if found else ""


def terms_there(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the reactions that an assessment says are there."""
    terms = evidence().terms
    said = (terms.resolve(item["term"]) for item in document.get("coded", ()) if not item["negated"])
    return tuple(one.id for one in said if one is not None and one.kind is TermKind.REACTION)


def term_id(text: str) -> str:
    """The id of a term named in any language; the text itself when no term has this name."""
    found = evidence().terms.resolve(text) if text else None
    return found.id if found else text[:80]


def _country(code: str) -> str | None:
    return code.upper() if len(code) == 2 and code.isascii() and code.isalpha() else None
