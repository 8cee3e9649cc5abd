"""Incubation times: quartiles, Sartwell's log-normal, and the time of exposure that onsets point back to."""

from __future__ import annotations

from math import exp, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

FloatArray = NDArray[np.float64]

_MOST_FOR_SHAPIRO = 5000


class Spread(NamedTuple):
    """Five numbers of a set of times, in their unit; quartiles by linear interpolation, as R's default."""

    minimum: float
    lower_quartile: float
    median: float
    upper_quartile: float
    maximum: float


class LogNormal(NamedTuple):
    """A log-normal distribution of incubation times.

    ``median`` with limits ``low`` and ``high``; ``dispersion`` is the factor by which two thirds of the times differ
    from the median at most; ``share_2_5`` and ``share_97_5`` are quantiles of the fitted distribution. ``p_fit`` is
    Shapiro and Wilk's p of the logs, ``None`` beyond 5,000 times.
    """

    median: float
    low: float
    high: float
    dispersion: float
    share_2_5: float
    share_97_5: float
    p_fit: float | None


class Window(NamedTuple):
    """From when to when one exposure could lie, as numbers on the axis of the onsets; empty when start > end."""

    start: float
    end: float


def five_numbers(times: ArrayLike) -> Spread:
    """Minimum, quartiles and maximum of at least one time."""
    found = np.quantile(np.asarray(times, np.float64), (0.0, 0.25, 0.5, 0.75, 1.0))
    return Spread(*(float(value) for value in found))


def fit_log_normal(times: ArrayLike, level: float = 0.95) -> LogNormal | None:
    """Log-normal of times above nought; ``None`` for fewer than three, or when all are the same.

    Mean and standard deviation (divisor n - 1) of the logs; limits of the median by Student's t.
    Sartwell, Am J Hyg 1950;51:310.
    """
    logs = np.log(np.asarray(times, np.float64))
    if logs.size < 3 or np.ptp(logs) == 0:
        return None
    centre, spread = float(logs.mean()), float(logs.std(ddof=1))
    reach = float(special.stdtrit(logs.size - 1, (1 + level) / 2)) * spread / sqrt(logs.size)
    tail = 1.959963984540054 * spread
    return LogNormal(
        median=exp(centre),
        low=exp(centre - reach),
        high=exp(centre + reach),
        dispersion=exp(spread),
        share_2_5=exp(centre - tail),
        share_97_5=exp(centre + tail),
        p_fit=float(stats.shapiro(logs).pvalue) if logs.size <= _MOST_FOR_SHAPIRO else None,
    )


def common_window(onsets: ArrayLike, shortest: float, longest: float) -> Window:
    """When all could have been exposed at once: from the latest onset less the longest incubation, to the earliest
    onset less the shortest. Empty when these cross: then no single moment explains every onset.
    """
    times = np.asarray(onsets, np.float64)
    if times.size == 0 or not 0 <= shortest <= longest:
        raise ValueError(
            f"onsets: got {times.size}; incubation {shortest} to {longest}; expected some, and 0 <= low <= high"
        )
    return Window(float(times.max()) - longest, float(times.min()) - shortest)
