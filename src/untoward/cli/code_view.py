"""A coded text for people: the text with its terms marked, and a table of what is said of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

LANGUAGE_NAMES = {"en": "English", "es": "Spanish", "pt": "Portuguese", "fr": "French"}
_STATED, _DENIED, _UNSURE, _UNREAD = "bold underline green", "underline red", "underline yellow", "dim italic"


def print_coding(said: str, document: Mapping[str, Any], console: Console) -> None:
    """Print one coded text; `document` is what `--json` gives."""
    console.print(_marked(said, document))
    console.print()
    if document["terms"]:
        console.print(_table(document))
    else:
        console.print("No term was recognised. That is no sign that nothing is wrong.")
    for line in _notes(said, document):
        console.print(Text(line))


def _marked(said: str, document: Mapping[str, Any]) -> Text:
    marked = Text(said)
    for start, end in document["unread"]:
        marked.stylize(_UNREAD, start, end)
    for term in document["terms"]:
        marked.stylize(_style(term), *term["span"])
    return marked


def _style(term: Mapping[str, Any]) -> str:
    if term["negated"]:
        return _DENIED
    unsure = term["uncertain"] or term["past"] or term["conditional"] or term["subject"] != "patient"
    return _UNSURE if unsure else _STATED


def _table(document: Mapping[str, Any]) -> Table:
    table = Table("Term", "Said as", "Reading", "Attributes", "May also be", header_style="bold")
    for term in document["terms"]:
        table.add_row(
            Text(term["term"]),
            Text(term["said_as"]),
            Text(_reading(term), style=_style(term).split()[-1]),
            Text(", ".join(f"{name} {_shown(value)}" for name, value in term["attributes"].items())),
            Text(", ".join(term["alternatives"])),
        )
    return table


def _reading(term: Mapping[str, Any]) -> str:
    words = ["denied"] if term["negated"] else ["stated"]
    words += [name for name in ("uncertain", "past", "conditional") if term[name]]
    if term["subject"] != "patient":
        words.append("of another person")
    return ", ".join(words)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _notes(said: str, document: Mapping[str, Any]) -> Iterator[str]:
    yield f"Language: {LANGUAGE_NAMES[document['lang']]}"
    if document["day"] is not None:
        yield f"Days since the treatment: {document['day']:g}"
    for start, end in document["unread"]:
        yield f"Not understood: {said[start:end][:200]}"
