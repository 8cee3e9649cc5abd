"""`untoward code`: free text to terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def code(
    text: Annotated[str, typer.Argument(help="What was said, in plain words; '-' for stdin.")],
    lang: Annotated[
        str, typer.Option("--lang", help="Language of the text: auto, en, es, pt or fr.")
    ] = "auto",
    lexicon: Annotated[
        Path | None,
        typer.Option("--lexicon", help="YAML with further names of terms and small words."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Code free text: which signs it names, which it denies or doubts, whose and since when. Nothing is sent anywhere.

    Exit 0 whatever is found, 2 for a faulty lexicon.

    Example: untoward code "red lump of 3 cm since yesterday, no fever" --json
    """
    from untoward.cli.output import print_json, read_text
    from untoward.tasks.coding import code_text, coding_document

    said = read_text(text) if text == "-" else text
    coding = code_text(said, lang=lang, lexicon=lexicon)
    document = coding_document(coding)
    if as_json:
        print_json(document)
        return
    from rich.console import Console

    from untoward.cli.code_view import print_coding

    print_coding(said, document, Console())
