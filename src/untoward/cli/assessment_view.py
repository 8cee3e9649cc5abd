"""An assessment as a person reads it in a terminal: the clinician's view, and the page for the patient.

The first line says what to do by when; under it stands what decides, with its criterion, the facts behind it, the facts
still open and the sources. All else is shorter. What a document does not hold is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from untoward.assess.facts import DAY
from untoward.cli.judgement_lines import judgement_rows
from untoward.model.finding import Disposition
from untoward.report.dates import since_session, spoken
from untoward.report.patient_view import PatientView, sections_of
from untoward.report.words import DISPOSITION_WORDS, question_words

STYLES = {
    Disposition.EMERGENCY_NOW: "bold white on red",
    Disposition.WITHIN_1H: "bold white on dark_orange3",
    Disposition.SAME_DAY: "bold black on yellow3",
    Disposition.WITHIN_72H: "bold white on blue",
    Disposition.ROUTINE: "bold",
    Disposition.SELF_CARE: "bold green",
}
MOST_QUESTIONS = 6
MOST_SOURCES = 4

Document = Mapping[str, Any]
Row = tuple[str, str]


class Cite(Protocol):
    """Names what an evidence record rests on, after its statement when `stated`."""

    def __call__(self, key: str, *, stated: bool = False) -> str:
        """One line of text."""


def print_case(document: Document, console: Console, cite: Cite) -> None:
    """The clinician's view of one case, observation by observation. `cite` names the source of an evidence record."""
    for assessment in document["assessments"]:
        _print_assessment(document["id"], assessment, console, cite)
    print_versions(document, console)


def print_patient(view: PatientView, console: Console) -> None:
    """The page for the person."""
    console.print(_text(f" {view.heading} ", STYLES[view.disposition]))
    for section in sections_of(view):
        console.print()
        console.print(_text(section.title, "bold"))
        if section.listed:
            console.print(_rows([("•", line) for line in section.lines], label_style="", pad=1))
        else:
            for line in section.lines:
                console.print(Padding(_text(line), (0, 0, 0, 1)))
    console.print()
    console.print(_text(view.notice, "dim"))
    console.print()


def print_versions(document: Document, console: Console) -> None:
    """Which rules and which evidence answered."""
    console.print(
        _text(
            f"Rules {document['rule_set']} · evidence {document['evidence']} · decision support, not a diagnosis.",
            "dim",
        )
    )


def _print_assessment(case_id: str, item: Document, console: Console, cite: Cite) -> None:
    disposition = Disposition(item["disposition"])
    action = _text(f" {DISPOSITION_WORDS[disposition].action} ", STYLES[disposition])
    where = " · ".join([*_by_when(item), case_id, since_session(item["day"])])
    console.print(Text.assemble(action, _text(f"  {where}")))
    _print_deciding(item["findings"][0], console, cite)
    _print_part("", list(_questions(item)), console)
    _print_part(
        "What published guidance does: cited facts, not an instruction", list(_guidance(item, cite)), console
    )
    _print_part("Also found", [_in_short(finding) for finding in item["findings"][1:]], console)
    _print_part("How bad, how likely, how long", judgement_rows(item), console)
    _print_not_evaluated(item, console)
    console.print()


def _by_when(item: Document) -> Iterator[str]:
    """The clock time or date of the deadline, or the day to look again, where it is known."""
    at = (item.get("patient") or {}).get("deadline", {}).get("at")
    if item["look_again_day"] is not None:
        yield f"look again by {spoken(at) if at else since_session(item['look_again_day'])}"
    elif at:
        yield f"by {spoken(at)}"
    elif item["disposition"] == Disposition.SAME_DAY.value:
        yield f"within {item['deadline_hours']:g} h"


def _print_part(title: str, rows: Sequence[Row], console: Console) -> None:
    if rows:
        console.print()
        if title:
            console.print(_text(title, "bold"))
        console.print(_rows(rows))


def _print_deciding(finding: Document, console: Console, cite: Cite) -> None:
    console.print()
    console.print(_rows([(finding["rule"], finding["statement"])], body_style="bold"))
    console.print(_rows(list(_details(finding, cite))))


