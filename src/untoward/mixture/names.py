"""Read the names of ingredients as clinics write them: synonyms, brands, strengths and amounts in the name, two
compounds in one name, close spellings.

A close spelling is taken only when exactly one compound is that close; how each name was read is part of the
answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from untoward.mixture.vehicles import is_fluid
from untoward.model.names import NameIndex, fold
from untoward.model.quantity import Quantity

CLOSE_ENOUGH = 88.0
"""Least similarity (0 to 100) at which another spelling is taken for the same name."""

CLEARLY_CLOSER = 6.0
"""How much closer the best candidate must be than the best of any other compound."""

SHORTEST_FOR_SPELLING = 5
"""Names shorter than this are never corrected: too many abbreviations look alike."""

LONGEST_NAME = 200
"""Letters of a name that are read; what is longer is no name."""

_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?)\s*"
_STRENGTH = re.compile(
    _NUMBER + r"(?P<unit>%|percent\b|mg\s*/\s*(?:ml|cc)\b|mcg\s*/\s*ml\b|ug\s*/\s*ml\b)", re.I
)
_RATIO = re.compile(r"\b1\s*:\s*(?P<parts>\d{1,3}(?:[., ]\d{3})+|\d+)", re.I)
_ACTIVITY = re.compile(_NUMBER + r"(?:iu|ui|u|units?)\b\s*(?P<per>/\s*ml\b)?", re.I)
_AMOUNT = re.compile(_NUMBER + r"(?P<unit>mcg|µg|ug|mg|g)\b(?!\s*/)", re.I)
_VOLUME = re.compile(_NUMBER + r"(?:ml|cc)\b", re.I)
_PARENTHESES = re.compile(r"\(([^)]*)\)")
_JOINED = re.compile(
    r"\s*(?:\+|/(?!\s*(?:ml|cc)\b)|&|,(?!\d)|\bwith\b|\band\b|\bcon\b|\bcom\b|\bavec\b|\by\b|\be\b|\bet\b)\s*",
    re.I,
)
_FILLERS = re.compile(
    r"\b(?:injection|injectable|solution|ampoules?|ampollas?|vials?|inyectable|hcl|hydrochloride|sodium salt|al|au)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ReadName:
    """What a name was read as.

    `read_as` says how: "name", "strength in the name", "close spelling", "vehicle" or "not recognised".
    `percent` is a strength found in the name, in g per 100 ml.
    """

    as_named: str
    compound: str | None
    read_as: str
    percent: float | None = None
    amount: Quantity | None = None
    volume: Quantity | None = None


@dataclass(frozen=True)
class NameReader:
    """Reads the names of ingredients against one index of names."""

    names: NameIndex

    def read(self, text: str) -> tuple[ReadName, ...]:
        """What a name means: one compound, or several when each part of it is known by itself."""
        text = text[:LONGEST_NAME]
        whole = self._read_one(text)
        if whole.read_as in ("name", "strength in the name", "vehicle"):
            return (whole,)
        parts = [part for part in _JOINED.split(text) if part.strip()]
        if 1 < len(parts) <= 6:
            found = [self._read_one(part) for part in parts]
            if all(part.compound is not None for part in found):
                return tuple(replace(part, volume=part.volume or whole.volume) for part in found)
        return (whole,)

    def _read_one(self, text: str) -> ReadName:
        percent, amount, volume = _percent_in(text), _amount_in(text), _volume_in(text)
        read = ReadName(text.strip(), None, "not recognised", percent, amount, volume)
        if (found := self.names.find(text)) is not None:
            return self._fluid_or(read, found, "name")
        forms = _bare_forms(text)
        for form in forms:
            if (found := self.names.find(form)) is not None:
                how = "name" if percent is None else "strength in the name"
                return self._fluid_or(read, found, how)
        if is_fluid(text):
            return replace(read, read_as="vehicle")
        for form in forms:
            if (found := closest(form, self._known)) is not None:
                return replace(read, compound=found, read_as="close spelling")
        return read

    def _fluid_or(self, read: ReadName, found: str, how: str) -> ReadName:
        """The compound found, unless it stands for the act of injecting while the name means a fluid."""
        if found == "injection-itself" and is_fluid(read.as_named):
            return replace(read, read_as="vehicle")
        return replace(read, compound=found, read_as=how)

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {name: key for name, key in self.names.keys.items() if len(name) >= SHORTEST_FOR_SPELLING}


Key = TypeVar("Key")


def closest(text: str, known: Mapping[str, Key]) -> Key | None:
    """The one key whose name is close to a folded text and clearly closer than any other key's; None otherwise."""
    if len(text) < SHORTEST_FOR_SPELLING:
        return None
    from rapidfuzz import fuzz, process  # imported here: only an unknown name pays for it

    best: dict[Key, float] = {}
    for name, score, _position in process.extract(
        text, known.keys(), scorer=fuzz.ratio, limit=12, score_cutoff=CLOSE_ENOUGH - CLEARLY_CLOSER
    ):
        key = known[name]
        best[key] = max(best.get(key, 0.0), score)
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < CLOSE_ENOUGH:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEARLY_CLOSER:
        return None
    return ranked[0][0]


def _bare_forms(text: str) -> list[str]:
    """The name without strengths, without what stands in parentheses, and what stands in parentheses."""
    bare = text
    for pattern in (_STRENGTH, _RATIO, _ACTIVITY, _AMOUNT, _VOLUME):
        bare = pattern.sub(" ", bare)
    forms = [bare, _FILLERS.sub(" ", bare), _PARENTHESES.sub(" ", bare)]
    forms += [_FILLERS.sub(" ", forms[2]), *_PARENTHESES.findall(bare)]
    return [form for form in dict.fromkeys(fold(form) for form in forms) if form]


def _percent_in(text: str) -> float | None:
    return next(_percents_in(text), None)


def _percents_in(text: str) -> Iterator[float]:
    if (ratio := _RATIO.search(text)) is not None:
        parts = float(re.sub(r"[., ]", "", ratio["parts"]))
        if parts >= 1.0:
            yield 100.0 / parts
    if (match := _STRENGTH.search(text)) is not None:
        number = float(match["number"].replace(",", "."))
        unit = re.sub(r"\s", "", match["unit"].lower())
        divisor = 1.0 if unit in ("%", "percent") else 10.0 if unit.startswith("mg") else 10_000.0
        if number / divisor <= 100.0:
            yield number / divisor


def _amount_in(text: str) -> Quantity | None:
    """A mass, else units of activity; a strength ("20 mg/ml", "1500 IU/ml") is neither."""
    rest = _STRENGTH.sub(" ", text)
    if (match := _AMOUNT.search(rest)) is not None:
        return Quantity.of(float(match["number"].replace(",", ".")), match["unit"])
    if (match := _ACTIVITY.search(rest)) is not None and match["per"] is None:
        return Quantity(float(match["number"].replace(",", ".")), "iu")
    return None


def _volume_in(text: str) -> Quantity | None:
    match = _VOLUME.search(_STRENGTH.sub(" ", text))
    return None if match is None else Quantity(float(match["number"].replace(",", ".")), "ml")
