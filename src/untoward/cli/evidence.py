"""`untoward evidence`: show, check, sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="What is known, from where, and how well.", no_args_is_help=True)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Compound: any name, synonym or brand.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write the page as one self-contained HTML file.", show_default=False),
    ] = None,
) -> None:
    """Everything known of a compound: where it may be used, what happens how often and for how long, and what is claimed.

    Example: untoward evidence show lecithin --html lecithin.html
    """
    from untoward.cli.output import print_json
    from untoward.tasks.profiles import profile_document, profile_of, write_profile_page

    if html is not None:
        typer.echo(f"wrote {write_profile_page(name, html)}", err=as_json)
    if as_json:
        print_json(profile_document(name))
    elif html is None:
        from rich.console import Console

        from untoward.cli.evidence_page import print_page

        print_page(profile_of(name), Console(highlight=False))


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="Evidence folder to check. Default: the one that comes with untoward."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Check every record, source, compound and term, and list every fault; then what is covered and what nothing uses.

    Example: untoward evidence check
    """
    from untoward.cli.output import print_json
    from untoward.tasks.evidence_state import evidence_state

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


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Evidence folder of before.", show_default=False)],
    new: Annotated[
        Path | None,
        typer.Argument(
            help="Evidence folder of now. Default: the one that comes with untoward.", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """What changed between two versions of the evidence, field by field, and which answers may change with it.

    Example: untoward evidence diff old-evidence
    """
    from untoward.cli.output import print_json
    from untoward.tasks.evidence_changes import evidence_changes

    found = evidence_changes(old, new)
    if as_json:
        print_json(found.as_document())
        return
    typer.echo("\n".join(found.lines()))
