"""The epidemic curve of a line list: one square for each case, stacked by stratum, over days, weeks or months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from untoward.tasks.record.spoken_dates import spoken_date

STRATA = ("what", "practitioner", "technique", "clinic", "outbreak", "sex")
"""Columns of a line list by which a curve may be stacked."""

WIDTHS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 91}
MOST_STRATA = 6
MOST_BINS = 120
MOST_SQUARES = 12
OTHERS, NOT_RECORDED = "others", gettext_noop("not recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveBin:
    """Cases from `start` to before `end`, by stratum in the order of the curve's strata."""

    start: date
    end: date
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        """All cases of the bin."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A curve. `without_date` cases have no date and stand in no bin, `before` are older than the bins reach."""

    strata: tuple[str, ...]
    bins: tuple[CurveBin, ...]
    without_date: int
    before: int
    reading: str

    @property
    def highest(self) -> int:
        """Cases of the highest bin."""
        return max((one.n for one in self.bins), default=0)


def curve_of(cases: pl.DataFrame, *, by: str, width: str, stratum: str = "") -> Curve:
    """The curve of a line list of cases by one of its dates (`by`).

    Weeks begin on Monday. The commonest five strata have a colour each, the rest share one. Raises KeyError for a width or
    stratum that is none.
    """
    days = WIDTHS[width]
    if stratum and stratum not in STRATA:
        raise KeyError(stratum)
    named = pl.col(stratum).fill_null(NOT_RECORDED) if stratum else pl.lit("cases")
    frame = cases.select(pl.col(by).alias("day"), named.alias("stratum"))
    dated = frame.drop_nulls("day")
    if dated.is_empty():
        return Curve(
            strata=(), bins=(), without_date=frame.height, before=0, reading=_("No case with a known date.")
        )
    strata = _strata(dated)
    seen: list[date] = dated["day"].to_list()
    last, start = max(seen), _start(min(seen), days)
    if (last - start).days // days >= MOST_BINS:
        start = _start(last - timedelta(days=days * (MOST_BINS - 1)), days)
    shown = dated.filter(pl.col("day") >= start)
    bins = _bins(shown, start, last, days, strata)
    return Curve(
        strata=strata,
        bins=bins,
        without_date=frame.height - dated.height,
        before=dated.height - shown.height,
        reading=_reading(bins, width),
    )


def _strata(dated: pl.DataFrame) -> tuple[str, ...]:
    names = (
        dated.group_by("stratum").len().sort("len", "stratum", descending=[True, False])["stratum"].to_list()
    )
    return tuple(names) if len(names) <= MOST_STRATA else (*names[: MOST_STRATA - 1], OTHERS)


def _start(day: date, width: int) -> date:
    return day - timedelta(days=day.weekday()) if width in {7, 14} else day


def _bins(
    dated: pl.DataFrame, start: date, last: date, width: int, strata: tuple[str, ...]
) -> tuple[CurveBin, ...]:
    place = {name: at for at, name in enumerate(strata)}
    counts = [[0] * len(strata) for _bin in range((last - start).days // width + 1)]
    for day, stratum in dated.iter_rows():
        counts[(day - start).days // width][place.get(stratum, len(strata) - 1)] += 1
    return tuple(
        CurveBin(
            start=start + timedelta(days=width * at),
            end=start + timedelta(days=width * (at + 1)),
            counts=tuple(row),
        )
        for at, row in enumerate(counts)
    )


def _reading(bins: tuple[CurveBin, ...], width: str) -> str:
    total, peak = sum(one.n for one in bins), max(bins, key=lambda one: one.n)
    cases = ngettext("%(n)s case", "%(n)s cases", total) % {"n": f"{total:,}"}
    said = {"cases": cases, "width": _(width), "most": f"{peak.n:,}", "day": spoken_date(peak.start, "j M Y")}
    return str(_("%(cases)s; most in one %(width)s, %(most)s, from %(day)s.") % said)
