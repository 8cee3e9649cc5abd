"""`untoward aftercare`: what a person takes home after a session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from untoward.tasks.aftercare import TakeHome


def aftercare(
    session: Annotated[str, typer.Argument(help="JSON of one session; '-' for stdin.")],
    lang: Annotated[str, typer.Option("--lang", help="Language of the person: en, es, pt or fr.")] = "en",
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="Write the passport with aftercare here: one page A4.")
    ] = None,
    consent: Annotated[
        Path | None, typer.Option("--consent", help="Write the consent sheet here, as PDF.")
    ] = None,
    large: Annotated[bool, typer.Option("--large", help="Large print; may take more than one page.")] = False,
    link: Annotated[
        str | None, typer.Option("--link", help="Web address for the QR code on the passport.")
    ] = None,
    country: Annotated[
        str | None,
        typer.Option("--country", help="Two letters such as FR; instead of the session's own country."),
    ] = None,
    emergency: Annotated[
        str | None,
        typer.Option("--emergency-number", help="Number to call; else that of the country."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything as JSON, with the records behind each statement.")
    ] = False,
) -> None:
    """Compose what a person takes home: injection passport, aftercare with dates, when to get help, consent sheet.

    Without --pdf, --consent or --json it is printed here. Exit 0 when composed, 2 for a faulty session.

    Example: untoward aftercare examples/sessions/chin-and-jaw.json --lang es --pdf passport.pdf
    """
    from untoward.cli.output import print_json, read_text
    from untoward.tasks.aftercare import checked_link, take_home, write_files

    checked_link(link)
    made = take_home(read_text(session), file=session, language=lang, country=country, emergency=emergency)
    for name in made.sheet.not_recognised:
        typer.echo(f"Not recognised: {name}. The sheet says that nobody knows it.", err=True)
    files: list[tuple[Path, bytes]] = []
    if pdf is not None:
        files.append((pdf, made.passport(large=large, link=link)))
    if consent is not None:
        files.append((consent, made.consent(large=large)))
    write_files(files)
    for path, _content in files:
        typer.echo(f"Wrote {path}", err=True)
    if as_json:
        print_json(made.document())
    elif not files:
        _print_for_people(made)


def _print_for_people(made: TakeHome) -> None:
    from untoward.report.passport import as_lines

    typer.echo("\n".join(as_lines(made.sheet)))
