"""From a session and a person to a sheet."""

from __future__ import annotations

from dataclasses import replace

from untoward.aftercare.advice import advice, left_out, unshown
from untoward.aftercare.consent import consent
from untoward.aftercare.days import Days
from untoward.aftercare.given import GivenSession, cleaned, printable, printable_all
from untoward.aftercare.injected import injected
from untoward.aftercare.seek_help import checks, emergency_number, seek_help
from untoward.aftercare.sheet import Sheet
from untoward.aftercare.subjects import subjects_in
from untoward.aftercare.texts import texts_of
from untoward.aftercare.unknown import unknowns
from untoward.aftercare.usual import usual
from untoward.evidence.base import EvidenceBase
from untoward.model.people import Patient


def compose(
    base: EvidenceBase,
    given: GivenSession,
    person: Patient | None = None,
    *,
    language: str = "en",
    emergency: str | None = None,
) -> Sheet:
    """Everything one person is told after one session.

    Every measure and sign is said once, whatever number of compounds asks for it. `emergency` is the number to call; the
    country's own is taken when it is None. Raises KeyError for a language that is not in `texts.LANGUAGES`.
    """
    texts = texts_of(language)
    given = cleaned(given)
    person = replace(person or Patient(), allergies=printable_all((person or Patient()).allergies))
    days = Days(texts, given.session.date)
    subjects = subjects_in(base, given)
    return Sheet(
        language=language,
        evidence_version=base.version,
        dated=days.day_zero is not None,
        session_date=None if given.session.date is None else str(given.session.date),
        injected=injected(base, given, person, subjects, days),
        usual=usual(base, subjects, days),
        advice=advice(base, person, subjects, days),
        unshown=unshown(base, subjects, days),
        help=seek_help(base, subjects, days, emergency_number(printable(emergency), given.country)),
        checks=checks(days),
        unknown=unknowns(base, given, subjects, texts),
        consent=consent(base, subjects, days, given.country),
        left_out=left_out(base, subjects),
        not_recognised=subjects.unknown,
    )
