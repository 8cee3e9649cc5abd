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


class SetOfThree(NamedTuple):
    """What three drugs together have, against two explanations that leave their being together out.

    ``by_singles``: the excess odds of each drug alone add up, as for two. ``by_pairs``: the strongest of the three
    pairs, with the excess odds of the third drug on top; pairs that no report has without the third are passed over.
    """

    by_singles: Interaction
    by_pairs: Interaction


_ALL_THREE = 7


def interaction_of_three(
    events: tuple[ArrayLike, ...], totals: tuple[ArrayLike, ...], level: float = 0.95
) -> SetOfThree:
    """Interaction of three drugs from counts of reports with *at least* a subset of them.

    Both tuples have eight entries, arrays of equal shape; entry ``i`` counts reports that have the drugs whose bits are
    set in ``i`` (1: first, 2: second, 4: third; entry 0: all reports). Raises ValueError where counts
    contradict each other.
    """
    event, total = _exactly(events), _exactly(totals)
    if ((event < -0.5) | (event > total + 0.5)).any():
        raise ValueError("subsets of three drugs: counts contradict each other")
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = event / (total - event)
        none = odds[0]
        above = [np.maximum(odds[single], none) - none for single in (1, 2, 4)]
        singles = none + above[0] + above[1] + above[2]
        pairs = np.full(none.shape, -np.inf)
        for pair, third in ((3, 2), (5, 1), (6, 0)):
            known = np.where(total[pair] > 0, np.maximum(odds[pair], none) + above[third], -np.inf)
            pairs = np.maximum(pairs, known)
        by_pairs = np.maximum(pairs, singles)
        expected = [_share_of(odds_) * total[_ALL_THREE] for odds_ in (singles, by_pairs)]
        found = [Interaction(due, information_component(event[_ALL_THREE], due, level)) for due in expected]
    return SetOfThree(found[0], found[1])


def _share_of(odds: FloatArray) -> FloatArray:
    share: FloatArray = np.where(np.isposinf(odds), 1.0, odds / (1 + odds))
    return share


def _exactly(at_least: tuple[ArrayLike, ...]) -> FloatArray:
    """From reports with at least a subset to reports with exactly that subset of the three drugs."""
    counts = np.array([np.asarray(part, float) for part in at_least])
    for bit in (1, 2, 4):
        for subset in range(8):
            if not subset & bit:
                counts[subset] -= counts[subset | bit]
    return counts
