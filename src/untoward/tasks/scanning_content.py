"""From the numbers of a scan by place or time to what is shown of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

import untoward
from untoward.exchange.places import PlaceCounts
from untoward.kernels.monte_carlo import recurrence_interval
from untoward.model.clusters import Place
from untoward.model.tables import ColumnTaken
from untoward.report.numbers import count, counted
from untoward.report.scan.content import (
    ClusterSeries,
    FoundCluster,
    PeriodCount,
    PlacePoint,
    ScanContent,
    ScanSettings,
    ScanTotals,
)
from untoward.report.scan.wording import headline, reading_of, sentence

if TYPE_CHECKING:
    from untoward.exchange.places.inputs import FloatArray
    from untoward.kernels.spatial_scan import Found, ScanResult
    from untoward.tasks.scanning import ScanOptions

_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_SERIES = 3


def content_of(
    options: ScanOptions, counts: PlaceCounts, baseline: FloatArray, result: ScanResult
) -> ScanContent:
    """Clusters, totals, points of the map and series over time."""
    settings, totals = _settings(options, counts, result), _totals(counts)
    clusters = tuple(_cluster(found, settings, options, counts) for found in result.clusters)
    return ScanContent(
        settings=settings,
        totals=totals,
        clusters=clusters,
        headline=headline(clusters, settings, totals),
        assumptions=tuple(_assumptions(options, counts, settings)),
        points=tuple(_points(options, counts, baseline, result)),
        series=tuple(_series(options, counts, baseline, result)),
        great_circle=None if options.files.coordinates is None else counts.great_circle,
        version=untoward.__version__,
    )


def _settings(options: ScanOptions, counts: PlaceCounts, result: ScanResult) -> ScanSettings:
    chosen, files, periods = options.settings, options.files, counts.periods
    timed = chosen.time != "none"
    longest = options.longest
    if timed and longest is None and periods is not None:
        longest = max(1, periods.count // 2)
    by_place = chosen.time != "only"
    given = (files.cases, files.population, files.controls, files.coordinates)
    return ScanSettings(
        kind="places" if by_place else "time",
        model=chosen.model,
        time=chosen.time,
        unit=chosen.unit if timed else None,
        largest_share=options.largest_share if by_place else None,
        longest=longest if timed else None,
        categories=chosen.categories,
        replicates_asked=options.replicates,
        replicates=result.replicates,
        stopped_early=result.replicates < options.replicates,
        seed=options.seed,
        distances=("great circle" if counts.great_circle else "straight lines on a flat map")
        if by_place
        else None,
        first_day=None if periods is None else periods.first_day(0),
        last_day=None if periods is None else periods.last_day(periods.count - 1),
        as_of=None if chosen.as_of is None else chosen.as_of.isoformat(),
        files=tuple(
            "standard input" if str(path) == "-" else path.name for path in given if path is not None
        ),
    )


def _totals(counts: PlaceCounts) -> ScanTotals:
    return ScanTotals(
        cases=int(counts.cases.sum()),
        places=len(counts.places),
        periods=1 if counts.periods is None else counts.periods.count,
        population=None if counts.people is None else float(counts.people.sum()),
        controls=None if counts.controls is None else int(counts.controls.sum()),
        groups=max(len(counts.strata), 1),
    )


def _cluster(found: Found, settings: ScanSettings, options: ScanOptions, counts: PlaceCounts) -> FoundCluster:
    by_place, timed, periods = settings.kind == "places", settings.time != "none", counts.periods
    members = list(found.members)
    first = found.first if timed else 0
    last = found.last if timed else (0 if periods is None else periods.count - 1)
    recurrence = None
    if options.settings.time == "prospective":
        recurrence = recurrence_interval(found.p, _DAYS[options.settings.unit])
    centre = found.centre
    cluster = FoundCluster(
        where=tuple(Place(axis="place", value=counts.places[at]) for at in members) if by_place else (),
        centre=counts.places[centre] if by_place else None,
        at=(float(counts.x[centre]), float(counts.y[centre])) if by_place else None,
        radius=found.radius if by_place else None,
        first_day=None if periods is None else periods.first_day(first),
        last_day=None if periods is None else periods.last_day(last),
        in_window=timed,
        observed=found.observed,
        expected=found.expected,
        population=_people(counts, members, first, last),
        relative_risk=_risk(found, settings),
        llr=found.llr,
        p=found.p,
        gumbel_p=found.gumbel_p,
        caution=found.caution,
        recurrence_days=recurrence,
        cases=_case_ids(counts, set(members), first, last),
        shares=(),  # windows of a scan by place have no place in common
        reading="",
    )
    return replace(cluster, reading=reading_of(cluster, settings))


def _risk(found: Found, settings: ScanSettings) -> float | None:
    """Risk inside over outside; observed over expected where there is nobody at risk to divide by."""
    if settings.model == "permutation":
        return found.observed / found.expected
    return found.relative_risk if isfinite(found.relative_risk) else None


def _people(counts: PlaceCounts, members: list[int], first: int, last: int) -> float | None:
    if counts.controls is not None:
        inside = counts.cases.sum(axis=2) + counts.controls
        return float(inside[members, first : last + 1].sum())
    if counts.population is None:
        return None
    people = float(counts.population[members, first : last + 1].sum())
    if counts.periods is None:
        return people
    return people / float(counts.periods.edges[last + 1] - counts.periods.edges[first])


def _case_ids(counts: PlaceCounts, members: set[int], first: int, last: int) -> tuple[str, ...]:
    return tuple(
        row.case_id for row in counts.case_rows if row.place in members and first <= row.period <= last
    )


def _expected(cases: FloatArray, baseline: FloatArray, model: str) -> FloatArray:
    """Expected cases (places, periods) when nothing clusters; for the permutation from the margins of the cases."""
    total = cases.sum()
    if model == "permutation":
        margins: FloatArray = np.outer(cases.sum(axis=1), cases.sum(axis=0)) / total
        return margins
    expected: FloatArray = baseline * (total / baseline.sum())
    return expected


def _points(
    options: ScanOptions, counts: PlaceCounts, baseline: FloatArray, result: ScanResult
) -> Iterator[PlacePoint]:
    if options.settings.time == "only":
        return
    cluster_of = {member: at for at, found in enumerate(result.clusters) for member in found.members}
    by_place = counts.cases.sum(axis=(1, 2))
    expected = None
    if options.settings.model != "permutation":
        expected = _expected(counts.cases.sum(axis=2).astype(float), baseline, options.settings.model).sum(
            axis=1
        )
    for at, name in enumerate(counts.places):
        yield PlacePoint(
            name=name,
            x=float(counts.x[at]),
            y=float(counts.y[at]),
            cases=int(by_place[at]),
            expected=None if expected is None else float(expected[at]),
            people=None if counts.people is None else float(counts.people[at]),
            cluster=cluster_of.get(at),
        )


def _series(
    options: ScanOptions, counts: PlaceCounts, baseline: FloatArray, result: ScanResult
) -> Iterator[ClusterSeries]:
    """Cases and expected cases over time at the places of the first clusters."""
    periods = counts.periods
    if periods is None or options.settings.time == "none":
        return
    cases = counts.cases.sum(axis=2).astype(float)
    expected = _expected(cases, baseline, options.settings.model)
    for position, found in enumerate(result.clusters[:_SERIES]):
        members = list(found.members)
        seen, due = cases[members].sum(axis=0), expected[members].sum(axis=0)
        yield ClusterSeries(
            cluster=position,
            periods=tuple(
                PeriodCount(
                    first_day=periods.first_day(at),
                    last_day=periods.last_day(at),
                    cases=int(seen[at]),
                    expected=float(due[at]),
                )
                for at in range(periods.count)
            ),
        )


def guessed_headers(columns: Iterable[ColumnTaken]) -> Iterator[str]:
    """Headers that were taken for a column because they look like its name: the sender must confirm them."""
    for one in columns:
        if "please confirm" in one.how:
            yield f"{one.file}: the header {one.header!r} {one.how}"


def _assumptions(options: ScanOptions, counts: PlaceCounts, settings: ScanSettings) -> Iterator[str]:
    """What was taken for granted, in sentences: from reading, and from the method."""
    yield from map(sentence, (*guessed_headers(counts.columns), *counts.notes))
    chosen = options.settings
    if chosen.model == "poisson" and counts.population is None:
        yield "No population was given: the number at risk is taken to have been the same throughout."
    if chosen.categories:
        yield (
            f"Expected cases by indirect standardisation over {counted(len(counts.strata), 'group')} of "
            f"{', '.join(chosen.categories)}: each group has one rate everywhere."
        )
    if counts.population is not None and counts.periods is not None:
        yield "Between two censuses the population changes evenly; before the first and after the last it stays."
    if chosen.unit == "week" and chosen.time != "none":
        yield f"Weeks are counted back from {settings.last_day}."
    if settings.kind == "places":
        yield "Further clusters share no place with a more likely one, and their p compares them with the largest by chance."
    if settings.stopped_early:
        yield (
            f"The simulation was stopped after {count(settings.replicates)} of {count(settings.replicates_asked)} replicates, "
            "when p could no longer reach 0.05; its p is a little too high."
        )
