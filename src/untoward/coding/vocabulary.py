"""Names of terms, found in a run of words: as listed, then by their stems; misspelt words through `spelling`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from untoward.coding.lexicon import LANGUAGES, Lexicon, words_of
from untoward.coding.phrases import Words
from untoward.coding.stems import stem
from untoward.model.terms import TermKind, TermList

SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in a text: its term, its words' places (end excluded), and terms of the same stems."""

    term: str
    first: int
    end: int
    alternatives: tuple[str, ...] = ()


class Vocabulary:
    """Every name of every term that is no measured value, in every language."""

    def __init__(self, terms: TermList, lexicon: Lexicon) -> None:
        self._terms = terms
        self._exactly: dict[Words, str] = {}
        self._by_stems: dict[Words, list[str]] = {}
        self._languages: dict[Words, set[str]] = {}
        self._longest: dict[str, int] = {}
        self._everyday = _words_of_kind(lexicon, "ordinary")
        self._small = _words_of_kind(lexicon, "function_words")
        self.words: dict[str, set[str]] = {code: set() for code in LANGUAGES}
        for words, term, language in sorted(_names(terms, lexicon)):
            self._add(words, term, language)

    def _add(self, words: Words, term: str, language: str) -> None:
        self.words[language].update(words)
        self._exactly.setdefault(words, term)
        self._languages.setdefault(words, set()).add(language)
        stems = tuple(stem(word) for word in words)
        known = self._by_stems.setdefault(stems, [])
        if term not in known:
            known.append(term)
            known.sort(key=lambda item: (not self._terms[item].red_flag, item))
        if stems != words:
            self._languages.setdefault(stems, set()).add(language)
        self._longest[stems[0]] = max(len(stems), self._longest.get(stems[0], 0))

    def longest_at(
        self,
        words: Sequence[str],
        stems: Sequence[str],
        place: int,
        end: int,
        languages: Sequence[str] = LANGUAGES,
        capitals: bool = False,
    ) -> Named | None:
        """The longest name that begins here and ends before `end`; a name as listed goes before an inflected one.

        A word in `capitals` may be an abbreviation that looks like an everyday word ("LAST").
        """
        most = self._longest.get(stems[place])
        if most is None:
            return None
        for length in range(min(most, end - place), 0, -1):
            key = tuple(stems[place : place + length])
            terms = self._by_stems.get(key)
            if terms is not None:
                found = self._named(tuple(words[place : place + length]), key, terms, languages, capitals)
                if found is not None:
                    return Named(found[0], place, place + length, found[1])
        return None

    def _named(
        self, words: Words, stems: Words, terms: Sequence[str], languages: Sequence[str], capitals: bool
    ) -> tuple[str, tuple[str, ...]] | None:
        """The term of these words and its rivals; an everyday word is a name only in the language that lists it."""
        exact = self._exactly.get(words)
        if len(words) == 1 and not (exact and capitals):
            own = self._languages[words if exact else stems]
            everyday = any(words[0] in self._everyday[code] for code in (*languages, *own))
            if everyday and (exact is None or own.isdisjoint(languages)):
                return None
            if words[0] in self._small[languages[0]]:
                return None
            if exact is None and own.isdisjoint(languages):
                return None
        term = exact or terms[0]
        return term, () if exact else tuple(item for item in terms if item != term)

    def term_of(self, words: Sequence[str]) -> str | None:
        """The term of which these words are the whole name."""
        found = self.longest_at(words, [stem(word) for word in words], 0, len(words)) if words else None
        return found.term if found is not None and found.end == len(words) else None

    def terms_of_word(self, word: str) -> Iterable[str]:
        """The terms that this one word names."""
        return self._by_stems.get((stem(word),), ())


def _words_of_kind(lexicon: Lexicon, kind: str) -> dict[str, frozenset[str]]:
    """The single words of one kind by language."""
    return {
        code: frozenset(phrase[0] for phrase in words.kinds[kind] if len(phrase) == 1)
        for code, words in lexicon.languages.items()
    }


def _names(terms: TermList, lexicon: Lexicon) -> Iterator[tuple[Words, str, str]]:
    """Every name worth looking for, as words, with its term and its language."""
    for term_id, term in terms.terms.items():
        if term.kind is TermKind.VITAL:
            continue
        extra = lexicon.synonyms.get(term_id, {})
        for language in LANGUAGES:
            names = [*term.synonyms.get(language, ()), *extra.get(language, ())]
            names += [by_code[language] for by_code in (term.name, term.plain) if language in by_code]
            names += [term_id, term.pt or term_id] if language == "en" else []
            for name in names:
                words = words_of(name)
                if len(" ".join(words)) >= SHORTEST_NAME:
                    yield words, term_id, language
