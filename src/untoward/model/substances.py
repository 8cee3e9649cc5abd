"""Allergens, medicines and conditions outside the syringe, under one key each, so that what a person says
meets what a record says.

"soy", "soja" and "soya bean" are one allergen; "Sintrom" is acenocoumarol, which is an anticoagulant. A
record that warns of anticoagulants is therefore met by a patient who takes Sintrom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from untoward.model.names import fold, singular_forms

LONGEST_NAME_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """An allergen, a medicine, a group of medicines or a condition. `groups` names what it belongs to."""

    key: str
    kind: str
    names: Mapping[str, tuple[str, ...]]
    groups: tuple[str, ...] = ()

    def every_name(self) -> tuple[str, ...]:
        """All names in every language, and the key as words."""
        return (self.key.replace("-", " "), *(name for names in self.names.values() for name in names))


@dataclass(frozen=True)
class SubstanceList:
    """All substances, and the words that mean them.

    One word may mean several ("sulfa": a medicine and an allergy).
    """

    substances: Mapping[str, Substance]
    extra_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def _keys_of_name(self) -> Mapping[str, frozenset[str]]:
        index: dict[str, set[str]] = {}
        for key, substance in self.substances.items():
            for name in substance.every_name():
                index.setdefault(fold(name), set()).add(key)
        for key, names in self.extra_names.items():
            for name in names:
                index.setdefault(fold(name), set()).add(key)
        return {name: frozenset(keys) for name, keys in index.items()}

    def mentioned(self, text: str) -> frozenset[str]:
        """Every substance named anywhere in a text, with all the groups each belongs to."""
        words = fold(text).split(" ")
        found: set[str] = set()
        position = 0
        while position < len(words):
            length, keys = self._longest_at(words, position)
            found |= keys
            position += length
        return self.with_groups(found)

    def with_groups(self, keys: Iterable[str]) -> frozenset[str]:
        """The keys and every group they belong to, directly or through another group."""
        reached: set[str] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key not in reached:
                reached.add(key)
                waiting += self.substances[key].groups if key in self.substances else ()
        return frozenset(reached)

    def _longest_at(self, words: list[str], position: int) -> tuple[int, frozenset[str]]:
        for length in range(min(LONGEST_NAME_WORDS, len(words) - position), 0, -1):
            for form in singular_forms(" ".join(words[position : position + length])):
                if form in self._keys_of_name:
                    return length, self._keys_of_name[form]
        return 1, frozenset()
