"""What becomes of each column when the record leaves without identities. What is not named here does not leave."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class How(StrEnum):
    """What becomes of a column."""

    KEEP = "as it is"
    PSEUDONYM = "replaced by a pseudonym, the same in every export of this installation"
    WEEK = "the Monday of its week"
    BAND = "the first year of a band of five"
    DAYS = "days since the session"


_K, _P, _W, _B, _D = How.KEEP, How.PSEUDONYM, How.WEEK, How.BAND, How.DAYS

SECRET = frozenset({"password", "link_hash", "token_hash", "token"})
"""Columns that no export holds."""

ANCHORS: Mapping[str, str] = {
    "Reaction": "session__at",
    "Observation": "reaction__session__at",
    "CheckIn": "session__at",
}
"""From when the days of a table are counted."""

COLUMNS: Mapping[str, Mapping[str, How]] = {
    "Clinic": {"id": _P, "region": _K, "country": _K},
    "Practitioner": {"id": _P, "clinic_id": _P, "active": _K},
    "Credential": {"practitioner_id": _P, "kind": _K, "expires": _W, "allows": _K},
    "Patient": {"id": _P, "clinic_id": _P, "birth_year": _B, "sex": _K, "pregnant": _K},
    "Product": {
        "id": _P, "name": _K, "maker": _K, "gtin": _K, "compounds": _K, "in_use_hours": _K, "single_use": _K, "diluent": _K,
    },
    "Lot": {"id": _P, "product_id": _P, "number": _K, "expires": _K, "supplier": _K, "recalled_at": _W},
    "Vial": {
        "id": _P, "clinic_id": _P, "lot_id": _P, "opened_at": _W, "discarded_at": _W, "recalled_at": _W,
    },
    "Recipe": {"id": _P, "clinic_id": _P, "name": _K, "active": _K},
    "Ingredient": {"recipe_id": _P, "product_id": _P, "volume_ml": _K, "order": _K},
    "Session": {
        "id": _P, "clinic_id": _P, "patient_id": _P, "practitioner_id": _P, "at": _W, "technique": _K, "route": _K,
        "device": _K, "sites": _K, "asepsis": _K,
    },
    "Component": {
        "session_id": _P, "mix": _K, "product_id": _P, "lot_id": _P, "vial_id": _P, "volume_ml": _K, "amount": _K, "unit": _K,
    },
    "Point": {
        "session_id": _P, "view": _K, "zone": _K, "x": _K, "y": _K, "mix": _K, "volume_ml": _K, "depth": _K,
    },
    "CheckIn": {"id": _P, "session_id": _P, "day": _K, "sent_at": _D, "answered_at": _D, "escalated_at": _D},
    "Reaction": {
        "id": _P, "clinic_id": _P, "patient_id": _P, "session_id": _P, "term": _K, "onset_at": _D, "resolved_at": _D,
        "reported_at": _D, "outcome": _K, "by_patient": _K, "disposition": _K, "course": _K, "outbreak": _K,
    },
    "Observation": {"reaction_id": _P, "at": _D, "findings": _K, "by_patient": _K, "rule_set": _K},
}  # fmt: skip
"""By table and column; free text, names, contacts, exact times and photos are in none."""
