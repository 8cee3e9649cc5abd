"""Strata within which exposures are compared: technique and calendar year of the session.

The technique itself is compared within years alone: within one technique it could show nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.watch.columns import instant_or_null, text_or_null

IntArray = NDArray[np.int64]

COARSE_AXES = ("technique",)
"""Axes that are compared within years alone, and so are pairs that hold one of them."""


class Strata(NamedTuple):
    """Number of the stratum of each session, in the order of the table: technique and year, and year alone."""

    fine: IntArray
    coarse: IntArray


def strata(sessions: pl.DataFrame) -> Strata:
    """Strata of sessions; a technique or a date that is not recorded is a stratum like any other."""
    year = instant_or_null(sessions, "date_from").dt.year().fill_null(0)
    technique = text_or_null(sessions, "technique").str.to_lowercase().fill_null("")
    named = sessions.select(technique.alias("technique"), year.alias("year"))
    return Strata(_numbered(named), _numbered(named.select("year")))


def _numbered(frame: pl.DataFrame) -> IntArray:
    kinds = frame.unique().sort(*frame.columns).with_row_index("number")
    numbers = frame.join(kinds, on=frame.columns, how="left", maintain_order="left").get_column("number")
    return numbers.to_numpy().astype(np.int64)
