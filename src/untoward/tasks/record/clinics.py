"""What a clinic sets for itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.registry.models import Clinic, User
from untoward.registry.writing import write

LANGUAGES = {"en": "English", "es": "Español", "pt": "Português", "fr": "Français"}
LAST_DAY, MOST_DAYS, LONGEST_HOURS = 365, 20, 168
OWN_PAGE_DAYS = range(1, 731)
"""Days for which the link to a patient's own page may be set to work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicDraft:
    """The settings as typed. Days and hours are still text, so that nothing typed is lost.

    `own_page_days` is how long the link to a patient's own page works; with `dates_to_the_week` those who see no patients
    see the week of a session, not its day.
    """

    clinic: Clinic
    version: int
    reason: str
    name: str
    city: str = ""
    region: str = ""
    country: str = ""
    time_zone: str = "UTC"
    language: str = "en"
    phone: str = ""
    check_in_days: str = ""
    answer_within_hours: str = ""
    own_page_days: str = ""
    dates_to_the_week: bool = True


def save_clinic(draft: ClinicDraft, by: User) -> Clinic:
    """Keep the settings. Raises InputError with every fault, Conflict when somebody was quicker."""
    faults = tuple(_faults(draft))
    if faults:
        raise InputError(_("These settings cannot be saved yet."), faults)
    clinic: Clinic = Clinic.objects.get(pk=draft.clinic.pk)
    clinic.version = draft.version
    for name in ("name", "city", "region", "time_zone", "language", "phone"):
        setattr(clinic, name, getattr(draft, name).strip())
    clinic.country = draft.country.strip().upper()
    clinic.check_in_days = _days(draft.check_in_days) or []
    clinic.answer_within_hours = int(draft.answer_within_hours)
    clinic.own_page_days = int(draft.own_page_days)
    clinic.dates_to_the_week = draft.dates_to_the_week
    write(clinic, by=by, reason=draft.reason.strip())
    return clinic


def _faults(draft: ClinicDraft) -> Iterator[Fault]:
    if not draft.name.strip():
        yield Fault(field="name", what=_("is needed"))
    elif Clinic.objects.filter(name=draft.name.strip()).exclude(pk=draft.clinic.pk).exists():
        yield Fault(field="name", what=_("Another clinic has this name"))
    if draft.country.strip() and not (len(draft.country.strip()) == 2 and draft.country.strip().isalpha()):
        yield Fault(
            field="country", what=_("Two letters are wanted"), got=draft.country[:20], expected="ES, GB, US …"
        )
    if draft.time_zone not in available_timezones():
        yield Fault(field="time_zone", what=_("is no time zone"), got=draft.time_zone[:40])
    if draft.language not in LANGUAGES:
        yield Fault(field="language", what=_("is not offered"), got=draft.language[:10])
    if _days(draft.check_in_days) is None:
        expected = f"1 – {LAST_DAY}: 1, 3, 7, 14 …"
        yield Fault(
            field="check_in_days",
            what=_("Days after a session are wanted"),
            got=draft.check_in_days[:60],
            expected=expected,
        )
    yield from _number_faults(
        "answer_within_hours", draft.answer_within_hours, range(1, LONGEST_HOURS + 1), _("Hours are wanted")
    )
    yield from _number_faults("own_page_days", draft.own_page_days, OWN_PAGE_DAYS, _("Days are wanted"))
    if not draft.reason.strip():
        yield Fault(field="reason", what=_("A change needs a reason"))


def _number_faults(field: str, typed: str, allowed: range, what: str) -> Iterator[Fault]:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and int(text[:9]) in allowed):
        yield Fault(field=field, what=what, got=text[:20], expected=f"{allowed.start} – {allowed.stop - 1}")


def _days(text: str) -> list[int] | None:
    """The days in order, each once; an empty text is none of our own (the usual days hold); None when it cannot be read."""
    parts = [part for part in text.replace(";", ",").replace(" ", ",").split(",") if part]
    if len(parts) > MOST_DAYS or not all(
        part.isascii() and part.isdigit() and 1 <= int(part) <= LAST_DAY for part in parts
    ):
        return None
    return sorted({int(part) for part in parts})
