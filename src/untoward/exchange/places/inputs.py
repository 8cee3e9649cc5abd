"""What a scan by place is made from, and what reading it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from untoward.exchange.places.periods import Periods, Unit
from untoward.model.tables import ColumnTaken

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Axes = Literal["lat-lon", "lon-lat", "x-y"]
ModelName = Literal["poisson", "bernoulli", "permutation"]
TimeUse = Literal["none", "retrospective", "prospective", "only"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFiles:
    """The files of a scan by place; "-" is standard input, for one of them."""

    cases: Path
    coordinates: Path | None = None
    population: Path | None = None
    controls: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSettings:
    """How the files are to be read.

    `categories` are columns that cases and population share; `place` is the header of the places when it cannot be told by its
    name; `first` and `last` are the first and last day of the study, found from the cases when None. Of an `as_of`, cases of
    later days (or reported later) are left out, and the study ends with that day.
    """

    model: ModelName = "poisson"
    time: TimeUse = "none"
    unit: Unit = "day"
    categories: tuple[str, ...] = ()
    axes: Axes | None = None
    place: str | None = None
    first: date | None = None
    last: date | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of a line list of cases: its key, and its place and period by number."""

    case_id: str
    place: int
    period: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCounts:
    """Counts by place, period and stratum, ready to be scanned.

    `cases` is (places, periods, strata); `population` of the same shape holds person-days where the study has dates and
    people where it has none, None when no population was given; `controls` is (places, periods). Without dates there is
    one period and `periods` is None. `people` is the mean population of each place. `x` and `y` are longitude and latitude in
    degrees when `great_circle`. `strata` names the groups; it is empty without categories.
    """

    places: tuple[str, ...]
    x: FloatArray
    y: FloatArray
    great_circle: bool
    periods: Periods | None
    cases: IntArray
    population: FloatArray | None
    people: FloatArray | None
    controls: IntArray | None
    strata: tuple[str, ...]
    case_rows: tuple[CaseRow, ...]
    notes: tuple[str, ...]
    columns: tuple[ColumnTaken, ...]
