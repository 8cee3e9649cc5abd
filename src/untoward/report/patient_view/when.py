"""By when, and for how long: deadlines counted from the session, and courses that are published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import floor

from untoward.aftercare.days import Days
from untoward.aftercare.subjects import term_name
from untoward.aftercare.texts import Texts
from untoward.aftercare.topics import topics
from untoward.evidence.base import EvidenceBase
from untoward.model.finding import Assessment, CourseStanding, CourseState, Disposition
from untoward.model.session import Session
from untoward.model.time import HOURS_PER_DAY, PartialDate
from untoward.report.patient_view.signs import may_be_named
from untoward.report.patient_view.view import Deadline, Said


def session_date(sessions: Sequence[Session]) -> PartialDate | None:
    """The date from which days are counted: that of the last session, to the day; None when it is not certain."""
    if len(sessions) > 1:
        ordered = _in_order(sessions)
        if ordered is None:
            return None
        sessions = ordered[-1:]
    date = sessions[0].date if sessions else None
    return date if date is not None and date.day is not None else None


def _in_order(sessions: Sequence[Session]) -> list[Session] | None:
    """Sessions in the order of their days, else of their dates; None when neither is known of all of them."""
    if all(session.day is not None for session in sessions):
        return sorted(sessions, key=lambda session: session.day or 0.0)
    dated = [(session.date, session) for session in sessions if session.date and session.date.day]
    if len(dated) < len(sessions):
        return None
    return [session for _date, session in sorted(dated, key=lambda pair: pair[0])]


def deadline(assessment: Assessment, days: Days, texts: Texts) -> Deadline:
    """By when somebody must see the person, or by when to look again, in words and, where known, on the clock."""
    disposition, hours = assessment.disposition, assessment.disposition.deadline_hours
    if hours is None:
        return _look_again(assessment, days, texts)
    said = texts(f"deadline.{disposition.value}")
    if disposition is Disposition.EMERGENCY_NOW or assessment.day is None or days.start is None:
        return Deadline(text=said, hours=hours)
    at, exact = _moment(days.start, assessment.day + hours / HOURS_PER_DAY)
    if not exact and hours < HOURS_PER_DAY and assessment.day % 1:
        return Deadline(text=said, hours=hours)  # which date "today" is cannot be told without a time of day
    return Deadline(text=f"{said} {texts('deadline.at', when=_clock(at, exact, days, texts))}", hours=hours,
                    at=at, exact=exact)  # fmt: skip


def _look_again(assessment: Assessment, days: Days, texts: Texts) -> Deadline:
    day = assessment.look_again_day
    if day is None:
        return Deadline(text=texts("deadline.self_care"), hours=None)
    at = None if days.start is None else _moment(days.start, float(floor(day)))[0]
    return Deadline(text=texts("deadline.look_again", on=days.on(floor(day))), hours=None, at=at)


def _moment(start: PartialDate, day: float) -> tuple[datetime, bool]:
    """The moment so many days after a session, down to the minute, and whether its time of day is known.

    Without a time of the session it is the beginning of the whole day before: a date that is printed is never too late.
    """
    exact = start.minute_of_day is not None
    passed = timedelta(days=day if exact else floor(day))
    return (start.earliest() + passed).replace(second=0, microsecond=0), exact


def _clock(at: datetime, exact: bool, days: Days, texts: Texts) -> str:
    date = days.full(at.date())
    return texts("deadline.clock", date=date, time=f"{at:%H:%M}") if exact else date


def time_course(assessment: Assessment, base: EvidenceBase, days: Days, texts: Texts) -> tuple[Said, ...]:
    """How long it may last: by which day each sign that is within its course is usually gone.

    Nothing is promised to a person whom somebody must see within 72 hours.
    """
    if assessment.disposition.needs_someone:
        return (Said(text=texts("time.not_wait")),)
    return tuple(_courses(assessment, base, days, texts)) or (Said(text=texts("time.unknown")),)


def _courses(assessment: Assessment, base: EvidenceBase, days: Days, texts: Texts) -> Iterator[Said]:
    """One line per sign, by the compound whose course is the longest: that one explains it."""
    longest: dict[str, CourseStanding] = {}
    for standing in assessment.course:
        if (
            standing.state is CourseState.WITHIN
            and standing.band_days
            and may_be_named(base.terms[standing.term])
        ):
            known = longest.get(standing.term)
            if known is None or _end(standing) > _end(known):
                longest[standing.term] = standing
    for term, standing in longest.items():
        name = term_name(base, term, days.texts)
        if term in topics()["lumps"] or _like_infection_for_weeks(term, standing):
            yield Said(text=texts("time.lump", sign=name), evidence=standing.evidence)
        else:
            text = texts("time.usual", sign=name, by=days.by(_end(standing)))
            yield Said(text=text, evidence=standing.evidence)


def _end(standing: CourseStanding) -> float:
    """The day by which 95 % were over it, no later than the longest published unless that has passed already."""
    assert standing.band_days is not None
    late, longest = standing.band_days[2], standing.longest_days
    return min(late, longest) if longest and longest >= (standing.day or 0.0) else late


def _like_infection_for_weeks(term: str, standing: CourseStanding) -> bool:
    return term in topics()["like_infection"] and _end(standing) > topics()["show_from"]
