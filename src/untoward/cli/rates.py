"""`untoward rates`: how often an outcome follows each exposure, with denominators."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass


class Rule(StrEnum):
    """How the case of a person with several sessions counts."""

    overlap = "overlap"
    fractional = "fractional"
    last = "last"


def rates(
    registry: Annotated[
        Path,
        typer.Argument(
            help="Folder (or .xlsx workbook) with sessions, components, reactions and observations.",
            show_default=False,
        ),
    ],
    outcome: Annotated[
        list[str] | None,
        typer.Option("--outcome", help="Outcome; may be given again, or 'all'. Default: infection."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", help="Kind of exposure (lot, practitioner …); may be given again. Default: all."
        ),
    ] = None,
    pair: Annotated[
        tuple[str, str] | None,
        typer.Option("--pair", help="Two kinds together in one session: --pair lot clinic."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Use only what was known by then (ISO 8601). Default: all on record."),
    ] = None,
    rule: Annotated[
        Rule, typer.Option("--rule", help="How the case of a person with several sessions counts.")
    ] = Rule.overlap,
    least: Annotated[
        int, typer.Option("--least", min=1, help="Fewer sessions are not enough data to compare.")
    ] = 20,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Exposures shown.")] = 12,
    keep_good_rows: Annotated[
        bool,
        typer.Option("--keep-good-rows", help="Leave out rows with faults, count them, and use the rest."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """How often an outcome follows each lot, vial, mix, practitioner …, against what was to be expected by now.

    Recent sessions count by how much of their risk has passed. Exact intervals, estimates drawn to the mean where
    sessions are few, limits of chance, and the reason wherever there is not enough data.

    Example: untoward rates my-registry --by lot --by vial
    """
    from rich.console import Console

    from untoward.cli.dates import last_instant
    from untoward.cli.output import print_json, progress_bar
    from untoward.report.rates_document import rates_document
    from untoward.report.rates_terminal import render_rates
    from untoward.tasks.rates import rates as rates_task
    from untoward.watch.expected import CountingRule
    from untoward.watch.rates.reasons import Enough

    with progress_bar() as progress:
        answer = rates_task(
            registry,
            outcomes=tuple(outcome or ()),
            by=tuple(by or ()),
            pairs=(pair,) if pair else (),
            as_of=last_instant(as_of),
            rule=CountingRule(rule.value),
            enough=Enough(sessions=least),
            keep_good_rows=keep_good_rows,
            progress=progress,
        )
    left_out = sum(row.left_out for row in answer.ledger)
    if as_json:
        print_json(rates_document(answer.outcomes, answer.others, left_out))
        return
    console = Console()
    for number, one in enumerate(answer.outcomes):
        if number:
            console.print()
        render_rates(one, console, rows=rows)
    if left_out:
        console.print(f"\n{left_out:,} rows with faults were left out.", highlight=False)
    if answer.others:
        console.print(
            f"\nOther outcomes: --outcome {', '.join(map(repr, answer.others))}, or all.", highlight=False
        )
