"""`untoward investigate link`: persons in common between clinics, without names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help=(
        "Find persons whom several clinics have in common, without names.\n\n"
        "1. One clinic makes a key (new-key) and hands it to the others by a safe way. 2. Each clinic makes tokens of "
        "its own list (token) and sends the tokens, never the key, to whoever joins them. 3. Tokens are joined (match) "
        "without the key.\n\n"
        "Limits: whoever has the key and the tokens can try out names and birth dates until one fits, so the one who "
        "joins must not have the key. Persons whose identifiers were written too differently are missed. How many "
        "persons a clinic has, and which two records are one person, can be seen from the tokens alone."
    ),
    no_args_is_help=True,
)


@app.command("new-key")
def new_key(
    file: Annotated[Path, typer.Argument(help="File to write; must not exist.", show_default=False)],
) -> None:
    """Make a key of 32 random bytes that only you can read.

    Example: untoward investigate link new-key outbreak.key
    """
    from untoward.tasks.investigating_linkage import new_key as make

    typer.echo(
        f"wrote {make(file)}. Hand it to the other clinics by a way that nobody else reads; do not send it with the tokens."
    )


@app.command()
def token(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Persons: patient_id, given_name, family_name, birth_date, sex (CSV, XLSX, Parquet).",
            show_default=False,
        ),
    ],
    key_file: Annotated[Path, typer.Option("--key-file", help="The shared key.", show_default=False)],
    clinic: Annotated[str, typer.Option("--clinic", help="Short name of this clinic.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Tokens to send.")] = Path("tokens.csv"),
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", help="Which record is which of your own keys. Stays with you.", show_default=False
        ),
    ] = None,
) -> None:
    """Make tokens of a list of persons. The output holds no identifier; nothing of the list is printed.

    Whoever has the key can still try out names against the tokens: send them only to those who do not have it.

    Example: untoward investigate link token persons.csv --key-file outbreak.key --clinic north --keep own.csv
    """
    from untoward.tasks.investigating_files import safe_csv, write_text
    from untoward.tasks.investigating_linkage import make_tokens

    made = make_tokens(files, key_file, clinic)
    write_text(made.tokens.write_csv(), out)
    typer.echo(
        f"wrote {out}: {made.tokens.height:,} tokens of {made.tokens['record'].n_unique():,} of {made.persons:,} persons"
    )
    for what, number in made.without.items():
        typer.echo(f"  {number:,} without {what}: no token, so they cannot be found")
    for note in made.notes:
        typer.echo(f"  {note}", err=True)
    if keep is not None:
        typer.echo(
            f"wrote {write_text(safe_csv(made.own), keep, private=True)}: keep it, and send it to nobody"
        )


@app.command()
def match(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Token files of two clinics or more.", show_default=False),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the links as CSV.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Join the tokens of several clinics: which records are the same person, what agrees, and what does not fit.

    Exit 0 when everything fits, 1 when a person must look at conflicts or possible links, 2 for faulty files.

    Example: untoward investigate link match north.csv south.csv --out links.csv
    """
    from rich.console import Console

    from untoward.cli.investigate_view import print_joined
    from untoward.cli.output import print_json
    from untoward.tasks.investigating_files import safe_csv, write_text
    from untoward.tasks.investigating_linkage import joined_document, joined_frame, match_tokens

    joined = match_tokens(files)
    if out is not None:
        typer.echo(f"wrote {write_text(safe_csv(joined_frame(joined)), out)}", err=True)
    if as_json:
        print_json(joined_document(joined))
    else:
        print_joined(joined, Console(highlight=False))
    needs_someone = joined.conflicts or any(link.strength == "possible" for link in joined.links)
    raise typer.Exit(1 if needs_someone else 0)
