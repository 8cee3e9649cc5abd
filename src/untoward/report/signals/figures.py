"""Measures as they are shown: three digits that count, with their limits, or a sign for why there is none."""

from __future__ import annotations

from datetime import date
from math import isinf

from untoward.report.signals.content import Row

NONE = "–"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def figure(value: float | None) -> str:
    """Three digits that count; "–" where there is none, "∞" over an empty cell."""
    if value is None:
        return NONE
    if isinf(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    shown = f"{value:.3g}"
    return shown if "e" not in shown else f"{value:.1g}"


def between(row: Row, value: str, low: str, high: str) -> str:
    """A measure with its limits: "12.4 (8.1–19)"."""
    return with_limits(row[value], row[low], row[high])


def with_limits(value: float | None, low: float | None, high: float | None) -> str:
    """A value with its limits: "12.4 (8.1–19)", or "0.2 (-0.1 to 0.4)" where a dash could be a minus."""
    if low is None or high is None:
        return figure(value)
    return f"{figure(value)} ({figure(low)}{' to ' if low < 0 else '–'}{figure(high)})"


def cells(row: Row) -> tuple[int, int, int, int]:
    """The 2x2 table: reports with both, with the drug alone, with the event alone, with neither."""
    n, drug, event, total = (int(row[name]) for name in ("n", "n_drug", "n_event", "n_total"))
    return n, drug - n, event - n, total - drug - event + n


def flags(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules that flag a pair, and those that cannot tell."""
    answers = {
        name.removeprefix("signal_"): answer for name, answer in row.items() if name.startswith("signal_")
    }
    return (
        tuple(name for name, answer in answers.items() if answer),
        tuple(name for name, answer in answers.items() if answer is None),
    )


def day(value: date) -> str:
    """A day as in "29 Jan 2021"."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
