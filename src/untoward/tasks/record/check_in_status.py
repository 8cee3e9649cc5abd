"""What a patient sees after having told something: what to do, by when somebody reads it, and what is still asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from untoward.model.finding import Disposition
from untoward.registry.models import Clinic, Observation, Reaction, Session
from untoward.report.patient_view import Section
from untoward.report.patient_view.signs import plain_name
from untoward.report.patient_view.texts import view_texts
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.check_in_questions import FollowUp, follow_ups
from untoward.tasks.record.check_in_texts import check_in_texts, language_or, said_date, said_time
from untoward.tasks.record.check_ins import next_one
from untoward.tasks.record.emergency_card import emergency_card, numbers_to_call
from untoward.tasks.record.escalations import is_escalated, look_by
from untoward.tasks.record.problems import NOT_THEIR_WORDS, ROUNDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The page for the person, in one language, in reading order.

    `emergency` stands alone on top. `numbers` are those to call. `asks` are further questions; `clock` says who reads
    it by when, or who has read it.
    """

    language: str
    emergency: bool
    disposition: str
    heading: str
    numbers: tuple[str, ...]
    lines: tuple[str, ...] = ()
    clock: str = ""
    overdue: bool = False
    phone: str = ""
    sections: tuple[Section, ...] = ()
    asks: tuple[FollowUp, ...] = ()
    notice: str = ""


def status_of(reaction: Reaction, now: datetime) -> Status:
    """What the patient sees of a case they told. The more urgent of what was found stands until somebody has read it."""
    told = list(reaction.observations.filter(by_patient=True).order_by("at", "pk"))
    document = _standing_document(reaction, told)
    if document is None:
        return unassessed(reaction.session)
    page = document["patient"]
    language = language_or(page["lang"])
    clinic = reaction.clinic
    emergency = reaction.disposition == Disposition.EMERGENCY_NOW.value
    clock, overdue = _clock(reaction, told[-1].at, language, now)
    heading, sections = (
        _emergency(language, clinic) if emergency else (page["heading"], tuple(_sections(page)))
    )
    return Status(
        language=language,
        emergency=emergency,
        disposition=reaction.disposition,
        heading=heading,
        numbers=numbers_to_call(clinic.country),
        clock=check_in_texts(language)("result.not_wait")
        if emergency and reaction.read_at is None
        else clock,
        overdue=overdue and not emergency,
        phone=clinic.phone,
        sections=sections,
        asks=() if emergency else open_questions(reaction, told),
        notice=page["notice"],
    )


def open_questions(reaction: Reaction, told: Sequence[Observation] | None = None) -> tuple[FollowUp, ...]:
    """The further questions of the next round; none after the last round, and none in an emergency."""
    given = (
        told if told is not None else list(reaction.observations.filter(by_patient=True).order_by("at", "pk"))
    )
    urgent = reaction.disposition == Disposition.EMERGENCY_NOW.value
    if urgent or not given or not given[-1].assessment or len(given) > ROUNDS:
        return ()
    last = given[-1]
    language = language_or(last.assessment["patient"]["lang"])
    return follow_ups(last.assessment.get("questions", ()), language, last.findings)


def status_when_fine(session: Session, language: str, now: datetime) -> Status:
    """What the patient sees who said that all is fine: what to watch for, and when they are asked again."""
    texts = check_in_texts(language)
    card = emergency_card(language, session.clinic.country)
    following = next_one(session, now)
    lines = [texts("result.fine"), texts("result.fine_next")]
    if following is not None:
        lines.append(texts("result.again", date=said_date(following.due_at, session.clinic, language)))
    return Status(
        language=language,
        emergency=False,
        disposition="",
        heading=texts("result.fine_title"),
        numbers=card.numbers,
        lines=tuple(lines),
        phone=session.clinic.phone,
        sections=(
            Section(title=card.heading, lines=card.emergency),
            Section(title=card.same_day_heading, lines=card.same_day),
        ),
        notice=view_texts(language)("not_sure.always"),
    )


