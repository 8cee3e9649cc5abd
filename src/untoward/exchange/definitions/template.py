"""A commented case definition to begin with, from a few words: a valid file, whatever was left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

DEFAULT_TERMS = ("abscess", "nodule", "ulcer", "draining sinus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the definition is to hold. Dates are ISO 8601; nothing here was checked."""

    name: str = "Infection after injections"
    terms: tuple[str, ...] = DEFAULT_TERMS
    clinics: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    sessions_from: str | None = None
    sessions_to: str | None = None
    onset_from_day: int = 7
    onset_to_day: int | None = 203


def definition_template(wanted: Wanted) -> str:
    """The text of the file."""
    return "\n".join([*_head(wanted), *_limits(wanted), *_levels(wanted)]) + "\n"


def _head(wanted: Wanted) -> Iterator[str]:
    yield "# A case definition for: untoward investigate cases REGISTRY --definition THIS-FILE"
    yield "# Write it before you look at exposures, and change it only with a reason that you write down here."
    yield "# Names of reactions and findings may be given in English, Spanish, Portuguese or French."
    yield f"name: {_quoted(wanted.name)}"
    yield "question: Which exposure do the cases share that the others do not?"
    yield ""


def _limits(wanted: Wanted) -> Iterator[str]:
    yield "# Person, place and time: whom the definition speaks of. What is left out limits nothing."
    yield "# person: {age: {from: 18}, sex: [F, M]}"
    if wanted.clinics:
        yield "place:"
        yield f"  clinic: {_list(wanted.clinics)}"
    else:
        yield "# place: {clinic: [North, South]}"
    if wanted.sessions_from or wanted.sessions_to:
        yield "time:"
        yield f"  sessions: {_dates(wanted)}  # a month or a year counts with all of its days"
    else:
        yield "# time: {sessions: {from: 2026-01, to: 2026-03-31}, onset: {from: 2026-01-15}}"
    yield ""
    yield "# Levels that make somebody ill in an analysis. Left out: all of them."
    yield "# counts: [confirmed, probable]"
    yield ""


def _levels(wanted: Wanted) -> Iterator[str]:
    yield "# Each person gets the highest level that is met. A fact that nobody wrote down is unknown, never a no."
    yield "levels:"
    yield "  confirmed:"
    yield "    all:"
    yield from _illness(wanted, "      ")
    yield "      - finding: [mycobacteria culture positive]"
    yield from _exposure(wanted, "      ")
    yield "  probable:"
    yield "    all:"
    yield from _illness(wanted, "      ")
    yield "      - any:"
    yield "          - finding: [antibiotic failure]"
    yield "          - {measure: count, from: 2, label: two lesions or more}"
    yield from _exposure(wanted, "      ")
    yield "  suspect:"
    yield "    all:"
    yield from _illness(wanted, "      ")
    yield from _exposure(wanted, "      ")


def _illness(wanted: Wanted, indent: str) -> Iterator[str]:
    high = "" if wanted.onset_to_day is None else f", to: {wanted.onset_to_day}"
    yield f"{indent}- term: {_list(wanted.terms)}"
    yield f"{indent}  onset_day: {{from: {wanted.onset_from_day}{high}}}  # calendar days after any session of the person"
    yield f"{indent}  # after: last session   # count from the last session before the reaction alone"


def _exposure(wanted: Wanted, indent: str) -> Iterator[str]:
    if wanted.lots:
        yield f"{indent}# An exposure in the definition makes every case exposed: take it out to test that exposure."
        yield f"{indent}- {{exposure: lot, value: {_list(wanted.lots)}}}"


def _dates(wanted: Wanted) -> str:
    limits = (("from", wanted.sessions_from), ("to", wanted.sessions_to))
    return "{" + ", ".join(f"{name}: {_quoted(day)}" for name, day in limits if day) + "}"


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quoted(word) for word in words) + "]"


def _quoted(word: str) -> str:
    """The word as YAML in which nothing of it can mean anything else; JSON's quoting is YAML's too."""
    return json.dumps(word, ensure_ascii=False)
