"""A 2x2 table in every stratum: one common ratio, and whether the strata agree on it.

Cells as in ``two_by_two`` (a exposed ill, b exposed well, c unexposed ill, d unexposed well), one entry per stratum.
Mantel-Haenszel ratios come from ``mantel_haenszel``; here are the tests beside them and the exact common odds ratio.
Matched sets are strata too: with one exposure and no other covariate, conditional logistic regression of matched
sets is this exact common odds ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from untoward.kernels import mantel_haenszel
from untoward.kernels.conditional import FirstCell
from untoward.kernels.intervals import tail_area
from untoward.kernels.two_by_two import Ratio, Table

FloatArray = NDArray[np.float64]

LARGEST_WORK = 20_000_000
"""Products of supports that the exact distribution may cost; about a second."""

_LARGEST_LOG = 709.78


class Test(NamedTuple):
    """A chi-square statistic, its degrees of freedom and p; ``None`` where the tables cannot say."""

    value: float | None
    freedom: int
    p: float | None


class CommonCell(NamedTuple):
    """Exact distribution of all exposed cases, every stratum's margins held fixed, and how many were seen."""

    distribution: FirstCell
    observed: int


def strata_of(tables: Sequence[Table]) -> mantel_haenszel.Strata:
    """The same tables for the functions of ``mantel_haenszel``; arrays of shape (strata,)."""
    cells = np.array([(t.a, t.exposed, t.ill, t.total) for t in tables], dtype=np.float64).reshape(-1, 4)
    return mantel_haenszel.Strata(*cells.T)


def cochran_mantel_haenszel(tables: Sequence[Table], *, corrected: bool = False) -> Test:
    """Is there any association once the strata are kept apart? One degree of freedom.

    ``corrected`` takes a half off the deviation, never below nought, as R's ``mantelhaen.test`` does.
    Mantel and Haenszel, J Natl Cancer Inst 1959;22:719.
    """
    n, exposed, ill, total = strata_of([t for t in tables if t.total > 1])
    deviation = abs(float((n - exposed * ill / total).sum()))
    spread = exposed * (total - exposed) * ill * (total - ill) / (total**2 * (total - 1))
    variance = float(spread.sum())
    if variance <= 0:
        return Test(None, 1, None)
    return _chi_square(max(0.0, deviation - 0.5 * corrected) ** 2 / variance, 1)


def woolf_homogeneity(log_ratios: ArrayLike, variances: ArrayLike) -> Test:
    """Do the strata share one ratio? Weighted squares of log ratios about their inverse-variance mean.

    ``log_ratios`` and ``variances``, shape (strata,), hold only strata whose log ratio is finite; fewer than two
    give ``None``. Woolf, Ann Hum Genet 1955;19:251.
    """
    ratio, weight = np.asarray(log_ratios, float), 1 / np.asarray(variances, float)
    if ratio.size < 2:
        return Test(None, max(ratio.size - 1, 0), None)
    off = ratio - (weight * ratio).sum() / weight.sum()
    return _chi_square(float((weight * off**2).sum()), ratio.size - 1)


def log_odds_ratios(tables: Sequence[Table], half: float = 0.5) -> tuple[FloatArray, FloatArray]:
    """Log odds ratio and Woolf's variance of every stratum with both groups, ill and well people.

    ``half`` is added to every cell of a table with an empty one.
    """
    cells = np.array([(t.a, t.b, t.c, t.d) for t in tables if _speaks(t)], dtype=np.float64).reshape(-1, 4)
    cells = cells + half * (cells == 0).any(axis=1, keepdims=True)
    a, b, c, d = cells.T
    return np.log(a * d / (b * c)), (1 / cells).sum(axis=1)


def log_risk_ratios(tables: Sequence[Table]) -> tuple[FloatArray, FloatArray]:
    """Log risk ratio and its variance of every stratum in which somebody exposed and somebody unexposed fell ill."""
    kept = [t for t in tables if t.a and t.c and t.well]
    a, m, c, k = np.array([(t.a, t.exposed, t.c, t.unexposed) for t in kept], np.float64).reshape(-1, 4).T
    return np.log(a / m * k / c), 1 / a - 1 / m + 1 / c - 1 / k


