"""`untoward assess`: cases or a sentence to findings."""

from __future__ import annotations

from math import isfinite
from typing import Annotated

import typer


def assess(
    file: Annotated[
        str | None,
        typer.Argument(help="JSON case, list of cases or JSON Lines; '-' for stdin.", show_default=False),
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="What was said, in plain words, instead of a file.")
    ] = None,
    day: Annotated[
        float | None,
        typer.Option("--day", min=0, help="Days since the last session (0.5 is 12 hours), with --text."),
    ] = None,
    compound: Annotated[
        list[str] | None,
        typer.Option("--compound", help="What was injected, with --text; may be given again."),
    ] = None,
    lang: Annotated[
        str,
        typer.Option(
            "--lang", help="Language of --text. Terms of every language are read whatever is given."
        ),
    ] = "auto",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON (JSON Lines for several cases).")
    ] = False,
) -> None:
    """Assess a reaction after an injection: how urgent, by which rule, with which facts missing.

    Exit 0 when nobody needs someone within 72 hours, 1 when someone does, 2 for faulty input.

    Example: untoward assess --text "warm red lump, getting bigger" --day 4 --compound lecithin
    """
    from untoward.cli.output import print_json, print_json_lines, read_text
    from untoward.errors import UsageError
    from untoward.tasks.assessing import assess_json, assess_sentence

    if (file is None) == (text is None):
        raise UsageError("Give either a FILE of cases or --text, not both. See: untoward assess --help")
    if day is not None and not isfinite(day):
        raise UsageError(f"--day: got {day}, expected a number of days such as 4 or 0.5.")
    if file is not None and (day is not None or compound):
        raise UsageError("--day and --compound go with --text; a FILE states them itself.")
    if text is not None:
        assessed = [assess_sentence(text, day=day, compounds=compound or ())]
    else:
        assert file is not None
        assessed = list(assess_json(read_text(file), file=file))
    documents = [item.document() for item in assessed]
    if not as_json:
        _print_for_people(documents)
    elif len(documents) == 1:
        print_json(documents[0])
    else:
        print_json_lines(documents)
    raise typer.Exit(1 if any(item.needs_someone for item in assessed) else 0)


def _print_for_people(documents: list[dict]) -> None:  # type: ignore[type-arg]
    from rich.console import Console

    from untoward.cli.assessment_view import print_case

    console = Console()
    for document in documents:
        print_case(document, console)
