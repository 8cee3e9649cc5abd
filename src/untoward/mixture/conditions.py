"""The condition of a contraindication, cut into clauses that can be asked of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from untoward.mixture.words import PersonRead
from untoward.model.answer import Answer
from untoward.model.mixture import Person
from untoward.model.substances import SubstanceList

ANYONE = ("anyone", "everyone", "all people", "any use", "any contact")
OLD_AGE_YEARS = 65.0
"""From this age "old age" counts, as ICH E7 draws the line for older patients."""

NEWBORN_YEARS = 28.0 / 365.25
"""Up to 28 days, as the World Health Organization counts newborns."""

_OF_ALLERGY = re.compile(r"allerg|hypersens|sensitiv|intoleran|reaction to")
_UNDER = re.compile(r"\bunder (\d+)(?:\s*(months?|years?))?")
_ABOVE = re.compile(r"\bage above (\d+)")
_OLD = re.compile(r"\b(?:old|older) age\b")
_NEWBORN = re.compile(r"\b(?:newborn|premature)\b")
_MONTHS_A_YEAR = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause: who it is about. `below` and `from_age` are ages in years."""

    anyone: bool
    of_allergy: bool
    keys: frozenset[str]
    below: float | None
    from_age: float | None

    def reason(self, person: Person, read: PersonRead) -> str | None:
        """Why it applies to this person; None when nothing known makes it apply."""
        if self.anyone:
            return "anyone"
        if shared := self.keys & (read.allergic_to if self.of_allergy else read.has):
            return ", ".join(sorted(shared))
        age = person.age_years
        if age is not None and self.below is not None and age < self.below:
            return f"age {age:g}"
        if age is not None and self.from_age is not None and age >= self.from_age:
            return f"age {age:g}"
        return None

    def not_known(self, person: Person, read: PersonRead) -> Iterator[str]:
        """Plain facts it asks for that nobody told: pregnancy, breast-feeding, age."""
        if "pregnancy" in self.keys and person.pregnant is Answer.UNKNOWN and "pregnancy" not in read.has:
            yield "pregnant"
        told = person.breastfeeding is not Answer.UNKNOWN or "breastfeeding" in read.has
        if "breastfeeding" in self.keys and not told:
            yield "breastfeeding"
        if person.age_years is None and (self.below is not None or self.from_age is not None):
            yield "age"


def clauses_of(condition: str, substances: SubstanceList) -> tuple[Clause, ...]:
    """The clauses of a condition as a record words it, parted by semicolons."""
    if condition.lower().startswith(ANYONE):
        return (Clause(anyone=True, of_allergy=False, keys=frozenset(), below=None, from_age=None),)
    return tuple(_clause(part, substances) for part in condition.split(";"))


def _clause(part: str, substances: SubstanceList) -> Clause:
    text = part.lower()
    return Clause(
        anyone=False,
        of_allergy=_OF_ALLERGY.search(text) is not None,
        keys=substances.named(part),
        below=_below(text),
        from_age=_from_age(text),
    )


def _below(text: str) -> float | None:
    if (match := _UNDER.search(text)) is not None:
        in_months = (match[2] or "").startswith("month")
        return float(match[1]) / (_MONTHS_A_YEAR if in_months else 1.0)
    return NEWBORN_YEARS if _NEWBORN.search(text) else None


def _from_age(text: str) -> float | None:
    if (match := _ABOVE.search(text)) is not None:
        return float(match[1])
    return OLD_AGE_YEARS if _OLD.search(text) else None
