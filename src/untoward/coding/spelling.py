"""Misspelt words: a long word that nobody knows, one or two letters from a word of a name.

Only words that begin alike are compared: people seldom miss the first letter, and without this rule one everyday word in
five would be near some name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from untoward.coding.stems import stem

SHORTEST = 5
"""Words below this length are never corrected: too many of them are one letter apart."""

LONG = 8
"""From this length on two letters may be wrong."""

_REPEATED = re.compile(r"(.)\1{2,}")


class Spelling:
    """From a misspelt word to the words it may be.

    `names` are the words of names by language, `known` any other word that is right, of whatever language.
    """

    def __init__(self, names: Mapping[str, Iterable[str]], known: Iterable[str]) -> None:
        wanted = {code: sorted({word for word in words if word.isalpha()}) for code, words in names.items()}
        self._known = {stem(word) for words in (*wanted.values(), known) for word in words}
        self._by_start: dict[tuple[str, str, int], list[str]] = {}
        for code, words in wanted.items():
            for word in words:
                if len(word) >= SHORTEST - 1:
                    self._by_start.setdefault((code, word[0], len(word)), []).append(word)
        self.candidates = lru_cache(maxsize=65536)(self._candidates)

    def _candidates(self, word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
        """The words of names it may be, the likeliest alone or those as likely; none when it is right or too short."""
        if not word.isalpha() or stem(word) in self._known:
            return ()
        for plain in dict.fromkeys((_REPEATED.sub(r"\1", word), _REPEATED.sub(r"\1\1", word))):
            if plain != word and stem(plain) in self._known:
                return (plain,)
        return self._near(word, languages) if len(word) >= SHORTEST else ()

    def _near(self, word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Words that begin alike and are one letter apart, or else two for a long word."""
        for distance in (1, 2) if len(word) >= LONG else (1,):
            near = {
                found
                for code in languages
                for length in range(len(word) - distance, len(word) + distance + 1)
                for found, _distance, _place in process.extract(
                    word,
                    self._by_start.get((code, word[0], length), ()),
                    scorer=OSA.distance,
                    score_cutoff=distance,
                    limit=None,
                )
            }
            if near:
                return tuple(sorted(near))
        return ()
