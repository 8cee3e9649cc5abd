"""One-sided Fisher tests of very many exposures at once, against the same or different totals.

Each exposure is a 2x2 table in four counts: ``a`` exposed and ill, ``exposed``, ``cases`` and ``total``. p is
 the probability of ``a`` or more exposed cases when all margins are fixed. Small p-values keep their
digits on the log scale where they would be 0.0 as plain numbers.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from untoward.kernels.conditional import log_choose

FloatArray = NDArray[np.float64]

_NEGLIGIBLE_TERM = 1e-18


def fisher_greater_many(a: ArrayLike, exposed: ArrayLike, cases: ArrayLike, total: ArrayLike) -> FloatArray:
    """One-sided Fisher p of every table; values below about 1e-308 are 0.0.

    Parameters, shapes and errors as :func:`fisher_greater_many_log`.
    """
    return np.exp(fisher_greater_many_log(a, exposed, cases, total))


def fisher_greater_many_log(
    a: ArrayLike, exposed: ArrayLike, cases: ArrayLike, total: ArrayLike
) -> FloatArray:
    """Natural logarithm of the one-sided Fisher p of every table.

    Parameters
    ----------
    a
        Exposed and ill.
    exposed, cases, total
        Number exposed, number ill, number of people. All four broadcast against each other; whole numbers.

    Returns
    -------
    Array of the common shape, values at most 0. A table with an empty margin gives 0 (p = 1).

    Raises
    ------
    ValueError
        Counts that no table can have; all are counted and the first five shown.

    Notes
    -----
    The tail is summed away from the middle of the distribution, each term from the one before, until terms
    are below 1e-18 of the first; counts below the middle use the complement. The number of steps is about
    nine standard deviations of the count, whatever the total. Relative error of p: below 1e-9 for totals of
    two million.
    """
    counts = [np.asarray(x, dtype=np.float64) for x in (a, exposed, cases, total)]
    k, m, t, n = (x.ravel() for x in np.broadcast_arrays(*counts))
    _refuse_impossible(k, m, t, n)
    shape = np.broadcast_shapes(*(x.shape for x in counts))
    upper = k > m * t / np.maximum(n, 1)
    result = np.zeros(k.shape)
    result[upper] = _log_tail(k[upper], m[upper], t[upper], n[upper], step=+1)
    below = ~upper & (k > np.maximum(0, m + t - n))
    lower = _log_tail(k[below] - 1, m[below], t[below], n[below], step=-1)
    # Rounding may lift a lower tail that holds everything a little above 1.
    result[below] = np.log1p(-np.exp(np.minimum(lower, -1e-16)))
    return np.minimum(result, 0.0).reshape(shape)


def _log_tail(k: FloatArray, m: FloatArray, t: FloatArray, n: FloatArray, *, step: int) -> FloatArray:
    """Log probability of ``k`` and everything beyond it in the direction of ``step``."""
    first = log_choose(m, k) + log_choose(n - m, t - k) - log_choose(n, t)
    total, term = np.ones(k.shape), np.ones(k.shape)
    rows = np.arange(k.size)
    while rows.size:
        term = term * _next_over_this(k, m, t, n, step)
        total[rows] += term
        k = k + step
        on = term > _NEGLIGIBLE_TERM
        rows, k, m, t, n, term = rows[on], k[on], m[on], t[on], n[on], term[on]
    return first + np.log(total)


def _next_over_this(k: FloatArray, m: FloatArray, t: FloatArray, n: FloatArray, step: int) -> FloatArray:
    """Probability of ``k + step`` over that of ``k``; 0 at the end of the support."""
    rest = n - m - t
    if step > 0:
        return (m - k) * (t - k) / ((k + 1) * (rest + k + 1))
    return k * (rest + k) / ((m - k + 1) * (t - k + 1))


def _refuse_impossible(k: FloatArray, m: FloatArray, t: FloatArray, n: FloatArray) -> None:
    whole = np.ones(k.shape, dtype=np.bool_)
    for x in (k, m, t, n):
        whole &= np.isfinite(x) & (x == np.floor(x)) & (x >= 0)
    possible = whole & (m <= n) & (t <= n) & (k <= np.minimum(m, t)) & (k >= m + t - n)
    bad = np.flatnonzero(~possible)
    if bad.size == 0:
        return
    shown = "; ".join(
        f"a={k[i]:g}, exposed={m[i]:g}, cases={t[i]:g}, total={n[i]:g} at position {i}" for i in bad[:5]
    )
    more = f" and {bad.size - 5} more" if bad.size > 5 else ""
    raise ValueError(
        f"counts: got {shown}{more}, expected whole numbers, 0 or more, with exposed and cases at most total "
        "and a between exposed + cases - total and the smaller of exposed and cases"
    )
