"""Which language a text is most likely in: a vote of its small words, its letters and the names in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from untoward.coding.lexicon import LANGUAGES, Lexicon

_LETTERS: Mapping[str, re.Pattern[str]] = {
    "es": re.compile(r"[ñ¿¡]|ci[oó]n\b", re.IGNORECASE),
    "pt": re.compile(r"[ãõ]|ç[aã]o\b|lh[aoe]|nh[aoe]", re.IGNORECASE),
    "fr": re.compile(r"[œèùûë]|\b(?:[ldjnsc]|qu)['’]", re.IGNORECASE),
}
_LETTER_WEIGHT = 0.6
_KINDS = ("function_words", "between", "denials", "says_nothing")
_PLAUSIBLE = 0.6
"""A language with this part of the best one's votes may be meant as well."""


class LanguageVote:
    """Tells the language of a short text. A word that several languages have counts for each of them in part."""

    def __init__(self, words_of_names: Mapping[str, Iterable[str]], lexicon: Lexicon) -> None:
        weights: dict[str, dict[str, float]] = {}
        for code, words in lexicon.languages.items():
            for kind in _KINDS:
                for phrase in words.kinds[kind]:
                    if len(phrase) == 1:
                        weights.setdefault(phrase[0], {})[code] = 1.0 if kind == "function_words" else 0.7
        _add_names(weights, words_of_names)
        self._weights = {
            word: {code: weight / len(by_code) for code, weight in by_code.items()}
            for word, by_code in weights.items()
        }

    def ranked(self, text: str, words: Sequence[str]) -> tuple[str, ...]:
        """The likeliest language first, then each that may be meant as well; all of them when nothing tells."""
        votes = dict.fromkeys(LANGUAGES, 0.0)
        for word in words:
            for code, weight in self._weights.get(word, {}).items():
                votes[code] += weight
        for code, letters in _LETTERS.items():
            votes[code] += _LETTER_WEIGHT * len(letters.findall(text))
        best = max(votes.values())
        order = sorted(LANGUAGES, key=lambda code: -votes[code])
        return tuple(code for code in order if votes[code] >= _PLAUSIBLE * best)


def _add_names(weights: dict[str, dict[str, float]], words_of_names: Mapping[str, Iterable[str]]) -> None:
    """Words of names say which language they are of, when they are no small words."""
    small = set(weights)
    for code, words in words_of_names.items():
        for word in words:
            if word not in small and len(word) > 2:
                weights.setdefault(word, {})[code] = 0.8
