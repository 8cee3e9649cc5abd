"""The fluid a mixture is made up in, and whether a record that was seen in one fluid holds in it.

Diclofenac with lidocaine stays clear in bicarbonate and turns milky in saline: a record that names its vehicle
says something of that vehicle alone. Unbuffered fluids are held to be alike for what went wrong in one of them,
never for what went well: so a doubt never makes a mixture look safer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from untoward.evidence.records import Pair
from untoward.model.names import fold

FLUIDS: Mapping[str, tuple[str, ...]] = {
    "as made by the maker": (
        "as made by the maker", "as sold", "ready mixed", "ready made", "no vehicle", "none added", "undiluted",
        "sin diluir", "sem diluir", "non dilue",
    ),
    "phosphate buffer": ("phosphate buffered saline", "phosphate buffered", "phosphate buffer", "pbs"),
    "bicarbonate": ("bicarbonate", "bicarbonato", "nahco3", "sodium hydrogen carbonate"),
    "saline": (
        "saline", "sodium chloride", "nacl", "suero fisiologico", "solucion salina", "cloruro sodico",
        "cloruro de sodio", "soro fisiologico", "solucao salina", "cloreto de sodio", "serum physiologique",
        "chlorure de sodium", "suero salino",
    ),
    "water": ("water", "agua", "eau", "wfi"),
    "glucose": ("glucose", "dextrose", "d5w", "glucosa", "glucosado", "dextrosa", "glicose", "glicosado"),
    "Ringer": ("ringer", "hartmann"),
}  # fmt: skip
"""Words for each fluid; the first fluid whose words are found takes them out of the text."""

UNBUFFERED = frozenset({"saline", "water", "glucose", "Ringer"})
FLUID_OF_COMPOUND: Mapping[str, str] = {
    "sodium-bicarbonate": "bicarbonate",
    "sterile-water": "water",
    "tap-water": "water",
    "bacteriostatic-saline": "saline",
    "glucose": "glucose",
}
SULFITE = "sodium-metabisulfite"
_SULFITE_WORDS = (
    "sulfite",
    "sulphite",
    "metabisulfite",
    "metabisulphite",
    "bisulfite",
    "sulfito",
    "metabisulfito",
)
_PLAIN = frozenset(
    """
    % ml cc l normal sterile isotonic physiological plain pure for of in the injection injections solution lactate
    lactated ringers or distilled bidistilled esteril esteriles para de inyeccion inyectables injetaveis
    bidestilada destilada isotonico isotonica pour preparations injectables sterile isotonique solucion solucao normale
    vehicle diluent diluente diluyente
    """.split()
)
"""Words beside the name of a fluid that add nothing to it."""
_WITHOUT = ("without", "free", "no", "sin", "sem", "sans")


class Applies(Enum):
    """Whether a record holds for the vehicle of a mixture; UNKNOWN when the vehicle was not told."""

    YES = "yes"
    UNKNOWN = "unknown"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What a text says of a fluid: any of these fluids, with or without sulfite (None: not said)."""

    fluids: frozenset[str] = frozenset()
    sulfite: bool | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything was understood."""
        return bool(self.fluids) or self.sulfite is not None


@lru_cache(maxsize=4096)
def vehicle_of(text: str) -> Vehicle:
    """The fluids and the sulfite that a text names; nothing for words like "syringe" or "laboratory"."""
    rest = f" {fold(text)} "
    fluids: set[str] = set()
    for fluid, names in FLUIDS.items():
        for name in names:
            if f" {name} " in rest:
                fluids.add(fluid)
                rest = rest.replace(f" {name} ", "  ")
    words = rest.split()
    named = [place for place, word in enumerate(words) if word in _SULFITE_WORDS]
    denied = any(
        words[near] in _WITHOUT
        for place in named
        for near in (place - 1, place + 1)
        if 0 <= near < len(words)
    )
    return Vehicle(frozenset(fluids), (not denied) if named else None)


@lru_cache(maxsize=4096)
def is_fluid(text: str) -> bool:
    """Whether the name of an ingredient means a plain fluid and nothing else.

    "Normal saline" and "NaCl 0.9 % 10 ml" do; "rose water" and "saline with arnica" do not, they are unknown.
    """
    rest = f" {fold(text)} "
    for names in FLUIDS.values():
        for name in names:
            rest = rest.replace(f" {name} ", "  ")
    others = [word for word in rest.split() if word not in _PLAIN and not any(map(str.isdigit, word))]
    return bool(vehicle_of(text).fluids) and not others


def vehicle_of_mixture(told: str | None, fluids_listed: Iterable[str], compounds: Iterable[str]) -> Vehicle:
    """What is known of a mixture's fluid: as told, else as listed among the ingredients."""
    present = set(compounds)
    said = vehicle_of(told) if told else Vehicle()
    listed = {fluid for text in fluids_listed for fluid in vehicle_of(text).fluids}
    listed |= {FLUID_OF_COMPOUND[key] for key in present & FLUID_OF_COMPOUND.keys()}
    sulfite = True if SULFITE in present else said.sulfite
    return Vehicle(said.fluids or frozenset(listed), sulfite)


def applies(record: Pair, vehicle: Vehicle) -> Applies:
    """Whether a record holds in this vehicle. One that names no fluid holds in all of them."""
    if record.vehicle is None:
        return Applies.YES
    asked = vehicle_of(record.vehicle)
    answers = [_fluid_applies(record, asked, vehicle), _sulfite_applies(record, asked, vehicle)]
    if Applies.NO in answers:
        return Applies.NO
    return Applies.UNKNOWN if Applies.UNKNOWN in answers else Applies.YES


def _fluid_applies(record: Pair, asked: Vehicle, vehicle: Vehicle) -> Applies:
    own = {FLUID_OF_COMPOUND[key] for key in record.compounds if key in FLUID_OF_COMPOUND}
    if not asked.fluids or own & asked.fluids:
        return Applies.YES
    if not vehicle.fluids:
        return Applies.UNKNOWN
    if asked.fluids & vehicle.fluids:
        return Applies.YES
    alike = record.kind != "compatibility" and asked.fluids & UNBUFFERED and vehicle.fluids & UNBUFFERED
    return Applies.YES if alike else Applies.NO


def _sulfite_applies(record: Pair, asked: Vehicle, vehicle: Vehicle) -> Applies:
    if asked.sulfite is None or SULFITE in record.compounds:
        return Applies.YES
    if vehicle.sulfite is None:
        return Applies.UNKNOWN
    return Applies.YES if vehicle.sulfite is asked.sulfite else Applies.NO