def _details(finding: Document, cite: Cite) -> Iterator[Row]:
    facts = finding["facts_used"]
    yield "criterion", finding["threshold"]
    named = (
        ("found", list(_found(facts))),
        ("denied", [name for name, value in facts.items() if value == "no"]),
        ("not known", [question_words(name) for name in finding["facts_missing"]]),
        ("consider", finding.get("alternatives") or ()),
    )
    for label, names in named:
        if names:
            yield label, "; ".join(names)
    sources: dict[str, str] = {}
    for key in finding["evidence"]:
        sources.setdefault(cite(key), key)
    for place, (source, key) in enumerate(list(sources.items())[:MOST_SOURCES]):
        yield ("sources" if place == 0 else ""), source if source == key else f"{source} {key}"
    if len(sources) > MOST_SOURCES:
        yield "", f"and {len(sources) - MOST_SOURCES} more"


def _found(facts: Mapping[str, str]) -> Iterator[str]:
    """Facts with their values; that a sign is there needs no "yes", and what stands beside the sign is not said again."""
    for name, value in facts.items():
        said, _comma, details = value.partition(", ")
        sign, _colon, attribute = name.partition(": ")
        if value == "no" or (attribute and f"{attribute} {value}" in facts.get(sign, "").split(", ")):
            continue
        if name == DAY:
            yield f"day {value}"
        elif said == "yes":
            yield f"{name} ({_plainly(details)})" if details else name
        else:
            yield f"{question_words(name)} {value}"


def _plainly(details: str) -> str:
    """Attributes as one would say them: "spreading", "5 days", "2 cm"."""
    return ", ".join(_attribute(*part.rpartition(" ")[::2]) for part in details.split(", "))


def _attribute(name: str, value: str) -> str:
    words = name.replace("_", " ")
    if value == "yes":
        return words
    for unit in ("cm", "days"):
        if words.endswith(f" {unit}"):
            return f"{words.removesuffix(f' {unit}')} {value} {unit}"
    return f"not {words}" if value == "no" else f"{words} {value}"


def _guidance(item: Document, cite: Cite) -> Iterator[Row]:
    """What the records on treatment say that the findings as urgent as the answer name, each once."""
    deciding = [f for f in item["findings"] if f["disposition"] == item["disposition"]]
    for key in dict.fromkeys(key for finding in deciding for key in finding.get("treatment") or ()):
        yield "•", cite(key, stated=True)


def _in_short(finding: Document) -> Row:
    words = DISPOSITION_WORDS[Disposition(finding["disposition"])].short
    return finding["rule"], f"{words}: {finding['statement']}"


def _questions(item: Document) -> Iterator[Row]:
    asked = [question_words(question) for question in item["questions"]]
    if asked:
        more = len(asked) - MOST_QUESTIONS
        yield "ask next", "; ".join(asked[:MOST_QUESTIONS]) + (f"; and {more} more" if more > 0 else "")
    if item["unrecognised"]:
        yield "not read", f"{'; '.join(item['unrecognised'])} (taken as unknown)"


def _print_not_evaluated(item: Document, console: Console) -> None:
    silent = len(item["not_evaluated"])
    if silent:
        rules = "1 rule" if silent == 1 else f"{silent} rules"
        console.print(
            _text(f"{rules} could not be evaluated: --json names the facts they lack.", "dim"),
            soft_wrap=False,
        )


def _rows(rows: Sequence[Row], *, label_style: str = "dim", body_style: str = "", pad: int = 11) -> Padding:
    """Labels beside texts that wrap under themselves."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=pad - 2 if pad > 2 else pad, no_wrap=True)
    table.add_column(overflow="fold")
    for label, body in rows:
        table.add_row(_text(label, label_style), _text(body, body_style))
    return Padding(table, (0, 0, 0, 1))


def _text(words: str, style: str = "") -> Text:
    """Words as they are: never as markup, and without the characters that steer a terminal."""
    return Text("".join(letter for letter in words if letter.isprintable()), style=style)
