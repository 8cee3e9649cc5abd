"""`untoward audit`: the trail of the record."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(name="audit", help="The trail of the record.", no_args_is_help=True)

BROKEN = 1
SHOWN = 50


@app.callback()
def audit() -> None:
    """The trail of the record: every version of everything, each entry holding the hash of the one before."""


@app.command("verify")
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Go through the whole trail and compare every thing with its last entry. Ends with 1 when anything is wrong.

    Example: untoward audit verify
    """
    from dataclasses import asdict

    from untoward.cli.output import print_json
    from untoward.tasks.site import open_site
    from untoward.tasks.site_words import in_words

    open_site()
    from untoward.registry.trail import verify as go_through

    with in_words():
        report = go_through()
    if as_json:
        print_json(asdict(report))
    else:
        typer.echo(
            f"{report.entries} entries, {report.things} things as their last entries say, {len(report.faults)} faults."
        )
        for fault in report.faults[:SHOWN]:
            typer.echo(f"  - {fault.where}: {fault.what}")
        if len(report.faults) > SHOWN:
            typer.echo(f"  … and {len(report.faults) - SHOWN} more (--json gives all)")
        typer.echo(f"Last hash: {report.last_hash}")
    if report.faults:
        raise typer.Exit(BROKEN)
