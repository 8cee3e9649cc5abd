"""How hard a text is to read, by the published formula of its language. A check on texts, not a proof: people judge.

| language | formula (w words per sentence, s syllables per word) | source |
|---|---|---|
| en | grade = 0.39 w + 11.8 s - 15.59 | Kincaid, Fishburne, Rogers, Chissom 1975, Research Branch Report 8-75 |
| es | ease = 206.84 - 60 s - 1.02 w | Fernández Huerta 1959, Consigna 214:29-32 |
| pt | ease = 248.835 - 84.6 s - 1.015 w | Martins, Ghiraldelo, Nunes, Oliveira 1996, Notas do ICMSC 28 |
| fr | ease = 207 - 73.6 s - 1.015 w | Kandel, Moles 1958, Cahiers d'études de radio-télévision 19:253-274 |

A grade is a year of school in the United States (grade 5 is age 10 to 11, grade 6 age 11 to 12). An ease of 70 and more is
called easy in Spanish and French (grade 6 to 7 and below); the Portuguese scale calls 50 to 75 easy (school years 5 to 8) and
more than that very easy. Syllables are counted as groups of vowels, which errs by a few per cent in either direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LIMITS = {"en": 6.0, "es": 70.0, "pt": 65.0, "fr": 70.0}
"""English: at most this grade. The others: at least this ease. Each stands for a reading age of about 10 to 12."""

LONGEST_SENTENCE = 20
"""Words in a sentence, as the content standard of the English health service asks for."""

_WEIGHTS = {"es": (206.84, 60.0, 1.02), "pt": (248.835, 84.6, 1.015), "fr": (207.0, 73.6, 1.015)}

_SENTENCE_END = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_VOWELS = "aeiouyáéíóúàèìòùâêîôûãõäëïöüœæ"
_VOWEL_GROUP = re.compile(f"[{_VOWELS}]+")
_SILENT = {
    "en": re.compile("[^aeiouy]e$(?<![^aeiouy]le)|[^aeiouytd]ed$|[^aeiouyscxz]es$"),
    "fr": re.compile("[^aeiouyéèêà](?:e|es|ent)$"),
}
_STRONG_PAIR = re.compile("[aeoáéíóúâêô][aeoáéíóú]|[aeo][íú]|[íú][aeo]")
_MUTE_U = re.compile("(?<=[qg])u(?=[eiéèêí])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How hard a text is: the score of its language's formula, and whether it is within our limit."""

    language: str
    score: float
    limit: float
    words_per_sentence: float
    syllables_per_word: float
    longest_sentence: int

    @property
    def easy_enough(self) -> bool:
        """Whether the score is on the easy side of the limit."""
        return self.score <= self.limit if self.language == "en" else self.score >= self.limit


def reading_of(lines: Iterable[str], language: str) -> Reading:
    """The reading score of several lines, each of which begins a sentence. Raises ValueError when they hold no word."""
    sentences = [words for line in lines for words in sentences_of(line)]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        raise ValueError("there is no word to read")
    per_sentence = len(words) / len(sentences)
    per_word = sum(syllables(word, language) for word in words) / len(words)
    return Reading(
        language=language,
        score=round(_score(language, per_sentence, per_word), 1),
        limit=LIMITS[language],
        words_per_sentence=round(per_sentence, 2),
        syllables_per_word=round(per_word, 3),
        longest_sentence=max(map(len, sentences)),
    )


def sentences_of(line: str) -> list[list[str]]:
    """The words of each sentence; a colon ends one, as the eye rests there. Numbers are no words."""
    found = (_WORD.findall(part) for part in _SENTENCE_END.split(line))
    return [words for words in found if words]


def syllables(word: str, language: str) -> int:
    """About how many syllables a word has: groups of vowels, with the silent endings of English and French."""
    low = word.casefold() if language == "en" else _MUTE_U.sub("", word.casefold())
    count = len(_VOWEL_GROUP.findall(low))
    if language in ("es", "pt"):
        count += len(_STRONG_PAIR.findall(low))
    elif _SILENT[language].search(low):
        count -= 1
    return max(1, count)


def _score(language: str, per_sentence: float, per_word: float) -> float:
    if language == "en":
        return 0.39 * per_sentence + 11.8 * per_word - 15.59
    base, syllable_weight, word_weight = _WEIGHTS[language]
    return base - syllable_weight * per_word - word_weight * per_sentence
