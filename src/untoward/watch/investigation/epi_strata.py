"""The epidemic curve by strata, in bins of hours, days, weeks or a number of days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from untoward.errors import UsageError
from untoward.model.counts import EpiCurveBin
from untoward.watch.epi_curve import epi_curve
from untoward.watch.investigation.people import UNKNOWN, People, Strata
from untoward.watch.investigation.times import HOUR, case_onsets
from untoward.watch.wording import many

MOST_BINS = 2_000

_NAMED = {"hours": (1, True), "days": (1, False), "weeks": (7, False)}
_NUMBER = re.compile(r"([1-9]\d{0,3})\s*(h?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BinWidth:
    """Width of the bins of a curve: so many hours or days."""

    width: int
    hours: bool

    def __str__(self) -> str:
        return many(self.width, "hour" if self.hours else "day")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveStratum:
    """Cases of one stratum in every bin of the curve."""

    stratum: str
    n: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedCurve:
    """The curve of all cases and of every stratum, bin by bin; `unknown` cases have an onset but no stratum.

    `without_onset` cases are in no bin: their onset is not known to the day, or to the minute where bins are hours.
    """

    by: tuple[str, ...]
    width: str
    bins: tuple[EpiCurveBin, ...]
    strata: tuple[CurveStratum, ...]
    unknown: tuple[int, ...]
    without_onset: int
    reading: str


def bin_width_of(text: str) -> BinWidth:
    """The width meant by "hours", "days", "weeks", a number of days, or hours such as "6h". Raises UsageError."""
    named = _NAMED.get(text.strip().lower())
    if named is not None:
        return BinWidth(width=named[0], hours=named[1])
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"width of bins: got {text[:40]!r}, expected hours, days, weeks, a number of days, or hours such as 6h"
        )
    return BinWidth(width=int(found[1]), hours=bool(found[2]))


def stratified_curve(people: People, width: BinWidth | None, strata: Strata | None = None) -> StratifiedCurve:
    """Cases by onset in bins of this width (by default the narrowest that needs at most 40), and by strata.

    Raises UsageError when the width would need more than 2,000 bins.
    """
    onsets, dated = case_onsets(people)
    hours = width is not None and width.hours
    if hours:
        dated = dated & onsets.to_the_minute
    at = onsets.at.filter(pl.Series(dated))
    weight = people.weight[dated]
    edges, spoken = _edges(at, pl.Series(weight), width)
    bins = _counted(at, weight, edges)
    names = _names(edges, hours)
    groups = np.full(at.len(), UNKNOWN) if strata is None else strata.codes[dated]
    labels = () if strata is None else strata.labels
    rows = tuple(
        CurveStratum(
            stratum=label, n=_counted(at.filter(pl.Series(groups == code)), weight[groups == code], edges)
        )
        for code, label in enumerate(labels)
        if (groups == code).any()
    )
    missing = groups == UNKNOWN
    return StratifiedCurve(
        by=() if strata is None else strata.columns,
        width=spoken,
        bins=tuple(
            EpiCurveBin(start=start, end=end, n=n)
            for start, end, n in zip(names, names[1:], bins, strict=False)
        ),
        strata=rows,
        unknown=() if strata is None else _counted(at.filter(pl.Series(missing)), weight[missing], edges),
        without_onset=people.persons(people.ill) - int(weight.sum()),
        reading=_reading(rows, names),
    )


def _edges(at: pl.Series, weight: pl.Series, width: BinWidth | None) -> tuple[list[datetime], str]:
    """Where bins begin, and where the last one ends; none without a case."""
    if at.is_empty():
        return [], str(width) if width else "1 day"
    first, last = at.min(), at.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        raise TypeError(f"onsets: got {at.dtype}, expected instants")
    if width is not None:
        _require_few_bins(first, last, width)
    if width is not None and width.hours:
        # Bins begin at a round hour of the day of the first onset.
        step = timedelta(hours=width.width)
        midnight = datetime(first.year, first.month, first.day)
        start = midnight + (first - midnight) // step * step
        return [start + step * k for k in range((last - start) // step + 2)], str(width)
    curve = epi_curve("ill", at.cast(pl.Date), weight, None if width is None else width.width)
    edges = [datetime.fromisoformat(one.start) for one in curve.bins]
    return [*edges, datetime.fromisoformat(curve.bins[-1].end)], many(curve.bin_days, "day")


def _require_few_bins(first: datetime, last: datetime, width: BinWidth) -> None:
    step = HOUR * width.width * (1 if width.hours else 24)
    needed = (last - first) // step + 1
    if needed > MOST_BINS:
        raise UsageError(f"width of bins: {width} would need {needed:,} bins, expected at most {MOST_BINS:,}")


def _counted(
    at: pl.Series, weight: np.ndarray[tuple[int], np.dtype[np.int64]], edges: Sequence[datetime]
) -> tuple[int, ...]:
    if not edges:
        return ()
    starts = np.array(edges, dtype="datetime64[us]")
    place = np.searchsorted(starts, at.to_numpy().astype("datetime64[us]"), side="right") - 1
    counts = np.bincount(place, weight, len(edges) - 1)
    return tuple(int(n) for n in counts)


def _names(edges: Sequence[datetime], hours: bool) -> list[str]:
    return [edge.isoformat(timespec="minutes") if hours else edge.date().isoformat() for edge in edges]


def _reading(rows: Sequence[CurveStratum], names: Sequence[str]) -> str:
    if not rows:
        return ""
    peaks = [
        f"{row.stratum} most from {names[int(np.argmax(row.n))].replace('T', ' ')} ({max(row.n):,} of {sum(row.n):,})"
        for row in rows[:6]
    ]
    more = f"; {len(rows) - 6} more" if len(rows) > 6 else ""
    return f"{'; '.join(peaks)}{more}."
