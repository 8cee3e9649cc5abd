"""`untoward review`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass

DEFAULT_OUT = Path("untoward-review")


def review(
    registry: Annotated[
        Path,
        typer.Argument(
            help="Folder (or .xlsx workbook) with sessions, components, reactions and observations; or one line list.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Folder for review.html, review.json and line-list.csv. Default: untoward-review; none with --json.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Date of the review (ISO 8601). Default: the last date in the data."),
    ] = None,
    keep_good_rows: Annotated[
        bool,
        typer.Option("--keep-good-rows", help="Leave out rows with faults, count them, and review the rest."),
    ] = False,
    title: Annotated[str | None, typer.Option("--title", help="Title of the review.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print review.json on stdout instead of a summary.")
    ] = False,
) -> None:
    """Review a registry of injection sessions: who needs someone, what left its course, which exposure stands out.

    Exit 0 when nobody needs someone within 72 hours, 1 when someone does, 2 for faulty input, 3 when writing failed.

    Example: untoward review examples/balearic-2009 --out out/balearic
    """
    from rich.console import Console

    from untoward.cli.dates import last_instant
    from untoward.cli.output import print_json, progress_bar
    from untoward.report.json_document import render_json
    from untoward.report.terminal import render_terminal
    from untoward.tasks.reviewing import review as review_task
    from untoward.tasks.reviewing import write_review

    with progress_bar() as progress:
        reviewed = review_task(
            registry,
            as_of=last_instant(as_of),
            keep_good_rows=keep_good_rows,
            title=title,
            progress=progress,
        )
        folder = out or (None if as_json else DEFAULT_OUT)
        files = {} if folder is None else write_review(reviewed, folder)
    if as_json:
        print_json(render_json(reviewed.review))
    else:
        console = Console()
        render_terminal(reviewed.review, console)
        for path in files.values():
            console.print(f"  wrote {path}", soft_wrap=True, highlight=False)
    raise typer.Exit(1 if reviewed.review.urgent_total else 0)
