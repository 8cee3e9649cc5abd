"""`untoward outbreak`: attack rates and 2x2 tables of one line list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from untoward.model.counts import Estimate, Proportion
    from untoward.watch.outbreak import OutbreakResult


def outbreak(
    table: Annotated[
        Path,
        typer.Argument(
            help="Line list: CSV, XLSX or Parquet, or a folder with one; '-' for stdin.", show_default=False
        ),
    ],
    case: Annotated[
        str | None, typer.Option("--case", help="Column that says who fell ill.", show_default=False)
    ] = None,
    exposure: Annotated[
        list[str] | None,
        typer.Option("--exposure", help="Exposure column; may be given again. Default: all."),
    ] = None,
    onset: Annotated[str | None, typer.Option("--onset", help="Column with the date of onset.")] = None,
    by_p: Annotated[
        bool, typer.Option("--by-p", help="Smallest p value first instead of the table's order.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Attack rate by every exposure, risk ratio, exact odds ratio, Fisher and mid-P, and the epidemic curve.

    Example: untoward outbreak examples/oswego-1940 --case ill --by-p
    """
    from untoward.cli.output import print_json
    from untoward.tasks.outbreaks import investigate

    answer = investigate(
        table, case_column=case, onset_column=onset, exposures=tuple(exposure or ()), by_p=by_p
    )
    if as_json:
        print_json(answer.result.as_document())
    else:
        _print_for_people(answer.result)


def _print_for_people(result: OutbreakResult) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{result.cases} ill of {result.n}; attack rate {_percent(result.attack_rate)}.")
    sheet = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (
        "exposure",
        "ill/exposed",
        "ill/not",
        "risk ratio (95 %)",
        "odds ratio (95 % exact)",
        "p",
    ):
        sheet.add_column(heading, justify="left" if heading == "exposure" else "right")
    for item in result.exposures:
        sheet.add_row(
            item.exposure,
            f"{item.a}/{item.a + item.b}",
            f"{item.c}/{item.c + item.d}",
            _estimate(item.risk_ratio),
            _estimate(item.odds_ratio),
            "–" if item.p is None else f"{item.p:.3g}",
        )
    console.print(sheet)
    console.print("p: Fisher exact, two-sided, not corrected for the number of exposures.", style="dim")
    peak = max(result.epi_curve, key=lambda item: item.n, default=None)
    if peak is not None:
        console.print(
            f"Onsets peak from {peak.start}: {peak.n} cases. {result.without_onset} cases have no onset date."
        )


def _percent(rate: Proportion) -> str:
    if rate.value is None or rate.low is None or rate.high is None:
        return "not known: the number of people exposed is not in the data"
    return f"{100 * rate.value:.1f} % (95 % {100 * rate.low:.1f} to {100 * rate.high:.1f})"


def _estimate(estimate: Estimate) -> str:
    if estimate.value is None:
        return estimate.reason or "–"
    low = "…" if estimate.low is None else f"{estimate.low:.2f}"
    high = "…" if estimate.high is None else f"{estimate.high:.2f}"
    return f"{estimate.value:.2f} ({low} to {high})"
