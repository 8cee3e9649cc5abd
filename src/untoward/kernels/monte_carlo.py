"""What simulated statistics say about the observed one: tail beyond the simulations, stopping early, how rare over time.

The p-value itself, ``(1 + simulations that reach it) / (1 + simulations)``, is `monte_carlo_p`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from untoward.kernels.likelihood_ratio import monte_carlo_p

__all__ = [
    "FEWEST_CASES",
    "Tail",
    "gumbel_p",
    "monte_carlo_p",
    "reached",
    "recurrence_interval",
    "stopped_after",
]

FloatArray = NDArray[np.float64]

FEWEST_CASES = 10
"""With fewer cases than this in the window the statistic takes few values and a smooth curve misleads."""

_FEWEST_SIMULATIONS = 99
_LARGEST_MISFIT = 0.05
_TIES = 1e-12


class Tail(NamedTuple):
    """A p-value read off a fitted curve, None where no curve can be fitted, and why not to lean on it ("" if no reason)."""

    p: float | None
    caution: str


def gumbel_p(observed: float, simulated: ArrayLike, cases: int | None = None) -> Tail:
    """The chance of a statistic of at least ``observed``, from a Gumbel curve through the ``simulated`` largest ones.

    The curve has their mean and standard deviation s: scale ``s sqrt(6)/pi``, location ``mean - 0.57722 scale``, so that p can be
    smaller than the number of simulations allows (Abrams, Kulldorff and Kleinman, Int J Health Geogr 2010;9:61).
    ``cases`` is the number of cases in the window tested. Above 0, however far out; 1 for an observed 0.
    """
    values = np.asarray(simulated, float)
    if observed <= 0:
        return Tail(1.0, "")
    spread = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    if spread == 0:
        return Tail(None, "The simulated statistics do not differ, so no curve can be fitted.")
    scale = spread * np.sqrt(6) / np.pi
    location = float(values.mean()) - np.euler_gamma * scale
    p = float(_beyond(np.float64(observed), location, scale))
    return Tail(max(p, float(np.finfo(float).tiny)), _caution(values, location, scale, cases))


def _beyond(value: FloatArray | np.float64, location: float, scale: float) -> FloatArray:
    chance: FloatArray = -np.expm1(-np.exp(-(value - location) / scale))
    return chance


def _caution(values: FloatArray, location: float, scale: float, cases: int | None) -> str:
    if cases is not None and cases < FEWEST_CASES:
        return f"With fewer than {FEWEST_CASES} cases the curve may be far off; use the simulated p."
    if len(values) < _FEWEST_SIMULATIONS:
        return f"Fitted to only {len(values)} simulations; use the simulated p."
    ordered = np.sort(values)
    steps = np.arange(len(ordered) + 1) / len(ordered)
    curve = 1.0 - _beyond(ordered, location, scale)
    misfit = max(float((steps[1:] - curve).max()), float((curve - steps[:-1]).max()))
    if misfit > _LARGEST_MISFIT:
        return f"The curve is up to {misfit:.2f} away from the simulations; use the simulated p."
    return ""


def reached(simulated: FloatArray, observed: float) -> NDArray[np.bool_]:
    """Which simulated statistics are at least the observed one; equal but for rounding counts as reached."""
    return simulated * (1 + _TIES) >= observed


def stopped_after(simulated: FloatArray, observed: float, stop_when: int) -> int | None:
    """How many simulations to keep when the ``stop_when``-th one that reaches the observed statistic ends them.

    None when fewer have reached it so far. With the simulations kept, `monte_carlo_p` is still a valid p, a
    little larger than the ``stop_when / simulations`` of Besag and Clifford, Biometrika 1991;78:301.
    """
    if stop_when < 1:
        raise ValueError(f"stop_when: got {stop_when}, expected 1 or more")
    found = np.flatnonzero(reached(simulated, observed))
    return int(found[stop_when - 1]) + 1 if len(found) >= stop_when else None


def recurrence_interval(p: float, between_analyses: float) -> float:
    """Once in how long chance alone gives such a finding when the analysis is repeated, in the unit of ``between_analyses``.

    ``between_analyses / p``, for analyses that are about independent (Kleinman, Lazarus and Platt, Am J Epidemiol
    2004;159:217). Raises ValueError for a p that is not above 0 and at most 1.
    """
    if not 0 < p <= 1:
        raise ValueError(f"p: got {p}, expected a number above 0 and at most 1")
    return between_analyses / p
