"""Random draws. Each stage of the simulator has its own stream, so that planting an event alters nothing before it."""

from __future__ import annotations

from enum import IntEnum
from math import log

import numpy as np
from scipy.special import ndtr, ndtri

from untoward.kernels.survival import lognormal_from_median_and_quantiles
from untoward.simulate.arrays import Floats, Ints


class Stage(IntEnum):
    """One random stream each. A number is never reused: it is part of what a seed means."""

    PATIENTS = 1
    SESSIONS = 2
    SYRINGES = 3
    STOCK = 4
    BACKGROUND = 5
    INFECTION = 6
    ALLERGY = 7
    PLANTED = 8
    REPORTING = 9
    CHECK_INS = 10
    MISSING = 11


def stream(seed: int, stage: Stage, number: int = 0) -> np.random.Generator:
    """The generator of one stage (and of one event within it), fixed by the seed alone."""
    return np.random.default_rng([seed, int(stage), number])


def lognormal(rng: np.random.Generator, median: float, log_sd: float, size: int) -> Floats:
    """Log-normal days with this median and this standard deviation of ln(days)."""
    return np.exp(rng.normal(log(median), log_sd, size))


def lognormal_within(
    rng: np.random.Generator, median: float, low: float, high: float, size: int, log_sd: float | None = None
) -> Floats:
    """Log-normal days with this median, all within [low, high].

    Without `log_sd` the range is read as the central 95 %, which fixes the spread. The tails are cut off, so the median
    of the draws stays near `median` as long as that lies near the middle of the range on the log scale.
    """
    spread = log_sd if log_sd is not None else _spread(median, low, high)
    if spread == 0:
        return np.full(size, median)
    ends: Floats = ndtr(np.log(np.array([low, high]) / median) / spread)
    days: Floats = median * np.exp(spread * ndtri(rng.uniform(ends[0], ends[1], size)))
    return np.clip(days, low, high)


def _spread(median: float, low: float, high: float) -> float:
    fitted = lognormal_from_median_and_quantiles(median, [(0.025, low), (0.975, high)])
    return 0.0 if fitted is None else fitted.sigma


def pick(rng: np.random.Generator, shares: Floats, size: int) -> Ints:
    """Positions 0 … len(shares) - 1, drawn in proportion to `shares` (which need not add up to 1)."""
    edges = np.cumsum(shares) / np.sum(shares)
    edges[-1] = 1.0  # rounding must leave no gap below 1
    return np.searchsorted(edges, rng.random(size), side="right").astype(np.int64)


def one_plus_poisson(rng: np.random.Generator, mean: float, size: int) -> Ints:
    """Counts of 1 or more with this mean: 1 plus a Poisson number."""
    return 1 + rng.poisson(mean - 1.0, size).astype(np.int64)
