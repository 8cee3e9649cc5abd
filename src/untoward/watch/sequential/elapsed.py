"""How much of the risk of each session had passed by a moment.

Nine tenths follow the delays to being known; one tenth is spread evenly over twice their whole range. A case that
surfaces sooner or later than any before it is then unlikely, but not impossible: else a single odd delay would be
boundless evidence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from untoward.watch.delays import Delay, elapsed_share

FloatArray = NDArray[np.float64]

EVEN_SHARE = 0.1


def risk_passed(delay: Delay, dates: FloatArray, now: float) -> FloatArray:
    """For each session the share, 0 to 1, of its cases that would be known by now (all in days since 1970).

    Never falls as time goes on. A session without a date has 1, one still to come 0.
    """
    by_delays = elapsed_share(delay, dates, now)
    longest = float(delay.known_days[-1])
    if longest <= 0:
        return by_delays
    even = np.clip((now - dates) / (2 * longest), 0.0, 1.0)
    shares: FloatArray = np.where(np.isnan(dates), 1.0, (1 - EVEN_SHARE) * by_delays + EVEN_SHARE * even)
    return shares


def risk_passed_between(delay: Delay, dates: FloatArray, start: float, now: float) -> FloatArray:
    """The share that passed from the start of the watch until now; 0 for sessions without a date."""
    passed: FloatArray = risk_passed(delay, dates, now) - risk_passed(delay, dates, start)
    return np.maximum(passed, 0.0)
