"""The people of the record. A patient is known by a key, never by a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from untoward.model.answer import Answer, all_of
from untoward.model.quantity import Quantity
from untoward.model.time import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who was injected, with only what the rules ask for.

    `context` holds term ids that are known to be true.
    """

    key: str | None = None
    age_years: float | None = None
    sex: str | None = None
    weight: Quantity | None = None
    pregnant: Answer = Answer.UNKNOWN
    history: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    context: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A licence or certificate: what it allows, from when, until when."""

    kind: str
    number: str
    issuer: str = ""
    allows: tuple[str, ...] = ()
    valid_from: PartialDate | None = None
    valid_to: PartialDate | None = None

    def valid_on(self, day: date) -> Answer:
        """Whether it is certainly valid on a day, both bounds included.

        UNKNOWN when a bound is missing, or is a month or a year that the day falls into.
        """
        return all_of((self._begun_on(day), self._not_ended_on(day)))

    def _begun_on(self, day: date) -> Answer:
        that_day = PartialDate(day.year, day.month, day.day)
        if self.valid_from is None:
            return Answer.UNKNOWN
        if that_day.latest() <= self.valid_from.earliest():
            return Answer.NO
        return Answer.YES if self.valid_from.latest() <= that_day.latest() else Answer.UNKNOWN

    def _not_ended_on(self, day: date) -> Answer:
        that_day = PartialDate(day.year, day.month, day.day)
        if self.valid_to is None:
            return Answer.UNKNOWN
        if self.valid_to.latest() <= that_day.earliest():
            return Answer.NO
        return Answer.YES if that_day.earliest() <= self.valid_to.earliest() else Answer.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """Who injected, and by which right."""

    key: str
    credentials: tuple[Credential, ...] = ()
