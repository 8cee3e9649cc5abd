"""The small words around a term and the patterns of names that stand apart: data that a clinician can extend.

The words of each language stand in `data/lexicon/<language>.yaml`, concepts and patterns beside them. An extra
file adds names of terms and small words to what comes with the package; it can take nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from untoward.coding.phrases import Words
from untoward.coding.tokens import tokens_of
from untoward.evidence.sealed_cache import read_sealed, write_sealed
from untoward.model.terms import TermList

LANGUAGES = ("en", "es", "pt", "fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallWords:
    """The small words of one language by kind (`denials`, `doubts`, `past_time`, …), each one word or several.

    `denied_in_one_word` are words that deny a term by themselves ("painless"), and that term.
    """

    kinds: Mapping[str, tuple[Words, ...]]
    denied_in_one_word: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A term named by words that stand apart: one of each concept, with at most `within` words between two.

    `alternatives` are what else the words may mean. None of the concepts `not_with` may stand in the same clause. What is only
    `felt` ("I'm not hot") is uncertain whether said or denied. A pattern that `denies` says that all is well there ("I breathe
    fine"), and so its denial states the term.
    """

    term: str
    concepts: tuple[str, ...]
    within: int = 4
    alternatives: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    felt: bool = False
    denies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Everything the coder knows of languages beside the names in the term list.

    `concepts` are words by concept and language, `places` the concepts that are parts of the body, `synonyms`
    further names of terms by term id and language.
    """

    languages: Mapping[str, SmallWords]
    concepts: Mapping[str, Mapping[str, tuple[Words, ...]]]
    places: frozenset[str]
    patterns: tuple[Pattern, ...]
    synonyms: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def with_extra(self, path: Path | str, terms: TermList | None = None) -> Lexicon:
        """Give this lexicon and what an extra file adds.

        Raises InputError with every fault of the file; with `terms` also for ids and names that do not fit them.
        """
        from untoward.coding.lexicon_file import read_extra

        return self._joined(read_extra(Path(path), self, terms))

    def with_words(self, kind: str, entries: Iterable[str]) -> Lexicon:
        """Give this lexicon and further small words of one kind, in every language."""
        more = {kind: [list(words_of(entry)) for entry in entries]}
        return replace(
            self, languages={code: _extended(words, more) for code, words in self.languages.items()}
        )

    def _joined(self, extra: Mapping[str, Any]) -> Lexicon:
        languages = {
            code: _extended(words, extra.get("words", {}).get(code, {}))
            for code, words in self.languages.items()
        }
        synonyms = {term: dict(names) for term, names in self.synonyms.items()}
        for term, names in extra.get("synonyms", {}).items():
            for code, more in names.items():
                known = synonyms.setdefault(term, {})
                known[code] = (*known.get(code, ()), *more)
        return replace(self, languages=languages, synonyms=synonyms)


@lru_cache(maxsize=32768)
def words_of(text: str) -> Words:
    """An entry as the words it is compared by."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return tuple(text.lower().split())  # the same, sooner: thousands of names are read at the start
    return tuple(token.word for token in tokens_of(text))


@lru_cache(maxsize=1)
def default_lexicon() -> Lexicon:
    """The lexicon that comes with the package: the small words and patterns, and the sayings of each language.

    Raises InputError with every fault of a file.
    """
    folder = Path(str(resources.files("untoward.coding"))) / "data" / "lexicon"
    files, sayings = sorted(folder.glob("*.yaml")), sorted((folder / "sayings").glob("*.yaml"))
    name = f"lexicon-{_digest([*files, *sayings])}"
    content = read_sealed(name)
    if content is None:
        content = _read(files, sayings)
        write_sealed(name, content)
    lexicon = _built(content)
    for extra in content["sayings"]:
        lexicon = lexicon._joined(extra)
    return lexicon


def _read(files: list[Path], sayings: list[Path]) -> dict[str, Any]:
    from untoward.coding.lexicon_file import (
        read_extra,
        read_files,
    )  # the slow path alone pays for YAML and JSON Schema

    content = read_files(files)
    lexicon = _built(content)
    return {**content, "sayings": [read_extra(path, lexicon, None) for path in sayings]}


def _digest(files: list[Path]) -> str:
    import hashlib

    code = [
        Path(__file__),
        Path(__file__).with_name("lexicon_file.py"),
        Path(__file__).with_name("tokens.py"),
    ]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in (*files, *code))).hexdigest()[:16]


def _built(content: Mapping[str, Any]) -> Lexicon:
    return Lexicon(
        languages={code: _small_words(item) for code, item in content["languages"].items()},
        concepts={
            name: {code: _phrases(entries) for code, entries in by_language.items()}
            for name, by_language in content["concepts"].items()
        },
        places=frozenset(content["place"]),
        patterns=tuple(_pattern(item) for item in content["patterns"]),
    )


def _small_words(item: Mapping[str, Any]) -> SmallWords:
    kinds = {kind: _phrases(entries) for kind, entries in item.items() if kind != "denied_in_one_word"}
    return SmallWords(kinds=kinds, denied_in_one_word=item["denied_in_one_word"])


def _phrases(entries: list[list[str]]) -> tuple[Words, ...]:
    return tuple(tuple(words) for words in entries)


def _pattern(item: Mapping[str, Any]) -> Pattern:
    return Pattern(
        term=item["term"],
        concepts=tuple(item["words"]),
        within=int(item.get("within", 4)),
        alternatives=tuple(item.get("alternatives", ())),
        not_with=tuple(item.get("not_with", ())),
        felt=item.get("felt") == "true",
        denies=item.get("denies") == "true",
    )


def _extended(words: SmallWords, extra: Mapping[str, list[list[str]]]) -> SmallWords:
    kinds = {kind: (*entries, *_phrases(extra.get(kind, []))) for kind, entries in words.kinds.items()}
    return replace(words, kinds=kinds)
