"""Patients: finding, recording and correcting them, and notes about them. What nobody asked is kept as not asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from untoward.errors import Fault, InputError
from untoward.model.names import fold
from untoward.registry.models import Clinic, Entry, Note, Patient, User
from untoward.registry.roles import Action, Role, may
from untoward.registry.writing import write
from untoward.tasks.record.lengths import too_long
from untoward.tasks.record.patient_keys import drawn_key, read_key

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español", "pt": "Português", "fr": "Français"}
SEXES: Mapping[str, str] = {"female": _("female"), "male": _("male"), "other": _("another")}
MOST_FOUND = 50
OLDEST_YEARS = 125
LEAST_KG, MOST_KG = 20.0, 400.0
MOST_NAMED, LONGEST_NAMED = 60, 200
"""Of one list (allergies, history, medicines): how many, and the letters of each."""
LONGEST_NOTE = 10_000
_LISTS = ("allergies", "history", "medicines")


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDraft:
    """A patient as typed. None is "nobody has asked"; an empty list is "asked, none known"."""

    name: str = ""
    contact: str = ""
    birth_year: int | None = None
    sex: str = ""
    weight_kg: float | None = None
    language: str = "en"
    pregnant: bool | None = None
    allergies: tuple[str, ...] | None = None
    history: tuple[str, ...] | None = None
    medicines: tuple[str, ...] | None = None


def draft_of(patient: Patient) -> PatientDraft:
    """What is recorded of a patient, as a draft to correct."""
    lists = {name: _as_tuple(getattr(patient, name)) for name in _LISTS}
    return PatientDraft(
        name=patient.name,
        contact=patient.contact,
        birth_year=patient.birth_year,
        sex=patient.sex,
        weight_kg=patient.weight_kg,
        language=patient.language,
        pregnant=patient.pregnant,
        **lists,
    )


def sees_names(role: Role | str | None) -> bool:
    """Whether a role sees names and faces: whoever treats or answers patients. Others see keys."""
    return may(role, Action.SEE_PATIENTS) and (may(role, Action.RECORD) or may(role, Action.ANSWER))


def sees_contact(role: Role | str | None) -> bool:
    """Whether a role sees where a patient is reached: only who treats them."""
    return may(role, Action.SEE_PATIENTS) and may(role, Action.RECORD)


def save_patient(
    draft: PatientDraft,
    *,
    clinic: Clinic,
    by: User | None,
    patient: Patient | None = None,
    version: int = 0,
    reason: str = "",
) -> Patient:
    """Record a new patient under a fresh key, or correct one that was read at `version`.

    Raises InputError with every fault, and `Conflict` when somebody else corrected the patient meanwhile.
    """
    faults = faults_of(draft)
    if patient is not None and not reason.strip():
        faults.append(
            Fault(
                what=gettext("is missing"),
                field="reason",
                expected=gettext("why the record is corrected, in a few words"),
            )
        )
    if faults:
        raise InputError(gettext("The patient was not saved."), faults)
    if patient is None:
        thing = Patient(clinic=clinic, key=new_key())
    else:
        thing, thing.version = patient, version
    for name in PatientDraft.__slots__:
        value = getattr(draft, name)
        setattr(thing, name, list(value) if isinstance(value, tuple) else value)
    write(thing, by=by, reason=reason.strip())
    return thing


def faults_of(draft: PatientDraft) -> list[Fault]:
    """Everything that keeps a draft from being saved."""
    return [*_faults(draft, timezone.now().year)]


def merged(patient: Patient, mine: PatientDraft, version: int) -> PatientDraft:
    """What stands now with what I changed since `version` on top, so that nothing of theirs is undone unseen."""
    began = Entry.objects.filter(model="Patient", uid=patient.uid, version=version).first()
    if began is None:
        return mine
    changed = {
        name: value
        for name in PatientDraft.__slots__
        if (list(value) if isinstance(value := getattr(mine, name), tuple) else value)
        != began.state.get(name)
    }
    return replace(draft_of(patient), **changed)


def new_key() -> str:
    """A key that no patient of any clinic has."""
    while True:
        key = drawn_key()
        if not Patient.objects.filter(key=key).exists():
            return key


def search(clinic: Clinic, text: str, *, names: bool) -> list[Patient]:
    """Patients of a clinic by key, or by any words of their name where `names` may be seen; at most `MOST_FOUND`.

    Accents and case do not matter. An empty text gives those who came last.
    """
    here = Patient.objects.filter(clinic=clinic)
    wanted = text.strip()[:LONGEST_NAMED]  # SQLite refuses to look for a text of very many letters
    if not wanted:
        return list(here.order_by("-pk")[:MOST_FOUND])
    by_key = here.filter(key__iexact=read_key(wanted) or wanted)
    found: list[Patient] = list(by_key) or list(here.filter(key__istartswith=wanted)[:MOST_FOUND])
    return found or (_by_name(here, wanted) if names else [])


def alike(clinic: Clinic, draft: PatientDraft) -> list[Patient]:
    """Patients of the clinic with the same name (and year of birth, where both are known): perhaps the same person."""
    if not draft.name.strip():
        return []
    named = [one for one in search(clinic, draft.name, names=True) if fold(one.name) == fold(draft.name)]
    return [
        one
        for one in named
        if None in (one.birth_year, draft.birth_year) or one.birth_year == draft.birth_year
    ]


def add_note(patient: Patient, text: str, *, by: User, at: datetime | None = None) -> Note:
    """Write a free note about a patient. Raises InputError when it is empty or too long."""
    said = text.strip()
    if not said or len(said) > LONGEST_NOTE:
        expected = gettext("1 to %(longest_note)s letters") % {"longest_note": LONGEST_NOTE}
        fault = Fault(
            what=gettext("cannot be kept"),
            field="text",
            got=gettext("%(n)s letters") % {"n": len(said)},
            expected=expected,
        )
        raise InputError(gettext("The note was not saved."), [fault])
    note = Note(patient=patient, at=at or timezone.now(), by=by, text=said)
    write(note, by=by)
    return note


def last_entry(patient: Patient) -> Entry | None:
    """Who wrote the present version of a patient, when and why."""
    entry: Entry | None = (
        Entry.objects.filter(model="Patient", uid=patient.uid)
        .select_related("by")
        .order_by("-number")
        .first()
    )
    return entry


def _by_name(here: QuerySet[Patient], wanted: str) -> list[Patient]:
    """All words of the text begin a word of the name. Compared folded, which no database does alike."""
    words = fold(wanted).split()
    if not words:
        return []
    names = here.exclude(name="").order_by("-pk").values_list("pk", "name").iterator(5000)
    hits = islice((key for key, name in names if _begins(words, fold(name).split())), MOST_FOUND)
    return list(here.filter(pk__in=list(hits)).order_by("name", "pk"))


def _begins(words: list[str], name: list[str]) -> bool:
    return all(any(part.startswith(word) for part in name) for word in words)


def _faults(draft: PatientDraft, this_year: int) -> Iterator[Fault]:
    oldest = this_year - OLDEST_YEARS
    if draft.birth_year is not None and not oldest <= draft.birth_year <= this_year:
        expected, got = (
            gettext("a year from %(oldest)s to %(this_year)s, or nothing")
            % {"oldest": oldest, "this_year": this_year},
            str(draft.birth_year),
        )
        yield Fault(what=gettext("cannot be a year of birth"), field="birth_year", got=got, expected=expected)
    if draft.weight_kg is not None and not LEAST_KG <= draft.weight_kg <= MOST_KG:
        expected = gettext("%(least_kg)s to %(most_kg)s kg, or nothing") % {
            "least_kg": f"{LEAST_KG:g}",
            "most_kg": f"{MOST_KG:g}",
        }
        yield Fault(
            what=gettext("cannot be a weight"),
            field="weight_kg",
            got=f"{draft.weight_kg:g}",
            expected=expected,
        )
    if draft.sex and draft.sex not in SEXES:
        yield Fault(
            what=gettext("is not offered"), field="sex", got=draft.sex[:20], expected=", ".join(SEXES)
        )
    if draft.language not in LANGUAGES:
        expected = ", ".join(LANGUAGES)
        yield Fault(
            what=gettext("is not offered"), field="language", got=draft.language[:20], expected=expected
        )
    for name, text, most in (("name", draft.name, 160), ("contact", draft.contact, 200)):
        yield from too_long(name, text, most)
    for name in _LISTS:
        yield from _list_faults(name, getattr(draft, name) or ())


def _list_faults(name: str, items: tuple[str, ...]) -> Iterator[Fault]:
    if len(items) > MOST_NAMED:
        yield Fault(
            what=gettext("are too many"),
            field=name,
            got=str(len(items)),
            expected=gettext("%(most_named)s at most") % {"most_named": MOST_NAMED},
        )
    if any(not item.strip() or len(item) > LONGEST_NAMED for item in items):
        yield Fault(
            what=gettext("has a line that cannot be kept"),
            field=name,
            expected=gettext("1 to %(longest_named)s letters a line") % {"longest_named": LONGEST_NAMED},
        )


def _as_tuple(items: list[str] | None) -> tuple[str, ...] | None:
    return None if items is None else tuple(items)
