"""Allergens, medicines and conditions outside the syringe, under one key each, so that what a person says
meets what a record says.

"soy", "soja" and "soya bean" are one allergen; "Sintrom" is acenocoumarol, which is an anticoagulant. A
record that warns of anticoagulants is therefore met by a patient who takes Sintrom; a record that warns of
ketorolac alone is not met by one who takes another medicine of its group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from untoward.model.names import fold, singular_forms

LONGEST_NAME_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """An allergen, a medicine, a group of medicines or a condition, by its names in each language.

    `members` are medicines of a group, `compounds` the injected compounds that belong to it, and `groups`
    what it counts as itself.
    """

    key: str
    kind: str
    names: Mapping[str, tuple[str, ...]]
    members: tuple[str, ...] = ()
    compounds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def every_name(self) -> tuple[str, ...]:
        """All names in every language, those of its members, and the key as words."""
        names = (name for names in self.names.values() for name in names)
        return (self.key.replace("-", " "), *names, *self.members)


@dataclass(frozen=True)
class SubstanceList:
    """All substances, and the words that mean them.

    One word may mean several keys ("local anaesthetic": the amides and the esters, until more is known).
    Compounds can be named by a person too; a name of a circumstance counts only where nothing else has it.
    """

    substances: Mapping[str, Substance]
    compound_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    circumstance_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def keys_of_name(self) -> Mapping[str, frozenset[str]]:
        """Every folded name, with the keys it means."""
        index: dict[str, set[str]] = {}
        for key, substance in self.substances.items():
            for name in substance.every_name():
                index.setdefault(fold(name), set()).add(key)
        for key, names in self.compound_names.items():
            for name in names:
                index.setdefault(fold(name), set()).add(key)
        for key, names in self.circumstance_names.items():
            for name in names:
                index.setdefault(fold(name), {key})
        return {name: self._without_groups(keys) for name, keys in index.items() if name}

    def _without_groups(self, keys: Iterable[str]) -> frozenset[str]:
        """The keys without those that are groups of others among them: "ketorolac" does not name every NSAID."""
        wider = {group for key in keys for group in self.with_groups([key]) if group != key}
        return frozenset(key for key in keys if key not in wider)

    @cached_property
    def _groups_of(self) -> Mapping[str, tuple[str, ...]]:
        groups: dict[str, list[str]] = {}
        for key, substance in self.substances.items():
            groups.setdefault(key, []).extend(substance.groups)
            for compound in substance.compounds:
                if compound != key:
                    groups.setdefault(compound, []).append(key)
        return {key: tuple(found) for key, found in groups.items()}

    def named(self, text: str) -> frozenset[str]:
        """Every substance that a text names, the longest name first; groups are not added."""
        words = fold(text).split(" ")
        found: set[str] = set()
        position = 0
        while position < len(words):
            length, keys = self._longest_at(words, position)
            found |= keys
            position += length
        return frozenset(found)

    def mentioned(self, text: str) -> frozenset[str]:
        """Every substance that a text names, with all the groups each belongs to."""
        return self.with_groups(self.named(text))

    def with_groups(self, keys: Iterable[str]) -> frozenset[str]:
        """The keys and every group they belong to, directly or through another group."""
        reached: set[str] = set()
        waiting = list(keys)
        while waiting:
            key = waiting.pop()
            if key not in reached:
                reached.add(key)
                waiting += self._groups_of.get(key, ())
        return frozenset(reached)

    def _longest_at(self, words: list[str], position: int) -> tuple[int, frozenset[str]]:
        for length in range(min(LONGEST_NAME_WORDS, len(words) - position), 0, -1):
            for form in singular_forms(" ".join(words[position : position + length])):
                if form in self.keys_of_name:
                    return length, self.keys_of_name[form]
        return 1, frozenset()
