"""Many e-values at once: which are lit when the share of false ones among them is to stay below alpha (e-BH).

Wang and Ramdas, J R Stat Soc B 2022;84:822: with K e-values, the k largest are lit for the largest k with
``k * e_(k) / K >= 1 / alpha``. That holds for any dependence: a lot, its product and the practitioner who used it may
share their cases. Multiplying each e-value by a weight fixed beforehand, the weights adding up to K, keeps the promise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def e_bh_levels(
    log_e: ArrayLike, *, log_weights: ArrayLike | None = None, total: int | None = None
) -> FloatArray:
    """For each e-value the smallest alpha at which e-BH lights it, at most 1.

    ``log_e`` are natural logarithms in one dimension; nan stands for a stream that could not be watched: it stays nan
    and is not counted. ``total`` is the number K of streams when only some are listed: the others must have e-values
    that cannot be lit at the alpha used, as those of streams without a case cannot. ``log_weights`` are added to
    ``log_e``; the weights of all K streams must add up to K. Raises ValueError when ``total`` is less than what is listed.
    """
    values = np.asarray(log_e, dtype=np.float64)
    weighted = values if log_weights is None else values + np.asarray(log_weights, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(weighted))
    streams = known.size if total is None else total
    if streams < known.size:
        raise ValueError(f"total: got {total}, expected at least the {known.size} streams listed")
    levels = np.full(values.shape, np.nan)
    order = known[np.argsort(-weighted[known], kind="stable")]
    with np.errstate(divide="ignore"):
        needed = np.log(streams) - np.log(np.arange(1, order.size + 1)) - weighted[order]
    best = np.minimum.accumulate(needed[::-1])[::-1]
    levels[order] = np.exp(np.minimum(best, 0.0))
    return levels


def e_bh(
    log_e: ArrayLike,
    alpha: float = 0.05,
    *,
    log_weights: ArrayLike | None = None,
    total: int | None = None,
) -> BoolArray:
    """True for each e-value that e-BH lights at alpha; see `e_bh_levels`."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha: got {alpha}, expected more than 0 and less than 1")
    levels = e_bh_levels(log_e, log_weights=log_weights, total=total)
    # a stream that reaches the threshold exactly is lit, whatever rounding the logarithm took
    lit: BoolArray = levels <= alpha * (1 + 1e-12)
    return lit
