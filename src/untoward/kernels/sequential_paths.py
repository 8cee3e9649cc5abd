"""Counting processes that have not yet crossed a stepped boundary: their distribution, carried from step to step.

Exact up to rounding: no simulation, no grid. Chances below 1e-18 are dropped on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]

_NEGLIGIBLE = 1e-18


class Boundary(NamedTuple):
    """When ``at`` events are expected, a path has crossed if there have been ``reached`` or more."""

    at: float
    reached: int


class Inside(NamedTuple):
    """The distribution of the count among paths that have not crossed: ``chance[i]`` of count ``first + i``."""

    chance: FloatArray
    first: int


START = Inside(np.ones(1), 0)


def chance_of_crossing(boundaries: Sequence[Boundary], relative_risk: float = 1.0) -> float:
    """The chance that Poisson counts ever cross, when events come ``relative_risk`` times as often as expected."""
    inside, at, crossed = START, 0.0, 0.0
    for boundary in boundaries:
        due = relative_risk * (boundary.at - at)
        crossed += crossing_now(inside, due, boundary.reached)
        inside, at = moved_on(inside, due, boundary.reached), boundary.at
    return crossed


def walked(
    boundaries: Sequence[Boundary], relative_risk: float, *, at_boundaries: bool, waits_at_first: bool
) -> tuple[float, float]:
    """The chance of crossing, and the mean expected count when watching stops (crossing or last boundary).

    ``at_boundaries``: a crossing is seen at the boundary alone (group looks); ``waits_at_first``: so it is at the
    first one (a delayed start). Otherwise it is seen with the event that crosses.
    """
    inside, at, crossed, watched = START, 0.0, 0.0, 0.0
    for step, boundary in enumerate(boundaries):
        gap = boundary.at - at
        waits = at_boundaries or (waits_at_first and step == 0)
        still = (
            inside.chance.sum() * gap if waits else _time_inside(inside, gap, relative_risk, boundary.reached)
        )
        watched += float(still)
        crossed += crossing_now(inside, relative_risk * gap, boundary.reached)
        inside, at = moved_on(inside, relative_risk * gap, boundary.reached), boundary.at
    return crossed, watched


def crossing_now(inside: Inside, due: float, limit: int) -> float:
    """The chance of being inside and then reaching ``limit`` while ``due`` more events are due."""
    missing = limit - inside.first - np.arange(inside.chance.size)
    return float(inside.chance @ special.gammainc(np.maximum(missing, 1), due)) if due > 0 else 0.0


def moved_on(inside: Inside, due: float, limit: int) -> Inside:
    """The distribution of the count after ``due`` more events are due, of paths below ``limit`` alone."""
    fewest, most = _likely_range(due)
    more = np.arange(fewest, most + 1)
    steps = np.exp(special.xlogy(more, due) - due - special.gammaln(more + 1))
    first = inside.first + fewest
    return _trimmed(Inside(np.convolve(inside.chance, steps)[: max(limit - first, 0)], first))


def _time_inside(inside: Inside, gap: float, relative_risk: float, limit: int) -> float:
    """The mean of the expected count that passes, of ``gap``, before a path reaches ``limit``."""
    room = limit - inside.first - np.arange(inside.chance.size)
    # the i-th next event comes within the gap with chance gammainc(i): the integral of a Poisson tail is their sum
    waits = (
        np.cumsum(special.gammainc(np.arange(1, int(room.max()) + 1), relative_risk * gap)) / relative_risk
    )
    return float(inside.chance @ waits[room - 1])


def _likely_range(due: float) -> tuple[int, int]:
    """Counts outside of which a Poisson variable of this mean practically never lies."""
    reach = 10 * due**0.5
    return max(int(due - reach), 0), int(due + reach) + 25


def _trimmed(inside: Inside) -> Inside:
    """Without the lowest counts that hardly any path has."""
    drop = int(np.searchsorted(np.cumsum(inside.chance), _NEGLIGIBLE))
    return Inside(inside.chance[drop:], inside.first + drop) if drop < inside.chance.size else inside
