"""The expected course of a reaction: how long it lasts after a compound, as a survival-type band from
evidence records.

Each duration record that prints a median and a spread becomes a log-normal distribution of days to
resolution; records of several populations are pooled by people (`kernels.survival.pool_lognormal`). The clock
starts at the session, not at the onset: a reaction that begins late therefore leaves its band sooner, never
later.

What a record must print to be used: a median with a range, quartiles or 5-95 % limits and n >= 2, or shares
resolved by at least two days. A mean alone, or a median alone, is shown as evidence and not used for the
band.

How sure the band is follows from the number of people and the spread (`kernels.fit_error`): a further trial of
as many people would have printed a somewhat different day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Timing
from untoward.kernels.fit_error import (
    FitError,
    day_interval,
    error_of_median_and_max,
    error_of_percent_resolved,
    error_of_quantiles,
    pooled_error,
)
from untoward.kernels.survival import (
    LogNormal,
    lognormal_from_median_and_max,
    lognormal_from_median_and_quantiles,
    lognormal_from_percent_resolved,
    lognormal_quantile,
    lognormal_surviving,
    pool_lognormal,
)
from untoward.model.quantity import Quantity

BAND = (0.05, 0.50, 0.95)
"""A reaction is within its course up to the day by which 95 % were over."""

LAST = 0.99
"""It is beyond its course after the day by which 99 % were over and after the longest that was published."""

_SHARES = {"iqr": (0.25, 0.75), "p5-p95": (0.05, 0.95)}

INJECTION_ITSELF = "injection-itself"
"""Key of the pseudo-compound that stands for the needle and an inert vehicle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCourse:
    """Days to resolution of one term after one compound:

    log-normal, with the records and people behind it. `error` holds the sampling variances of mu and sigma.
    """

    compound: str
    term: str
    mu: float
    sigma: float
    people: int
    longest_days: float
    evidence: tuple[str, ...]
    error: FitError | None = None

    @property
    def band_days(self) -> tuple[float, float, float]:
        """Days by which 5 %, 50 % and 95 % were over."""
        low, middle, high = (lognormal_quantile(self.mu, self.sigma, share) for share in BAND)
        return low, middle, high

    @property
    def last_day(self) -> float:
        """The later of the day by which 99 % were over and the longest published duration."""
        return max(lognormal_quantile(self.mu, self.sigma, LAST), self.longest_days)

    def day_interval(self, share: float) -> tuple[float, float] | None:
        """95 % interval for the day by which this share was over; None for a course without stated error."""
        return None if self.error is None else day_interval(self.mu, self.sigma, self.error, share)

    def still_present(self, day: float) -> float:
        """Share of people in whom the reaction lasts at least until this day."""
        return lognormal_surviving(self.mu, self.sigma, day)


def expected_course(base: EvidenceBase, compound: str, term: str) -> ExpectedCourse | None:
    """The course of a term after a compound, or None when no usable duration is published ("no data").

    A mixture without records of its own takes those of its parts, pooled.
    """
    return _course_of(compound, term, _records_for(base, compound, term))


def _records_for(base: EvidenceBase, compound: str, term: str) -> tuple[Timing, ...]:
    own = tuple(record for record in base.durations(compound, term) if _series_of(record) is not None)
    known = base.compounds.get(compound)
    if own or known is None:
        return own
    return tuple(record for part in known.parts for record in _records_for(base, part, term))


def _course_of(compound: str, term: str, records: Iterable[Timing]) -> ExpectedCourse | None:
    usable = [(record, series) for record in records if (series := _series_of(record)) is not None]
    pooled = pool_lognormal([(series.mu, series.sigma, series.n) for _record, series in usable])
    if pooled is None:
        return None
    return ExpectedCourse(
        compound=compound,
        term=term,
        mu=pooled.mu,
        sigma=pooled.sigma,
        people=pooled.n,
        longest_days=max(_longest(record) for record, _series in usable),
        evidence=tuple(record.key for record, _series in usable),
        error=pooled_error([series for _record, series in usable]),
    )


class _Series(NamedTuple):
    mu: float
    sigma: float
    n: int
    error: FitError


def _series_of(record: Timing) -> _Series | None:
    """The log-normal of one record in days, or None when the record does not print enough."""
    if record.n < 2:
        return None
    # Nothing is over on day 0: such a point says nothing of how long.
    points = [(_days(point.day, record), point.percent) for point in record.resolved if point.day > 0]
    if len(points) >= 2:
        fitted = lognormal_from_percent_resolved(points)
        return _series(fitted, record, error_of_percent_resolved(points, record.n) if fitted else None)
    if not record.median or record.high is None or record.interval in (None, "stated"):
        return None
    return _from_median(record, _days(record.median, record))


def _from_median(record: Timing, median: float) -> _Series | None:
    if record.interval == "range":
        fitted = lognormal_from_median_and_max(median, _days(record.high or 0.0, record), record.n)
        return _series(fitted, record, error_of_median_and_max(fitted.sigma, record.n) if fitted else None)
    limits = zip(_SHARES[record.interval or ""], (record.low, record.high), strict=True)
    quantiles = [(share, _days(day, record)) for share, day in limits if day]
    fitted = lognormal_from_median_and_quantiles(median, quantiles)
    shares = [share for share, _day in quantiles]
    return _series(fitted, record, error_of_quantiles(fitted.sigma, shares, record.n) if fitted else None)


def _series(fitted: LogNormal | None, record: Timing, error: FitError | None) -> _Series | None:
    return None if fitted is None or error is None else _Series(fitted.mu, fitted.sigma, record.n, error)


def _days(value: float, record: Timing) -> float:
    return Quantity(value, record.unit).to("day").value


def _longest(record: Timing) -> float:
    if record.interval == "range" and record.high is not None:
        return _days(record.high, record)
    return 0.0
