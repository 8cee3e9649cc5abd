"""A small random number generator for compiled loops, so that every replicate can have its own.

Splitmix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014, pages 453-472): the state
goes up by a constant and is scrambled for output. Which core runs a replicate then makes no difference to it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.compiled import compiled

State = NDArray[np.uint64]
"""Shape (1,): the state of one generator."""


@compiled
def scrambled(state: np.uint64) -> np.uint64:
    """Output of the generator at a state."""
    mixed = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def begin(state: State, seed: np.uint64, number: int) -> None:
    """Put the generator of a numbered replicate at its beginning, far from those of other numbers and seeds."""
    own = scrambled(np.uint64(number + 1) * np.uint64(0xD1342543DE82EF95))
    state[0] = scrambled(scrambled(seed) ^ own)


@compiled
def uniform(state: State) -> float:
    """The next number from 0 to below 1, in steps of 2**-53."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    return float(scrambled(state[0]) >> np.uint64(11)) * 2.0**-53
