"""A session as it is about to be recorded: what was typed and chosen, read and typed, not yet kept."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from untoward.errors import Fault
from untoward.registry.models import Clinic, Consent, Lot, Patient, Practitioner, Product, Session, Vial
from untoward.tasks.record.lengths import too_long
from untoward.tasks.record.patients import PatientDraft

TECHNIQUES: Mapping[str, str] = {
    "mesotherapy": _("mesotherapy"),
    "injection lipolysis": _("injection lipolysis"),
    "skin booster": _("skin booster"),
    "hair mesotherapy": _("hair mesotherapy"),
    "filler": _("filler"),
    "botulinum toxin": _("botulinum toxin"),
    "platelet-rich plasma": _("platelet-rich plasma"),
    "local anaesthesia": _("local anaesthesia"),
    "microneedling": _("microneedling"),
}
"""Techniques offered, with their names. Another may be typed; credentials name what they allow in the same words."""

DEPTHS: Mapping[str, str] = {
    "intradermal": _("in the skin"),
    "subcutaneous": _("under the skin"),
    "intramuscular": _("in the muscle"),
    "supraperiosteal": _("on the bone"),
}
"""How deep a point may be, with its words."""

ASEPSIS: Mapping[str, str] = {
    "skin_preparation": _("Skin prepared with an antiseptic"),
    "hand_hygiene": _("Hands cleaned, fresh gloves"),
    "sterile_needle": _("Sterile needle for this patient alone"),
    "no_tap_water": _("No contact with tap water"),
    "vial_in_date": _("New vial, or multi-dose vial in date"),
    "clean_room": _("Clean room and surface"),
}
"""Measures against infection. Each was taken (true), was not (false), or nobody wrote it down (null)."""

LARGEST_ML = 500.0
LARGEST_AMOUNT = 1_000_000.0
MOST_POINTS, MOST_COMPONENTS = 600, 40
SHORTEST_REASON = 10
"""Letters that a reason for going against a block must have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentDraft:
    """One product of one syringe (`mix`), from a vial or at least a lot where these are known. `volume_ml` is in ml."""

    product: Product
    lot: Lot | None = None
    vial: Vial | None = None
    mix: str = "A"
    volume_ml: float | None = None
    amount: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDraft:
    """One place of injection: a zone of a view, or a free point in it (x across and y down, 0 to 1), or both."""

    view: str
    zone: str = ""
    x: float | None = None
    y: float | None = None
    mix: str = "A"
    volume_ml: float | None = None
    depth: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDraft:
    """A session to be checked and saved.

    A `PatientDraft` is somebody new, recorded together with the session. `token` makes saving twice save once. `overrides` maps
    the key of a block to the reason for going against it. For a correction `session` is what is corrected, `version` the
    version that was read and `reason` why it is corrected.
    """

    clinic: Clinic
    patient: Patient | PatientDraft
    practitioner: Practitioner
    at: datetime
    technique: str
    route: str = ""
    device: str = ""
    room: str = ""
    components: tuple[ComponentDraft, ...] = ()
    points: tuple[PointDraft, ...] = ()
    sites: tuple[str, ...] = ()
    asepsis: Mapping[str, bool | None] = field(default_factory=dict)
    consent: Consent | None = None
    note: str = ""
    token: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    session: Session | None = None
    version: int = 0
    reason: str = ""


def faults_of(draft: SessionDraft) -> list[Fault]:
    """Everything that makes a draft unfit to be saved, whatever reason is given."""
    return [
        *_belongs_elsewhere(draft),
        *_of_the_visit(draft),
        *_of_the_components(draft),
        *_of_the_points(draft),
        *_of_the_correction(draft),
    ]


def _belongs_elsewhere(draft: SessionDraft) -> Iterator[Fault]:
    here = draft.clinic.pk
    owned = {
        "practitioner": draft.practitioner.clinic_id,
        "patient": here if isinstance(draft.patient, PatientDraft) else draft.patient.clinic_id,
        "session": here if draft.session is None else draft.session.clinic_id,
    }
    owned |= {
        gettext("vial %(label)s") % {"label": one.vial.label}: one.vial.clinic_id
        for one in draft.components
        if one.vial
    }
    for name, clinic in owned.items():
        if clinic != here:
            yield Fault(
                what=gettext("belongs to another clinic"), field=name, expected=gettext("one of this clinic")
            )
    known = None if isinstance(draft.patient, PatientDraft) else draft.patient.pk
    if draft.consent and draft.consent.patient_id != known:
        yield Fault(
            what=gettext("is another patient's consent"),
            field="consent",
            expected=gettext("a consent of this patient"),
        )


