"""From exposure to onset: incubation times where the exposure is dated, and where it is not, when it may have been.

The likely exposure period goes by the epidemic curve of a point source: count back from the earliest onset, the median
and the latest (CDC Field Epidemiology Manual, chapter 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels.incubation import common_window, fit_log_normal, five_numbers
from untoward.watch.investigation.people import People
from untoward.watch.investigation.times import (
    DAY,
    HOUR,
    Incubation,
    Instants,
    case_onsets,
    hours_between,
    spoken,
)
from untoward.watch.wording import many

MOST_HOURS = 72.0
"""Medians up to here are given in hours, when all times are known to the minute."""

_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNormalFit:
    """Log-normal incubation times: median with 95 % limits, dispersion factor, middle 95 %, and Shapiro-Wilk's p of
    the logs.
    """

    median: float
    low: float
    high: float
    dispersion: float
    share_2_5: float
    share_97_5: float
    p_fit: float | None
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncubationTimes:
    """Times from exposure to onset of `n` cases, in `unit`; None where there are none.

    `unknown` cases lack a date of either; `before` fell ill before the exposure, so it cannot be theirs, and are left
    out of every number. `reason` says why a fit is missing.
    """

    exposed_at: str
    unit: str
    n: int
    unknown: int
    before: int
    minimum: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    maximum: float | None
    log_normal: LogNormalFit | None
    reason: str
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposurePeriod:
    """When the cases may have been exposed, if all at once. Instants are ISO 8601; None without a usable onset.

    `by_earliest` and `by_latest` are the periods (from, to) in which the first and the last case were exposed: onset
    less longest, onset less shortest. `common` is what the two share, None when they do not overlap. `by_median` is
    the median onset less the usual incubation, when one was given.
    """

    unit: str
    shortest: float
    longest: float
    usual: float | None
    n: int
    unknown: int
    earliest_onset: str | None
    median_onset: str | None
    latest_onset: str | None
    by_earliest: tuple[str, str] | None
    by_latest: tuple[str, str] | None
    by_median: str | None
    common: tuple[str, str] | None
    overlap: bool | None
    reading: str


def incubation_times(people: People, exposed: Instants, exposed_at: str) -> IncubationTimes:
    """Incubation times of the cases; hours where every time is known to the minute and the median is within 3 days."""
    onsets, dated = case_onsets(people)
    usable = dated & exposed.known
    exact = bool((onsets.to_the_minute & exposed.to_the_minute)[usable].all()) and bool(usable.any())
    times = _hours(onsets.at, exposed.at, exact)
    in_time = usable & (times >= 0)
    found = np.repeat(times[in_time], people.weight[in_time])
    hours = exact and found.size > 0 and float(np.median(found)) <= MOST_HOURS
    found = found if hours else found / 24.0
    before = people.persons(usable & (times < 0))
    return _described(
        exposed_at, "hours" if hours else "days", found, people.persons(people.ill & ~usable), before
    )


def _hours(onset: pl.Series, exposed: pl.Series, exact: bool) -> NDArray[np.float64]:
    """Hours between the two; whole days of the calendar unless both are known to the minute."""
    if exact:
        return hours_between(onset, exposed)
    return hours_between(onset.dt.truncate("1d"), exposed.dt.truncate("1d"))


def _described(
    exposed_at: str, unit: str, times: NDArray[np.float64], unknown: int, before: int
) -> IncubationTimes:
    spread = five_numbers(times) if times.size else None
    fit, reason = _log_normal(times)
    return IncubationTimes(
        exposed_at=exposed_at,
        unit=unit,
        n=times.size,
        unknown=unknown,
        before=before,
        minimum=spread and spread.minimum,
        lower_quartile=spread and spread.lower_quartile,
        median=spread and spread.median,
        upper_quartile=spread and spread.upper_quartile,
        maximum=spread and spread.maximum,
        log_normal=fit,
        reason=reason,
        reading=_times_reading(unit, times, before, unknown),
    )


def _log_normal(times: NDArray[np.float64]) -> tuple[LogNormalFit | None, str]:
    if times.size and float(times.min()) <= 0:
        return None, "no fit: a time of nought has no logarithm; give times of day"
    found = fit_log_normal(times) if times.size else None
    if found is None:
        return None, "no fit: fewer than three times, or all the same"
    return LogNormalFit(**found._asdict(), method="log-normal (Sartwell), t interval of the median"), ""


def _times_reading(unit: str, times: NDArray[np.float64], before: int, unknown: int) -> str:
    why = ((before, "fell ill before that: left out"), (unknown, "without a date: left out"))
    left_out = "".join(f" {many(n, 'case')} {what}." for n, what in why if n)
    if times.size == 0:
        return f"No incubation time can be given.{left_out}"
    low, middle, high = (f"{x:.3g}" for x in (times.min(), np.median(times), times.max()))
    return f"Median {middle} {unit}, range {low} to {high}, of {many(times.size, 'case')}.{left_out}"


def exposure_period(people: People, incubation: Incubation) -> ExposurePeriod:
    """When one shared exposure may have been, from the onsets and the known incubation period.

    With an incubation in hours only onsets known to the minute count; in days, the days of the onsets.
    """
    onsets, dated = case_onsets(people)
    usable = dated & onsets.to_the_minute if incubation.hours else dated
    at = onsets.at if incubation.hours else onsets.at.dt.truncate("1d")
    shown = at.filter(pl.Series(usable))
    unknown = people.persons(people.ill & ~usable)
    unit = HOUR if incubation.hours else DAY
    given = {
        "unit": incubation.unit,
        "shortest": incubation.shortest / unit,
        "longest": incubation.longest / unit,
        "usual": None if incubation.usual is None else incubation.usual / unit,
        "unknown": unknown,
    }
    if shown.is_empty():
        return _no_period(given, incubation)
    hours = np.sort(np.repeat(_since_epoch(shown), people.weight[usable]))
    return _period(given, incubation, hours)


def _since_epoch(at: pl.Series) -> NDArray[np.float64]:
    return ((at - _EPOCH).dt.total_seconds() / 3600.0).to_numpy().astype(np.float64)


def _period(given: dict[str, object], incubation: Incubation, hours: NDArray[np.float64]) -> ExposurePeriod:
    shortest, longest = incubation.shortest / HOUR, incubation.longest / HOUR
    window = common_window(hours, shortest, longest)
    # The lower of two middle onsets, so that the median is an onset that somebody had.
    first, middle, last = (
        float(hours[0]),
        float(np.quantile(hours, 0.5, method="inverted_cdf")),
        float(hours[-1]),
    )
    overlap = window.start <= window.end
    by_median = None if incubation.usual is None else _said(middle - incubation.usual / HOUR, incubation)
    common = (_said(window.start, incubation), _said(window.end, incubation)) if overlap else None
    earliest, latest = (
        (_said(onset - longest, incubation), _said(onset - shortest, incubation)) for onset in (first, last)
    )
    return ExposurePeriod(
        **given,  # type: ignore[arg-type]
        n=hours.size,
        earliest_onset=_said(first, incubation),
        median_onset=_said(middle, incubation),
        latest_onset=_said(last, incubation),
        by_earliest=earliest,
        by_latest=latest,
        by_median=by_median,
        common=common,
        overlap=overlap,
        reading=_period_reading(common, earliest, latest, by_median),
    )


def _said(hours: float, incubation: Incubation) -> str:
    return spoken(_EPOCH + timedelta(hours=hours), hours=incubation.hours)


def _period_reading(
    common: tuple[str, str] | None, earliest: tuple[str, str], latest: tuple[str, str], by_median: str | None
) -> str:
    if common is None:
        return (
            f"The periods do not overlap: the first case was exposed by {_plain(earliest[1])}, the last not before"
            f" {_plain(latest[0])}. One shared moment cannot explain all onsets: look for several or lasting exposure,"
            " spread from person to person, another illness among the cases, or a wrong incubation period."
        )
    span = f"from {_plain(common[0])} to {_plain(common[1])}"
    if common[0] == common[1]:
        span = f"on {_plain(common[0])}"
    middle = "" if by_median is None else f" Counted back from the median onset: {_plain(by_median)}."
    if by_median is not None and not common[0] <= by_median <= common[1]:
        middle = f"{middle[:-1]}, outside that: the onsets do not look like one moment of exposure."
    return f"If all were exposed at once, it was {span}.{middle} Ask about a wider period than this."


def _plain(iso: str) -> str:
    return iso.replace("T", " ")


def _no_period(given: dict[str, object], incubation: Incubation) -> ExposurePeriod:
    need = "minute" if incubation.hours else "day"
    return ExposurePeriod(
        **given,  # type: ignore[arg-type]
        n=0,
        earliest_onset=None,
        median_onset=None,
        latest_onset=None,
        by_earliest=None,
        by_latest=None,
        by_median=None,
        common=None,
        overlap=None,
        reading=f"No exposure period can be given: no case has an onset known to the {need}.",
    )
