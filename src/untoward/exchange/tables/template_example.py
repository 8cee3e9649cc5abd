"""The invented registry shown on the example sheet of the template: one session, one reaction, seen twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

EXAMPLE: Mapping[str, Sequence[Mapping[str, str]]] = {
    "sessions": (
        {
            "session_id": "S1", "patient_id": "P1", "date": "2026-03-02T14:30", "clinic": "North",
            "city": "Example City", "practitioner": "D1", "technique": "mesotherapy", "route": "intradermal",
            "sites": "thigh; flank", "setting": "clinic", "licensed": "yes", "age": "41", "sex": "F",
            "pregnant": "no", "history": "asthma",
        },
    ),
    "components": (
        {
            "session_id": "S1", "compound": "procaine", "amount": "40", "unit": "mg", "volume_ml": "2",
            "lot": "L12", "vial": "V7", "mix": "s1",
        },
        {
            "session_id": "S1", "compound": "vitamin C", "amount": "100", "unit": "mg", "volume_ml": "1",
            "lot": "L30", "vial": "V9", "mix": "s1",
        },
    ),
    "reactions": (
        {
            "reaction_id": "R1", "session_id": "S1", "term": "swelling", "onset_date": "2026-03-03",
            "outcome": "recovering",
        },
    ),
    "observations": (
        {
            "reaction_id": "R1", "date": "2026-03-04", "text": "soft, not warm", "present": "yes",
            "size_cm": "3", "painful": "no",
        },
        {"reaction_id": "R1", "date": "2026-03-06", "present": "yes", "size_cm": "1"},
    ),
}  # fmt: skip
