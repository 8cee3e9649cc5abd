"""Is any cell of a table of counts too high: likelihood-ratio statistics and their chance, by simulation.

Two forms of the statistic of a count ``n`` against ``e`` expected, both 0 where n is not above e:

``poisson``      ``n log(n/e) - (n - e)``
``conditional``  ``n log(n/e) + (m - n) log((m - n)/(m - e))``, with m the total of the cell's column, which is taken as given
                 (Huang, Zalkikar and Tiwari, J Am Stat Assoc 2011;106:1230)

The p-value of a cell is the chance, when rows and columns have nothing to do with each other, that the largest
statistic among all cells tested is at least the cell's own. So all p-values together keep the chance of any
false finding. With R simulated tables it is ``(1 + how many reached it) / (R + 1)``, never 0.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
Form = Literal["poisson", "conditional"]

_CELLS_AT_A_TIME = 4_000_000


def log_likelihood_ratio(
    n: ArrayLike, e: ArrayLike, column_total: ArrayLike | None = None, form: Form = "poisson"
) -> FloatArray:
    """The statistic, element by element; the conditional form needs the totals of the cells' columns."""
    count, expected = np.asarray(n, float), np.asarray(e, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = special.xlogy(count, count / expected)
        if form == "poisson":
            value = value - (count - expected)
        else:
            if column_total is None:
                raise ValueError("column_total: got None, expected the totals of the columns")
            others, expected_others = column_total - count, column_total - expected
            value = value + special.xlogy(others, others / expected_others)
    excess: FloatArray = np.where(count > expected, value, 0.0)
    return excess


def largest_by_chance(
    table: ArrayLike,
    form: Form,
    replicates: int,
    *,
    by_column: bool,
    tested: NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> FloatArray:
    """The largest statistics among the cells ``tested`` of simulated tables (rows by columns).

    Every column keeps its total and is dealt over the rows in the proportions of the row totals. Shape
    (replicates,) or, ``by_column``, (replicates, columns). Raises ValueError for a table without counts.
    """
    counts = np.asarray(table, np.int64)
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), int(counts.sum())
    if total == 0 or (counts < 0).any() or replicates < 1:
        raise ValueError("expected a table of counts with at least one above 0, and a replicate or more")
    expected = np.outer(rows, columns) / total
    inside = np.ones(counts.shape, bool) if tested is None else tested
    random = np.random.default_rng(seed)
    largest = np.zeros((replicates, len(columns)))
    step = max(1, _CELLS_AT_A_TIME // max(len(rows), 1))
    for column, column_total in enumerate(columns):
        for start in range(0, replicates, step):
            many = min(step, replicates - start)
            drawn = random.multinomial(column_total, rows / total, size=many)
            value = log_likelihood_ratio(drawn, expected[:, column], column_total, form)
            largest[start : start + many, column] = np.where(inside[:, column], value, 0.0).max(axis=1)
    return largest if by_column else largest.max(axis=1)


def monte_carlo_p(observed: ArrayLike, largest: FloatArray) -> FloatArray:
    """The share of simulated largest statistics that reach the observed ones, the observed table counted in.

    ``largest`` of shape (replicates,) is used for all, of shape (replicates, columns) for the columns of
    ``observed``. An observed 0 has p 1.
    """
    seen = np.asarray(observed, float)
    if largest.ndim == 1:
        return _reached(seen, largest)
    return np.stack([_reached(seen[..., at], largest[:, at]) for at in range(largest.shape[1])], axis=-1)


def _reached(observed: FloatArray, largest: FloatArray) -> FloatArray:
    # statistics of equal tables differ in the last digits with the order of sums; ties must count
    ordered = np.sort(largest) * (1 + 1e-12)
    reached = len(ordered) - np.searchsorted(ordered, observed, side="left")
    p: FloatArray = np.where(observed > 0, (1.0 + reached) / (len(ordered) + 1.0), 1.0)
    return p
