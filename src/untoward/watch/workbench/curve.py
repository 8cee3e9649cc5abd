"""The epidemic curve of a classified registry, by level."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from untoward.model.counts import EpiCurve, EpiCurveBin
from untoward.watch.epi_curve import epi_curve
from untoward.watch.workbench.classify import Classified
from untoward.watch.workbench.definition import LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCurve:
    """The curve of all levels together, and for each level its cases in each of the same bins."""

    whole: EpiCurve
    by_level: dict[str, tuple[int, ...]]


def curve_by_level(classified: Classified, bin_days: int | None = None) -> LevelCurve:
    """Persons of every level by the day their illness began; all levels share the same bins."""
    cases = classified.persons.filter(pl.col("level").is_in(LEVELS)).select("level", "onset")
    whole = epi_curve(classified.definition.name, cases.get_column("onset"), bin_days=bin_days)
    return LevelCurve(
        whole=whole,
        by_level={
            level: tuple(
                _within(cases.filter(pl.col("level") == level).get_column("onset"), one) for one in whole.bins
            )
            for level in classified.definition.levels
        },
    )


def _within(onsets: pl.Series, one: EpiCurveBin) -> int:
    texts = onsets.drop_nulls().dt.strftime("%Y-%m-%d")
    return int(((texts >= one.start) & (texts < one.end)).sum())
