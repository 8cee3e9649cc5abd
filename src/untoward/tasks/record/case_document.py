"""The case of a reaction as `untoward assess` reads it, made from what the record holds.

The clock of the case starts at the session the reaction is reported on; earlier sessions stand on negative days. What the
record itself knows of the circumstances (a vial that served several people, tap water, others with the same reaction) is
added as findings from the day it was known; nothing is ever added as a "no".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from untoward.model.quantity import canonical_unit
from untoward.registry.models import Component, Observation, Patient, Point, Reaction, Session
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.siblings import others_with_the_same, shared_vial

_DAY_SECONDS = 86_400
_AGES, _WEIGHTS = (0, 125), (0.1, 400)
_LONGEST_TEXT = 20_000


def case_document(reaction: Reaction, observations: Sequence[Observation]) -> dict[str, Any]:
    """The case document with these observations (earliest first; they need not be saved yet)."""
    session = reaction.session
    before = (
        Session.objects.filter(patient_id=reaction.patient_id, at__lte=session.at)
        .select_related("practitioner")
        .prefetch_related("components__product", "components__lot", "components__vial", "points")
        .order_by("at", "pk")
    )
    return {
        "id": str(reaction.uid),
        "patient": _patient(reaction.patient, session.at),
        "sessions": [_session(one, session.at) for one in before],
        "observations": [
            _observation(one, reaction, first=place == 0) for place, one in enumerate(observations)
        ],
    }


def days_between(start: datetime, end: datetime) -> float:
    """Decimal days from one time to another: to the second in the first hours, else to a minute or two."""
    days = (end - start).total_seconds() / _DAY_SECONDS
    return round(days, 5 if abs(days) < 0.25 else 3)


def _patient(patient: Patient, at: datetime) -> dict[str, Any]:
    age = None if patient.birth_year is None else at.year - patient.birth_year
    return {
        "age": _within(age, _AGES),
        "sex": patient.sex or None,
        "weight_kg": _within(patient.weight_kg, _WEIGHTS),
        "pregnant": patient.pregnant,
        "history": patient.history,
        "allergies": patient.allergies,
        "medicines": patient.medicines,
    }


def _session(session: Session, start: datetime) -> dict[str, Any]:
    sites = [*session.sites, *(_place(point) for point in session.points.all())]
    return {
        "day": days_between(start, session.at),
        "technique": session.technique or None,
        "route": session.route or None,
        "sites": list(dict.fromkeys(site for site in sites if site)),
        "setting": session.room or None,
        "practitioner": session.practitioner.key,
        "components": [part for component in session.components.all() for part in _parts(component)],
    }


def _place(point: Point) -> str:
    """The view and zone of a point in words: of "face-front", "cheek-left" come "face front cheek left"."""
    return " ".join(f"{point.view} {point.zone}".replace("-", " ").replace("_", " ").split())


def _parts(component: Component) -> Iterator[dict[str, Any]]:
    """One part per compound of the product; a product of which no compound is known stands under its own name."""
    product = component.product
    shared = {
        "volume_ml": _within(component.volume_ml, (0, float("inf"))),
        "lot": component.lot.number if component.lot else None,
        "vial": component.vial.label if component.vial else None,
        "mix": component.mix or None,
    }
    compounds = product.compounds or [{"compound": product.name, "percent": None}]
    for entry in compounds:
        percent = _within(entry.get("percent"), (0, 100))
        yield {
            "compound": entry["compound"],
            "percent": percent,
            **_amount(component, percent, alone=len(compounds) == 1),
            **shared,
        }


def _amount(component: Component, percent: float | None, *, alone: bool) -> dict[str, Any]:
    """The amount as recorded where the product has one compound, else in mg from its strength (1 % is 10 mg/ml)."""
    if alone and component.amount is not None and component.amount >= 0 and _known_unit(component.unit):
        return {"amount": component.amount, "unit": component.unit}
    if percent is None or component.volume_ml is None or component.volume_ml < 0:
        return {}
    return {"amount": round(percent * 10 * component.volume_ml, 6), "unit": "mg"}


def _known_unit(unit: str) -> bool:
    try:
        return bool(canonical_unit(unit))
    except ValueError:
        return False


def _observation(observation: Observation, reaction: Reaction, *, first: bool) -> dict[str, Any]:
    findings = dict(observation.findings or {})
    for term, value in _added(observation, reaction, first=first).items():
        if not _mentioned(term, findings):
            findings[term] = value
    return {
        "day": max(days_between(reaction.session.at, observation.at), 0.0),
        "text": observation.text[:_LONGEST_TEXT] or None,
        "findings": findings,
    }


def _added(observation: Observation, reaction: Reaction, *, first: bool) -> dict[str, Any]:
    """What the record knows beyond the words: the reaction as reported, when it began, and the circumstances."""
    terms = evidence().terms
    added: dict[str, Any] = {}
    if first and reaction.term:
        added[reaction.term] = _as_reported(reaction)
    if first and shared_vial(reaction.session):
        added[terms["multi-dose-vial"].label] = True
    if first and reaction.session.asepsis.get("no_tap_water") is False:
        added[terms["tap-water-contact"].label] = True
    if others_with_the_same(reaction, observation.at):
        added[terms["others-affected"].label] = True
    return added


def _as_reported(reaction: Reaction) -> bool | dict[str, float]:
    if reaction.onset_at is None:
        return True
    return {"since_day": max(days_between(reaction.session.at, reaction.onset_at), 0.0)}


def _mentioned(name: str, findings: Mapping[str, Any]) -> bool:
    """Whether somebody stated this term on purpose, under whatever name."""
    terms = evidence().terms
    wanted = terms.resolve(name)
    return any(
        key == name or (wanted is not None and terms.resolve(key) is wanted)
        for key, value in findings.items()
        if value is not None
    )


def _within(value: float | None, limits: tuple[float, float]) -> float | None:
    """The value, or None where it cannot be true; what is not known is never made up."""
    return value if value is not None and limits[0] <= value <= limits[1] else None
