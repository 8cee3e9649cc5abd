"""`untoward template`: the workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def template(
    xlsx: Annotated[Path, typer.Option("--xlsx", help="Name of the workbook to write.")] = Path(
        "untoward-template.xlsx"
    ),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
) -> None:
    """Write an empty workbook with one sheet per table, a page that explains every column, and an example.

    Example: untoward template --xlsx my-clinic.xlsx
    """
    from untoward.tasks.templates import make_template

    path = make_template(xlsx, overwrite=overwrite)
    typer.echo(f"Wrote {path}. Fill it in, then: untoward review {path}")