def common_cell(tables: Sequence[Table]) -> CommonCell | None:
    """Sum of the first cells of all strata, given every margin; ``None`` where it would cost too much to add up.

    Its odds ratio is common to all strata. Gart, Biometrika 1970;57:471.
    """
    cells = [_first_cell(t) for t in tables]
    moving = sorted(
        (cell for cell in cells if cell.last > cell.first), key=lambda cell: cell.last - cell.first
    )
    if _work([cell.log_weights.size for cell in moving]) > LARGEST_WORK:
        return None
    weights = np.zeros(1)
    for cell in moving:
        weights = _added(weights, cell.log_weights - cell.log_weights.max())
    first = sum(cell.first for cell in cells)
    whole = FirstCell(first, first + weights.size - 1, weights, np.diff(weights))
    return CommonCell(whole, sum(t.a for t in tables))


def exact_odds_ratio(cell: CommonCell, level: float = 0.95, *, mid_p: bool = False) -> Ratio:
    """Common odds ratio: conditional maximum likelihood with the exact interval, or median-unbiased with mid-P.

    As few or as many exposed cases as the margins allow leave one limit, as in ``two_by_two``. ``None`` with the
    reason where no stratum can say anything.
    """
    tail, (known, seen) = log(tail_area(level)), cell
    method = "mid-P exact, given the strata" if mid_p else "conditional exact, given the strata"

    def upper(at: float) -> float:
        return known.log_mid_tail(seen, +1, at) if mid_p else known.log_tail(seen, known.last, at)

    def lower(at: float) -> float:
        return known.log_mid_tail(seen, -1, at) if mid_p else known.log_tail(known.first, seen, at)

    def centre(at: float) -> float:
        return known.log_mid_tail(seen, +1, at) - log(0.5) if mid_p else known.mean(at) - seen

    if known.first == known.last:
        reason = "not estimable: no stratum has ill and well, exposed and unexposed people"
        return Ratio(value=None, low=None, high=None, method=method, level=level, reason=reason)
    low = None if seen == known.first else _solved(known, lambda at: upper(at) - tail)
    high = None if seen == known.last else _solved(known, lambda at: tail - lower(at))
    if low is None:
        reason = "upper limit only: in no stratum could fewer of the exposed be ill"
        return Ratio(value=0.0, low=0.0, high=high, method=method, level=level, reason=reason)
    if high is None:
        reason = "infinite, lower limit only: in no stratum could more of the exposed be ill"
        return Ratio(value=None, low=low, high=None, method=method, level=level, reason=reason)
    return Ratio(value=_solved(known, centre), low=low, high=high, method=method, level=level)


def exact_p(cell: CommonCell) -> float:
    """Two-sided p that the common odds ratio is 1: all counts no more probable than the one seen."""
    return exp(cell.distribution.log_no_more_probable(cell.observed))


def _solved(cell: FirstCell, excess: Callable[[float], float]) -> float:
    return exp(min(cell.solve(excess, 0.0), _LARGEST_LOG))


def _speaks(table: Table) -> bool:
    return min(table.exposed, table.unexposed, table.ill, table.well) > 0


def _first_cell(table: Table) -> FirstCell:
    return FirstCell.of_margins(exposed=table.exposed, unexposed=table.unexposed, cases=table.ill)


def _work(sizes: Sequence[int]) -> int:
    total, work = 1, 0
    for size in sizes:
        work += total * size
        total += size - 1
    return work


def _added(long: FloatArray, short: FloatArray) -> FloatArray:
    """Log weights of a sum of two counts, from the log weights of each."""
    if short.size > long.size:
        long, short = short, long
    out = np.full(long.size + short.size - 1, -np.inf)
    for at, weight in enumerate(short):
        part = slice(at, at + long.size)
        out[part] = np.logaddexp(out[part], long + weight)
    # Kept at a maximum of nought, else a hundred strata drift towards the end of the doubles.
    scaled: FloatArray = out - out.max()
    return scaled


def _chi_square(value: float, freedom: int) -> Test:
    return Test(value, freedom, chi_square_p(value, freedom))


def chi_square_p(value: float, freedom: int) -> float:
    """Upper tail of the chi-square distribution."""
    return float(special.chdtrc(freedom, value))
