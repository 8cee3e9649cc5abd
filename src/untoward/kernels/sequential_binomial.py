"""MaxSPRT for cases among matched events: each event is a case with a known probability when there is no excess.

Kulldorff, Davis, Kolczak, Lewis, Lieu and Platt, Sequential Analysis 2011;30:58. With ``z`` comparison persons or
days for each exposed one the probability is ``1 / (1 + z)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import log

import numpy as np

from untoward.kernels.sequential import CriticalValue, check_alpha, check_least_count, smallest_not_exceeding

MOST_EVENTS = 2_000
"""The longest watch: the statistic's possible values are all tried, and they grow with the square of this."""


def binomial_llr(cases: int, events: int, p0: float) -> float:
    """Log-likelihood ratio of ``cases`` among ``events`` against the share ``p0`` under no excess; 0 when not above."""
    share = cases / events if events else 0.0
    if share <= p0:
        return 0.0
    others = events - cases
    return cases * log(share / p0) + (others * log((1 - share) / (1 - p0)) if others else 0.0)


def binomial_critical(
    events: int,
    p0: float,
    alpha: float = 0.05,
    *,
    least_count: int = 1,
    groups: Sequence[int] | None = None,
) -> CriticalValue:
    """The smallest critical value whose chance of being crossed within ``events`` events is at most alpha.

    ``groups``: how many events come between one look and the next, the last group ending the watch; None for a
    look after every event. There is no value when even a run of cases alone is not rare enough. Raises ValueError
    for settings that cannot be.
    """
    _check(events, p0, groups)
    check_alpha(alpha)
    check_least_count(least_count)

    def excess(value: float) -> float:
        return binomial_crossing(value, events, p0, least_count=least_count, groups=groups) - alpha

    looks = _looks(events, groups)
    values = [binomial_llr(n, total, p0) for total in looks for n in range(least_count, total + 1)]
    if not any(value > 0 for value in values):
        return CriticalValue(
            None, 0.0, f"no critical value: {least_count} cases cannot occur in {events} events"
        )
    above, value = smallest_not_exceeding(excess, values)
    chance = excess(value) + alpha
    if chance > alpha:
        reason = f"no critical value: {events} cases in {events} events have a chance of {chance:.2g}, more than {alpha:g}"
        return CriticalValue(None, chance, reason)
    return CriticalValue(value, chance, above=above)


def binomial_crossing(
    critical: float, events: int, p0: float, *, least_count: int = 1, groups: Sequence[int] | None = None
) -> float:
    """The chance of ever crossing a critical value when each event is a case with probability ``p0``."""
    looks = set(_looks(events, groups))
    inside, crossed = np.ones(1), 0.0
    for total in range(1, events + 1):
        moved = np.zeros(inside.size + 1)
        moved[:-1] += inside * (1 - p0)
        moved[1:] += inside * p0
        limit = (
            _first_case_count(critical, total, p0, least_count, moved.size) if total in looks else moved.size
        )
        crossed += float(moved[limit:].sum())
        inside = moved[:limit]
    return crossed


def _first_case_count(critical: float, total: int, p0: float, least_count: int, size: int) -> int:
    """The fewest cases that cross, or ``size`` when none of the counts that can be does."""
    low, high = min(max(least_count, 1), size), size
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if binomial_llr(middle, total, p0) >= critical else (middle + 1, high)
    return low


def _looks(events: int, groups: Sequence[int] | None) -> list[int]:
    return list(range(1, events + 1)) if groups is None else list(accumulate(groups))


def _check(events: int, p0: float, groups: Sequence[int] | None) -> None:
    if not 1 <= events <= MOST_EVENTS:
        raise ValueError(f"events: got {events}, expected 1 to {MOST_EVENTS:,}")
    if not 0 < p0 < 1:
        raise ValueError(f"p0: got {p0}, expected more than 0 and less than 1")
    if groups is not None and (min(groups, default=0) < 1 or sum(groups) != events):
        raise ValueError(
            f"groups: got {list(groups)}, expected whole numbers from 1 that add up to {events} events"
        )
