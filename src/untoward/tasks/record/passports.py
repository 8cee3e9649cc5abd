"""The passport of a session, and the patient's own page behind a long link that is known only by its hash."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from untoward.model.quantity import canonical_unit
from untoward.registry.models import Clinic, Component, OwnPage, Session, User
from untoward.registry.writing import write
from untoward.settings import read_settings
from untoward.tasks.aftercare import TakeHome, take_home
from untoward.tasks.record.patients import LANGUAGES

CHECK_IN_DAYS = (1, 3, 7, 14, 28, 56, 112)
"""Days after a session on which a patient is asked, where the clinic chose none."""
_TOKEN_BYTES = 32
_NOBODY = "0" * 64
_KNOWN_AGES = range(126)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A fresh link to a patient's own page. `token` is shown now and known to nobody afterwards."""

    own_page: OwnPage
    token: str

    @property
    def address(self) -> str:
        """The whole address, for a QR code or a message."""
        return address_of(self.token)


def passport_link(session: Session, *, by: User | None, at: datetime | None = None) -> Link:
    """Make a link to the patient's own page about a session, which works for as many days as the clinic has set.

    Those made before go on working until revoked.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = at or timezone.now()
    own = OwnPage(
        session=session,
        link_hash=_hash(token),
        made_at=now,
        expires_at=now + timedelta(days=session.clinic.own_page_days),
    )
    write(own, by=by, at=now)
    return Link(own_page=own, token=token)


def revoke(own: OwnPage, *, by: User, reason: str, version: int) -> None:
    """End a link now. Raises `Conflict` when somebody else did meanwhile."""
    own.version, own.revoked_at = version, timezone.now()
    write(own, by=by, reason=reason.strip() or "link revoked")


def session_of(token: str, *, now: datetime | None = None) -> Session | None:
    """The session a link is about; None when it is wrong, expired or revoked: the three are not told apart."""
    own = own_page_of(token, now=now)
    return own.session if own else None


def own_page_of(token: str, *, now: datetime | None = None) -> OwnPage | None:
    """The own page of a link that works. The same steps are taken whether it does or not."""
    wanted = _hash(token)
    own: OwnPage | None = (
        OwnPage.objects.select_related("session__patient", "session__clinic", "session__practitioner")
        .filter(link_hash=wanted)
        .first()
    )
    same = hmac.compare_digest(own.link_hash if own else _NOBODY, wanted)
    alive = own is not None and own.revoked_at is None and own.expires_at > (now or timezone.now())
    return own if same and alive else None


def address_of(token: str) -> str:
    """The address of the own page behind a token."""
    return f"{read_settings().public_url}/p/{token}"


def passport(session: Session, *, language: str | None = None) -> TakeHome:
    """What the patient takes home, in a language or their own."""
    chosen = language or session.patient.language
    chosen = chosen if chosen in LANGUAGES else "en"
    return take_home(json.dumps(session_document(session)), file="the session", language=chosen)


def session_document(session: Session) -> dict[str, Any]:
    """A session of the record as the JSON that `untoward aftercare` reads. What is not recorded is null."""
    clinic, patient = session.clinic, session.patient
    age = None if patient.birth_year is None else day_of(session).year - patient.birth_year
    components = session.components.select_related("product", "lot", "vial").order_by("mix", "pk")
    sites = {mix: _sites(session, mix) for mix in {part.mix for part in components}}
    return {
        "id": str(session.uid),
        "date": day_of(session).isoformat(),
        "clinic": clinic.name,
        "clinic_phone": clinic.phone or None,
        "country": clinic.country or None,
        "practitioner": session.practitioner.name,
        "technique": session.technique or None,
        "route": session.route or None,
        "sites": [site for site in session.sites if site] or _sites(session, None),
        "patient": {
            "age": age if age in _KNOWN_AGES else None,
            "sex": patient.sex or None,
            "weight_kg": patient.weight_kg or None,
            "pregnant": patient.pregnant,
            "allergies": patient.allergies,
            "history": patient.history,
            "medicines": patient.medicines,
        },
        "components": [row for part in components for row in _rows(part, sites[part.mix])],
    }


def day_of(session: Session) -> date:
    """The day of a session where the clinic is."""
    at: datetime = session.at
    return at.astimezone(zone_of(session.clinic)).date()


def zone_of(clinic: Clinic) -> ZoneInfo:
    """The time zone of a clinic; UTC where its name is none."""
    try:
        return ZoneInfo(clinic.time_zone)
    except (KeyError, OSError, ValueError):
        return ZoneInfo("UTC")


def next_look(session: Session, today: date) -> date:
    """The day to look again: the next check-in of the clinic after today, at the latest a week from now.

    There is always one, so that no page says that all is well for good.
    """
    week = today + timedelta(days=7)
    days = session.clinic.check_in_days or CHECK_IN_DAYS
    ahead = (day_of(session) + timedelta(days=int(day)) for day in sorted(days))
    return min(week, next((day for day in ahead if day > today), week))


def next_check_in(session: Session, today: date) -> date | None:
    """When the patient is asked next: a check-in that is planned, else by the clinic's days; None after the last."""
    planned = session.check_ins.filter(answered_at=None, revoked_at=None).order_by("due_at")
    zone = zone_of(session.clinic)
    due = [at.astimezone(zone).date() for at in planned.values_list("due_at", flat=True)]
    if not due:
        days = session.clinic.check_in_days or CHECK_IN_DAYS
        due = [day_of(session) + timedelta(days=int(day)) for day in sorted(days)]
    return next((day for day in due if day >= today), None)


def _rows(part: Component, sites: list[str]) -> Iterator[dict[str, Any]]:
    """One row for each compound of the product; a product of which none is known stands under its own name."""
    compounds = part.product.compounds or [{"compound": part.product.name}]
    alone = len(compounds) == 1 and part.amount is not None and _is_unit(part.unit)
    for entry in compounds:
        yield {
            "compound": str(entry["compound"]),
            "product": part.product.name,
            "amount": part.amount if alone else None,
            "unit": part.unit if alone else None,
            "volume_ml": part.volume_ml,
            "lot": part.lot.number if part.lot else None,
            "expiry": part.lot.expires.isoformat() if part.lot and part.lot.expires else None,
            "vial": part.vial.label if part.vial else None,
            "mix": part.mix or None,
            "sites": sites,
        }


def _sites(session: Session, mix: str | None) -> list[str]:
    """The places of a mix (None: of all) by their named zones, each once, in words."""
    zones = [
        point.zone or point.view for point in session.points.all() if mix is None or point.mix in ("", mix)
    ]
    words = [zone.replace("-", " ").replace("_", " ") for zone in zones if zone]
    return list(dict.fromkeys(words))[:50]


def _is_unit(unit: str) -> bool:
    try:
        return bool(canonical_unit(unit))
    except ValueError:
        return False


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
