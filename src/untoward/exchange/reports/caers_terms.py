"""Terms that stand in one cell with commas between them, although some of them hold a comma themselves.

Three signs tell that a comma is part of a term: there is no space after it ("1,25-dihydroxycholecalciferol"); what
follows begins with a small letter in a cell whose terms begin with capitals ("Hallucination, auditory"); or the two
parts make a term that is known to hold a comma. Terms learned by the second sign count for the cells in capitals of
the same files too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

KNOWN_WITH_COMMA = (
    "Hallucination, auditory",
    "Hallucination, gustatory",
    "Hallucination, olfactory",
    "Hallucination, synaesthetic",
    "Hallucination, tactile",
    "Hallucination, visual",
    "Hallucinations, mixed",
    "Delusional disorder, erotomanic type",
    "Delusional disorder, grandiose type",
    "Delusional disorder, jealous type",
    "Delusional disorder, mixed type",
    "Delusional disorder, persecutory type",
    "Delusional disorder, somatic type",
    "Delusional disorder, unspecified type",
    "Ear, nose and throat disorder",
    "Ear, nose and throat examination",
    "Ear, nose and throat examination abnormal",
    "Ear, nose and throat examination normal",
    "Ear, nose and throat infection",
)
"""Terms of this shape are never mistaken for two: what follows the comma is no term on its own."""

_BETWEEN = re.compile(r",(?=\s)|,$")
_MOST_PARTS = 4


def split_cells(cells: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The terms of each cell, in their order and each once."""
    distinct = tuple(dict.fromkeys(cells))
    parts = {cell: _parts(cell) for cell in distinct}
    known = {term.casefold() for term in KNOWN_WITH_COMMA}
    for cell in distinct:
        if not cell.islower():
            parts[cell] = _joined_by_case(parts[cell])
        known |= {part.casefold() for part in parts[cell] if ", " in part}
    return {cell: tuple(dict.fromkeys(_joined_by_list(parts[cell], known))) for cell in distinct}


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(cell) if part.strip()]


def _joined_by_case(parts: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if joined and part[0].islower():
            joined[-1] = f"{joined[-1]}, {part}"
        else:
            joined.append(part)
    return joined


def _joined_by_list(parts: Sequence[str], known: set[str]) -> list[str]:
    joined: list[str] = []
    at = 0
    while at < len(parts):
        taken = next(
            (
                count
                for count in range(_MOST_PARTS, 1, -1)
                if at + count <= len(parts) and ", ".join(parts[at : at + count]).casefold() in known
            ),
            1,
        )
        joined.append(", ".join(parts[at : at + taken]))
        at += taken
    return joined
