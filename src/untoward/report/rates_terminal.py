"""Rates in a terminal: the worst exposures first, readable at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from untoward.report.numbers import count
from untoward.report.rates_words import (
    NOT_CORRECTED,
    axes_words,
    cases_words,
    exposure_words,
    heading,
    how_counted,
    not_drawn_in,
    short_ratio,
    totals,
)
from untoward.report.signals.figures import figure
from untoward.watch.rates.answer import OutcomeRates

ROWS = 12
_MUTED = "dim"


def render_rates(rates: OutcomeRates, console: Console, *, rows: int = ROWS) -> None:
    """Print the worst `rows` exposures and what every axis could tell. Text of the data is taken literally."""
    _say(console, heading(rates), style="bold")
    _say(console, totals(rates))
    console.print()
    if rates.cases:
        _worst(rates, console, rows)
    else:
        _say(console, "Nobody with this outcome: there is nothing to compare.")
    console.print()
    _say(console, "What each kind of exposure could tell", style="bold")
    for line in axes_words(rates):
        _hanging(console, line)
    console.print()
    _say(console, "How this was counted", style="bold")
    for sentence in (*how_counted(rates), not_drawn_in(rates) if rates.cases else "", NOT_CORRECTED):
        if sentence:
            _hanging(console, sentence)


def _worst(rates: OutcomeRates, console: Console, rows: int) -> None:
    shown = [row for row in rates.table.head(rows).to_dicts() if row["cases"] > 0 or row["reason"] == ""]
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("Exposure", overflow="fold", max_width=max(18, console.width - 53))
    for name in ("Ill/with", "Exp.", "Obs/exp (95 %)", "Drawn", "Place"):
        table.add_column(name, justify="left" if name == "Place" else "right", overflow="fold")
    for row in shown:
        table.add_row(*_cells(row))
    console.print(table)
    hidden = rates.table.height - len(shown)
    if hidden > 0:
        _say(
            console,
            f"and {count(hidden)} more exposures; --rows shows more of them, --json all that tell anything",
            _MUTED,
        )
    _say(
        console,
        "Ill/with: persons whose case counts, and sessions with it. Exp.: cases expected by now. Drawn: obs/exp drawn "
        "towards the mean of its kind, the more the less is expected. Place: against 95 % and 99.8 % limits of chance. "
        "*: not enough data to compare.",
        _MUTED,
    )
    for row in shown:
        if row["reason"]:
            _hanging(
                console,
                f"* {exposure_words(row['axis'], row['value'])}: not enough data: {row['reason']}",
                _MUTED,
            )


def _cells(row: Mapping[str, Any]) -> tuple[Text, ...]:
    star = "*" if row["reason"] else ""
    return (
        Text(exposure_words(row["axis"], row["value"])),
        Text(f"{cases_words(row['cases'])}/{count(row['sessions'])}"),
        Text(figure(row["expected"])),
        Text(short_ratio(row["oe"], row["oe_low"], row["oe_high"])),
        Text(figure(row["shrunken"])),
        Text(f"{row['position'] or 'no figure'}{star}"),
    )


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))


def _hanging(console: Console, text: str, style: str = "") -> None:
    """A line that goes on, indented, below itself."""
    wide = max(20, console.width - 1)
    lines = textwrap.wrap(text, wide, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    console.print(Text("\n".join(lines), style=style))
