"""`untoward serve`: the site on this machine."""

from __future__ import annotations

import os
from typing import Annotated

import typer


def serve(
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port to listen on.")] = 8000,
    host: Annotated[
        str,
        typer.Option(
            "--host", help="Address to listen on; anything but this machine asks for a safe set-up."
        ),
    ] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option("--workers", "-w", min=1, max=32, help="Processes that answer.")
    ] = 2,
    i_know: Annotated[
        bool, typer.Option("--i-know", help="Listen beyond this machine although the set-up is not safe.")
    ] = False,
) -> None:
    """Start the site. The first time it prints a link that makes the first clinic and its director.

    Example: untoward serve --port 8000
    """
    from untoward.tasks.site import migrate, open_site
    from untoward.tasks.site_serving import Place, free, may_listen
    from untoward.tasks.site_serving import serve as listen

    place = Place(host=host, port=port, workers=workers)
    os.environ.setdefault("UNTOWARD_PUBLIC_URL", place.address)
    settings = open_site()
    may_listen(place, settings, know=i_know)
    free(place)
    done = migrate()
    from untoward.tasks.site_first_run import new_token

    if done.waited:
        typer.echo("Another process was bringing the database to this version; it is done.")
    elif done.steps:
        typer.echo(f"The database was brought to this version ({done.steps} steps).")
    if token := new_token(settings):
        typer.echo(
            "Nobody can sign in yet. Open this link to make the first clinic and its director. It works once, and is "
            f"shown only here:\n\n  {settings.public_url}/first-run?key={token}\n"
        )
    typer.echo(f"The site is at {settings.public_url} (Ctrl+C stops it).")
    listen(place, settings)
