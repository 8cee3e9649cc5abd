"""Sessions: what was injected where, from which vials, how cleanly; their checks, check-ins, passport and links."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasPath, Field

from untoward.registry.models import OwnPage, Session
from untoward.tasks.record.session_checks import Check
from untoward.web.api.shapes.base import (
    CheckOut,
    Document,
    Given,
    Key,
    Moment,
    Name,
    Text,
    Told,
    Uid,
    Version,
    Word,
)
from untoward.web.api.shapes.base import Fault as FaultOut
from untoward.web.api.shapes.patients import PatientIn


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


class PractitionerLine(Told):
    """Somebody who may be named as practitioner of a session."""

    uid: UUID
    key: str
    name: str


class ComponentOut(Told):
    """One product of one syringe, with its lot and vial where these are known."""

    product: Uid
    product_name: str
    lot: Uid | None
    lot_number: str
    vial: Uid | None
    mix: str
    volume_ml: float | None
    amount: float | None
    unit: str


class PointOut(Told):
    """One place of injection."""

    view: str
    zone: str
    x: float | None
    y: float | None
    mix: str
    volume_ml: float | None
    depth: str


class SessionLine(Told):
    """A session in a list."""

    uid: UUID
    version: int
    at: datetime
    technique: str
    practitioner: Uid
    practitioner_name: str = Field(validation_alias=AliasPath("practitioner", "name"))


class SessionOut(Told):
    """A session with what was injected where, and what was overruled, why and by whom."""

    uid: UUID
    version: int
    patient: Uid
    patient_key: str
    practitioner: Uid
    consent: Uid | None
    at: datetime
    technique: str
    route: str
    device: str
    room: str
    sites: list[str]
    asepsis: dict[str, bool | None]
    note: str
    overrides: list[dict[str, Any]]
    components: list[ComponentOut]
    points: list[PointOut]


class CheckedOut(Told):
    """What speaks against a session, the worst first; and its faults, with which it is not checked."""

    checks: list[CheckOut]
    faults: list[FaultOut]


class LinkOut(Told):
    """A link to a patient's own page, or to a check-in. `address` is there only when it is made: nobody can see it again."""

    uid: UUID
    version: int
    session: Uid
    made_at: datetime | None
    expires_at: datetime
    revoked_at: datetime | None
    address: str = ""


class PassportOut(Told):
    """What the patient takes home, in their language: the sheet, section by section, and how hard it is to read."""

    session: UUID
    language: str
    sheet: Document


def check_out(check: Check) -> CheckOut:
    """A finding; its key is what an override is given under."""
    return CheckOut(
        key=check.key,
        kind=check.kind,
        statement=str(check.statement),
        subject=check.subject,
        sources=list(check.sources),
        facts={name: str(value) for name, value in check.facts.items()},
    )


def session_out(session: Session) -> SessionOut:
    """A session with its parts."""
    plain = ("at", "technique", "route", "device", "room", "sites", "asepsis", "note", "overrides")
    return SessionOut(
        uid=session.uid,
        version=session.version,
        patient=session.patient.uid,
        patient_key=session.patient.key,
        practitioner=session.practitioner.uid,
        consent=session.consent.uid if session.consent else None,
        **{name: getattr(session, name) for name in plain},
        components=_components(session),
        points=[PointOut.model_validate(one) for one in session.points.order_by("pk")],
    )


def link_out(own: OwnPage, address: str = "") -> LinkOut:
    """A link, with its address where it has just been made."""
    shown = LinkOut.model_validate(own)
    return LinkOut(**shown.model_dump(exclude={"address"}), address=address) if address else shown


def _components(session: Session) -> list[ComponentOut]:
    return [
        ComponentOut(
            product=one.product.uid,
            product_name=one.product.name,
            lot=one.lot.uid if one.lot else None,
            lot_number=one.lot.number if one.lot else "",
            vial=one.vial.uid if one.vial else None,
            **{name: getattr(one, name) for name in ("mix", "volume_ml", "amount", "unit")},
        )
        for one in session.components.select_related("product", "lot", "vial").order_by("pk")
    ]
