"""What calls give of each kind of thing, as plain data. A patient's name and contact are there only for who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from untoward.registry.models import ApiToken, Lot, Observation, Patient, Reaction, Session, Vial
from untoward.tasks.record.recalls import Tracked
from untoward.tasks.record.session_checks import Check
from untoward.tasks.record.stock_numbers import LotRow, VialRow
from untoward.web.api.access import Asker

Plain = dict[str, Any]
_ASKED = ("birth_year", "sex", "weight_kg", "language", "pregnant", "allergies", "history", "medicines")


def patient_out(patient: Patient, asker: Asker) -> Plain:
    """A patient as this person may see them; null is "nobody has asked"."""
    shown: Plain = {"uid": patient.uid, "version": patient.version, "key": patient.key}
    shown |= {name: getattr(patient, name) for name in _ASKED}
    if asker.names:
        shown["name"] = patient.name
    if asker.contact:
        shown["contact"] = patient.contact
    return shown


def check_out(check: Check) -> Plain:
    """A finding; its key is what an override is given under."""
    return {
        "key": check.key,
        "kind": check.kind,
        "statement": check.statement,
        "subject": check.subject,
        "sources": list(check.sources),
        "facts": dict(check.facts),
    }


def session_out(session: Session) -> Plain:
    """A session with what was injected where, and what was overruled."""
    plain = ("at", "technique", "route", "device", "room", "sites", "asepsis", "note", "overrides")
    return {
        "uid": session.uid,
        "version": session.version,
        "patient": session.patient.uid,
        "patient_key": session.patient.key,
        "practitioner": session.practitioner.uid,
        "consent": session.consent.uid if session.consent else None,
        **{name: getattr(session, name) for name in plain},
        "components": list(_components(session)),
        "points": list(
            session.points.order_by("pk").values("view", "zone", "x", "y", "mix", "volume_ml", "depth")
        ),
    }


def lot_out(lot: Lot) -> Plain:
    """A lot of a product."""
    return {
        "uid": lot.uid,
        "version": lot.version,
        "product": lot.product.uid,
        "product_name": lot.product.name,
        "number": lot.number,
        "expires": lot.expires,
        "supplier": lot.supplier,
        "recalled_at": lot.recalled_at,
        "recall_reason": lot.recall_reason,
    }


def vial_out(vial: Vial) -> Plain:
    """A vial with its lot."""
    times = ("opened_at", "discarded_at", "recalled_at")
    return {
        "uid": vial.uid,
        "version": vial.version,
        "label": vial.label,
        **{name: getattr(vial, name) for name in times},
        "lot": lot_out(vial.lot),
    }


def vial_row_out(row: VialRow) -> Plain:
    """An opened vial with its age in hours and until when it may be used (null: nobody stated it)."""
    return {
        **vial_out(row.vial), "hours": row.hours, "until": row.until, "over": row.over, "sessions": row.sessions,
    }  # fmt: skip


def lot_row_out(row: LotRow) -> Plain:
    """A lot with its unopened vials at the clinic; `expiry` is "past", "soon" or empty."""
    return {**lot_out(row.lot), "vials": row.vials, "expiry": row.expiry}


def case_line(case: Reaction) -> Plain:
    """A case in a list: whose, what, how urgent and until when."""
    plain = (
        "uid",
        "version",
        "term",
        "disposition",
        "deadline",
        "course",
        "reported_at",
        "read_at",
        "signed_at",
    )
    return {"patient_key": case.patient.key, **{name: getattr(case, name) for name in plain}}


def case_out(case: Reaction) -> Plain:
    """A case with everything that was seen, each with its assessment, and what was decided."""
    decisions = case.decisions.select_related("by").order_by("at", "pk")
    return {
        **case_line(case),
        "session": case.session.uid,
        "said": case.said,
        "onset_at": case.onset_at,
        "resolved_at": case.resolved_at,
        "outcome": case.outcome,
        "by_patient": case.by_patient,
        "observations": [observation_out(one) for one in case.observations.order_by("at", "pk")],
        "decisions": [
            {"at": one.at, "by": str(one.by), "kind": one.kind, "text": one.text, "details": one.details}
            for one in decisions
        ],
    }


def observation_out(one: Observation) -> Plain:
    """What was seen at one time, and what the assessment made of everything known then."""
    names = ("uid", "at", "text", "findings", "by_patient", "assessment", "rule_set")
    return {name: getattr(one, name) for name in names}


def exposed_out(one: Tracked) -> Plain:
    """Somebody who got what is recalled, under their key; the latest visit comes first."""
    person = one.person
    return {
        "patient": person.patient.uid,
        "patient_key": person.patient.key,
        "visits": [
            {"session": visit.uid, "at": visit.at, "vials": list(visit.vials)} for visit in person.visits
        ],
        "cases": [reaction.uid for reaction in person.reactions],
        "reached": one.reached,
        "attempts": [{"at": tried.at, "how": tried.how, "reached": tried.reached} for tried in one.contacts],
    }


def token_out(token: ApiToken) -> Plain:
    """A token without its key, which nobody can see again."""
    names = ("uid", "name", "scopes", "expires_at", "revoked_at")
    return {name: getattr(token, name) for name in names}


def _components(session: Session) -> Iterable[Plain]:
    for one in session.components.select_related("product", "lot", "vial").order_by("pk"):
        yield {
            "product": one.product.uid,
            "product_name": one.product.name,
            "lot": one.lot.uid if one.lot else None,
            "lot_number": one.lot.number if one.lot else "",
            "vial": one.vial.uid if one.vial else None,
            "mix": one.mix,
            "volume_ml": one.volume_ml,
            "amount": one.amount,
            "unit": one.unit,
        }
