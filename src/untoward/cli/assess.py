"""`untoward assess`: cases or a sentence to findings."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from untoward.tasks.assessing import AssessedCase

VIEWS = ("clinician", "patient", "both")


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
            "--lang",
            help="Language of the patient's page: en, es, pt, fr, or auto for that of the text. "
            "What is said is read in every language whatever is given.",
        ),
    ] = "auto",
    view: Annotated[
        str,
        typer.Option("--view", help="What to print: clinician, patient (plain words), or both."),
    ] = "clinician",
    country: Annotated[
        str | None,
        typer.Option(
            "--country", help="Two letters such as GB: which emergency number the patient's page gives."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON (JSON Lines for several cases).")
    ] = False,
) -> None:
    """Assess a reaction after an injection: how urgent, by which rule, with which facts missing.

    The patient's page says the same in plain words, with a deadline and what to watch for; JSON always holds it.
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
    if view not in VIEWS:
        raise UsageError(f"--view: got {view!r}, expected {', '.join(VIEWS)}.")
    if text is not None:
        assessed = [assess_sentence(text, day=day, compounds=compound or (), lang=lang, country=country)]
    else:
        assert file is not None
        assessed = list(assess_json(read_text(file), file=file, lang=lang, country=country))
    if not as_json:
        _print_for_people(assessed, view)
    elif len(assessed) == 1:
        print_json(assessed[0].document())
    else:
        print_json_lines([item.document() for item in assessed])
    raise typer.Exit(1 if any(item.needs_someone for item in assessed) else 0)


def _print_for_people(assessed: list[AssessedCase], view: str) -> None:
    from rich.console import Console

    from untoward.cli.assessment_view import print_case, print_patient, print_versions
    from untoward.tasks.assessing import cited

    console = Console(highlight=False)
    for item in assessed:
        document = item.document()
        if view != "patient":
            print_case(document, console, cited)
        if view == "both":
            console.print()
        if view != "clinician":
            for page in item.patient_views():
                print_patient(page, console)
        if view == "patient":
            print_versions(document, console)
