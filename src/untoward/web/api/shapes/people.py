"""Practitioners with their credentials, users with their roles, and what a clinic sets for itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AliasPath, Field

from untoward.registry.models import Clinic, Membership, Practitioner
from untoward.web.api.shapes.base import Day, Given, Key, Name, Reason, Related, Text, Told, Version

RoleName = Literal["injector", "director", "officer", "epidemiologist", "inspector", "administrator"]


class CredentialIn(Given):
    """What allows a practitioner to do what: `allows` names techniques."""

    kind: Name
    number: Annotated[Key, Field(max_length=60)] = ""
    issuer: Annotated[Key, Field(max_length=120)] = ""
    expires: Day | None = None
    allows: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    checked_on: Day | None = None
    checked_how: Key = ""


class PractitionerIn(Given):
    """Somebody who injects, with all their credentials."""

    key: Annotated[Key, Field(max_length=60)]
    name: Annotated[Key, Field(max_length=120)]
    active: bool = True
    credentials: Annotated[tuple[CredentialIn, ...], Field(max_length=30)] = ()


class PractitionerCorrectionIn(PractitionerIn):
    """A practitioner as they shall be recorded, with the version that was read and why it is corrected."""

    version: Version
    reason: Reason


class CredentialOut(Told):
    """A credential."""

    kind: str
    number: str
    issuer: str
    expires: date | None
    allows: list[str]
    checked_on: date | None
    checked_how: str


class PractitionerOut(Told):
    """Somebody who injects, with their credentials."""

    uid: UUID
    version: int
    key: str
    name: str
    active: bool
    credentials: Related[CredentialOut]


class InviteIn(Given):
    """Somebody to give a role at the clinic."""

    email: Annotated[Key, Field(max_length=200)]
    name: Annotated[Key, Field(max_length=120)] = ""
    role: RoleName


class RoleIn(Given):
    """The version that was read, and the new role."""

    version: Version
    role: RoleName


class MemberOut(Told):
    """A user with their role at the clinic; ended when `ended_at` says so."""

    uid: UUID
    version: int
    user: UUID = Field(validation_alias=AliasPath("user", "uid"))
    email: str = Field(validation_alias=AliasPath("user", "email"))
    name: str = Field(validation_alias=AliasPath("user", "name"))
    role: str
    ended_at: datetime | None


class ClinicIn(Given):
    """What a clinic sets for itself, with the version that was read and why it is changed. No `check_in_days`: the usual ones."""

    version: Version
    reason: Reason
    name: Annotated[Key, Field(max_length=120)]
    city: Annotated[Key, Field(max_length=120)] = ""
    region: Annotated[Key, Field(max_length=120)] = ""
    country: Name = ""
    time_zone: Annotated[Key, Field(max_length=64)] = "UTC"
    language: Name = "en"
    phone: Name = ""
    check_in_days: Annotated[tuple[Annotated[int, Field(ge=1, le=365)], ...], Field(max_length=20)] = ()
    answer_within_hours: Annotated[int, Field(ge=1, le=168)] = 24
    own_page_days: Annotated[int, Field(ge=1, le=730)] = 200
    dates_to_the_week: bool = True


class ClinicOut(Told):
    """What a clinic has set for itself."""

    uid: UUID
    version: int
    name: str
    city: str
    region: str
    country: str
    time_zone: str
    language: str
    phone: str
    check_in_days: list[int]
    answer_within_hours: int
    own_page_days: int
    dates_to_the_week: bool


class TokenIn(Given):
    """A token to make: what it is for, the actions it is limited to, and the days it lives."""

    name: Text
    scopes: Annotated[tuple[Name, ...], Field(max_length=100)]
    days: Annotated[int, Field(ge=-(2**31), lt=2**31)]


class TokenOut(Told):
    """A token. `key` is there only when it is made: nobody can see it again."""

    uid: UUID
    version: int
    name: str
    scopes: list[str]
    expires_at: datetime
    revoked_at: datetime | None
    last_used: datetime | None
    key: str = ""


def practitioner_out(person: Practitioner) -> PractitionerOut:
    """A practitioner with their credentials."""
    return PractitionerOut.model_validate(person)


def member_out(member: Membership) -> MemberOut:
    """A user with their role."""
    return MemberOut.model_validate(member)


def clinic_out(clinic: Clinic) -> ClinicOut:
    """What a clinic has set for itself."""
    return ClinicOut.model_validate(clinic)
