"""Compose the page for the person from an assessment, the case and the evidence base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from untoward.aftercare import GivenComponent, GivenSession
from untoward.aftercare.days import Days
from untoward.aftercare.seek_help import EmergencyNumber, emergency_number, seek_help
from untoward.aftercare.sheet import Statement
from untoward.aftercare.subjects import Subjects, subjects_in
from untoward.aftercare.texts import Texts, texts_of
from untoward.evidence.base import EvidenceBase
from untoward.model.case import Case
from untoward.model.finding import Assessment, Disposition
from untoward.model.session import Session
from untoward.report.patient_view.reasons import because, deciding_signs, not_sure
from untoward.report.patient_view.signs import sign_data
from untoward.report.patient_view.texts import view_texts
from untoward.report.patient_view.view import GENERAL, PatientView, Said, WatchFor
from untoward.report.patient_view.when import deadline, session_date, time_course

MOST_ADVICE = 4
"""Pieces of advice beside the first line, which says where to go."""


def patient_view(
    assessment: Assessment, case: Case, base: EvidenceBase, lang: str, country: str | None = None
) -> PatientView:
    """The page for the person at one observation.

    `lang` is "en", "es", "pt" or "fr" (KeyError otherwise). `country` is an ISO 3166 code of two letters for the number to
    call; without one, or for a country of which none is known, the numbers of several countries are named.
    """
    texts, care = view_texts(lang), texts_of(lang)
    number = emergency_number(None, country)
    shown = number.number or care("red.number_short")
    disposition = assessment.disposition
    emergency = disposition is Disposition.EMERGENCY_NOW
    days = Days(care, session_date(case.sessions))
    return PatientView(
        lang=lang,
        disposition=disposition,
        heading=texts(f"heading.{disposition.value}", number=shown),
        because=because(assessment, base, texts),
        do_now=tuple(_do_now(assessment, case, base, texts, shown)),
        not_sure=() if emergency else not_sure(assessment, base, texts),
        watch_for=None if emergency else _watch_for(disposition, case, base, days, number),
        time_course=() if emergency else time_course(assessment, base, days, texts),
        deadline=deadline(assessment, days, texts),
        come_back=texts("come_back.emergency_now" if emergency else "come_back.other", number=shown),
        say_back="" if emergency else texts("say_back"),
        show_this=texts("show_this"),
        notice=texts("notice"),
    )


def _do_now(
    assessment: Assessment, case: Case, base: EvidenceBase, texts: Texts, number: str
) -> Iterator[Said]:
    """Where to go first, then what to do or leave, as far as a record says so."""
    disposition = assessment.disposition
    yield Said(text=texts(f"do.{disposition.value}", number=number), evidence=GENERAL[:2])
    here = deciding_signs(assessment, base) | case.patient.context
    fitting = [
        advice
        for advice in sign_data().advice
        if disposition in advice.at and here & advice.signs and not here & advice.not_with
    ]
    for advice in fitting[:MOST_ADVICE]:
        yield Said(text=texts(f"do.{advice.key}", number=number), evidence=advice.records)


def _watch_for(
    disposition: Disposition, case: Case, base: EvidenceBase, days: Days, number: EmergencyNumber
) -> WatchFor:
    found = seek_help(base, _subjects(case, base), days, number)
    today = disposition.rank <= Disposition.SAME_DAY.rank
    return WatchFor(
        emergency_heading=found.emergency_heading,
        emergency=_said(found.emergency),
        same_day_heading="" if today else days.texts("red.same_day"),
        same_day=() if today else _said(found.same_day),
        late=() if disposition.needs_someone else _said(found.late),
    )


def _subjects(case: Case, base: EvidenceBase) -> Subjects:
    """The compounds and places of all sessions of the case."""
    parts = tuple(part for session in case.sessions for part in session.components)
    sites = tuple(site for session in case.sessions for site in session.sites)
    whole = Session(sites=sites, components=parts)
    given = GivenSession(session=whole, components=tuple(GivenComponent(component=part) for part in parts))
    return subjects_in(base, given)


def _said(statements: Iterable[Statement]) -> tuple[Said, ...]:
    return tuple(Said(text=one.text, evidence=one.evidence) for one in statements)
