"""CUSUM of counts after Rossi's transformation: small lasting rises add up until they show.

Each count is brought near to a standard normal variable by ``(y - 3m + 2 sqrt(m y)) / (2 sqrt(m))``, m being the mean in
quiet times; what exceeds ``k`` is summed, never below 0, and an alarm is raised when the sum reaches ``h``. Rossi,
Lampugnani and Marchi, Stat Med 1999;18:2111. After an alarm the sum must go back to 0: without that a great outbreak
keeps the alarm ringing through weeks without a single case.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

K, H = 1.04, 2.26
"""Reference and decision values used with Rossi's transformation."""


class CusumBounds(NamedTuple):
    """One value for each point: the sum, the count that would have raised an alarm, and whether there was one."""

    total: FloatArray
    bound: FloatArray
    alarm: BoolArray


def cusum(counts: FloatArray, mean: float, *, k: float = K, h: float = H, reset: bool = True) -> CusumBounds:
    """The sum along a series of counts (nan, a gap, leaves it as it is and raises no alarm).

    ``mean`` is that of quiet times, from before the series. Raises ValueError unless mean and h are more than 0.
    """
    if not (mean > 0 and h > 0):
        raise ValueError("mean and h: expected more than 0")
    series = np.asarray(counts, dtype=np.float64)
    steps = (series - 3 * mean + 2 * np.sqrt(mean * series)) / (2 * np.sqrt(mean)) - k
    total, bound = np.zeros(series.size), np.zeros(series.size)
    alarm = np.zeros(series.size, dtype=np.bool_)
    sum_before = 0.0
    for at, step in enumerate(steps):
        bound[at] = _count_reaching(h + k - sum_before, mean)
        total[at] = sum_before if np.isnan(step) else max(sum_before + step, 0.0)
        alarm[at] = not np.isnan(step) and total[at] >= h
        sum_before = 0.0 if reset and alarm[at] else float(total[at])
    return CusumBounds(total, bound, alarm)


def _count_reaching(score: float, mean: float) -> float:
    """The count whose transformed value is the score: the transformation is a square in the root of the count."""
    inside = max(4 * mean + 2 * np.sqrt(mean) * score, 0.0)
    return float(max(np.sqrt(inside) - np.sqrt(mean), 0.0) ** 2)
