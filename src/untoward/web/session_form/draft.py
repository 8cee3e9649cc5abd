"""From what was typed to a draft: every field read, every fault of it named by its field."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _

from untoward.errors import Fault
from untoward.registry.models import Clinic, Consent, Lot, Patient, Practitioner, Product, Session, Vial
from untoward.tasks.record.drafts import ComponentDraft, PointDraft, SessionDraft
from untoward.tasks.record.patients import PatientDraft
from untoward.web.body import sites_of
from untoward.web.session_form.typed import LISTS, ComponentRow, Typed

_ANSWERS: dict[str, bool | None] = {"yes": True, "no": False}
_Kept = TypeVar("_Kept", bound=models.Model)


@dataclass
class Reading:
    """The draft, when the form is complete enough for one, and what could not be read."""

    draft: SessionDraft | None = None
    faults: list[Fault] = field(default_factory=list)


def read_form(form: Typed, clinic: Clinic, session: Session | None = None) -> Reading:
    """Read the whole form. With `session` it is a correction of that session."""
    reading = Reading()
    faults = reading.faults
    patient = _patient(form, clinic, faults)
    practitioner = one_of(Practitioner.objects.filter(clinic=clinic), form.practitioner)
    if practitioner is None:
        faults.append(Fault(what=_("is missing"), field="practitioner", expected=_("who injected")))
    at = _moment(form.at, clinic, faults)
    components = tuple(_components(form, clinic, faults))
    points = tuple(_points(form, faults))
    if patient is None or practitioner is None or at is None:
        return reading
    reading.draft = SessionDraft(
        clinic=clinic,
        patient=patient,
        practitioner=practitioner,
        at=at,
        technique=form.technique,
        route=form.route,
        device=form.device,
        room=form.room,
        components=components,
        points=points,
        sites=sites_of((point.view, point.zone) for point in points),
        asepsis={item: _ANSWERS.get(said) for item, said in form.asepsis.items()},
        consent=_consent(form, patient),
        note=form.note,
        token=form.token,
        overrides=form.why,
        session=session,
        version=form.version,
        reason=form.reason,
    )
    return reading


def one_of(among: models.QuerySet[_Kept], uid: str) -> Any:
    """The kept thing with this uid, or None, whatever was sent."""
    try:
        return among.filter(uid=UUID(uid)).first()
    except ValueError:
        return None


def chosen_patient(form: Typed, clinic: Clinic) -> Patient | None:
    """The patient on record that was chosen."""
    found: Patient | None = one_of(Patient.objects.filter(clinic=clinic), form.patient)
    return found


def read_number(text: str, where: str, name: str, faults: list[Fault]) -> float | None:
    """A number with a point or a comma; nothing is None, anything else a fault."""
    if not text.strip():
        return None
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        faults.append(
            Fault(
                what=_("is not a number"),
                where=where,
                field=name,
                got=repr(text[:20]),
                expected=_("such as 0.1"),
            )
        )
        return None
    return value


def _patient(form: Typed, clinic: Clinic, faults: list[Fault]) -> Patient | PatientDraft | None:
    chosen = chosen_patient(form, clinic)
    if chosen is not None:
        return chosen
    if not form.new:
        expected = _("a patient of this clinic, or somebody new")
        faults.append(Fault(what=_("is missing"), field="find", expected=expected))
        return None
    person = form.person
    year = read_number(person["birth_year"], _("new patient"), "person_birth_year", faults)
    return PatientDraft(
        name=person["name"].strip(),
        contact=person["contact"].strip(),
        birth_year=None if year is None else int(year),
        sex=person["sex"],
        weight_kg=read_number(person["weight_kg"], _("new patient"), "person_weight_kg", faults),
        language=person["language"] or clinic.language,
        pregnant=_ANSWERS.get(person["pregnant"]),
        **{name: _listed(person, name) for name in LISTS},
    )


def _listed(person: dict[str, str], name: str) -> tuple[str, ...] | None:
    """What was said, one by line or comma; nothing said is none known only where that was asked and answered."""
    said = tuple(part.strip() for part in person[name].replace("\n", ",").split(",") if part.strip())
    if said:
        return said
    return () if person[f"{name}_asked"] == "none" else None


def _moment(text: str, clinic: Clinic, faults: list[Fault]) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(clinic.time_zone))
    except ValueError:
        expected = _("a day and time, such as 2026-05-11T09:30")
        faults.append(Fault(what=_("is not a time"), field="at", got=repr(text[:30]), expected=expected))
        return None


def _consent(form: Typed, patient: Patient | PatientDraft) -> Consent | None:
    if isinstance(patient, PatientDraft):
        return None
    found: Consent | None = one_of(Consent.objects.filter(patient=patient), form.consent)
    return found


def _components(form: Typed, clinic: Clinic, faults: list[Fault]) -> Iterator[ComponentDraft]:
    for number, row in enumerate(form.components):
        where = _("product %(n)s") % {"n": number + 1}
        product = one_of(Product.objects.all(), row.product)
        if product is None:
            faults.append(Fault(what=_("is no product on record"), where=where, field="components"))
            continue
        lot, vial = sources_of(row, clinic)
        yield ComponentDraft(
            product=product,
            lot=lot,
            vial=vial,
            mix=row.mix,
            volume_ml=read_number(row.ml, where, "components", faults),
            amount=read_number(row.amount, where, "components", faults),
            unit=row.unit.strip(),
        )


def sources_of(row: ComponentRow, clinic: Clinic) -> tuple[Lot | None, Vial | None]:
    """Lot and vial that were chosen in a line; vials only of this clinic."""
    kind, _colon, uid = row.source.partition(":")
    if kind == "vial":
        vial = one_of(Vial.objects.filter(clinic=clinic).select_related("lot__product"), uid)
        return (None, None) if vial is None else (vial.lot, vial)
    return (one_of(Lot.objects.select_related("product"), uid) if kind == "lot" else None), None


def _points(form: Typed, faults: list[Fault]) -> Iterator[PointDraft]:
    for number, row in enumerate(form.points):
        where = _("point %(n)s") % {"n": number + 1}
        yield PointDraft(
            view=row.view[:20],
            zone=row.zone[:40],
            x=read_number(row.x, where, "points", faults),
            y=read_number(row.y, where, "points", faults),
            mix=row.mix,
            volume_ml=read_number(row.ml, where, "points", faults),
            depth=row.depth,
        )
