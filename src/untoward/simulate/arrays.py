"""Array types and the units that the simulator's arrays are in.

Instants are whole minutes since midnight of the plan's first day; durations are decimal days.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MINUTES_PER_DAY = 1440


def to_minutes(days: Floats) -> Ints:
    """Decimal days as whole minutes, rounded to the nearest."""
    return np.rint(days * MINUTES_PER_DAY).astype(np.int64)


def runs(counts: Ints) -> tuple[Ints, Ints]:
    """Rows of a table in which item i has `counts[i]` rows: the item of each row, and its place in the item from 0."""
    owner = np.repeat(np.arange(counts.size), counts)
    place = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, place
