"""Read the names of ingredients as clinics write them: synonyms, brands, strengths in the name, close
spellings.

A close spelling is taken only when exactly one compound is that close; how each name was read is part of the
answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from untoward.model.names import NameIndex, fold

CLOSE_ENOUGH = 88.0
"""Least similarity (0 to 100) at which another spelling is taken for the same name."""

CLEARLY_CLOSER = 6.0
"""How much closer the best candidate must be than the best of any other compound."""

SHORTEST_FOR_SPELLING = 5
"""Names shorter than this are never corrected: too many abbreviations look alike."""

_STRENGTH = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>%|percent|mg\s*/\s*ml|mg/cc|mcg/ml|ug/ml|iu/ml|ui/ml|u/ml|mg|ml|iu|ui|u)(?![a-z])",
    re.IGNORECASE,
)
_PARENTHESES = re.compile(r"\(([^)]*)\)")
_FILLERS = re.compile(
    r"\b(?:injection|injectable|solution|ampoules?|ampollas?|vials?|inyectable|hcl|hydrochloride|sodium salt)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ReadName:
    """What a name was read as; `percent` is a strength found in the name, in g per 100 ml."""

    compound: str | None
    read_as: str
    percent: float | None = None


def read_name(text: str, names: NameIndex) -> ReadName:
    """The compound of an ingredient's name, and how it was found."""
    found = names.find(text)
    if found is not None:
        return ReadName(found, "name")
    percent = _percent_in(text)
    for bare in _bare_forms(text):
        found = names.find(bare)
        if found is not None:
            return ReadName(found, "strength in the name" if percent is not None else "name", percent)
    for bare in _bare_forms(text):
        found = _closest(bare, names)
        if found is not None:
            return ReadName(found, "close spelling", percent)
    return ReadName(None, "not recognised", percent)


def _bare_forms(text: str) -> list[str]:
    """The name without strengths, without what stands in parentheses, and what stands in parentheses."""
    without_strength = _STRENGTH.sub(" ", text)
    forms = [without_strength, _FILLERS.sub(" ", without_strength), _PARENTHESES.sub(" ", without_strength)]
    forms += [_FILLERS.sub(" ", forms[2]), *_PARENTHESES.findall(without_strength)]
    return [form for form in dict.fromkeys(fold(form) for form in forms) if form]


def _percent_in(text: str) -> float | None:
    match = _STRENGTH.search(text)
    if match is None:
        return None
    number = float(match["number"].replace(",", "."))
    unit = match["unit"].lower().replace(" ", "")
    if unit in ("%", "percent"):
        return number
    return number / 10.0 if unit in ("mg/ml", "mg/cc") else None


def _closest(folded: str, names: NameIndex) -> str | None:
    if len(folded) < SHORTEST_FOR_SPELLING:
        return None
    known = [name for name in names.keys if len(name) >= SHORTEST_FOR_SPELLING]
    best: dict[str, float] = {}
    for name, score, _position in process.extract(
        folded, known, scorer=fuzz.ratio, limit=12, score_cutoff=CLOSE_ENOUGH - CLEARLY_CLOSER
    ):
        key = names.keys[name]
        best[key] = max(best.get(key, 0.0), score)
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < CLOSE_ENOUGH:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < CLEARLY_CLOSER:
        return None
    return ranked[0][0]