def unassessed(session: Session, language: str | None = None) -> Status:
    """What the patient sees when what they told is kept and could not be assessed: a person must look."""
    spoken = language_or(language, session.patient.language)
    texts, card = check_in_texts(spoken), emergency_card(spoken, session.clinic.country)
    return Status(
        language=spoken,
        emergency=False,
        disposition="",
        heading=texts("result.unassessed_title"),
        numbers=card.numbers,
        lines=(texts("result.unassessed"),),
        phone=session.clinic.phone,
        sections=(Section(title=card.heading, lines=card.emergency),),
        notice=view_texts(spoken)("not_sure.always"),
    )


def _standing_document(reaction: Reaction, told: Sequence[Observation]) -> dict[str, Any] | None:
    """The last document of what was told that says what the case stands at, else the last one."""
    documents: list[dict[str, Any]] = [
        one.assessment for one in told if one.assessment and "patient" in one.assessment
    ]
    same = [one for one in documents if one["disposition"] == reaction.disposition]
    found = same or documents
    return found[-1] if found else None


def _clock(reaction: Reaction, told_at: datetime, language: str, now: datetime) -> tuple[str, bool]:
    """Who has read it when, or will by when; and whether that time is over."""
    texts, clinic = check_in_texts(language), reaction.clinic
    if reaction.read_at is not None:
        return texts(
            "result.read", clinic=clinic.name, when=said_time(reaction.read_at, clinic, language)
        ), False
    limit = look_by(reaction, told_at)
    when = said_time(limit, clinic, language)
    if limit <= now and is_escalated(reaction, told_at):
        return texts("result.late", clinic=clinic.name, when=when), True
    return texts("result.look_by", clinic=clinic.name, when=when), False


def _emergency(language: str, clinic: Clinic) -> tuple[str, tuple[Section, ...]]:
    view, called = view_texts(language), " / ".join(numbers_to_call(clinic.country))
    lines = (
        view("do.emergency_now", number=called),
        view("do.lie_flat", number=called),
        view("come_back.emergency_now", number=called),
        view("show_this"),
    )
    return view("heading.emergency_now", number=called), (Section(title=view("label.do_now"), lines=lines),)


def _sections(page: Mapping[str, Any]) -> Iterator[Section]:
    """The sections of a stored page that hold something, what to do first."""
    label = view_texts(page["lang"]).section("label")
    watch = page["watch_for"] or {}
    found = (
        Section(title=label["do_now"], lines=_texts(page["do_now"])),
        Section(title=label["deadline"], lines=(page["deadline"]["text"],), listed=False),
        Section(title=label["because"], lines=tuple(page["because"])),
        Section(title=watch.get("emergency_heading", ""), lines=_texts(watch.get("emergency", ()))),
        Section(title=watch.get("same_day_heading", ""), lines=_texts(watch.get("same_day", ()))),
        Section(title=label["late"], lines=_texts(watch.get("late", ()))),
        Section(title=label["time_course"], lines=_texts(page["time_course"])),
        Section(title=label["come_back"], lines=(page["come_back"],), listed=False),
        Section(title=label["show_this"], lines=(page["show_this"],), listed=False),
    )
    return (section for section in found if section.lines)


def _texts(lines: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(line["text"] for line in lines)


def told_lines(reaction: Reaction, language: str) -> list[str]:
    """What the patient told, in their words and by the names of the signs they chose."""
    terms = evidence().terms
    lines: dict[str, None] = {}
    for one in reaction.observations.filter(by_patient=True).order_by("at", "pk"):
        if one.text and one.text not in NOT_THEIR_WORDS:
            lines[one.text] = None
        for key, value in one.findings.items():
            present = value.get("present") if isinstance(value, dict) else value
            term = terms.resolve(key)
            if present is True and term is not None and (words := plain_name(term, language)):
                lines[words[:1].upper() + words[1:]] = None
    return list(lines)
