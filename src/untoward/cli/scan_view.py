"""What `untoward scan` prints for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from untoward.report.numbers import count, counted
from untoward.report.scan.content import FoundCluster, ScanContent
from untoward.report.scan.wording import (
    NOT_A_CAUSE,
    cautions,
    distance_unit,
    figure,
    names_text,
    p_text,
    settings_pairs,
)

CLUSTERS_SHOWN = 10


def print_scan(content: ScanContent) -> None:
    """The most likely cluster in a sentence, a table of all, and what was assumed."""
    console = Console(highlight=False)
    for line in (totals_line(content), "", content.headline, ""):
        console.print(line, markup=False)
    if content.clusters:
        console.print(_clusters(content))
        console.print()
    for line in _footnotes(content):
        console.print(line, style="dim", markup=False)


def totals_line(content: ScanContent) -> str:
    """How much was scanned, as in "552 cases at 281 places; 1,057,673 people at risk."."""
    totals = content.totals
    if content.settings.kind == "tree":
        return f"{counted(totals.cases, 'case')} in {counted(totals.places, 'leaf', 'leaves')} of a tree."
    said = counted(totals.cases, "case")
    if content.settings.kind == "places":
        said += f" at {counted(totals.places, 'place')}"
    if content.settings.unit:
        said += f" in {counted(totals.periods, content.settings.unit)}"
    if totals.controls is not None:
        return f"{said}; {counted(totals.controls, 'control')}."
    return f"{said}." if totals.population is None else f"{said}; {totals.population:,.0f} people at risk."


def _clusters(content: ScanContent) -> Table:
    sheet = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    timed = content.settings.unit is not None
    for heading in ("#", "where", *(("when",) if timed else ()), "obs", "exp", "risk", "LLR", "p", "Gumbel"):
        left = heading in ("where", "when")
        sheet.add_column(
            heading,
            justify="left" if left else "right",
            no_wrap=not left,
            overflow="fold",
            min_width=10 if left else None,
        )
    for place, cluster in enumerate(content.clusters[:CLUSTERS_SHOWN], start=1):
        when = (f"{cluster.first_day} to {cluster.last_day}",) if timed else ()
        sheet.add_row(
            str(place),
            escape(_where(cluster, distance_unit(content.settings))),
            *when,
            count(cluster.observed),
            figure(cluster.expected),
            "all" if cluster.relative_risk is None else figure(cluster.relative_risk),
            f"{cluster.llr:.6f}",
            p_text(cluster.p),
            _gumbel(cluster),
            style=None if cluster.clear else "dim",
        )
    return sheet


def _where(cluster: FoundCluster, unit: str) -> str:
    names = names_text(cluster)
    if len(cluster.where) < 2 or cluster.radius is None:
        return names
    radius = f"{figure(cluster.radius)} km" if unit == "km" else f"radius {figure(cluster.radius)}"
    return f"{len(cluster.where)} places: {names} ({radius})"


def _gumbel(cluster: FoundCluster) -> str:
    """The p of the fitted curve, with "!" where it must not be leant on."""
    return "–" if cluster.gumbel_p is None else f"{cluster.gumbel_p:.2g}{'!' if cluster.caution else ''}"


def _footnotes(content: ScanContent) -> Iterator[str]:
    if len(content.clusters) > CLUSTERS_SHOWN:
        yield f"{count(len(content.clusters) - CLUSTERS_SHOWN)} less likely clusters are in --json and --report."
    if content.settings.stopped_early:
        yield (
            f"p rests on {count(content.settings.replicates)} replicates: stopped early, since p could no longer be 0.05 or less."
        )
    else:
        yield f"p: {count(content.settings.replicates)} replicates, adjusted for all windows looked at."
    if content.clusters:
        yield f"obs, exp: cases seen and expected; risk: {_risk_words(content)}; LLR: log-likelihood ratio."
    if any(cluster.gumbel_p is not None for cluster in content.clusters):
        yield "Gumbel: the same chance from a fitted curve, which reaches further out."
    yield from (f"! {line}" for line in cautions(content.clusters[:CLUSTERS_SHOWN]))
    yield "; ".join(f"{name}: {value}" for name, value in settings_pairs(content.settings)) + "."
    yield from content.assumptions
    yield NOT_A_CAUSE


def _risk_words(content: ScanContent) -> str:
    return "seen over expected" if content.settings.model == "permutation" else "times the risk elsewhere"
