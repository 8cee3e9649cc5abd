"""Read the signs out of free text: coding, and what may be taken for granted of it, in one step."""

from __future__ import annotations

from functools import lru_cache

from untoward.coding.coder import CODINGS_KEPT, Coder
from untoward.coding.lexicon import Lexicon
from untoward.coding.signs import TextReading, signs_of
from untoward.model.terms import TermList


class TextReader:
    """Reads signs out of free text. Deterministic; never raises on any text; the same text gives the same object."""

    def __init__(self, terms: TermList, lexicon: Lexicon | None = None) -> None:
        self.coder = Coder(terms, lexicon)
        self._terms = terms
        self._read = lru_cache(maxsize=CODINGS_KEPT)(self._reading)

    def read(self, text: str) -> TextReading:
        """Every sign that the text tells of, by term id."""
        return self._read(text)

    def _reading(self, text: str) -> TextReading:
        return signs_of(self.coder.code(text), self._terms, text)
