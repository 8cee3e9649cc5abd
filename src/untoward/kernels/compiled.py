"""Loops compiled to machine code on first use, and kept for the next process where a folder may be written.

One place decides how: the loops themselves are plain functions of arrays and numbers that also run, slowly, as Python
(set NUMBA_DISABLE_JIT=1 to step through one in a debugger).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop, *, parallel: bool = False) -> Loop:
    """The same function, compiled for the types it is called with; errors of arithmetic give inf and nan as in numpy.

    ``parallel`` lets `numba.prange` share the turns of a loop among the cores.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "parallel": parallel}
    make: Any = numba.njit
    try:
        return cast("Loop", make(loop, cache=True, **options))
    except RuntimeError:  # no folder may be written: compile anew in each process
        return cast("Loop", make(loop, **options))


def compiled_for_all_cores(loop: Loop) -> Loop:
    """As `compiled`, with the turns of every `numba.prange` in it shared among the cores."""
    return compiled(loop, parallel=True)
