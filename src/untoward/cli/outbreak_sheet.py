"""Plain sheets of 80 columns, and how estimates are written in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from untoward.model.counts import Estimate, Proportion


def print_sheet(
    console: Console, headings: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1
) -> None:
    """A table without lines; the first `words` columns are words and may wrap, the others numbers."""
    from rich.table import Table

    sheet = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for at, heading in enumerate(headings):
        name = at < words
        sheet.add_column(
            heading,
            justify="left" if name else "right",
            no_wrap=not name,
            overflow="fold",
            min_width=16 if at == 0 else None,
        )
    for row in rows:
        sheet.add_row(*row)
    console.print(sheet)


def print_heading(console: Console, text: str) -> None:
    """The name of a section, with an empty line before it."""
    console.print()
    console.print(text, style="bold")


def print_reading(console: Console, text: str) -> None:
    """What a table says, in one sentence or two."""
    if text:
        console.print(text)


def print_method(console: Console, text: str) -> None:
    """How it was computed."""
    console.print(text, style="dim")


def named(exposure: str) -> str:
    """An exposure as people say it."""
    return exposure.replace("_", " ")


def percent(rate: Proportion) -> str:
    """A share with its interval, in per cent."""
    if rate.value is None or rate.low is None or rate.high is None:
        return "–"
    return f"{100 * rate.value:.1f} ({100 * rate.low:.1f}–{100 * rate.high:.1f})"


def ratio(estimate: Estimate | None) -> str:
    """An estimate with its interval; "–" when there is none, "…" for an open end."""
    if estimate is None or (estimate.value is None and estimate.low is None):
        return "–"
    value, low, high = (
        "…" if number is None else short(number) for number in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low}–{high})"


def short(number: float) -> str:
    """Two decimals below ten, one below a hundred, none above: three digits that matter, and no more."""
    if abs(number) >= 1e6:
        return f"{number:.1e}"
    return f"{number:.{2 if abs(number) < 9.995 else 1 if abs(number) < 99.95 else 0}f}"


def p_cell(p: float | None) -> str:
    """A p in two digits."""
    return "–" if p is None else f"{p:.2g}"
