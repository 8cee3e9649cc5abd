"""A case: one person, the sessions they had, and what was seen afterwards, in the order it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from untoward.model.answer import Answer
from untoward.model.people import Patient
from untoward.model.session import Session

Attribute = bool | float | str
"""What an attribute of a sign may be:

`count` and `size_cm` are numbers, `painful` a truth value, `colour` a text.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What was said of one term at one time. Attributes that were not given are unknown, not false."""

    term: str
    answer: Answer
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    said_as: str = ""
    origin: str = "findings"

    def number(self, name: str) -> float | None:
        """A numeric attribute such as `size_cm`, or None when it was not given as a number."""
        value = self.attributes.get(name)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def truth(self, name: str) -> Answer:
        """A yes/no attribute such as `spreading`; UNKNOWN when it was not given as one."""
        value = self.attributes.get(name)
        return Answer.of(value) if isinstance(value, bool) else Answer.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was seen of a person at one time.

    `day` is days since the last session before it; None when unknown.
    """

    day: float | None = None
    text: str = ""
    signs: Mapping[str, Sign] = field(default_factory=dict)
    unrecognised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An untoward occurrence after a session, as one term, with its first day and, once over, its last."""

    key: str
    term: str
    session: str | None = None
    patient: str | None = None
    onset_day: float | None = None
    resolved_day: float | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything known of one person's reaction, as the rules see it."""

    id: str
    patient: Patient = field(default_factory=Patient)
    sessions: tuple[Session, ...] = ()
    observations: tuple[Observation, ...] = ()
    unrecognised: tuple[str, ...] = ()
