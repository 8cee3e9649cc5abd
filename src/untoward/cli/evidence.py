"""`untoward evidence`: show, check, sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from untoward.tasks.profiles import Profile

app = typer.Typer(help="What is known, from where, and how well.", no_args_is_help=True)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Compound: any name, synonym or brand.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Everything known of a compound: where it may be used, what happens how often and for how long, and what is claimed.

    Example: untoward evidence show lecithin
    """
    from rich.console import Console

    from untoward.cli.output import print_json
    from untoward.tasks.profiles import profile_of

    profile = profile_of(name)
    if as_json:
        print_json(profile.as_document())
    else:
        _print_profile(profile, Console())


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="Evidence folder to check. Default: the one that comes with untoward."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Check every record, source, compound and term, and list every fault; then what is covered and what is not.

    Example: untoward evidence check
    """
    from untoward.cli.output import print_json
    from untoward.tasks.profiles import evidence_state

    state = evidence_state(folder)
    if as_json:
        print_json(state.as_document())
        return
    typer.echo("\n".join(state.lines()))


@app.command()
def sources(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Every source, how many records rest on it, and whether it was opened.

    Example: untoward evidence sources
    """
    from rich.console import Console
    from rich.table import Table

    from untoward.cli.output import print_json
    from untoward.tasks.profiles import source_list

    listed = source_list()
    if as_json:
        print_json([item.as_document() for item in listed])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("source", "year", "records", "opened", "citation"):
        table.add_column(
            heading, overflow="fold", justify="right" if heading in ("records", "year") else "left"
        )
    for item in listed:
        opened = item.source.opened or "no"
        table.add_row(
            item.source.key, str(item.source.year or "n.d."), str(item.records), opened, item.source.citation
        )
    Console().print(table)


def _print_profile(profile: Profile, console: Console) -> None:
    console.print(f"[bold]{profile.compound.label}[/bold]  {profile.compound.drug_class}")
    console.print(profile.compound.description)
    console.print(
        f"Also called: {', '.join(profile.compound.synonyms)}", style="dim", highlight=False, markup=False
    )
    for section in profile.sections:
        console.print(f"\n[bold]{section.title}[/bold]")
        for line in section.lines or ("no data",):
            console.print(f"  {line}", highlight=False, markup=False)
    console.print(f"\n[bold]Sources[/bold] ({len(profile.citations)})")
    for key, citation in profile.citations.items():
        console.print(f"  {key}: {citation}", style="dim", highlight=False, markup=False)
