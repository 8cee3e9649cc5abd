"""Names that a user types, found among the names that were counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import polars as pl
from rapidfuzz import fuzz, process

from untoward.errors import Fault, InputError

_LEAST_ALIKE = 60
_SUGGESTIONS = 5


def chosen(names: pl.Series, wanted: Sequence[str], field: str) -> tuple[str, ...]:
    """The counted names that are meant: capitals do not matter, and `*` stands for anything.

    Raises InputError for every name that was not counted, with those that look like it.
    """
    known = {str(name).upper(): str(name) for name in names}
    found: dict[str, None] = {}
    faults = []
    for one in wanted:
        meant = _meant(known, one.strip().upper())
        found.update(dict.fromkeys(meant))
        if not meant:
            faults.append(_unknown(known, one, field))
    if faults:
        raise InputError("No report that counts names this.", faults)
    return tuple(found)


def only_one(names: pl.Series, wanted: str, field: str) -> str:
    """The one counted name that is meant. Raises InputError when there is none, or when several fit."""
    found = chosen(names, (wanted,), field)
    if len(found) > 1:
        shown = ", ".join(found[:_SUGGESTIONS]) + (", …" if len(found) > _SUGGESTIONS else "")
        fault = Fault(what=f"{len(found)} names fit", field=field, got=wanted, expected=f"one of {shown}")
        raise InputError("It is not clear which is meant.", [fault])
    return found[0]


def _meant(known: dict[str, str], wanted: str) -> Iterable[str]:
    if wanted in known:
        return [known[wanted]]
    if "*" in wanted:
        return [name for key, name in known.items() if fnmatchcase(key, wanted.replace("[", "[[]"))]
    return []


def _unknown(known: dict[str, str], wanted: str, field: str) -> Fault:
    alike = process.extract(
        wanted.upper(), known.keys(), scorer=fuzz.WRatio, limit=_SUGGESTIONS, score_cutoff=_LEAST_ALIKE
    )
    hint = f"Did you mean {', '.join(known[key] for key, _score, _at in alike)}?" if alike else ""
    return Fault(what="not among the names counted", field=field, got=wanted[:80], hint=hint)
