"""Which cell of a row is which column, by the names in the header, and what to say when they do not fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from untoward.errors import Fault, InputError

Columns = Mapping[str, tuple[str, ...]]
"""From the name a column has here to the headers it may have in a file; case, spaces and signs do not matter."""

_ALIKE = 70.0
_SHOWN = 12


def plain(header: str) -> str:
    """A header without case, spaces and signs: "RA_Report #" and "ra report" are the same."""
    return re.sub(r"[^0-9a-z]+", "", header.casefold())


def places(headers: Sequence[str], columns: Columns) -> dict[str, int]:
    """The place of each column that is there, from 0. Of two headers alike the first counts."""
    by_name: dict[str, int] = {}
    for place, header in enumerate(headers):
        by_name.setdefault(plain(header), place)
    found = {
        name: next((by_name[plain(header)] for header in known if plain(header) in by_name), None)
        for name, known in columns.items()
    }
    return {name: place for name, place in found.items() if place is not None}


def has(headers: Sequence[str], columns: Columns, required: Collection[str]) -> bool:
    """Whether every required column is there."""
    return set(required) <= places(headers, columns).keys()


def must_have(
    file: str, headers: Sequence[str], columns: Columns, required: Sequence[str], hint: str = ""
) -> dict[str, int]:
    """The place of each column. Raises InputError that names each required column which is not there."""
    found = places(headers, columns)
    faults = [_missing(file, headers, columns[name], hint) for name in required if name not in found]
    if faults:
        raise InputError(f"{file} has not the columns that are needed", faults)
    return found


def _missing(file: str, headers: Sequence[str], known: tuple[str, ...], hint: str) -> Fault:
    near = _nearest(headers, known)
    shown = ", ".join(header.strip()[:40] for header in headers[:_SHOWN])
    return Fault(
        what=f"there is no column {known[0]}",
        file=file,
        got=shown + (", …" if len(headers) > _SHOWN else ""),
        expected=" or ".join(known),
        hint=f"Is {near} meant to be {known[0]}? Rename it then. {hint}".strip() if near else hint,
    )


def _nearest(headers: Sequence[str], known: tuple[str, ...]) -> str | None:
    from rapidfuzz import fuzz, process  # imported here: only faulty input pays for it

    wanted = [plain(name) for name in known]
    alike = {header: process.extractOne(plain(header), wanted, scorer=fuzz.ratio) for header in headers}
    best = max(alike, key=lambda header: alike[header][1], default=None)
    return best.strip()[:40] if best is not None and alike[best][1] >= _ALIKE else None
