"""Yes, no and cannot be told, for many persons at once (the strong three-valued logic of Kleene).

An array of int8: 1 yes, 0 cannot be told, -1 no. "And" is then the minimum and "or" the maximum, so that an unknown
fact decides nothing unless the other facts already do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.int8]
"""One answer for each person: `YES`, `CANNOT_TELL` or `NO`."""

YES, CANNOT_TELL, NO = 1, 0, -1


def constant(size: int, answer: int) -> Truth:
    """The same answer for everyone."""
    return np.full(size, answer, dtype=np.int8)


def every(truths: Sequence[Truth]) -> Truth:
    """Whether all hold. At least one truth must be given."""
    answer: Truth = np.minimum.reduce(truths)
    return answer


def some(truths: Sequence[Truth]) -> Truth:
    """Whether any holds. At least one truth must be given."""
    answer: Truth = np.maximum.reduce(truths)
    return answer


def opposite(truth: Truth) -> Truth:
    """Whether it does not hold; what cannot be told stays so."""
    return (-truth).astype(np.int8)


def at_least(number: int, truths: Sequence[Truth]) -> Truth:
    """Whether at least so many hold: no only where too few could."""
    stacked = np.stack(truths)
    sure, possible = (stacked == YES).sum(axis=0), (stacked >= CANNOT_TELL).sum(axis=0)
    return np.where(sure >= number, YES, np.where(possible >= number, CANNOT_TELL, NO)).astype(np.int8)


def best_of_rows(size: int, group: NDArray[np.uint32], rows: Truth) -> Truth:
    """The best answer among the rows of each group; no for a group without any row."""
    best = constant(size, NO)
    np.maximum.at(best, group, rows)
    return best
