"""Names of terms, found in a run of words: as listed, then by their stems; misspelt words through `spelling`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from untoward.coding.lexicon import LANGUAGES, Lexicon, words_of
from untoward.coding.stems import stem
from untoward.evidence.sealed_cache import read_sealed, write_sealed
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
    """Every name of every term that is no measured value, in every language.

    Names are kept as their words joined by a space. Putting some fifty thousand of them in order takes a
    second, so the result is kept under a seal and read again as long as names and code stay the same.
    """

    def __init__(self, terms: TermList, lexicon: Lexicon) -> None:
        self._everyday = _words_of_kind(lexicon, "ordinary")
        self._small = _words_of_kind(lexicon, "function_words")
        self._red_flags = frozenset(key for key, term in terms.terms.items() if term.red_flag)
        listed = list(_listed(terms, lexicon))
        name = f"vocabulary-{_digest(listed, terms)}"
        content = read_sealed(name)
        if content is None:
            content = _put_in_order(listed, terms)
            write_sealed(name, content)
        self._exactly: dict[str, str] = content["exactly"]
        self._by_stems: dict[str, list[str]] = content["by_stems"]
        self._languages: dict[str, list[str]] = content["languages"]
        self._longest: dict[str, int] = content["longest"]
        self.words = {code: frozenset(words) for code, words in content["words"].items()}

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
            key = " ".join(stems[place : place + length])
            terms = self._by_stems.get(key)
            if terms is not None:
                said = " ".join(words[place : place + length])
                found = self._named(said, key, terms, languages, capitals)
                if found is not None:
                    return Named(found[0], place, place + length, found[1])
        return None

    def _named(
        self, said: str, stems: str, terms: Sequence[str], languages: Sequence[str], capitals: bool
    ) -> tuple[str, tuple[str, ...]] | None:
        """The term of these words and its rivals; an everyday word is a name only in the language that lists it."""
        exact = self._exactly.get(said)
        if " " not in said and not (exact and capitals):
            own = frozenset(self._languages[said if exact else stems])
            grave = exact is not None and exact in self._red_flags
            # a red flag is never lost because its name is an everyday word of another language
            everyday = not grave and any(said in self._everyday[code] for code in (*languages, *own))
            if everyday and (exact is None or own.isdisjoint(languages)):
                return None
            if said in self._small[languages[0]]:
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
        return self._by_stems.get(stem(word), ())


def _words_of_kind(lexicon: Lexicon, kind: str) -> dict[str, frozenset[str]]:
    """The single words of one kind by language."""
    return {
        code: frozenset(phrase[0] for phrase in words.kinds[kind] if len(phrase) == 1)
        for code, words in lexicon.languages.items()
    }


def _listed(terms: TermList, lexicon: Lexicon) -> Iterator[tuple[str, str, str]]:
    """Every name as it is listed, with its term and its language."""
    for term_id, term in terms.terms.items():
        if term.kind is TermKind.VITAL:
            continue
        extra = lexicon.synonyms.get(term_id, {})
        for language in LANGUAGES:
            names = [*term.synonyms.get(language, ()), *extra.get(language, ())]
            names += [by_code[language] for by_code in (term.name, term.plain) if language in by_code]
            names += [term_id, term.pt or term_id] if language == "en" else []
            yield from ((name, term_id, language) for name in names)


def _digest(listed: Sequence[tuple[str, str, str]], terms: TermList) -> str:
    """What the order of the vocabulary depends on: the names, the red flags, and the code that makes words of them."""
    flags = sorted(term_id for term_id, term in terms.terms.items() if term.red_flag)
    code = (Path(__file__).with_name(f"{name}.py").read_bytes() for name in ("vocabulary", "tokens", "stems"))
    text = "\n".join("\t".join(entry) for entry in listed) + "\n".join(flags)
    return hashlib.sha256(b"\0".join((text.encode(), *code))).hexdigest()[:16]


def _put_in_order(listed: Iterable[tuple[str, str, str]], terms: TermList) -> dict[str, Any]:
    """Names by their words and by the stems of these; where several terms share stems, red flags first."""
    exactly: dict[str, str] = {}
    by_stems: dict[str, list[str]] = {}
    languages: dict[str, set[str]] = {}
    longest: dict[str, int] = {}
    words_in: dict[str, set[str]] = {code: set() for code in LANGUAGES}
    for words, term, language in sorted({(words_of(name), term, code) for name, term, code in listed}):
        name = " ".join(words)
        if len(name) < SHORTEST_NAME:
            continue
        words_in[language].update(words)
        exactly.setdefault(name, term)
        stems = [stem(word) for word in words]
        known = by_stems.setdefault(" ".join(stems), [])
        if term not in known:
            known.append(term)
            known.sort(key=lambda item: (not terms[item].red_flag, item))
        for key in {name, " ".join(stems)}:
            languages.setdefault(key, set()).add(language)
        longest[stems[0]] = max(len(stems), longest.get(stems[0], 0))
    return {
        "exactly": exactly,
        "by_stems": by_stems,
        "languages": {key: sorted(codes) for key, codes in languages.items()},
        "longest": longest,
        "words": {code: sorted(words) for code, words in words_in.items()},
    }
