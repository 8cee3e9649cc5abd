"""Loops compiled to machine code on first use, and kept for the next process where a folder may be written.

One place decides how: the loops themselves are plain functions of arrays and numbers that also run, slowly, as Python
(set NUMBA_DISABLE_JIT=1 to step through one in a debugger).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])

_PREFIX = "compiled-"
_A_MONTH = 30 * 86_400


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


def _keep_code_of_these_sources() -> None:
    """Keep compiled loops in a folder named after all sources of this package.

    The compiler notices a change in a loop's own file, but not in one that it calls from another file, and would go on with the
    old code. Folders of other sources are removed when they are older than a month.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "untoward"
    folder = home / f"{_PREFIX}{digest}"
    if not folder.exists():
        try:
            folder.mkdir(parents=True)
        except OSError:
            return
        for old in home.glob(f"{_PREFIX}*"):
            if old != folder and time() - old.stat().st_mtime > _A_MONTH:
                shutil.rmtree(old, ignore_errors=True)
    config: Any = numba.config
    config.CACHE_DIR = str(folder)


if "NUMBA_CACHE_DIR" not in os.environ:
    _keep_code_of_these_sources()
