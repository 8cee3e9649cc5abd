"""An assessment as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from untoward.model.finding import Disposition
from untoward.report.words import DISPOSITION_WORDS, question_words

STYLES = {
    Disposition.EMERGENCY_NOW: "bold white on red",
    Disposition.WITHIN_1H: "bold white on dark_orange3",
    Disposition.SAME_DAY: "bold black on yellow3",
    Disposition.WITHIN_72H: "bold white on blue",
    Disposition.ROUTINE: "bold",
    Disposition.SELF_CARE: "bold green",
}

Document = Mapping[str, Any]


def print_case(document: Document, console: Console) -> None:
    """One case: each observation with its disposition, findings, course, questions and what was not understood."""
    for assessment in document["assessments"]:
        _print_assessment(document["id"], assessment, console)
    console.print(
        f"Rules {document['rule_set']} · evidence {document['evidence']} · decision support, not a diagnosis.",
        style="dim",
    )


def _print_assessment(case_id: str, item: Document, console: Console) -> None:
    disposition = Disposition(item["disposition"])
    day = "day not known" if item["day"] is None else f"day {item['day']:g}"
    headline = Text(f" {DISPOSITION_WORDS[disposition].action} ", style=STYLES[disposition])
    console.print(Text.assemble(headline, f"  {case_id}, {day}"))
    if item["look_again_day"] is not None:
        console.print(f"  Expected so far; look again by day {item['look_again_day']:g}.")
    for finding in item["findings"]:
        _print_finding(finding, console)
    _print_list("Ask next", [question_words(question) for question in item["questions"][:6]], console)
    _print_list("Not recognised (treated as unknown)", item["unrecognised"], console)
    silent = len(item["not_evaluated"])
    if silent:
        console.print(
            f"  {silent} more rules could not be evaluated; --json lists them with the facts they lack.",
            style="dim",
        )
    console.print()


def _print_finding(finding: Document, console: Console) -> None:
    console.print(
        Text.assemble("  ", (finding["rule"], "bold"), f"  {finding['statement']}"), soft_wrap=False
    )
    detail = [f"threshold: {finding['threshold']}"]
    if finding["facts_used"]:
        used = "; ".join(f"{name}: {value}" for name, value in finding["facts_used"].items() if value != "no")
        detail.append(f"facts used: {used}" if used else "facts used: only denials")
    if finding["evidence"]:
        detail.append(f"evidence: {', '.join(finding['evidence'])}")
    console.print(Padding("\n".join(detail), (0, 0, 0, 9)), style="dim")


def _print_list(title: str, items: Sequence[str], console: Console) -> None:
    if items:
        console.print(f"  {title}: {'; '.join(items)}")
