"""Compounds that a text names as what was injected: "3 days after Lemon Bottle", "kybella in my chin".

A name counts unless the words before it say that it is taken or was given as a remedy ("I take …", "on …"), or
that it is the very thing denied. It is used only for a case that states nothing injected itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from untoward.coding.tokens import Token, tokens_of
from untoward.model.names import NameIndex

LONGEST_NAME = 5
SHORTEST_NAME = 4
"""Letters of the shortest name that is looked for: shorter ones are ordinary words as well."""

NOT_INJECTED = frozenset(
    """take takes taking took on drink drinking tablet tablets pill pills cream allergic allergy no not without
    tomo toma tomando tome tomar pastillas crema alergia alergica alergico sin
    tomei tomar comprimidos creme sem alergica
    prends prend pris prendre comprimes creme sans allergie allergique""".split()
)
"""Words that, up to two words before a name, say that it was not what was injected."""

REACH = 2


def compounds_named(text: str, compounds: NameIndex) -> tuple[str, ...]:
    """The names of compounds that a text says were injected, as they were written, in order."""
    tokens = tokens_of(text)
    found: dict[str, None] = {}
    place = 0
    while place < len(tokens):
        length = _longest_name(tokens, place, compounds)
        if length and not any(token.word in NOT_INJECTED for token in tokens[max(0, place - REACH) : place]):
            found[text[tokens[place].start : tokens[place + length - 1].end]] = None
        place += max(length, 1)
    return tuple(found)


def _longest_name(tokens: Sequence[Token], place: int, compounds: NameIndex) -> int:
    """Words of the longest name of a compound that begins here; 0 when none does."""
    for length in range(min(LONGEST_NAME, len(tokens) - place), 0, -1):
        name = " ".join(token.word for token in tokens[place : place + length])
        if len(name) >= SHORTEST_NAME and compounds.find(name) is not None:
            return length
    return 0
