"""What somebody typed into the form of a session, kept as it was typed until it can be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from untoward.registry.models import Clinic
from untoward.tasks.record.drafts import (
    ASEPSIS,
    MOST_COMPONENTS,
    MOST_POINTS,
    ComponentDraft,
    PointDraft,
    SessionDraft,
)
from untoward.tasks.record.patients import PatientDraft
from untoward.tasks.record.sessions import new_token

LISTS = ("allergies", "history", "medicines")
NEW_PATIENT = ("name", "contact", "birth_year", "sex", "weight_kg", "language", "pregnant", *LISTS,
               *(f"{name}_asked" for name in LISTS))  # fmt: skip
_PLAIN = ("patient", "find", "practitioner", "at", "technique", "route", "device", "room", "note", "consent", "places",
          "scan", "now_mix", "now_depth", "now_ml", "token", "reason", "new")  # fmt: skip
_LONGEST = 20_000


@dataclass
class ComponentRow:
    """One line of the list of products. `source` is "vial:uid", "lot:uid" or nothing; `code` a code whose lot is unknown."""

    product: str = ""
    source: str = ""
    mix: str = "A"
    ml: str = ""
    amount: str = ""
    unit: str = ""
    code: str = ""


@dataclass
class PointRow:
    """One line of the list of places. `x` and `y` are shares of the view, as text."""

    view: str = ""
    zone: str = ""
    x: str = ""
    y: str = ""
    mix: str = "A"
    ml: str = ""
    depth: str = ""


@dataclass
class Typed:
    """Everything in the form."""

    patient: str = ""
    find: str = ""
    practitioner: str = ""
    at: str = ""
    technique: str = ""
    route: str = ""
    device: str = ""
    room: str = ""
    note: str = ""
    consent: str = ""
    places: str = ""
    scan: str = ""
    now_mix: str = "A"
    now_depth: str = ""
    now_ml: str = ""
    token: str = ""
    reason: str = ""
    new: str = ""
    version: int = 0
    person: dict[str, str] = field(default_factory=dict)
    components: list[ComponentRow] = field(default_factory=list)
    points: list[PointRow] = field(default_factory=list)
    asepsis: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


def empty_form(clinic: Clinic) -> Typed:
    """A new form: now, with a token of its own."""
    return Typed(token=new_token(), at=local_text(timezone.now(), clinic))


def local_text(at: datetime, clinic: Clinic) -> str:
    """A moment as the field for it wants it, in the clinic's time."""
    return at.astimezone(ZoneInfo(clinic.time_zone)).strftime("%Y-%m-%dT%H:%M")


def posted_form(post: Any) -> Typed:
    """The form as it came back."""
    form = Typed(**{name: post.get(name, "")[:_LONGEST] for name in _PLAIN})
    form.version = int(post["version"]) if post.get("version", "").isdecimal() else 0
    form.now_mix = (form.now_mix.strip().upper() or "A")[:10]
    form.person = {name: post.get(f"person_{name}", "")[:_LONGEST] for name in NEW_PATIENT}
    form.asepsis = {item: post.get(f"asepsis_{item}", "") for item in ASEPSIS}
    form.why = {name.removeprefix("why:"): post[name][:2000] for name in post if name.startswith("why:")}
    form.components = [
        ComponentRow(product=a, source=b, mix=_letter(c), ml=d, amount=e, unit=f, code=g)
        for a, b, c, d, e, f, g in _rows(
            post,
            ("c_product", "c_source", "c_mix", "c_ml", "c_amount", "c_unit", "c_code"),
            MOST_COMPONENTS + 1,
        )
    ]
    form.points = [
        PointRow(view=a, zone=b, x=c, y=d, mix=_letter(e), ml=f, depth=g)
        for a, b, c, d, e, f, g in _rows(
            post, ("p_view", "p_zone", "p_x", "p_y", "p_mix", "p_ml", "p_depth"), MOST_POINTS + 1
        )
    ]
    return form


def _rows(post: Any, names: tuple[str, ...], most: int) -> list[tuple[str, ...]]:
    """Fields that repeat, line by line; a line that lacks a field at the end gets it empty."""
    lists = [[value[:200] for value in post.getlist(name)] for name in names]
    count = min(len(lists[0]), most)
    padded = [one + [""] * (count - len(one)) for one in lists]
    return [tuple(one[number] for one in padded) for number in range(count)]


def _letter(text: str) -> str:
    return text.strip().upper()[:10] or "A"


def form_of(draft: SessionDraft) -> Typed:
    """The form of a session on record, for its correction."""
    form = Typed(
        practitioner=str(draft.practitioner.uid),
        at=local_text(draft.at, draft.clinic),
        technique=draft.technique,
        route=draft.route,
        device=draft.device,
        room=draft.room,
        note=draft.note,
        consent="" if draft.consent is None else str(draft.consent.uid),
        version=draft.version,
        asepsis={item: _answer(draft.asepsis.get(item)) for item in ASEPSIS},
        components=[component_row(one) for one in draft.components],
        points=[point_row(one) for one in draft.points],
        why=dict(draft.overrides),
    )
    if not isinstance(draft.patient, PatientDraft):
        form.patient = str(draft.patient.uid)
    return form


def _answer(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


def component_row(one: ComponentDraft) -> ComponentRow:
    """A product of a draft as a line of the form."""
    source = f"vial:{one.vial.uid}" if one.vial else (f"lot:{one.lot.uid}" if one.lot else "")
    return ComponentRow(
        product=str(one.product.uid),
        source=source,
        mix=one.mix,
        ml=number_text(one.volume_ml),
        amount=number_text(one.amount),
        unit=one.unit,
    )


def point_row(one: PointDraft) -> PointRow:
    """A place of a draft as a line of the form."""
    return PointRow(
        view=one.view,
        zone=one.zone,
        x=number_text(one.x),
        y=number_text(one.y),
        mix=one.mix,
        ml=number_text(one.volume_ml),
        depth=one.depth,
    )


def number_text(value: float | None) -> str:
    """A number as one would type it, nothing for none."""
    return "" if value is None else f"{round(value, 4):.15g}"
