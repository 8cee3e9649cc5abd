"""What a scan found, as values: what the terminal, the page and the JSON document say is all made from this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from untoward.model.clusters import Place

Kind = Literal["places", "time", "tree"]
CLEAR = 0.05
"""A cluster with a p up to this is called one that chance does not readily explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCluster:
    """One cluster.

    `radius` is in km on the globe, else in the unit of x and y; `population` the mean number of people at risk there (cases and
    controls of a Bernoulli scan). `relative_risk` is None where nobody outside fell ill. `first_day` and `last_day` are the
    window, or the whole study where time was not scanned (`in_window` false), None where nothing is dated.
    `recurrence_days`: prospective scans alone. `shares`: positions of other clusters with cases in common.
    """

    where: tuple[Place, ...]
    centre: str | None
    at: tuple[float, float] | None
    radius: float | None
    first_day: str | None
    last_day: str | None
    in_window: bool
    observed: int
    expected: float
    population: float | None
    relative_risk: float | None
    llr: float
    p: float
    gumbel_p: float | None
    caution: str
    recurrence_days: float | None
    cases: tuple[str, ...]
    shares: tuple[int, ...]
    reading: str

    @property
    def clear(self) -> bool:
        """Whether p is so small that a person must look."""
        return self.p <= CLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePoint:
    """One place: where it lies, its cases, what was expected (None when no expectation exists), its cluster by position."""

    name: str
    x: float
    y: float
    cases: int
    expected: float | None
    people: float | None
    cluster: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCount:
    """Cases of one period at the places of a cluster, and how many were expected there."""

    first_day: str
    last_day: str
    cases: int
    expected: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSeries:
    """The periods of one cluster's places (all places, when time alone was scanned)."""

    cluster: int
    periods: tuple[PeriodCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """All that is needed to do the scan again, and how many replicates really ran."""

    kind: Kind
    model: str
    time: str
    unit: str | None
    largest_share: float | None
    longest: int | None
    categories: tuple[str, ...]
    replicates_asked: int
    replicates: int
    stopped_early: bool
    seed: int
    distances: str | None
    first_day: str | None
    last_day: str | None
    as_of: str | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanTotals:
    """How much was scanned. `population` is the mean number at risk over the study, None where none was given."""

    cases: int
    places: int
    periods: int
    population: float | None
    controls: int | None
    groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanContent:
    """A scan from its settings to its clusters, most likely first.

    `great_circle` is None where there is no map. `assumptions` say what was taken for granted, one sentence each.
    """

    settings: ScanSettings
    totals: ScanTotals
    clusters: tuple[FoundCluster, ...]
    headline: str
    assumptions: tuple[str, ...]
    points: tuple[PlacePoint, ...]
    series: tuple[ClusterSeries, ...]
    great_circle: bool | None
    version: str
