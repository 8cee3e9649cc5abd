"""Draw one of many things by weight in constant time, from tables made once (Walker, ACM Trans Math Softw 1977;3:253)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.compiled import compiled
from untoward.kernels.splitmix import State, uniform

FloatArray = NDArray[np.float64]
SmallIntArray = NDArray[np.int32]


@compiled
def fill_alias(weight: FloatArray) -> tuple[FloatArray, SmallIntArray]:
    """The tables: the chance to keep what a first draw with equal chances gives, and what to take otherwise.

    Weights of 0 or more, with a sum above 0.
    """
    many = len(weight)
    kept, other = weight * (many / weight.sum()), np.arange(many).astype(np.int32)
    small, large = np.empty(many, np.int64), np.empty(many, np.int64)
    smalls, larges = 0, 0
    for thing in range(many):
        if kept[thing] < 1.0:
            small[smalls] = thing
            smalls += 1
        else:
            large[larges] = thing
            larges += 1
    while smalls > 0 and larges > 0:
        smalls -= 1
        poor, rich = small[smalls], large[larges - 1]
        other[poor] = rich
        kept[rich] -= 1.0 - kept[poor]
        if kept[rich] < 1.0:
            larges -= 1
            small[smalls] = rich
            smalls += 1
    # what is left over is 1 but for rounding; a thing without weight never is
    kept[small[:smalls]] = 1.0
    kept[large[:larges]] = 1.0
    return kept, other


@compiled
def drawn(kept: FloatArray, other: SmallIntArray, state: State) -> int:
    """The number of a thing."""
    place = uniform(state) * len(kept)
    thing = int(place)
    return thing if place - thing < kept[thing] else int(other[thing])
