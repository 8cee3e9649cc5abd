"""The page as values: everything the template shows, in reading order, with all words and numbers already made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from untoward.report.charts import Chart
from untoward.report.numbers import count, counted
from untoward.report.scan.content import ClusterSeries, FoundCluster, ScanContent
from untoward.report.scan.map_chart import map_chart, shown_on_map
from untoward.report.scan.method import limit_lines, method_lines
from untoward.report.scan.time_chart import time_chart
from untoward.report.scan.wording import (
    NOT_A_CAUSE,
    cautions,
    distance_unit,
    figure,
    long_time,
    names_text,
    p_text,
    settings_pairs,
)
from untoward.report.tables import Cell, Link, TableView, table

_PLACES_SHOWN, _CLUSTERS_SHOWN, _NAMES_SHOWN, _PERIODS_SHOWN = 500, 50, 300, 800
_TITLES = {
    "clusters": "What stands out",
    "map": "Where",
    "time": "When",
    "method": "How it was done",
    "limits": "What it cannot tell",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A numbered section: its anchor, its title, and the sentence that answers it."""

    key: str
    number: int
    title: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """The time chart of one cluster with its table twin."""

    title: str
    chart: Chart | None
    table: TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """The whole page."""

    title: str
    facts: tuple[tuple[str, str], ...]
    disclaimer: str
    sections: tuple[SectionView, ...]
    clusters: TableView | None
    cautions: tuple[str, ...]
    readings: tuple[str, ...]
    map: Chart | None
    places: TableView | None
    series: tuple[SeriesView, ...]
    settings: tuple[tuple[str, str], ...]
    assumptions: tuple[str, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]


def page_view(content: ScanContent) -> PageView:
    """Everything the page shows."""
    return PageView(
        title={
            "places": "Clusters by place",
            "time": "Clusters in time",
            "tree": "Branches with too many cases",
        }[content.settings.kind],
        facts=tuple(_facts(content)),
        disclaimer=NOT_A_CAUSE,
        sections=_sections(content),
        clusters=_clusters(content),
        cautions=cautions(content.clusters[:_CLUSTERS_SHOWN]),
        readings=tuple(cluster.reading for cluster in content.clusters[1:] if cluster.clear),
        map=map_chart(content, _map_words(content)),
        places=_places(content),
        series=tuple(_series(series, content.clusters[series.cluster]) for series in _drawn(content)),
        settings=settings_pairs(content.settings),
        assumptions=content.assumptions,
        method=method_lines(content),
        limits=limit_lines(content),
        provenance=(
            ("Read from", "; ".join(content.settings.files)),
            ("Made by", f"untoward {content.version}"),
        ),
    )


def _facts(content: ScanContent) -> Iterator[tuple[str, str]]:
    settings, totals = content.settings, content.totals
    yield "Cases", count(totals.cases)
    if settings.kind != "time":
        yield ("Leaves" if settings.kind == "tree" else "Places"), count(totals.places)
    if totals.population is not None:
        yield "At risk", f"{totals.population:,.0f}"
    if totals.controls is not None:
        yield "Controls", count(totals.controls)
    if settings.first_day:
        yield "Study period", f"{settings.first_day} to {settings.last_day}"
    if settings.unit:
        yield "Periods", counted(totals.periods, settings.unit)


def _sections(content: ScanContent) -> tuple[SectionView, ...]:
    answers = {"clusters": content.headline}
    if content.points:
        answers["map"] = _map_words(content)
    if content.series:
        answers["time"] = (
            "Bars: cases at the places of the cluster. Line: expected there. Shaded: the window."
        )
    answers["method"] = method_lines(content)[0]
    answers["limits"] = NOT_A_CAUSE
    return tuple(
        SectionView(key=key, number=number, title=_TITLES[key], answer=answer)
        for number, (key, answer) in enumerate(answers.items(), start=1)
    )


def _map_words(content: ScanContent) -> str:
    if not content.clusters:
        return f"{counted(len(content.points), 'place')}, no cluster."
    drawn = len(shown_on_map(content))
    circles = "the most likely circle" if drawn == 1 else f"the {drawn} most likely circles"
    return f"{counted(len(content.points), 'place')}, each as large as its cases, and {circles}."


