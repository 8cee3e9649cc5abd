"""Photos of patients: kept for purposes the patient agreed to, and shown for no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from untoward.errors import Fault, InputError
from untoward.registry.models import Patient, Photo, Reaction, Session, User
from untoward.registry.writing import write
from untoward.tasks.record.consents import PURPOSES, purposes_of
from untoward.tasks.record.photo_files import content_of, drop, keep, prepare, smaller

VIEWS: Mapping[str, str] = {
    "face-front": _("face, from the front"),
    "face-left": _("face, from the left"),
    "face-right": _("face, from the right"),
    "scalp": _("scalp"),
    "body-front": _("body, from the front"),
    "body-back": _("body, from behind"),
    "body-left": _("body, from the left"),
    "body-right": _("body, from the right"),
    "close": _("close up"),
}
"""Angles of photos: those with the same one can be compared."""

CARE = "care"
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A photo and what it may be used for now; nothing when every consent behind it was withdrawn."""

    photo: Photo
    purposes: tuple[str, ...]

    @property
    def withheld(self) -> bool:
        """Whether it may no longer be shown."""
        return not self.purposes


def store(
    content: bytes,
    *,
    patient: Patient,
    by: User | None,
    taken_at: datetime | None = None,
    view: str = "",
    purposes: Iterable[str] = (CARE,),
    session: Session | None = None,
    reaction: Reaction | None = None,
    by_patient: bool = False,
) -> Photo:
    """Check, draw anew and keep a photo. Raises InputError with every fault, OutsideError when the disk refuses.

    A patient who sends a photo of a problem agrees by that to its use for their own care, and to nothing else.
    """
    chosen = (CARE,) if by_patient else tuple(dict.fromkeys(purposes))
    taken = taken_at or timezone.now()
    faults = [*_faults(patient, chosen, taken, view, by_patient), *_owner_faults(patient, session, reaction)]
    if faults:
        raise InputError(gettext("The photo was not saved."), faults)
    prepared = prepare(content)
    name = keep(prepared)
    photo = Photo(
        patient=patient,
        session=session,
        reaction=reaction,
        taken_at=taken,
        view=view,
        file=name,
        sha256=prepared.sha256,
        width=prepared.width,
        height=prepared.height,
        purposes=list(chosen),
        by_patient=by_patient,
    )
    try:
        write(photo, by=by)
    except BaseException:
        drop(name)
        raise
    return photo


def shown(patient: Patient) -> list[Shown]:
    """The photos of a patient, oldest first, with what each may be used for now."""
    allowed = purposes_of(patient)
    photos = patient.photos.select_related("session", "reaction").order_by("taken_at", "pk")
    return [Shown(photo=photo, purposes=_usable(photo, allowed)) for photo in photos]


def usable_for(photo: Photo) -> tuple[str, ...]:
    """What one photo may be used for now."""
    return _usable(photo, purposes_of(photo.patient))


def picture(photo: Photo, *, small: bool = False) -> bytes:
    """The JPEG of a photo. Raises OutsideError when its file is gone or was changed."""
    content = content_of(photo.file, photo.sha256)
    return smaller(content) if small else content


def first_and_last(patient: Patient) -> tuple[Photo, Photo] | None:
    """The earliest and the latest photo from one angle, that with most photos; None when no angle has two."""
    by_view: dict[str, list[Photo]] = {}
    for one in shown(patient):
        if not one.withheld:
            by_view.setdefault(one.photo.view, []).append(one.photo)
    most = max(by_view.values(), key=len, default=[])
    return (most[0], most[-1]) if len(most) > 1 else None


def _usable(photo: Photo, allowed: frozenset[str]) -> tuple[str, ...]:
    agreed = allowed | {CARE} if photo.by_patient else allowed
    return tuple(purpose for purpose in PURPOSES if purpose in photo.purposes and purpose in agreed)


def _faults(
    patient: Patient, purposes: tuple[str, ...], taken: datetime, view: str, by_patient: bool
) -> Iterator[Fault]:
    if not purposes:
        yield Fault(what=gettext("is missing"), field="purposes", expected=gettext("what the photo is for"))
    beyond = sorted(set(purposes) - purposes_of(patient)) if not by_patient else []
    if beyond:
        hint = gettext("Ask the patient, and record the consent first.")
        got = ", ".join(beyond)[:60]
        yield Fault(
            what=gettext("is not agreed to"),
            field="purposes",
            got=got,
            expected=gettext("purposes consented to"),
            hint=hint,
        )
    if view and view not in VIEWS:
        yield Fault(what=gettext("is not offered"), field="view", got=view[:20], expected=", ".join(VIEWS))
    if taken > timezone.now() + _CLOCKS_DIFFER:
        yield Fault(what=gettext("is in the future"), field="taken_at", expected=gettext("when it was taken"))


def _owner_faults(patient: Patient, session: Session | None, reaction: Reaction | None) -> Iterator[Fault]:
    for name, owner in (("session", session), ("reaction", reaction)):
        if owner is not None and owner.patient_id != patient.pk:
            yield Fault(
                what=gettext("is another patient's"), field=name, expected=gettext("one of this patient")
            )
