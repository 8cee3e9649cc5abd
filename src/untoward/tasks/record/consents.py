"""Consent: editions of texts, giving consent to one, and withdrawing it. What photos may be used for follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from untoward.errors import Fault, InputError
from untoward.registry.models import Clinic, Consent, ConsentText, Patient, User
from untoward.registry.writing import Conflict, write
from untoward.tasks.record.lengths import too_long
from untoward.tasks.record.patients import LANGUAGES

PURPOSES: Mapping[str, str] = {
    "care": _("my own record and follow-up"),
    "advice": _("showing them to another clinician for advice on my treatment"),
    "teaching": _("teaching staff and students"),
    "research": _("research, without my name"),
    "publication": _("a publication that anybody may read"),
    "advertising": _("showing results to other customers"),
}
"""What photos may be used for. Each is agreed to by itself; none follows from another."""

DISCUSSED: Mapping[str, str] = {
    "substances": _("What will be injected, from which vial, and whether it is approved for this use"),
    "shown": _("What is shown to work and what is not"),
    "usual": _("What is usual afterwards, and until when"),
    "harms": _("What can go wrong, rare and serious things too"),
    "late": _("That an infection can come weeks or months later"),
    "others": _("Other ways, and having nothing done"),
    "health": _("Pregnancy, allergies, illnesses and medicines"),
    "help": _("Whom to call with a problem, day and night"),
    "questions": _("Their own questions, with time to think"),
}
"""What should have been talked about before somebody agrees."""

LONGEST_BODY, LONGEST_SAID = 50_000, 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDraft:
    """A consent as it is about to be given. `text_version` is the version of the text that the person read.

    `discussed` are keys of DISCUSSED, `said` what else was talked about, in own words.
    """

    patient: Patient
    text: ConsentText
    text_version: int
    signed_name: str
    discussed: tuple[str, ...] = ()
    said: str = ""
    photo_purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDraft:
    """A consent text as typed: its name, edition ("2026-1"), language and body."""

    name: str
    edition: str
    language: str
    body: str


def save_text(
    draft: TextDraft,
    *,
    clinic: Clinic,
    by: User,
    text: ConsentText | None = None,
    version: int = 0,
    reason: str = "",
) -> ConsentText:
    """Write a new edition of a clinic's own, or correct one of its own that nobody has consented to yet.

    Raises InputError with every fault (also when the edition is in use, and so never changes, or is one that all clinics
    share), and `Conflict`.
    """
    faults = [*_text_faults(draft, text, clinic)]
    if text is not None and not reason.strip():
        faults.append(
            Fault(what=gettext("is missing"), field="reason", expected=gettext("why the text is changed"))
        )
    if faults:
        raise InputError(gettext("The text was not saved."), faults)
    thing = text or ConsentText(clinic=clinic)
    if text is not None:
        thing.version = version
    thing.name, thing.edition = draft.name.strip(), draft.edition.strip()
    thing.language, thing.body = draft.language, draft.body.strip()
    with transaction.atomic():
        write(thing, by=by, reason=reason.strip())
        if in_use(thing):  # asked while the trail is locked: nobody can have agreed since
            raise InputError(gettext("The text was not saved."), [_used_fault(thing)])
    return thing


def in_use(text: ConsentText) -> bool:
    """Whether somebody consented to this text."""
    return bool(Consent.objects.filter(text_id=text.pk).exists())


def texts_at(clinic: Clinic) -> QuerySet[ConsentText]:
    """The texts a clinic uses: its own, and those of all clinics."""
    found: QuerySet[ConsentText] = ConsentText.objects.filter(Q(clinic=clinic) | Q(clinic=None))
    return found


def newest_texts(clinic: Clinic) -> list[ConsentText]:
    """Of every text a clinic uses, in every language, the newest edition; its own before that of all clinics."""
    newest: dict[tuple[str, str], ConsentText] = {}
    for text in texts_at(clinic).order_by(F("clinic").asc(nulls_first=True), "pk"):
        newest[(text.name, text.language)] = text
    return sorted(newest.values(), key=lambda text: (text.name, text.language))


def give(draft: ConsentDraft, *, by: User, at: datetime | None = None) -> Consent:
    """Keep that a patient agreed. Raises InputError with every fault, and `Conflict` when the text changed meanwhile."""
    faults = [*_consent_faults(draft)]
    if faults:
        raise InputError(gettext("The consent was not saved."), faults)
    said = [draft.said.strip()] if draft.said.strip() else []
    consent = Consent(
        patient=draft.patient,
        text=draft.text,
        given_at=at or timezone.now(),
        discussed=[*(key for key in DISCUSSED if key in draft.discussed), *said],
        photo_purposes=[key for key in PURPOSES if key in draft.photo_purposes],
        signed_name=draft.signed_name.strip(),
        taken_by=by,
    )
    with transaction.atomic():
        write(consent, by=by)
        now = ConsentText.objects.values_list("version", flat=True).get(pk=draft.text.pk)
        if now != draft.text_version:  # asked while the trail is locked: what was read is what stands
            draft.text.version = draft.text_version
            raise Conflict(draft.text, now)
    return consent


def withdraw(consent: Consent, *, by: User, reason: str, version: int, at: datetime | None = None) -> Consent:
    """Note that a consent no longer holds. Raises InputError without a reason, and `Conflict`."""
    faults = []
    if consent.withdrawn_at is not None:
        faults.append(
            Fault(what=gettext("is withdrawn already"), field="consent", expected=gettext("one that holds"))
        )
    if not reason.strip():
        faults.append(
            Fault(
                what=gettext("is missing"),
                field="reason",
                expected=gettext("what the patient said, in a few words"),
            )
        )
    if faults:
        raise InputError(gettext("The consent was not withdrawn."), faults)
    consent.version, consent.withdrawn_at = version, at or timezone.now()
    write(consent, by=by, reason=reason.strip())
    return consent


def purposes_of(patient: Patient) -> frozenset[str]:
    """What photos of a patient may be used for now: what any consent that was not withdrawn allows."""
    given = Consent.objects.filter(patient=patient, withdrawn_at=None).values_list(
        "photo_purposes", flat=True
    )
    return frozenset(purpose for purposes in given for purpose in purposes)


def topics_of(consent: Consent) -> tuple[list[str], list[str]]:
    """What was discussed: words of the listed topics, then what was written in own words."""
    listed = [DISCUSSED[key] for key in consent.discussed if key in DISCUSSED]
    return listed, [text for text in consent.discussed if text not in DISCUSSED]


def _text_faults(draft: TextDraft, text: ConsentText | None, clinic: Clinic) -> Iterator[Fault]:
    if text is not None and text.clinic_id != clinic.pk:
        hint = gettext("Write a new edition from it: that one is your own.")
        yield Fault(
            what=gettext("is not a text of this clinic"),
            field="name",
            expected=gettext("a text of its own"),
            hint=hint,
        )
    for name, typed, most in (
        ("name", draft.name, 120),
        ("edition", draft.edition, 40),
        ("body", draft.body, LONGEST_BODY),
    ):
        if not 1 <= len(typed.strip()) <= most:
            got = gettext("%(n)s letters") % {"n": len(typed.strip())}
            yield Fault(
                what=gettext("cannot be kept"),
                field=name,
                got=got,
                expected=gettext("1 to %(most)s letters") % {"most": most},
            )
    if draft.language not in LANGUAGES:
        expected = ", ".join(LANGUAGES)
        yield Fault(
            what=gettext("is not offered"), field="language", got=draft.language[:20], expected=expected
        )
    same = texts_at(clinic).filter(
        name=draft.name.strip(), edition=draft.edition.strip(), language=draft.language
    )
    if same.exclude(pk=text.pk if text else None).exists():
        hint = gettext(
            "Editions never change once they are used: give this one another name, such as the next number."
        )
        yield Fault(what=gettext("is there already"), field="edition", got=draft.edition[:40], hint=hint)
    if text is not None and in_use(text):
        yield _used_fault(text)


def _used_fault(text: ConsentText) -> Fault:
    return Fault(
        what=gettext("is in use, and never changes"),
        field="edition",
        got=text.edition,
        expected=gettext("a new edition"),
        hint=gettext("People agreed to exactly these words."),
    )


def _consent_faults(draft: ConsentDraft) -> Iterator[Fault]:
    if not 1 <= len(draft.signed_name.strip()) <= 160:
        expected = gettext("the patient's name, typed by the patient")
        yield Fault(what=gettext("is missing or too long"), field="signed_name", expected=expected)
    if not draft.discussed and not draft.said.strip():
        expected = gettext("at least one topic, or own words")
        yield Fault(
            what=gettext("is missing"), field="discussed", got=gettext("nothing ticked"), expected=expected
        )
    yield from too_long("said", draft.said, LONGEST_SAID)
    for name, chosen, offered in (
        ("discussed", draft.discussed, DISCUSSED),
        ("photo_purposes", draft.photo_purposes, PURPOSES),
    ):
        unknown = ", ".join(sorted(set(chosen) - set(offered)))
        if unknown:
            yield Fault(
                what=gettext("is not offered"), field=name, got=unknown[:60], expected=", ".join(offered)
            )