def _of_the_visit(draft: SessionDraft) -> Iterator[Fault]:
    if timezone.is_naive(draft.at):
        yield Fault(what=gettext("has no time zone"), field="at", expected=gettext("a time with its zone"))
    if not draft.technique.strip():
        yield Fault(
            what=gettext("is missing"),
            field="technique",
            expected=gettext("what was done, such as mesotherapy"),
        )
    for name, text, most in (
        ("technique", draft.technique, 40),
        ("route", draft.route, 40),
        ("device", draft.device, 80),
        ("room", draft.room, 60),
        ("note", draft.note, 10_000),
    ):
        yield from too_long(name, text, most)
    unknown = sorted(set(draft.asepsis) - set(ASEPSIS))
    if unknown:
        yield Fault(what=gettext("is no item of the checklist"), field="asepsis", got=", ".join(unknown)[:60])


def _of_the_components(draft: SessionDraft) -> Iterator[Fault]:
    if not draft.components:
        expected, hint = (
            gettext("at least one product"),
            gettext("Scan a vial, or choose a recipe or a product."),
        )
        yield Fault(what=gettext("nothing was injected"), field="components", expected=expected, hint=hint)
    if len(draft.components) > MOST_COMPONENTS:
        got = str(len(draft.components))
        yield Fault(
            what=gettext("too many"),
            field="components",
            got=got,
            expected=gettext("%(most_components)s at most") % {"most_components": MOST_COMPONENTS},
        )
    for number, one in enumerate(draft.components):
        where = gettext("component %(n)s") % {"n": number + 1}
        yield from _not_a_measure(one.volume_ml, where, "volume_ml", LARGEST_ML)
        yield from _not_a_measure(one.amount, where, "amount", LARGEST_AMOUNT)
        if one.amount is not None and not one.unit:
            yield Fault(
                what=gettext("is an amount without its unit"),
                where=where,
                field="unit",
                expected=gettext("mg, IU, ml …"),
            )
        if one.vial and one.lot and one.vial.lot_id != one.lot.pk:
            got = one.vial.label
            yield Fault(
                what=gettext("is a vial of another lot"),
                where=where,
                field="vial",
                got=got,
                expected=one.lot.number,
            )


def _of_the_points(draft: SessionDraft) -> Iterator[Fault]:
    if len(draft.points) > MOST_POINTS:
        got = str(len(draft.points))
        yield Fault(
            what=gettext("too many"),
            field="points",
            got=got,
            expected=gettext("%(most_points)s at most") % {"most_points": MOST_POINTS},
        )
    mixes = {one.mix for one in draft.components}
    for number, point in enumerate(draft.points):
        where = gettext("point %(n)s") % {"n": number + 1}
        yield from _not_a_measure(point.volume_ml, where, "volume_ml", LARGEST_ML)
        if (point.x is None) != (point.y is None) or not (point.zone or point.x is not None):
            yield Fault(
                what=gettext("has no place"),
                where=where,
                field="zone",
                expected=gettext("a zone, or across and down"),
            )
        if any(value is not None and not 0 <= value <= 1 for value in (point.x, point.y)):
            yield Fault(
                what=gettext("lies outside the view"),
                where=where,
                field="x, y",
                expected=gettext("0 to 100 %"),
            )
        if draft.components and point.mix not in mixes:
            expected = gettext("one of ") + ", ".join(sorted(mixes))
            yield Fault(
                what=gettext("is a mix with nothing in it"),
                where=where,
                field="mix",
                got=point.mix,
                expected=expected,
            )
        if point.depth and point.depth not in DEPTHS:
            yield Fault(
                what=gettext("is no depth"),
                where=where,
                field="depth",
                got=point.depth,
                expected=", ".join(DEPTHS),
            )


def _of_the_correction(draft: SessionDraft) -> Iterator[Fault]:
    if draft.session is not None and not draft.reason.strip():
        expected = gettext("why the record is corrected, in a few words")
        yield Fault(what=gettext("is missing"), field="reason", expected=expected)


def _not_a_measure(value: float | None, where: str, name: str, most: float) -> Iterator[Fault]:
    if value is not None and not (math.isfinite(value) and 0 < value <= most):
        expected = gettext("more than 0, at most %(most)s") % {"most": f"{most:g}"}
        yield Fault(
            what=gettext("is not possible"), where=where, field=name, got=f"{value:g}", expected=expected
        )
