"""From checked rows to arrays by place, period and group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from untoward.exchange.places.coordinates import Located
from untoward.exchange.places.inputs import (
    CaseRow,
    FloatArray,
    IntArray,
    PlaceCounts,
    PlaceSettings,
)
from untoward.exchange.places.periods import Periods
from untoward.exchange.places.person_time import person_days
from untoward.exchange.tables.draft import Draft
from untoward.model.tables import ColumnTaken

MOST_CELLS = 30_000_000
_ALL = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Everything that was read without a fault. `cases` and `controls` have place, n and dates; `notes` may still grow."""

    settings: PlaceSettings
    periods: Periods | None
    located: Located | None
    cases: pl.DataFrame
    population: Draft | None
    controls: pl.DataFrame | None
    notes: list[str]

    def counts(self, taken: tuple[ColumnTaken, ...], *, named: bool) -> PlaceCounts:
        """The arrays. Raises ValueError when there is no case, or the arrays would be larger than a computer holds."""
        places = self._places()
        strata = self._strata()
        shape = (places.height, 1 if self.periods is None else self.periods.count, max(strata.height, 1))
        if np.prod(shape, dtype=float) > MOST_CELLS:
            raise ValueError(f"too many cells: {' x '.join(map(str, shape))} places, periods and groups")
        rows = self._keyed(self.cases, places, strata)
        if not int(rows["n"].sum()):
            raise ValueError("there are no cases to scan")
        population, people = self._population(places, strata, shape)
        return PlaceCounts(
            places=tuple(places["place"].to_list()),
            x=places["x"].to_numpy().astype(float),
            y=places["y"].to_numpy().astype(float),
            great_circle=self.located is not None and self.located.great_circle,
            periods=self.periods,
            cases=_tally(rows, shape),
            population=population,
            people=people,
            controls=self._controls(places, shape[:2]),
            strata=tuple(" · ".join(map(str, row)) for row in strata.drop("stratum").rows()),
            case_rows=_case_rows(rows) if named else (),
            notes=tuple(self.notes),
            columns=taken,
        )

    def _places(self) -> pl.DataFrame:
        everybody = pl.DataFrame({"place": [_ALL], "x": [0.0], "y": [0.0]})
        frame = everybody if self.located is None else self.located.places()
        if self.population is not None and self.located is not None:
            counted = self.population.frame["place"].unique()
            without = frame.filter(~pl.col("place").is_in(counted.implode()))
            if without.height:
                frame = frame.join(without, on="place", how="anti", maintain_order="left")
                self.notes.append(
                    f"{without.height:,} of the places have coordinates and no population; left out"
                )
        return frame.with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))

    def _strata(self) -> pl.DataFrame:
        keys = list(self.settings.categories)
        if not keys:
            return pl.DataFrame(schema={"stratum": pl.Int64})
        frames = [self.cases] if self.population is None else [self.cases, self.population.frame]
        found = pl.concat([frame.select(keys) for frame in frames]).unique().sort(keys)
        return found.with_row_index("stratum").with_columns(pl.col("stratum").cast(pl.Int64))

    def _keyed(self, rows: pl.DataFrame, places: pl.DataFrame, strata: pl.DataFrame) -> pl.DataFrame:
        """The rows with `at`, `period` and `stratum` as numbers."""
        if self.located is None:
            rows = rows.with_columns(pl.lit(0, pl.Int64).alias("at"))
        else:
            rows = rows.join(places.select("place", "at"), on="place", how="left", maintain_order="left")
        if strata.height:
            rows = rows.join(strata, on=list(self.settings.categories), how="left", maintain_order="left")
        else:
            rows = rows.with_columns(pl.lit(0, pl.Int64).alias("stratum"))
        period = np.zeros(rows.height, np.int64)
        if self.periods is not None and "date:from" in rows.columns and self.settings.time != "none":
            days = rows.select((pl.col("date:from") - pl.datetime(1970, 1, 1)).dt.total_days()).to_series()
            origin = date(1970, 1, 1).toordinal()
            period = self.periods.place_of(days.fill_null(-(10**6)).to_numpy().astype(float) + origin)
        return rows.with_columns(pl.Series("period", period)).filter(
            (pl.col("n") > 0) & (pl.col("period") >= 0)
        )

    def _population(
        self, places: pl.DataFrame, strata: pl.DataFrame, shape: tuple[int, int, int]
    ) -> tuple[FloatArray | None, FloatArray | None]:
        """Person-days (or people, without dates) by place, period and group, and the mean population of each place."""
        if self.population is None:
            return None, None
        frame = self.population.frame.with_columns(pl.lit(1, pl.Int64).alias("n"))
        rows = self._keyed(frame.drop("date:from"), places, strata).with_columns(
            pl.col("census").fill_null(0.0), (pl.col("at") * shape[2] + pl.col("stratum")).alias("cell")
        )
        censuses = np.unique(rows["census"].to_numpy())
        counted = np.full((shape[0] * shape[2], len(censuses)), np.nan)
        where = _at(rows, censuses)
        counted[where] = 0.0
        np.add.at(counted, where, rows["population"].to_numpy())
        edges = self._edges(censuses)
        days = person_days(counted, censuses, edges)
        cells = days.reshape(shape[0], shape[2], len(edges) - 1).transpose(0, 2, 1)
        length = edges[-1] - edges[0]
        people = cells.sum(axis=(1, 2)) / length
        return (cells if self.periods is not None else cells / length), people

    def _edges(self, censuses: FloatArray) -> FloatArray:
        if self.periods is not None:
            return self.periods.edges
        if len(censuses) == 1:
            return np.array([0.0, 1.0])
        self.notes.append(
            "cases have no dates: the population is the mean over the years that it was counted in"
        )
        return np.array([censuses[0], censuses[-1]])

    def _controls(self, places: pl.DataFrame, shape: tuple[int, int]) -> IntArray | None:
        if self.controls is None:
            return None
        none = pl.DataFrame(schema={"stratum": pl.Int64})
        return _tally(self._keyed(self.controls, places, none), (*shape, 1))[:, :, 0]


def _at(rows: pl.DataFrame, censuses: FloatArray) -> tuple[IntArray, IntArray]:
    column = np.searchsorted(censuses, rows["census"].to_numpy())
    return rows["cell"].to_numpy().astype(np.int64), column.astype(np.int64)


def _tally(rows: pl.DataFrame, shape: tuple[int, int, int]) -> IntArray:
    counts = np.zeros(shape, np.int64)
    where = tuple(rows[name].to_numpy().astype(np.int64) for name in ("at", "period", "stratum"))
    np.add.at(counts, where, rows["n"].to_numpy().astype(np.int64))
    return counts


def _case_rows(rows: pl.DataFrame) -> tuple[CaseRow, ...]:
    named = rows.filter(pl.col("case_id").is_not_null()).select("case_id", "at", "period")
    return tuple(CaseRow(case_id=one, place=at, period=period) for one, at, period in named.rows())
