"""P-values adjusted for the number of questions asked.

A ``nan`` stands for a question that could not be asked: it stays ``nan`` and is not counted. Results have the
shape of the input; a value outside 0 to 1 is a ``ValueError``.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def holm(p: ArrayLike) -> FloatArray:
    """Holm's step-down p-values, which control the chance of any false finding.

    The i-th smallest of m is multiplied by m - i + 1, raised to no less than the one before and cut at 1.
    Valid under any dependence. Holm, Scand J Stat 1979;6:65.
    """
    values, order, ranked = _ranked(p)
    multiplied = ranked * np.arange(ranked.size, 0, -1)
    return _restore(values, order, np.maximum.accumulate(multiplied))


def benjamini_hochberg(p: ArrayLike) -> FloatArray:
    """Benjamini and Hochberg's p-values, which control the expected share of false findings among findings.

    The i-th smallest of m is multiplied by m / i and lowered to no more than the one after. Valid for
    independent tests and those that depend positively. J R Stat Soc B 1995;57:289.
    """
    values, order, ranked = _ranked(p)
    multiplied = ranked * (ranked.size / np.arange(1, ranked.size + 1))
    return _restore(values, order, np.minimum.accumulate(multiplied[::-1])[::-1])


def _ranked(p: ArrayLike) -> tuple[FloatArray, NDArray[np.intp], FloatArray]:
    """The input, the flat positions of its known values in rising order, and those values."""
    values = np.asarray(p, dtype=np.float64)
    outside = np.flatnonzero((values < 0) | (values > 1))
    if outside.size:
        shown = ", ".join(f"{values.flat[i]:g} at position {i}" for i in outside[:5])
        more = f" and {outside.size - 5} more" if outside.size > 5 else ""
        raise ValueError(f"p: got {shown}{more}, expected values from 0 to 1, or nan where there is no test")
    flat = values.ravel()
    known = int(np.count_nonzero(~np.isnan(flat)))
    order = np.argsort(flat, kind="stable")[:known]
    return values, order, flat[order]


def _restore(values: FloatArray, order: NDArray[np.intp], adjusted: FloatArray) -> FloatArray:
    result = np.full(values.size, np.nan)
    result[order] = np.minimum(adjusted, 1.0)
    return result.reshape(values.shape)
