"""What calls take, read strictly: an unknown field, a number that is none, or a text the database cannot keep is a fault."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, PositiveInt

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds a character that is no text")
    return text


def _near(at: AwareDatetime) -> AwareDatetime:
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return at


Text = Annotated[str, AfterValidator(_storable), Field(max_length=10_000)]
Word = Annotated[str, AfterValidator(_storable), Field(max_length=10)]
Name = Annotated[str, AfterValidator(_storable), Field(max_length=40)]
Key = Annotated[str, AfterValidator(_storable), Field(max_length=200)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Version = Annotated[PositiveInt, Field(lt=2**31)]
Count = Annotated[int, Field(ge=-(2**31), lt=2**31)]


class Given(Schema):
    """A document that somebody sends."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


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


class ComponentIn(Given):
    """One product of one syringe, named by its vial, its lot or itself; volume in ml."""

    product: UUID | None = None
    lot: UUID | None = None
    vial: UUID | None = None
    mix: Word = "A"
    volume_ml: float | None = None
    amount: float | None = None
    unit: Word = ""


class PointIn(Given):
    """One place of injection: a zone of a view, or a point in it (0 to 1 across and down), or both."""

    view: Annotated[Name, Field(max_length=20)]
    zone: Name = ""
    x: float | None = None
    y: float | None = None
    mix: Word = "A"
    volume_ml: float | None = None
    depth: Annotated[Name, Field(max_length=20)] = ""


class SessionIn(Given):
    """A session of a patient on record (`patient`) or of somebody new (`new_patient`).

    `token` is any text of yours: however often it is sent, one session comes of it. `overrides` gives for the key of each block
    the reason for going against it.
    """

    patient: UUID | None = None
    new_patient: PatientIn | None = None
    practitioner: UUID
    at: Moment
    technique: Text
    route: Text = ""
    device: Text = ""
    room: Text = ""
    components: Annotated[tuple[ComponentIn, ...], Field(max_length=100)] = ()
    points: Annotated[tuple[PointIn, ...], Field(max_length=1000)] = ()
    sites: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    asepsis: dict[Name, bool | None] = Field(default_factory=dict)
    consent: UUID | None = None
    note: Text = ""
    token: Annotated[Text, Field(max_length=64)] = ""
    overrides: dict[Key, Text] = Field(default_factory=dict)


class SessionCorrectionIn(SessionIn):
    """A session as it shall be, with the version that was read and why it is corrected."""

    version: Version
    reason: Text


class LotIn(Given):
    """Vials of a lot to take into stock, unopened."""

    product: UUID
    number: Text
    expires: date | None = None
    supplier: Text = ""
    vials: Count = 0


class OpenIn(Given):
    """The version of the vial that was read, and when it was opened; now when left out."""

    version: Version
    at: Moment | None = None


class DiscardIn(Given):
    """The version of the vial that was read, and why it is discarded."""

    version: Version
    reason: Annotated[Text, Field(max_length=300)] = ""


class ObservationIn(Given):
    """What was seen or told. `answers` maps questions of the assessment to answers: yes, no, a number or a choice as text."""

    text: Text = ""
    at: Moment | None = None
    answers: dict[Key, Key] = Field(default_factory=dict)
    told_by_patient: bool = False


class TokenIn(Given):
    """A token to make: what it is for, the actions it is limited to, and the days it lives."""

    name: Text
    scopes: Annotated[tuple[Name, ...], Field(max_length=100)]
    days: Count
