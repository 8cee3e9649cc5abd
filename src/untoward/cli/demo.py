"""`untoward demo`: the whole chain on made-up and published data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

BROKEN = 1


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the registry, the reviews and the site.")
    ] = Path("demo"),
    once: Annotated[
        bool, typer.Option("--once", help="Build and review, ask the site for every page once, and stop.")
    ] = False,
    examples: Annotated[
        Path, typer.Option("--examples", help="Folder with the published outbreaks to review as well.")
    ] = Path("examples"),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the site.")] = 8000,
) -> None:
    """Simulate three clinics with one contaminated vial, review them, and start the site with their record.

    Example: untoward demo --once
    """
    from rich.console import Console

    from untoward.cli.output import progress_bar
    from untoward.report.terminal import render_terminal
    from untoward.tasks.demo import review_examples, review_simulated
    from untoward.tasks.site_demo_running import build_home

    console = Console()
    with progress_bar() as progress:
        simulated = review_simulated(out, progress)
    render_terminal(simulated.reviewed.review, console)
    console.print(f"\n[bold]The truth[/bold]: {simulated.truth}. {simulated.verdict}")
    if examples.is_dir():
        console.print("\n[bold]Published outbreaks, entered again from the printed numbers[/bold]")
        for line in review_examples(examples, out):
            console.print(f"  {line}", highlight=False)
    console.print(f"\nThe review: [bold]{simulated.page}[/bold]", soft_wrap=True, highlight=False)
    console.print("\nWriting the same clinics into a record for the site …", highlight=False)
    home = build_home(out, out / "registry", examples if examples.is_dir() else None)
    if once:
        _ask(console, home)
    else:
        _keep_up(console, home, port)


def _ask(console: Console, home: Path) -> None:
    """Every page once, as each role; ends with 1 when one of them breaks."""
    from untoward.tasks.site_demo_running import ask_every_page

    answers = list(ask_every_page(home))
    broken = [one for one in answers if one.status >= 500]
    shown = [one for one in answers if one.status == 200]
    pages, roles = len({one.page for one in answers}), len({one.role for one in answers})
    console.print(
        f"\n[bold]The site[/bold]: {pages} pages asked as {roles} kinds of people: {len(shown)} shown, "
        f"{len(answers) - len(shown) - len(broken)} refused or sent elsewhere, {len(broken)} broken.",
        highlight=False,
    )
    for one in sorted(shown, key=lambda one: -one.seconds)[:5]:
        console.print(f"  {one.seconds:6.3f} s  {one.page}, as {one.role}", highlight=False)
    for one in broken:
        console.print(f"  [bold]{one.status}[/bold] {one.page}, as {one.role}", highlight=False)
    if broken:
        raise typer.Exit(BROKEN)


def _keep_up(console: Console, home: Path, port: int) -> None:
    from untoward.tasks.site_demo_running import free_port, keep_up

    port = free_port(port)
    console.print(
        f"\nOpen [bold]http://127.0.0.1:{port}/demo[/bold] in a browser and choose who you are. Ctrl+C stops it.",
        soft_wrap=True,
        highlight=False,
    )
    keep_up(home, port)
