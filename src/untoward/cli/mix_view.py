"""A mixture check as a person reads it in a terminal: the verdict first, then reasons with their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

if TYPE_CHECKING:
    from untoward.tasks.mixing import CheckedMixture

Document = Mapping[str, Any]

VERDICTS: Mapping[str, tuple[str, str, str]] = {
    "block": ("✖ BLOCK", "bold white on red", "Not for this person, or not under this law."),
    "avoid": ("▲ AVOID", "bold white on dark_orange3", "Known to go wrong."),
    "caution": ("● CAUTION", "bold black on yellow3", "May be used with care; read why."),
    "no_data": (
        "? NO DATA",
        "bold white on blue",
        "Nothing bad is known, and nobody has shown that it is compatible.",
    ),
    "ok": ("✔ OK", "bold white on green4", "Every pair was tested or is sold together."),
}
"""Word, style and meaning of each verdict."""

KINDS = {
    "incompatibility": "does not mix",
    "interaction": "interaction",
    "duplicate_class": "twice the same class",
    "cross_reactivity": "allergy",
    "contraindication": "contraindication",
    "dose": "dose",
    "regulatory": "law",
}
INDENT = 5
DECIDING = ("block", "avoid", "caution")


def print_check(checked: CheckedMixture, console: Console) -> None:
    """Print the whole answer."""
    document = checked.document()
    word, style, meaning = VERDICTS[document["verdict"]]
    console.print(Text.assemble((f" {word} ", style), f"  {meaning}"))
    console.print(Padding(Text(_ingredients(checked, document)), (0, 0, 1, 2)), style="dim")
    deciding = [finding for finding in document["findings"] if finding["verdict"] in DECIDING]
    told = [finding for finding in document["findings"] if finding["verdict"] not in DECIDING]
    for finding in deciding:
        _print_finding(checked, finding, document["sources"], console)
    _print_told(checked, told, document["sources"], console)
    _print_gaps(checked, document, console)
    console.print(
        f"Evidence {document['evidence']} · decision support for trained clinicians; the label and your judgement decide.",
        style="dim",
    )


def _ingredients(checked: CheckedMixture, document: Document) -> str:
    parts = []
    for item in document["ingredients"]:
        if item["compound"] is None:
            note = "vehicle" if item["read_as"] == "vehicle" else "not recognised"
            parts.append(f"{item['as_named']} ({note})")
            continue
        label = checked.label(item["compound"])
        read = label if label.casefold() == item["as_named"].casefold() else f"{item['as_named']} = {label}"
        dose = item["dose"]
        guess = ", by its spelling" if item["read_as"] == "close spelling" else ""
        parts.append(f"{read}{guess}" + ("" if dose is None else f", {dose['value']:g} {dose['unit']}"))
    vehicle = f"  in {' or '.join(document['vehicle'])}" if document["vehicle"] else ""
    return " + ".join(parts) + vehicle


def _print_finding(checked: CheckedMixture, finding: Document, sources: Document, console: Console) -> None:
    word, style, _meaning = VERDICTS[finding["verdict"]]
    subjects = ", ".join(checked.label(key) for key in finding["subjects"])
    console.print(
        Text.assemble("  ", (f" {word[0]} ", style), " ", (subjects, "bold"), f"  {KINDS[finding['kind']]}")
    )
    console.print(Padding(Text(finding["statement"]), (0, 0, 0, INDENT + 1)))
    _print_sources(finding["evidence"], sources, console)


def _print_sources(keys: Sequence[str], sources: Document, console: Console) -> None:
    for key in keys:
        source = sources[key]
        text = f"{key} · grade {source['grade']} · {source['citation']} {source['locator']}."
        console.print(Padding(Text(text), (0, 0, 0, INDENT + 1)), style="dim")


def _print_told(
    checked: CheckedMixture, findings: Sequence[Document], sources: Document, console: Console
) -> None:
    if not findings:
        return
    console.print("\n  To know", style="bold")
    for finding in findings:
        grades = ", ".join(f"{key} ({sources[key]['grade']})" for key in finding["evidence"])
        text = Text.assemble(f"· {finding['statement']}", (f"  {grades}" if grades else "", "dim"))
        console.print(Padding(text, (0, 0, 0, INDENT)))


def _print_gaps(checked: CheckedMixture, document: Document, console: Console) -> None:
    pairs = [" + ".join(checked.label(key) for key in pair) for pair in document["no_data"]]
    tested = [
        f"{' + '.join(checked.label(key) for key in item['pair'])} ({', '.join(item['evidence'])})"
        for item in document["compatible"]
    ]
    closely = [
        f"{word['as_said']} as {', '.join(checked.label(key) for key in word['read_as'])}"
        for word in document["patient_read"]
        if word["how"] == "close spelling"
    ]
    console.print()
    _print_list("Tested or sold together", tested, console)
    _print_list("Nothing is known of", pairs, console)
    _print_list("Read by its spelling", closely, console)
    _print_list("Not recognised (treated as unknown)", document["unrecognised"], console)
    _print_list("Not told, and could change the answer", document["facts_missing"], console)


def _print_list(title: str, items: Sequence[str], console: Console) -> None:
    if items:
        console.print(Text.assemble("  ", (f"{title}: ", "bold"), "; ".join(items)))
