"""Measured values in a case: which keys they stand under, and what a person can have.

A value outside what a living person can have is not used: it is returned as unrecognised and the vital sign is
unknown, because a typing error must neither alarm nor reassure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from untoward.model.answer import Answer
from untoward.model.case import Sign
from untoward.model.names import fold

VITAL_OF_KEY: Mapping[str, str] = {
    "temperature_c": "temperature",
    "heart_rate": "heart-rate",
    "respiratory_rate": "respiratory-rate",
    "systolic_bp": "systolic-bp",
    "spo2_percent": "spo2",
    "avpu": "avpu",
    "capillary_refill_s": "capillary-refill",
    "on_oxygen": "oxygen",
    "hours_without_urine": "urine-output-gap",
}
"""Keys of vital signs in a case document, with their unit in the name, and the terms they measure."""

POSSIBLE: Mapping[str, tuple[float, float]] = {
    "temperature": (20.0, 45.0),
    "heart-rate": (0.0, 350.0),
    "respiratory-rate": (0.0, 120.0),
    "systolic-bp": (0.0, 350.0),
    "spo2": (1.0, 100.0),
    "urine-output-gap": (0.0, 240.0),
    "capillary-refill": (0.0, 60.0),
}
"""Least and most that is taken as a measurement, in the unit of the term; wider than any rule's threshold."""

FAHRENHEIT = (77.0, 113.0)
LEVELS: Mapping[str, str] = {
    **dict.fromkeys(["a", "alert", "alerta", "awake", "normal", "acvpu a"], "alert"),
    **dict.fromkeys(["c", "confusion", "confused", "new confusion", "confuso", "confusa", "confusion nueva"], "confusion"),
    **dict.fromkeys(["v", "voice", "verbal", "responds to voice", "voz"], "voice"),
    **dict.fromkeys(["p", "pain", "responds to pain", "dolor"], "pain"),
    **dict.fromkeys(["u", "unresponsive", "unconscious", "sin respuesta", "no responde", "inconsciente"], "unresponsive"),
}  # fmt: skip
_NUMBER = re.compile(
    r"\s*(\d+(?:[.,]\d+)?)\s*(?:/\s*\d+)?\s*(%|°?\s*[cf]|/\s*min|mmhg|bpm|h)?\s*", re.IGNORECASE
)


def vital_sign(term: str, name: str, value: object) -> Sign | None:
    """The sign of a measured value, or None when it is no possible measurement."""
    if isinstance(value, Mapping):
        value = value.get("value")
    if term == "avpu":
        level = LEVELS.get(fold(str(value)))
        return None if level is None else _sign(term, name, {"level": level})
    if term == "oxygen":
        return _oxygen(name, value)
    number = _number(value)
    if number is None:
        return None
    if term == "temperature" and FAHRENHEIT[0] <= number <= FAHRENHEIT[1]:
        number = round((number - 32.0) / 1.8, 2)
    low, high = POSSIBLE[term]
    return _sign(term, name, {"value": number}) if low <= number <= high else None


def _sign(term: str, name: str, attributes: Mapping[str, float | str]) -> Sign:
    return Sign(term=term, answer=Answer.YES, attributes=dict(attributes), said_as=name)


def _oxygen(name: str, value: object) -> Sign | None:
    given = (
        value
        if isinstance(value, bool)
        else {"yes": True, "no": False, "si": True, "air": False}.get(fold(str(value)))
    )
    if given is None:
        number = _number(value)
        given = None if number is None else number > 0
    return None if given is None else Sign(term="oxygen", answer=Answer.of(given), said_as=name)


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    match = _NUMBER.fullmatch(str(value)) if isinstance(value, str) else None
    return None if match is None else float(match[1].replace(",", "."))
