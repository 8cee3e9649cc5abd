"""Cases by onset: the epidemic curve.

A case stands where its reaction began. Weeks begin on Monday; other bins begin at the first onset. A bin
without a case stays, as zero: a gap in an outbreak says as much as a peak.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from untoward.errors import UsageError
from untoward.model.counts import EpiCurve, EpiCurveBin
from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, instant_or_null, text_or_null
from untoward.watch.outcomes import OutcomeCases
from untoward.watch.wording import many

BIN_DAYS = (1, 7, 14, 30, 91, 365)
"""Widths a curve may choose from: day, week, fortnight, about a month, quarter and year."""

MOST_BINS = 40

_WEEK = 7


def registry_epi_curve(registry: Registry, cases: OutcomeCases, bin_days: int | None = None) -> EpiCurve:
    """Sessions with the outcome by the day on which the first such reaction with a known onset began.

    The onset is the date given for it, or the session's date and the days since, each only when known to the
    day.
    """
    mine = cases.reactions.get_column("reaction_id").implode()
    onsets = reaction_onsets(
        registry.sessions, registry.reactions.filter(pl.col("reaction_id").cast(pl.String).is_in(mine))
    )
    chosen = cases.reactions.join(onsets, on="reaction_id", how="inner")
    first = chosen.group_by("session_id").agg(pl.col("onset").min()).get_column("onset")
    return epi_curve(cases.outcome.name, first, bin_days=bin_days)


def reaction_onsets(sessions: pl.DataFrame, reactions: pl.DataFrame) -> pl.DataFrame:
    """`reaction_id`, `onset` (a date, or null when it is not known to the day) of reactions to these
    sessions.
    """
    began, ended = instant_or_null(sessions, "date_from"), instant_or_null(sessions, "date_to")
    exact = (ended - began <= timedelta(days=1)).fill_null(True)
    mine = (
        pl.col("session_id")
        .cast(pl.String)
        .is_in(reactions.get_column("session_id").cast(pl.String).implode())
    )
    days = sessions.filter(mine).select(
        pl.col("session_id").cast(pl.String), pl.when(exact).then(began).alias("session_from")
    )
    day = column_or_null(reactions, "onset_day", pl.Float64)
    onsets = reactions.select(
        pl.col("reaction_id").cast(pl.String),
        pl.col("session_id").cast(pl.String),
        whole_date(reactions, "onset_date").alias("given"),
        (day * 86_400_000_000).cast(pl.Int64).cast(pl.Duration("us")).alias("since"),
    ).join(days, on="session_id", how="inner")
    derived = (pl.col("session_from") + pl.col("since")).dt.date()
    return onsets.select("reaction_id", pl.coalesce("given", derived).alias("onset"))


def whole_date(frame: pl.DataFrame, name: str) -> pl.Expr:
    """The column as a date; null where only a month or a year was given, or nothing."""
    if name in frame.columns and frame.schema[name].is_temporal():
        return pl.col(name).cast(pl.Date)
    return text_or_null(frame, name).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def epi_curve(
    outcome: str, onsets: pl.Series, weights: pl.Series | None = None, bin_days: int | None = None
) -> EpiCurve:
    """Bins over the onsets of cases. `onsets` holds dates, null where unknown; `weights` says how many cases
    each is.

    Without `bin_days` the narrowest width is taken that needs at most 40 bins (a curve of few days has few
    bins). Raises UsageError for a width below one day.
    """
    if bin_days is not None and bin_days < 1:
        raise UsageError(f"width of the epidemic curve: got {bin_days} days, expected 1 or more")
    counts = pl.repeat(1, onsets.len(), dtype=pl.Int64, eager=True) if weights is None else weights
    cases = pl.DataFrame({"onset": onsets.cast(pl.Date), "n": counts})
    dated = cases.drop_nulls("onset")
    without_date = int(cases.get_column("n").sum()) - int(dated.get_column("n").sum())
    width = bin_days or _fitting_width(dated.get_column("onset"))
    bins = _bins(dated, width)
    return EpiCurve(
        outcome=outcome,
        bin_days=width,
        bins=bins,
        without_date=without_date,
        reading=_reading(bins, without_date),
    )


def _fitting_width(onsets: pl.Series) -> int:
    """The narrowest width that needs no more than `MOST_BINS` bins; the widest when none does."""
    if onsets.is_empty():
        return BIN_DAYS[0]
    first, last = _first_and_last(onsets)
    return next((width for width in BIN_DAYS if _bins_needed(first, last, width) <= MOST_BINS), BIN_DAYS[-1])


def _bins_needed(first: date, last: date, width: int) -> int:
    return (last - _start(first, width)).days // width + 1


def _start(first: date, width: int) -> date:
    return first - timedelta(days=first.weekday()) if width % _WEEK == 0 and width <= 2 * _WEEK else first


def _first_and_last(onsets: pl.Series) -> tuple[date, date]:
    first, last = onsets.min(), onsets.max()
    if not isinstance(first, date) or not isinstance(last, date):
        raise TypeError(f"onsets: got {onsets.dtype}, expected dates")
    return first, last


def _bins(dated: pl.DataFrame, width: int) -> tuple[EpiCurveBin, ...]:
    if dated.is_empty():
        return ()
    first, last = _first_and_last(dated.get_column("onset"))
    start = _start(first, width)
    position = (dated.get_column("onset") - start).dt.total_days().to_numpy() // width
    heights = np.bincount(
        position, dated.get_column("n").to_numpy().astype(np.float64), _bins_needed(first, last, width)
    )
    edges = [start + timedelta(days=width * step) for step in range(heights.size + 1)]
    return tuple(
        EpiCurveBin(start=begin.isoformat(), end=end.isoformat(), n=int(height))
        for begin, end, height in zip(edges, edges[1:], heights, strict=False)
    )


def _reading(bins: tuple[EpiCurveBin, ...], without_date: int) -> str:
    undated = f" {many(without_date, 'case')} without a known day of onset." if without_date else ""
    if not bins:
        return f"No case with a known day of onset.{undated}"
    peak = max(bins, key=lambda shown: shown.n)
    total = sum(shown.n for shown in bins)
    first_day, last_day = date.fromisoformat(peak.start), date.fromisoformat(peak.end) - timedelta(days=1)
    when = f"on {_spoken(first_day)}"
    if last_day != first_day:
        when = f"from {_spoken(first_day)} to {_spoken(last_day)}"
    return f"{many(total, 'case')} with a known onset; most, {peak.n:,}, {when}.{undated}"


def _spoken(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
