"""`untoward outbreak`: attack rates and 2x2 tables of one line list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    console.print(_attack_rate(result))
    sheet = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("exposure", "ill/with", "ill/without", "risk ratio", "odds ratio", "p"):
        name = heading == "exposure"
        sheet.add_column(
            heading,
            justify="left" if name else "right",
            no_wrap=not name,
            overflow="fold",
            min_width=16 if name else None,
        )
    for item in result.exposures:
        sheet.add_row(
            item.exposure.replace("_", " "),
            _ill_of(item.attack_rate_exposed),
            _ill_of(item.attack_rate_unexposed),
            _estimate(item.risk_ratio),
            _estimate(item.odds_ratio),
            "–" if item.p is None else f"{item.p:.2g}",
        )
    console.print(sheet)
    for line in _footnotes(result):
        console.print(line, style="dim")


def _attack_rate(result: OutbreakResult) -> str:
    rate = result.attack_rate
    if rate.value is None or rate.low is None or rate.high is None:
        return (
            f"{result.cases} ill. The number of people exposed is not in the data, so no rate can be given."
        )
    interval = f"95 % {100 * rate.low:.1f} to {100 * rate.high:.1f}"
    return f"{result.cases} ill of {result.n}; attack rate {100 * rate.value:.1f} % ({interval})."


def _footnotes(result: OutbreakResult) -> Iterator[str]:
    yield "Risk ratio with Katz log interval; conditional odds ratio with exact interval; both 95 %."
    yield "p: Fisher exact, two-sided, not corrected for the number of exposures."
    ratios = [ratio for item in result.exposures for ratio in (item.risk_ratio, item.odds_ratio)]
    for reason in dict.fromkeys(ratio.reason for ratio in ratios if ratio.reason):
        yield f"– or …: {reason}."
    peak = max(result.epi_curve, key=lambda item: item.n, default=None)
    if peak is not None:
        yield f"Onsets peak from {peak.start}: {peak.n} cases; {result.without_onset} have no onset date."


def _ill_of(rate: Proportion) -> str:
    return f"{rate.cases}/{'?' if rate.n is None else rate.n}"


def _estimate(estimate: Estimate) -> str:
    if estimate.value is None and estimate.low is None:
        return "–"
    value, low, high = (
        "…" if number is None else f"{number:.2f}" for number in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low}–{high})"
