"""What coding a text gives back: every term that was named, where it stands, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from untoward.model.case import Attribute


class Subject(Enum):
    """Whose sign it is: the patient's own, or somebody else's ("my friend has the same")."""

    PATIENT = "patient"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedTerm:
    """One term named in a text.

    `term` is its id; `span` the letters of the original text that name it, the end excluded; `said_as` those
    letters. `negated`: it is denied. `uncertain`: it is doubted, asked about, or denied only of another time.
    `past`: it is over, or was there before the treatment. `conditional`: it is only spoken of as something
    that may come ("call if you get a fever"). `attributes` are those of a sign (`size_cm`, `count`,
    `since_day`, `duration_days`, `severity`, `worse`, `better`, `spreading`, `painful`, `colour`, `value`).
    `alternatives` are ids of other terms that the words may mean; the cautious reading stands in `term`.
    """

    term: str
    span: tuple[int, int]
    said_as: str
    negated: bool = False
    uncertain: bool = False
    past: bool = False
    conditional: bool = False
    subject: Subject = Subject.PATIENT
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """All terms of a text, in the order in which they stand in it.

    `day` is days since the treatment when the text says so ("4 days after the injections"), else None.
    `lang` is "en", "es", "pt" or "fr", the language the text is most likely in. `unread` are spans in which
    something was said and nothing was recognised.
    """

    terms: tuple[CodedTerm, ...]
    day: float | None = None
    lang: str = "en"
    unread: tuple[tuple[int, int], ...] = ()
