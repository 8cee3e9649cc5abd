"""Do two drugs together bring out an event that neither explains: Omega, and two other baselines.

Counts are of distinct reports, as arrays of equal shape: ``n11`` reports with both drugs, ``n10`` with the
first alone, ``n01`` with the second alone, ``n00`` with neither; each with how many of them name the event.

``additive``        Omega of Norén, Sundberg, Bate and Edwards (Stat Med 2008;27:3057): odds add up
``multiplicative``  relative risks multiply: f11 = f10 f01 / f00
``three_way``       information component of order three: n111 against the product of all pairwise excesses

Each is ``log2((n111 + 1/2) / (E111 + 1/2))`` with limits from the gamma distribution of shape ``n111 + 1/2``.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from untoward.kernels.disproportionality import Ratio, information_component

FloatArray = NDArray[np.float64]
Baseline = Literal["additive", "multiplicative", "three_way"]


class Interaction(NamedTuple):
    """Expected reports with both drugs and the event, and the shrunken observed-to-expected ratio (log2)."""

    expected: FloatArray
    omega: Ratio


class Arms(NamedTuple):
    """Reports with the event, and all reports, by exposure: both drugs, first alone, second alone, neither."""

    event: tuple[FloatArray, FloatArray, FloatArray, FloatArray]
    total: tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def arms(events: tuple[ArrayLike, ...], totals: tuple[ArrayLike, ...]) -> Arms:
    """Arms from counts; raises ValueError where more reports name the event than there are."""
    event = tuple(np.asarray(value, float) for value in events)
    total = tuple(np.asarray(value, float) for value in totals)
    for name, part, whole in zip(("both", "first", "second", "neither"), event, total, strict=True):
        if ((part < 0) | (part > whole)).any():
            raise ValueError(f"{name}: more reports with the event than reports, or fewer than none")
    return Arms((event[0], event[1], event[2], event[3]), (total[0], total[1], total[2], total[3]))


def interaction(table: Arms, baseline: Baseline = "additive", level: float = 0.95) -> Interaction:
    """Observed against expected under a baseline. ``nan`` where an arm has no reports."""
    share = {
        "additive": _additive_share,
        "multiplicative": _multiplicative_share,
        "three_way": _three_way_share,
    }
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = share[baseline](table) * table.total[0]
        return Interaction(expected, information_component(table.event[0], expected, level))


def _shares(table: Arms) -> list[FloatArray]:
    return [part / whole for part, whole in zip(table.event, table.total, strict=True)]


def _additive_share(table: Arms) -> FloatArray:
    _f11, f10, f01, f00 = _shares(table)
    o10, o01, o00 = (f / (1 - f) for f in (f10, f01, f00))
    odds = np.maximum(o00, o10) + np.maximum(o00, o01) - o00
    share: FloatArray = np.where(np.isfinite(odds), 1 - 1 / (odds + 1), np.where(np.isnan(odds), np.nan, 1.0))
    return share


def _multiplicative_share(table: Arms) -> FloatArray:
    _f11, f10, f01, f00 = _shares(table)
    return np.minimum(f10 * f01 / f00, 1.0)


def _three_way_share(table: Arms) -> FloatArray:
    """Share expected from all three pairwise associations: ``n12 n13 n23 N / (n1 n2 n3)`` over ``n12``."""
    event, total = table.event, table.total
    n1, n2 = total[0] + total[1], total[0] + total[2]
    n3, everyone = sum(event), sum(total)
    n13, n23 = event[0] + event[1], event[0] + event[2]
    share: FloatArray = n13 * n23 * everyone / (n1 * n2 * n3)
    return share
