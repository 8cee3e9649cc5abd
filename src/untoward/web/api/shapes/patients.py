"""Patients, what was noted about them, their consents and photos."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AliasPath, Field

from untoward.registry.models import Consent, ConsentText, Patient
from untoward.tasks.record.consents import topics_of
from untoward.tasks.record.photos import Shown
from untoward.web.api.access import Asker
from untoward.web.api.shapes.base import Count, Given, Moment, Name, Reason, Text, Told, Uid, Version, Who


class FindIn(Given):
    """What patients are looked for by: a key, or words of a name for those who see names."""

    text: Text = ""


class PatientIn(Given):
    """A patient. null is "nobody has asked"; an empty list is "asked, none known"."""

    name: Text = ""
    contact: Text = ""
    birth_year: Count | None = None
    sex: Text = ""
    weight_kg: float | None = None
    language: Text = "en"
    pregnant: bool | None = None
    allergies: tuple[Text, ...] | None = None
    history: tuple[Text, ...] | None = None
    medicines: tuple[Text, ...] | None = None


class PatientCorrectionIn(PatientIn):
    """A patient as they shall be recorded, with the version that was read and why it is corrected."""

    version: Version
    reason: Reason


class PatientOut(Told):
    """A patient as whoever asks may see them; null is "nobody has asked". `name` and `contact` only for whom they are meant."""

    uid: UUID
    version: int
    key: str
    birth_year: int | None
    sex: str
    weight_kg: float | None
    language: str
    pregnant: bool | None
    allergies: list[str] | None
    history: list[str] | None
    medicines: list[str] | None
    name: str = ""
    contact: str = ""


class NoteIn(Given):
    """A note about a patient."""

    text: Text


class NoteOut(Told):
    """A note about a patient."""

    uid: UUID
    at: datetime
    by: Who
    text: str


class TextIn(Given):
    """An edition of a consent text."""

    name: Text
    edition: Text
    language: Name
    body: Annotated[Text, Field(max_length=50_000)]


class TextCorrectionIn(TextIn):
    """An edition as it shall be; only while nobody has consented to it."""

    version: Version
    reason: Reason


class TextOut(Told):
    """An edition of a consent text. `clinic` is null for those of all clinics."""

    uid: UUID
    version: int
    clinic: Uid | None
    name: str
    edition: str
    language: str
    body: str


class ConsentIn(Given):
    """A consent. `text_version` is the version of the text that the person read; `signed_name` is typed by the patient."""

    text: UUID
    text_version: Version
    signed_name: Text
    discussed: Annotated[tuple[Name, ...], Field(max_length=30)] = ()
    said: Text = ""
    photo_purposes: Annotated[tuple[Name, ...], Field(max_length=30)] = ()


class ConsentOut(Told):
    """A consent as it was given. `signed_name` and `said` (own words) are there only for who sees names."""

    uid: UUID
    version: int
    patient: Uid
    text: Uid
    text_name: str = Field(validation_alias=AliasPath("text", "name"))
    edition: str = Field(validation_alias=AliasPath("text", "edition"))
    given_at: datetime
    withdrawn_at: datetime | None
    taken_by: Who
    topics: list[str]
    photo_purposes: list[str]
    signed_name: str = ""
    said: list[str] = Field(default_factory=list)


class PhotoIn(Given):
    """What is said of a photo: for what it may be used (each purpose must be consented to), when and from which angle."""

    purposes: Annotated[list[Name], Field(max_length=30)] = Field(default_factory=lambda: ["care"])
    taken_at: Moment | None = None
    view: Name = ""
    session: UUID | None = None
    case: UUID | None = None


class PhotoOut(Told):
    """A photo and what it may be used for now; with no purpose left (`withheld`) the picture is shown to nobody."""

    uid: UUID
    taken_at: datetime
    view: str
    width: int
    height: int
    by_patient: bool
    session: Uid | None
    case: Uid | None
    purposes: list[str]
    withheld: bool


def patient_out(patient: Patient, asker: Asker) -> PatientOut:
    """A patient as this person may see them."""
    hidden = {"name"} if not asker.names else set()
    hidden |= {"contact"} if not asker.contact else set()
    shown = {name: getattr(patient, name) for name in PatientOut.model_fields if name not in hidden}
    return PatientOut(**shown)


def consent_out(consent: Consent, asker: Asker) -> ConsentOut:
    """A consent as this person may see it."""
    _words, own = topics_of(consent)
    more = {"signed_name": consent.signed_name, "said": own} if asker.names else {}
    return ConsentOut(
        uid=consent.uid,
        version=consent.version,
        patient=consent.patient.uid,
        text=consent.text.uid,
        text_name=consent.text.name,
        edition=consent.text.edition,
        given_at=consent.given_at,
        withdrawn_at=consent.withdrawn_at,
        taken_by=str(consent.taken_by),
        topics=[key for key in consent.discussed if key not in own],
        photo_purposes=consent.photo_purposes,
        **more,
    )


def text_out(text: ConsentText) -> TextOut:
    """An edition of a consent text."""
    return TextOut.model_validate(text)


def photo_out(one: Shown) -> PhotoOut:
    """A photo without its picture."""
    names = ("uid", "taken_at", "view", "width", "height", "by_patient")
    return PhotoOut(
        **{name: getattr(one.photo, name) for name in names},
        session=one.photo.session,
        case=one.photo.reaction,
        purposes=list(one.purposes),
        withheld=one.withheld,
    )
