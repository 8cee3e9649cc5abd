"""What happened to people, whether or not anybody came to know of it: reactions with their true onset and duration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from untoward.simulate.arrays import Floats, Ints, to_minutes
from untoward.simulate.world import World

NODULE, ABSCESS, CELLULITIS, HIVES, WHEEZE = "nodule", "abscess", "cellulitis", "hives", "wheeze"
OWN_TERMS = (NODULE, ABSCESS, CELLULITIS, HIVES, WHEEZE)

#: `cause` of a reaction that no planted event caused.
BACKGROUND = -1


class Course(IntEnum):
    """How a reaction goes on, which decides what is seen of it later."""

    COMMON = 0
    BACTERIAL = 1
    MYCOBACTERIAL = 2
    ALLERGIC = 3


class Severity(IntEnum):
    """How bad a reaction is at its worst."""

    MILD = 0
    MODERATE = 1
    SEVERE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """One row per reaction: the session that led to it, its term, true onset (minute) and days until it is over.

    `term` is a position in `all_terms(world)`; `cause` the number of a planted event, or BACKGROUND.
    """

    session: Ints
    term: Ints
    onset: Ints
    days: Floats
    course: Ints
    severity: Ints
    cause: Ints

    @property
    def count(self) -> int:
        """Number of reactions."""
        return int(self.session.size)

    def take(self, rows: Ints) -> Occurrences:
        """The reactions at these rows, in that order."""
        return Occurrences(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


def all_terms(world: World) -> tuple[str, ...]:
    """Every term that can occur: those with published rates, then those of infections and allergies."""
    return tuple(dict.fromkeys([*world.rates.terms, *OWN_TERMS]))


def together(parts: Sequence[Occurrences]) -> Occurrences:
    """All reactions of several parts, one after the other."""
    names = [item.name for item in fields(Occurrences)]
    return Occurrences(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def occur(
    world: World,
    session: Ints,
    *,
    term: Ints | str,
    onset_days: Floats,
    days: Floats,
    course: Course,
    severity: Ints | Severity,
    cause: int,
) -> Occurrences:
    """Reactions of these sessions; a term or severity given once holds for all of them."""
    position = all_terms(world).index(term) if isinstance(term, str) else term
    return Occurrences(
        session=session,
        term=np.broadcast_to(np.asarray(position, dtype=np.int64), session.shape),
        # A reaction is never recorded at the very minute of its session: that would read as before it.
        onset=world.visits.minute[session] + np.maximum(to_minutes(onset_days), 1),
        days=days,
        course=np.full(session.size, int(course)),
        severity=np.broadcast_to(np.asarray(severity, dtype=np.int64), session.shape),
        cause=np.full(session.size, cause),
    )
