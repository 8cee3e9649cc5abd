"""What was said of the person, read through the list of substances: allergies, history, medicines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from untoward.evidence.base import EvidenceBase
from untoward.mixture.names import SHORTEST_FOR_SPELLING, closest
from untoward.model.answer import Answer
from untoward.model.mixture import Person, PersonWord
from untoward.model.names import fold

SAYS_NOTHING = frozenset(
    {
        "", "none", "no", "nil", "no allergies", "no known allergies", "no known drug allergies", "nka", "nkda", "nothing",
        "ninguna", "ninguno", "nada", "no alergias", "sin alergias", "nenhuma", "nenhum", "sem alergias", "aucune", "aucun",
        "pas d allergie", "rien", "n a",
    }
)  # fmt: skip
"""Answers that name nothing; they are neither unknown words nor facts."""

_DENIAL = re.compile(r"(?:no|not|denies|never|without|sin|sem|pas de|pas d)(?: [^ ]+){1,4}")
_EXCEPTION = re.compile(r"\b(?:but|except|only|since|pero|salvo|mas|exceto|mais|sauf)\b")

_OF_ALLERGY = ("allerg", "alerg", "hypersens", "hipersens", "anaphyla", "anafil")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRead:
    """What was understood of a person, as keys of substances.

    `allergic_to` and `has` hold the groups too; `allergens_named` and `compounds_taken` only what was named.
    """

    allergic_to: frozenset[str]
    allergens_named: frozenset[str]
    has: frozenset[str]
    compounds_taken: frozenset[str]
    words: tuple[PersonWord, ...]

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """What was said and is in no list, as it was said."""
        return tuple(dict.fromkeys(word.as_said for word in self.words if word.how == "not recognised"))


@dataclass(frozen=True)
class WordReader:
    """Reads what was said of a person against the substances of one evidence base."""

    base: EvidenceBase

    def read(self, person: Person, also_given: Iterable[str] = ()) -> PersonRead:
        """What is understood; `also_given` are ingredients that are no compound of the base but may be medicines."""
        allergies = [self._word(text, "allergies") for text in person.allergies]
        history = [self._word(text, "history") for text in person.history]
        medicines = [self._word(text, "medicines") for text in person.medicines]
        allergic = [*allergies, *(word for word in history if _speaks_of_allergy(word.as_said))]
        given = {key for text in also_given for key in self.base.substances.named(text)}
        has = {key for word in (*history, *medicines) for key in word.read_as} | given
        has |= _states(person)
        named = frozenset(key for word in allergic for key in word.read_as)
        taken = {key for word in medicines for key in word.read_as}
        return PersonRead(
            allergic_to=self.base.substances.with_groups(named),
            allergens_named=named,
            has=self.base.substances.with_groups(has),
            compounds_taken=frozenset(taken & self.base.compounds.keys()),
            words=tuple(
                word for word in (*allergies, *history, *medicines) if fold(word.as_said) not in SAYS_NOTHING
            ),
        )

    def _word(self, text: str, field: str) -> PersonWord:
        folded = fold(text)
        if folded in SAYS_NOTHING:
            return PersonWord(as_said=text, field=field)
        if found := self.base.substances.named(text):
            if field == "history" and self._is_denial(folded, found):
                return PersonWord(as_said=text, field=field, how="denied")
            return PersonWord(as_said=text, field=field, read_as=tuple(sorted(found)), how="name")
        close = self._close(folded)
        return PersonWord(
            as_said=text,
            field=field,
            read_as=tuple(sorted(close)),
            how="close spelling" if close else "not recognised",
        )

    def _is_denial(self, folded: str, named: frozenset[str]) -> bool:
        """Whether a short text denies an illness or state ("no asthma"); "no aspirin" may well be a warning."""
        substances = self.base.substances
        illness = all(
            key in substances.circumstance_names or substances.substances[key].kind == "condition"
            for key in named
            if key in substances.circumstance_names or key in substances.substances
        )
        known = named.isdisjoint(self.base.compounds) and illness
        return known and _DENIAL.fullmatch(folded) is not None and _EXCEPTION.search(folded) is None

    def _close(self, folded: str) -> frozenset[str]:
        """Substances of a close spelling: of the whole text, else of any long word of it."""
        whole = closest(folded, self._known)
        if whole is not None:
            return whole
        found = (
            closest(word, self._known) for word in folded.split(" ") if len(word) > SHORTEST_FOR_SPELLING
        )
        return frozenset(key for keys in found if keys is not None for key in keys)

    @cached_property
    def _known(self) -> Mapping[str, frozenset[str]]:
        names = self.base.substances.keys_of_name
        return {name: keys for name, keys in names.items() if len(name) >= SHORTEST_FOR_SPELLING}


def _speaks_of_allergy(text: str) -> bool:
    folded = fold(text)
    return any(word in folded for word in _OF_ALLERGY)


def _states(person: Person) -> set[str]:
    """Keys for what is told as yes or no."""
    told = {"pregnancy": person.pregnant, "breastfeeding": person.breastfeeding}
    return {key for key, answer in told.items() if answer is Answer.YES}
