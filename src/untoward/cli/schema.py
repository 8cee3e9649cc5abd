"""`untoward schema`: JSON Schemas of the documents."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    name: Annotated[
        str | None, typer.Argument(help="Document; without one, all names are listed.", show_default=False)
    ] = None,
) -> None:
    """Print the JSON Schema of a document that untoward reads or writes.

    Example: untoward schema case
    """
    from untoward.cli.output import print_json
    from untoward.tasks.schemas import schema_names, schema_of

    if name is None:
        typer.echo("\n".join(schema_names()))
    else:
        print_json(schema_of(name))