def _clusters(content: ScanContent) -> TableView | None:
    if not content.clusters:
        return None
    timed, tree = content.settings.unit is not None, content.settings.kind == "tree"
    headings = (
        "Cluster", *(("Window",) if timed else ()), "#Cases", "#Expected", "#Relative risk", "#LLR", "#p",
        *(() if tree else ("#Gumbel p",)), *(("#Once in",) if content.settings.time == "prospective" else ()),
    )  # fmt: skip
    rows = (
        _cluster_row(number, cluster, content)
        for number, cluster in enumerate(content.clusters[:_CLUSTERS_SHOWN], start=1)
    )
    return table("Clusters, most likely first", headings, rows)


def _cluster_row(number: int, cluster: FoundCluster, content: ScanContent) -> tuple[Cell | str, ...]:
    settings = content.settings
    window = (f"{cluster.first_day} to {cluster.last_day}",) if settings.unit else ()
    gumbel = "–" if cluster.gumbel_p is None else f"{cluster.gumbel_p:.2g}"
    recurrence = (_recurrence(cluster),) if settings.time == "prospective" else ()
    population = "" if cluster.population is None else f"of {cluster.population:,.0f}"
    return (
        _cluster_cell(number, cluster, distance_unit(settings)),
        *window,
        Cell(text=count(cluster.observed), note=population),
        figure(cluster.expected),
        "no case elsewhere" if cluster.relative_risk is None else figure(cluster.relative_risk),
        f"{cluster.llr:.6f}",
        p_text(cluster.p),
        *(() if settings.kind == "tree" else (f"{gumbel} (see note)" if cluster.caution else gumbel,)),
        *recurrence,
    )


def _recurrence(cluster: FoundCluster) -> str:
    return "–" if cluster.recurrence_days is None else long_time(cluster.recurrence_days)


def _cluster_cell(number: int, cluster: FoundCluster, unit: str) -> Cell:
    names = [place.value for place in cluster.where]
    if len(names) < 2:
        return Cell(text=f"{number}. {names_text(cluster)}")
    more = len(names) - _NAMES_SHOWN
    return Cell(
        text=f"{number}. {counted(len(names), 'place')}",
        note="" if cluster.centre is None else f"within {figure(cluster.radius)} {unit} of {cluster.centre}",
        links=tuple(Link(text=name) for name in names[:_NAMES_SHOWN]),
        links_note=f"and {count(more)} more" if more > 0 else "",
    )


def _places(content: ScanContent) -> TableView | None:
    """The twin of the map: places of clusters first, then those with most cases."""
    if not content.points:
        return None
    ordered = sorted(
        content.points,
        key=lambda point: (point.cluster is None, point.cluster or 0, -point.cases, point.name),
    )
    rows = (
        (
            point.name,
            "" if point.cluster is None else str(point.cluster + 1),
            count(point.cases),
            figure(point.expected),
            "–" if point.people is None else f"{point.people:,.0f}",
            f"{point.y:.5g}, {point.x:.5g}" if content.great_circle else f"{point.x:.5g}, {point.y:.5g}",
        )
        for point in ordered[:_PLACES_SHOWN]
    )
    where = "Latitude, longitude" if content.great_circle else "x, y"
    cut = (
        f" (first {_PLACES_SHOWN} of {count(len(ordered))}; --json has all clusters whole)"
        if len(ordered) > _PLACES_SHOWN
        else ""
    )
    return table(f"Places{cut}", ("Place", "#Cluster", "#Cases", "#Expected", "#At risk", f"#{where}"), rows)


def _drawn(content: ScanContent) -> Iterator[ClusterSeries]:
    for series in content.series:
        if series.cluster == 0 or content.clusters[series.cluster].clear:
            yield series


def _series(series: ClusterSeries, cluster: FoundCluster) -> SeriesView:
    number = series.cluster + 1
    title = f"Cluster {number}: {names_text(cluster)}"
    said = (
        f"{title}. {counted(cluster.observed, 'case')} from {cluster.first_day} to {cluster.last_day}, "
        f"{figure(cluster.expected)} expected."
    )
    rows = (
        (f"{one.first_day} to {one.last_day}", count(one.cases), figure(one.expected))
        for one in series.periods[:_PERIODS_SHOWN]
    )
    cut = f" (first {_PERIODS_SHOWN})" if len(series.periods) > _PERIODS_SHOWN else ""
    return SeriesView(
        title=title,
        chart=time_chart(series, cluster, said),
        table=table(f"Cases by period{cut}", ("Period", "#Cases", "#Expected"), rows),
    )
