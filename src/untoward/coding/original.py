"""Letters put into one form for reading, with the way back to where they stand in the original text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_TEXT = 20_000
"""Letters that are read; of a longer text the rest is handed back as unread."""

_APOSTROPHES = str.maketrans(dict.fromkeys("‘`´ʼ′", "'"))


@dataclass(frozen=True, slots=True)
class Readable:
    """A text in composed letters and plain apostrophes; `places` is None when every letter kept its place."""

    text: str
    places: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The letters of the original text that these letters were made of."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end]


def readable(text: str) -> Readable:
    """The text as it is read. A letter typed as a base and an accent becomes one letter."""
    plain = text.translate(_APOSTROPHES)
    if unicodedata.is_normalized("NFC", plain):
        return Readable(plain)
    letters: list[str] = []
    places: list[int] = []
    for start, end in _clusters(plain):
        composed = unicodedata.normalize("NFC", plain[start:end])
        letters.append(composed)
        places += [start] * len(composed)
    return Readable("".join(letters), (*places, len(text)))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each letter with the accents that follow it."""
    starts = [place for place, letter in enumerate(text) if place == 0 or not unicodedata.combining(letter)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
