"""Numbers with their units. A bare number with a hidden unit is not a value of this domain.

Only units that appear in injection records and in the evidence are known; each belongs to one dimension and
has a factor to that dimension's base unit. Temperatures are converted by their own formula, international
units of one enzyme or toxin are not comparable with those of another and are never converted.
"""

from __future__ import annotations

from dataclasses import dataclass

_FACTORS: dict[str, tuple[str, float]] = {
    "ug": ("mass", 1e-3),
    "mg": ("mass", 1.0),
    "g": ("mass", 1e3),
    "kg": ("mass", 1e6),
    "ul": ("volume", 1e-3),
    "ml": ("volume", 1.0),
    "l": ("volume", 1e3),
    "mg/ml": ("concentration", 1.0),
    "percent": ("concentration", 10.0),
    "mm": ("length", 0.1),
    "cm": ("length", 1.0),
    "inch": ("length", 2.54),
    "minute": ("time", 1.0 / 1440.0),
    "hour": ("time", 1.0 / 24.0),
    "day": ("time", 1.0),
    "week": ("time", 7.0),
    "month": ("time", 365.25 / 12.0),
    "year": ("time", 365.25),
    "iu": ("activity", 1.0),
    "unit": ("activity", 1.0),
    "mg/kg": ("dose by weight", 1.0),
    "celsius": ("temperature", 1.0),
    "fahrenheit": ("temperature", 1.0),
    "1/min": ("rate", 1.0),
    "mmhg": ("pressure", 1.0),
    "proportion": ("share", 1.0),
    "point": ("score", 1.0),
    "ph": ("acidity", 1.0),
}

_ALIASES = {
    "µg": "ug", "μg": "ug", "mcg": "ug", "milligram": "mg", "mgs": "mg", "gram": "g", "ml.": "ml", "cc": "ml",
    "millilitre": "ml", "milliliter": "ml", "%": "percent", "mg/cc": "mg/ml", "ui": "iu", "u": "unit",
    "units": "unit", "°c": "celsius", "c": "celsius", "°f": "fahrenheit", "f": "fahrenheit", "in": "inch",
    "days": "day", "hours": "hour", "weeks": "week", "months": "month", "years": "year", "minutes": "minute",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and its unit, such as 40 mg. `value` must be finite; `unit` is one this module knows."""

    value: float
    unit: str

    def __post_init__(self) -> None:
        if self.value != self.value or self.value in (float("inf"), float("-inf")):
            raise ValueError("a quantity needs a finite number")
        if self.unit not in _FACTORS:
            raise ValueError(f"unknown unit {self.unit!r}; known: {', '.join(sorted(_FACTORS))}")

    @classmethod
    def of(cls, value: float, unit: str) -> Quantity:
        """Build from a unit as people write it ("mL", "mcg", "%")."""
        return cls(value, canonical_unit(unit))

    @property
    def dimension(self) -> str:
        """What is measured: mass, volume, length, time, …"""
        return _FACTORS[self.unit][0]

    def to(self, unit: str) -> Quantity:
        """The same quantity in another unit of the same dimension. Raises ValueError when there is none."""
        unit = canonical_unit(unit)
        if unit == self.unit:
            return self
        if _FACTORS[unit][0] != self.dimension or self.dimension == "activity":
            raise ValueError(f"{self.unit} cannot be turned into {unit}")
        if self.dimension == "temperature":
            return Quantity(_convert_temperature(self.value, self.unit), unit)
        return Quantity(self.value * _FACTORS[self.unit][1] / _FACTORS[unit][1], unit)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


def canonical_unit(text: str) -> str:
    """The unit this module uses for a unit as written. Raises ValueError when it is not known."""
    folded = text.strip().lower()
    unit = _ALIASES.get(folded, folded)
    if unit not in _FACTORS:
        raise ValueError(f"unknown unit {text!r}; known: {', '.join(sorted(_FACTORS))}")
    return unit


def _convert_temperature(value: float, unit: str) -> float:
    if unit == "fahrenheit":
        return (value - 32.0) * 5.0 / 9.0
    return value * 9.0 / 5.0 + 32.0
