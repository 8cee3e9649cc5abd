"""`untoward clusters`: which place, on any axis and in any time window, holds more cases than chance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass


def clusters(
    registry: Annotated[
        Path,
        typer.Argument(
            help="Folder (or .xlsx workbook) with sessions, components, reactions and observations.",
            show_default=False,
        ),
    ],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Use only what was known on this date (ISO 8601). Default: everything."),
    ] = None,
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome",
            help='Scan only this outcome ("infection", "allergy", "tissue injury", "left its expected course", '
            '"any reaction"); may be given again. Default: all but "left its expected course".',
        ),
    ] = None,
    replicates: Annotated[
        int,
        typer.Option("--replicates", help="Shuffled registries to compare with; 999 give p down to 0.001."),
    ] = 999,
    seed: Annotated[
        int, typer.Option("--seed", help="Start of the random numbers; the same gives the same.")
    ] = 0,
    longest_window: Annotated[
        float | None,
        typer.Option(
            "--longest-window",
            min=1,
            help="Longest time window, in days. Default: half of the time on record.",
        ),
    ] = None,
    keep_good_rows: Annotated[
        bool,
        typer.Option("--keep-good-rows", help="Leave out rows with faults, count them, and search the rest."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole answer as JSON on stdout.")
    ] = False,
) -> None:
    """Search all axes at once for clusters: lot, vial, diluent, device, mix, practitioner, clinic …, in any time window.

    Every cluster comes with its cases, what was expected, one p over everything that was searched, who else has the same cases,
    and what may explain them. Exit 0 when nothing stands out, 1 when something does (p of 0.05 or less) or should be
    looked at anyway, 2 for faulty input.

    Example: untoward clusters demo/registry --as-of 2025-03-31
    """
    from rich.console import Console

    from untoward.cli.clusters_view import print_clusters
    from untoward.cli.dates import last_instant
    from untoward.cli.output import print_json, progress_bar
    from untoward.report.clusters_document import clusters_document
    from untoward.tasks.clusters import clusters_of
    from untoward.watch.clusters.search import ClusterOptions

    with progress_bar() as progress:
        found = clusters_of(
            registry,
            as_of=last_instant(as_of),
            outcomes=tuple(outcome or ()),
            options=ClusterOptions(replicates=replicates, seed=seed, longest_window=longest_window),
            keep_good_rows=keep_good_rows,
            progress=progress,
        )
    if as_json:
        print_json(clusters_document(found.answer, found.provenance, found.rows_left_out))
    else:
        print_clusters(found.answer, Console(), found.rows_left_out)
    raise typer.Exit(1 if found.needs_someone else 0)
