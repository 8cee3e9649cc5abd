"""Intervals for one proportion and for one rate.

Conventions of every function here:

* ``level`` is the two-sided confidence level; each tail holds ``(1 - level) / 2``.
* Counts are whole numbers. Scalars give two floats; arrays broadcast and give two float arrays.
* "Not estimable" (nobody observed, no time at risk) is the pair ``(nan, nan)``. It is a result, not an error.
* An impossible input (negative, fractional or unknown counts, more cases than people) is a ``ValueError``.
"""

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
Counts = NDArray[Any] | Sequence[int] | Sequence[float]
"""Several counts: an array of any numeric type holding whole numbers, or a sequence of them."""


@overload
def clopper_pearson(cases: int, n: int, level: float = 0.95) -> tuple[float, float]: ...
@overload
def clopper_pearson(cases: Counts, n: Counts, level: float = 0.95) -> tuple[FloatArray, FloatArray]: ...
def clopper_pearson(
    cases: int | Counts, n: int | Counts, level: float = 0.95
) -> tuple[float, float] | tuple[FloatArray, FloatArray]:
    """Exact (Clopper-Pearson) interval for a proportion.

    Parameters
    ----------
    cases, n
        People ill and people observed, ``0 <= cases <= n``.
    level
        Two-sided confidence level, strictly between 0 and 1.

    Returns
    -------
    ``(low, high)``. No case gives ``low`` exactly 0.0, all cases gives ``high`` exactly 1.0,
    ``n = 0`` gives ``(nan, nan)``.

    Notes
    -----
    The limits are quantiles of the beta distributions Beta(cases, n - cases + 1) and
    Beta(cases + 1, n - cases). Coverage is at least ``level`` for every true proportion, at the price of
    being wider than needed. Clopper and Pearson, Biometrika 1934;26:404. Checked against the tables in
    Newcombe, Stat Med 1998;17:857, and ``scipy.stats.binomtest``.
    """
    k, size, tail = *_whole_proportion(cases, n), tail_area(level)
    rest = size - k
    with np.errstate(invalid="ignore"):
        low = np.where(k == 0, 0.0, special.betaincinv(np.maximum(k, 1.0), rest + 1, tail))
        high = np.where(rest == 0, 1.0, special.betainccinv(k + 1, np.maximum(rest, 1.0), tail))
    return _blank(low, high, unknown=size == 0)


@overload
def wilson(cases: int, n: int, level: float = 0.95) -> tuple[float, float]: ...
@overload
def wilson(cases: Counts, n: Counts, level: float = 0.95) -> tuple[FloatArray, FloatArray]: ...
def wilson(
    cases: int | Counts, n: int | Counts, level: float = 0.95
) -> tuple[float, float] | tuple[FloatArray, FloatArray]:
    """Wilson score interval for a proportion, without continuity correction.

    Parameters, returned shapes and edge cases are those of :func:`clopper_pearson`.

    Notes
    -----
    Average coverage is close to ``level``; single proportions may fall a little below it. Wilson,
    J Am Stat Assoc 1927;22:209. Checked against the tables in Newcombe, Stat Med 1998;17:857, method 3.
    """
    k, size = _whole_proportion(cases, n)
    z = -float(special.ndtri(tail_area(level)))
    divisor = np.where(size == 0, 1.0, size)
    share = k / divisor
    centre = share + z * z / (2 * divisor)
    reach = z * np.sqrt(share * (1 - share) / divisor + (z / (2 * divisor)) ** 2)
    shrink = 1 + z * z / divisor
    low = np.where(k == 0, 0.0, np.maximum((centre - reach) / shrink, 0.0))
    high = np.where(k == size, 1.0, np.minimum((centre + reach) / shrink, 1.0))
    return _blank(low, high, unknown=size == 0)


@overload
def poisson_exact(count: int, exposure: float = 1.0, level: float = 0.95) -> tuple[float, float]: ...
@overload
def poisson_exact(
    count: Counts, exposure: Counts | float = 1.0, level: float = 0.95
) -> tuple[FloatArray, FloatArray]: ...
def poisson_exact(
    count: int | Counts, exposure: Counts | float = 1.0, level: float = 0.95
) -> tuple[float, float] | tuple[FloatArray, FloatArray]:
    """Exact (Garwood) interval for a Poisson rate.

    Parameters
    ----------
    count
        Events seen.
    exposure
        Time or volume at risk in any unit, not negative; the limits are per one such unit.
        Left at 1 the limits are those of the expected count itself.
    level
        Two-sided confidence level, strictly between 0 and 1.

    Returns
    -------
    ``(low, high)``. No event gives ``low`` exactly 0.0; no exposure gives ``(nan, nan)``.

    Notes
    -----
    The limits are quantiles of the gamma distributions with shapes ``count`` and ``count + 1``. Garwood,
    Biometrika 1936;28:437.
    """
    events, time = np.broadcast_arrays(_whole(count, "count"), np.asarray(exposure, dtype=np.float64))
    _refuse(~(np.isfinite(time) & (time >= 0)), time, "exposure", "a finite number, 0 or more")
    _refuse((time == 0) & (events > 0), events, "count", "0 where the exposure is 0")
    tail = tail_area(level)
    low = np.where(events == 0, 0.0, special.gammaincinv(np.maximum(events, 1.0), tail))
    high = special.gammainccinv(events + 1, tail)
    divisor = np.where(time == 0, 1.0, time)
    return _blank(low / divisor, high / divisor, unknown=time == 0)


def tail_area(level: float) -> float:
    """Probability left in each tail by a two-sided ``level``; ``ValueError`` unless 0 < level < 1."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level: got {level!r}, expected a number between 0 and 1, such as 0.95 for 95 %")
    return (1.0 - level) / 2.0


def _whole_proportion(cases: int | Counts, n: int | Counts) -> tuple[FloatArray, FloatArray]:
    """Cases and sizes as float arrays of one shape, refused when they cannot be a proportion."""
    k, size = np.broadcast_arrays(_whole(cases, "cases"), _whole(n, "n"))
    _refuse(k > size, k, "cases", "no more than n")
    return k, size


def _whole(values: ArrayLike, name: str) -> FloatArray:
    numbers = np.asarray(values, dtype=np.float64)
    bad = ~(np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers)))
    _refuse(bad, numbers, name, "whole numbers, 0 or more")
    return numbers


def _refuse(bad: NDArray[np.bool_], values: FloatArray, name: str, expected: str) -> None:
    """Raise one ``ValueError`` that counts all bad values and shows the first five with their positions."""
    where = np.flatnonzero(bad)
    if where.size == 0:
        return
    shown = ", ".join(f"{values.flat[i]:g} at position {i}" for i in where[:5])
    more = f" and {where.size - 5} more" if where.size > 5 else ""
    raise ValueError(f"{name}: got {shown}{more}, expected {expected}")


def _blank(
    low: FloatArray, high: FloatArray, unknown: NDArray[np.bool_]
) -> tuple[float, float] | tuple[FloatArray, FloatArray]:
    """Put nan where nothing could be estimated; unwrap arrays without dimensions into floats."""
    low, high = np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)
    if low.ndim == 0:
        return float(low), float(high)
    return low, high
