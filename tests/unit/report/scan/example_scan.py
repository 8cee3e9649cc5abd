"""A scan with two clusters, made up."""

from __future__ import annotations

from dataclasses import replace

from untoward.model.clusters import Place
from untoward.report.scan.content import (
    ClusterSeries,
    FoundCluster,
    PeriodCount,
    PlacePoint,
    ScanContent,
    ScanSettings,
    ScanTotals,
)


def cluster(**changed: object) -> FoundCluster:
    """Ten cases at two places in March."""
    made = FoundCluster(
        where=(Place(axis="place", value="Alta"), Place(axis="place", value="Baja")), centre="Alta", at=(-3.0, 40.0),
        radius=12.5, first_day="2026-03-01", last_day="2026-03-31", in_window=True, observed=10, expected=2.5, population=400.0,
        relative_risk=4.8, llr=7.25, p=0.004, gumbel_p=0.0031, caution="", recurrence_days=None, cases=("r1", "r2"), shares=(),
        reading="Ten cases.",
    )  # fmt: skip
    return replace(made, **changed)


def settings(**changed: object) -> ScanSettings:
    """A retrospective scan by month."""
    made = ScanSettings(
        kind="places", model="poisson", time="retrospective", unit="month", largest_share=0.5, longest=3, categories=(),
        replicates_asked=999, replicates=999, stopped_early=False, seed=1, distances="great circle", first_day="2026-01-01",
        last_day="2026-06-30", as_of=None, files=("cases.csv",),
    )  # fmt: skip
    return replace(made, **changed)


def example_content() -> ScanContent:
    """Three places, six months, two clusters of which one is clear."""
    clusters = (
        cluster(),
        cluster(
            where=(Place(axis="place", value="Cima"),),
            centre="Cima",
            at=(-3.5, 40.5),
            radius=0.0,
            p=0.6,
            gumbel_p=None,
        ),
    )
    points = tuple(
        PlacePoint(name=name, x=x, y=y, cases=n, expected=4.0, people=200.0, cluster=which)
        for name, x, y, n, which in [
            ("Alta", -3.0, 40.0, 7, 0),
            ("Baja", -3.1, 40.1, 3, 0),
            ("Cima", -3.5, 40.5, 2, 1),
        ]
    )
    months = tuple(
        PeriodCount(first_day=f"2026-0{m}-01", last_day=f"2026-0{m}-28", cases=m, expected=1.5)
        for m in range(1, 7)
    )
    return ScanContent(
        settings=settings(),
        totals=ScanTotals(cases=12, places=3, periods=6, population=600.0, controls=None, groups=1),
        clusters=clusters, headline="Most likely cluster: ten cases.", assumptions=("Weeks are weeks.",), points=points,
        series=(ClusterSeries(cluster=0, periods=months), ClusterSeries(cluster=1, periods=months)), great_circle=True,
        version="0",
    )  # fmt: skip
