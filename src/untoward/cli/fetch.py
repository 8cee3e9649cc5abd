"""`untoward fetch`: bring a public collection of reports here from its agency."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from untoward.tasks.fetching import Fetched


def fetch(
    collection: Annotated[str, typer.Argument(help="faers, vaers or caers.", show_default=False)],
    period: Annotated[
        str | None,
        typer.Argument(
            help="Quarter of faers (2024q1), year of vaers (2024); caers has none.", show_default=False
        ),
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="Folder for the file; made if need be.")] = Path(),
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Another place with the same files, such as a mirror.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Fetch even when the file is here already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Fetch one public file of reports from its agency, check it, and note its checksum. Nothing else goes online.

    Stop it at any time: run the same command again and it goes on where it stopped.

    Example: untoward fetch faers 2024q1 --to downloads
    """
    from untoward.cli.output import print_json, progress_bar
    from untoward.tasks.fetching import fetch as fetch_file

    try:
        with progress_bar() as progress:
            fetched = fetch_file(collection, period, to, base_url=base_url, again=again, progress=progress)
    except KeyboardInterrupt:
        typer.echo(f"\nStopped. What has come stays in {to}; run the same command again to go on.", err=True)
        raise
    if as_json:
        print_json(_document(fetched))
        return
    typer.echo(
        f"{'Here already:' if fetched.was_here else 'Fetched'} {fetched.path} ({fetched.size:,} bytes)"
    )
    typer.echo(f"SHA-256 {fetched.sha256}")
    typer.echo(f"Read it with: untoward signals {fetched.path}", err=True)


def _document(fetched: Fetched) -> dict[str, object]:
    return {
        "path": str(fetched.path),
        "address": fetched.address or None,
        "bytes": fetched.size,
        "sha256": fetched.sha256,
        "was_here": fetched.was_here,
    }
