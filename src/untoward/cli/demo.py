"""`untoward demo`: the whole chain on made-up and published data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the registry and the reviews.")] = Path(
        "demo"
    ),
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="Run through and stop. (There is no site to keep up yet, so it always stops.)"
        ),
    ] = False,
    examples: Annotated[
        Path, typer.Option("--examples", help="Folder with the published outbreaks to review as well.")
    ] = Path("examples"),
) -> None:
    """Simulate three clinics with one contaminated vial, review them, and review the published outbreaks.

    Example: untoward demo --once
    """
    from rich.console import Console

    from untoward.cli.output import progress_bar
    from untoward.report.terminal import render_terminal
    from untoward.tasks.demo import review_examples, review_simulated

    console = Console()
    with progress_bar() as progress:
        simulated = review_simulated(out, progress)
    render_terminal(simulated.reviewed.review, console)
    console.print(f"\n[bold]The truth[/bold]: {simulated.truth}. {simulated.verdict}")
    if examples.is_dir():
        console.print("\n[bold]Published outbreaks, entered again from the printed numbers[/bold]")
        for line in review_examples(examples, out):
            console.print(f"  {line}", highlight=False)
    console.print(f"\nOpen [bold]{simulated.page}[/bold] in a browser.", soft_wrap=True, highlight=False)
