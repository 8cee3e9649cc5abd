"""`untoward scan`: are cases closer together in place and time than chance, from counts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from untoward.cli import scan_options as options

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from untoward.report.scan.content import ScanContent

FINDINGS = 1


def scan(
    cases: options.Cases,
    population: options.Population = None,
    coordinates: options.Coordinates = None,
    controls: options.Controls = None,
    model: options.ModelChoice = options.ModelOption.poisson,
    time: options.TimeChoice = options.TimeOption.none,
    unit: options.UnitChoice = options.UnitOption.day,
    axes: options.AxesChoice = None,
    place: options.PlaceHeader = None,
    category: options.Category = None,
    largest_share: options.LargestShare = 0.5,
    longest: options.Longest = None,
    first: options.First = None,
    last: options.Last = None,
    as_of: options.AsOf = None,
    tree: options.TreeFile = None,
    replicates: options.Replicates = 999,
    seed: options.Seed = 1,
    stop_early: options.StopEarly = False,
    report: options.ReportFile = None,
    as_json: options.AsJson = False,
) -> None:
    """Find circles of places, stretches of time or branches of a tree with more cases than expected.

    For people who have counts only. Exit 1 when a cluster has p up to 0.05.

    Example: untoward scan cases.csv --population population.csv --coordinates coordinates.csv
    """
    from untoward.cli.output import print_json, progress_bar
    from untoward.exchange.places import PlaceFiles, PlaceSettings
    from untoward.report.scan.document import scan_document
    from untoward.tasks.scanning import ScanOptions, run_scan
    from untoward.tasks.signals_writing import check_targets

    chosen = ScanOptions(
        files=PlaceFiles(cases=cases, coordinates=coordinates, population=population, controls=controls),
        settings=PlaceSettings(
            model=model.value,
            time=time.value,
            unit=unit.value,
            categories=tuple(dict.fromkeys(category or ())),
            axes=None if axes is None else axes.value,
            place=place,
            first=_day(first),
            last=_day(last),
            as_of=_day(as_of),
        ),
        tree=tree,
        largest_share=largest_share,
        longest=longest,
        replicates=replicates,
        seed=seed,
        stop_early=stop_early,
    )
    check_targets({"report": report})
    with progress_bar() as progress:
        content = run_scan(chosen, progress)
    _write(report, content)
    if as_json:
        print_json(scan_document(content))
    else:
        from untoward.cli.scan_view import print_scan

        print_scan(content)
    if any(cluster.clear for cluster in content.clusters):
        raise typer.Exit(FINDINGS)


def _write(report: Path | None, content: ScanContent) -> None:
    if report is None:
        return
    from untoward.report.scan.page import render_scan_html
    from untoward.tasks.signals_writing import text_writer, write_all

    for path in write_all({report: text_writer(render_scan_html(content))}):
        typer.echo(f"wrote {path}", err=True)


def _day(given: datetime | None) -> date | None:
    return None if given is None else given.date()
