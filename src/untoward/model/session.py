"""One visit in which injections were given."""

from __future__ import annotations

from dataclasses import dataclass, field

from untoward.model.answer import Answer
from untoward.model.product import Component, Mix
from untoward.model.time import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session.

    `day` is decimal days on the case's own clock (see `model.time`), None when only a date is known.
    """

    key: str | None = None
    patient: str | None = None
    day: float | None = None
    date: PartialDate | None = None
    clinic: str | None = None
    practitioner: str | None = None
    technique: str | None = None
    route: str | None = None
    sites: tuple[str, ...] = ()
    setting: str | None = None
    licensed: Answer = Answer.UNKNOWN
    components: tuple[Component, ...] = field(default=())

    def mixes(self) -> tuple[Mix, ...]:
        """The syringes of this session; components that name no mix are taken as one syringe, called ""."""
        names = dict.fromkeys(part.mix or "" for part in self.components)
        return tuple(
            Mix(name=name, components=tuple(part for part in self.components if (part.mix or "") == name))
            for name in names
        )
