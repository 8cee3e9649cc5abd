"""The words and patterns that measures are read by, from the YAML files of `data/measures`.

A file holds `words` (lists of words by what they mean) and `patterns` (what is said around them). In a pattern,
`{name}` stands for one of the words called `name`, for `{n}` a number or for `{span}` a length of time; `(a | b c)`
is one of several, `[a | b]` the same or nothing. Every record gives its words or patterns by language: `en`, `es`,
`pt`, `fr`, or `any`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from untoward.coding.tokens import tokens_of

LANGUAGES = ("en", "es", "pt", "fr", "any")
_PIECE = re.compile(r"\{[a-z_]+\}|[()\[\]|]|[^\s()\[\]|{}]+")
NUMERIC = ("n", "ratio")
"""Slots that a number fills."""

COMPUTED = (*NUMERIC, "span")
"""Slots that are not filled from one list of words."""

_CLOSING = {"(": ")", "[": "]"}
_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word stands for, and in which languages it does."""

    value: Any
    languages: frozenset[str]

    def agrees(self, languages: frozenset[str]) -> bool:
        """Whether some language has both."""
        return "any" in self.languages or "any" in languages or not self.languages.isdisjoint(languages)


@dataclass(slots=True)
class Node:
    """A place in the tree of patterns: where each next word or kind of word leads, and what ends here."""

    words: dict[str, Node] = field(default_factory=dict)
    slots: dict[str, Node] = field(default_factory=dict)
    ends: list[tuple[str, Any, frozenset[str]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of one kind by their first word, longest first: the other words, and the meaning."""

    by_first: Mapping[str, Sequence[tuple[_Path, Meaning]]]

    def find(self, words: Sequence[str], at: int) -> Iterator[tuple[int, Meaning]]:
        """Every entry that stands at a place: the place after it, and what it means. Longest first."""
        for rest, meaning in self.by_first.get(words[at], ()):
            end = at + 1 + len(rest)
            if not rest or tuple(words[at + 1 : end]) == rest:
                yield end, meaning


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """Everything the files say: words by kind, the tree of patterns, and the words that a pattern may begin with.

    `openings` gives for each such word the slots that it may be the first word of.
    """

    words: Mapping[str, Vocabulary]
    root: Node
    openings: Mapping[str, tuple[str, ...]]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which "no" and "on" are words and only "true" and "false" are truth values."""


_Loader.yaml_implicit_resolvers = {
    letter: [entry for entry in entries if entry[0] != "tag:yaml.org,2002:bool" or letter in "tf"]
    for letter, entries in _Loader.yaml_implicit_resolvers.items()
}


@lru_cache(maxsize=1)
def measure_words() -> MeasureWords:
    """Read all files once. Raises ValueError when a record has an unknown field or a pattern cannot be read."""
    folder = resources.files("untoward.coding") / "data" / "measures"
    words: dict[str, dict[_Path, Meaning]] = {}
    root = Node()
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".yaml"):
            continue
        content = yaml.load(file.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader, see above
        for name, records in content.get("words", {}).items():
            _add_words(words.setdefault(name, {}), records)
        _add_patterns(root, content.get("patterns", ()))
    vocabularies = {name: _vocabulary(entries) for name, entries in words.items()}
    unknown = _slots(root) - set(words) - set(COMPUTED)
    if unknown:
        raise ValueError(f"patterns name words that no file has: {sorted(unknown)}")
    return MeasureWords(vocabularies, root, _openings(root, vocabularies))


def expand(pattern: str) -> tuple[_Path, ...]:
    """Every way to say a pattern, as words and `{names}`. Raises ValueError when a bracket is not closed."""
    pieces = _PIECE.findall(pattern)
    paths, end = _alternatives(pieces, 0, "")
    if end != len(pieces):
        raise ValueError(f"cannot read the pattern {pattern!r}")
    return tuple(dict.fromkeys(path for path in paths if path))


def _alternatives(pieces: Sequence[str], at: int, closing: str) -> tuple[list[_Path], int]:
    done: list[_Path] = []
    current: list[_Path] = [()]
    while at < len(pieces) and pieces[at] != closing:
        piece = pieces[at]
        if piece in (")", "]"):
            raise ValueError(f"a bracket is not opened: {' '.join(pieces)!r}")
        if piece == "|":
            done, current = done + current, [()]
        else:
            parts: list[_Path]
            if piece in _CLOSING:
                parts, at = _alternatives(pieces, at + 1, _CLOSING[piece])
                if at >= len(pieces):
                    raise ValueError(f"a bracket is not closed: {' '.join(pieces)!r}")
                parts = [*parts, ()] if piece == "[" else parts
            else:
                parts = [_literal(piece)]
            current = [a + b for a, b in itertools.product(current, parts)]
        at += 1
    return done + current, at


def _literal(piece: str) -> _Path:
    return (piece,) if piece.startswith("{") else tuple(token.word for token in tokens_of(piece)) or (piece,)


def _by_language(record: Mapping[str, Any], known: frozenset[str]) -> Iterator[tuple[str, Any]]:
    unknown = set(record) - known - set(LANGUAGES)
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)} in {dict(record)!r}")
    for language in LANGUAGES:
        for said in record.get(language, ()):
            yield language, str(said)


def _add_words(entries: dict[_Path, Meaning], records: Sequence[Mapping[str, Any]]) -> None:
    for record in records:
        for language, said in _by_language(record, frozenset({"value", "approximate"})):
            for path in expand(said):
                earlier = entries.get(path)
                languages = frozenset({language}) | (earlier.languages if earlier else frozenset())
                entries[path] = Meaning(record.get("value"), languages)


def _add_patterns(root: Node, records: Sequence[Mapping[str, Any]]) -> None:
    for record in records:
        for language, said in _by_language(record, frozenset({"kind", "value"})):
            for path in expand(said):
                node = root
                for piece in path:
                    branch, key = (node.slots, piece[1:-1]) if piece[0] == "{" else (node.words, piece)
                    node = branch.setdefault(key, Node())
                node.ends.append((record["kind"], record.get("value"), frozenset({language})))


def _vocabulary(entries: Mapping[_Path, Meaning]) -> Vocabulary:
    by_first: dict[str, list[tuple[_Path, Meaning]]] = {}
    for path in sorted(entries, key=len, reverse=True):
        by_first.setdefault(path[0], []).append((path[1:], entries[path]))
    return Vocabulary(by_first)


def _slots(node: Node) -> set[str]:
    below = (*node.words.values(), *node.slots.values())
    return set(node.slots).union(*(_slots(child) for child in below))


def _openings(root: Node, vocabularies: Mapping[str, Vocabulary]) -> dict[str, tuple[str, ...]]:
    slots: dict[str, list[str]] = {}
    for name in root.slots:
        # "Semana y media" is a length of time that has no number to begin with.
        for word in (
            vocabularies["period" if name == "span" else name].by_first if name not in NUMERIC else ()
        ):
            slots.setdefault(word, []).append(name)
    return {word: tuple(slots.get(word, ())) for word in itertools.chain(root.words, slots)}
