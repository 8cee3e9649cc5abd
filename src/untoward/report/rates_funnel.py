"""Funnel plot: observed / expected of every value of an axis against how many cases were expected, with the limits of chance.

Spiegelhalter, Stat Med 2005;24:1185. The table twin holds every dot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log10
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from untoward.kernels.rates import funnel
from untoward.report.charts import Chart
from untoward.report.drawing import draw
from untoward.report.look import colour
from untoward.report.numbers import count, counted
from untoward.report.rates_words import cases_words
from untoward.report.signals.figures import NONE, figure, with_limits
from untoward.report.signals.looks import Rows, Size, chart, measure, rule_at, said, themed
from untoward.report.tables import Cell, TableView, table
from untoward.watch.rates.answer import OutcomeRates
from untoward.watch.rates.measures import ALARM, POSITIONS, WARNING

MOST_DOTS = 2_000
MOST_NAMED = 6
MOST_ROWS = 200
_STEPS = 120
_LEAST_EXPECTED = 0.02
_OUTSIDE = frozenset({POSITIONS[0], POSITIONS[1]})
_WIDE = Size(width=660, height=320)
_NARROW = Size(width=290, height=280, font=11)
_NOTE = (
    "Between the dashed lines lie 95 %, between the full lines 99.8 % of values that differ by chance alone. An arrow at the "
    "top stands for a dot above the picture."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Expected counts from `left` to `right` (logarithmic), observed / expected from 0 to `top` (square root)."""

    left: float
    right: float
    top: float


def funnel_chart(rates: OutcomeRates, axis: str, description: str) -> Chart | None:
    """The funnel of one axis; None when nothing is expected of any of its values.

    Values with fewer than 0.02 expected cases and no case say nothing and are left to the table. Of very many values the
    most striking are drawn.
    """
    mine = _drawn(rates, axis)
    if mine.is_empty():
        return None
    frame = _frame(mine)
    (cases,) = (summary.cases for summary in rates.axes if summary.axis == axis)
    dots = [_dot(row, frame) for row in mine.iter_rows(named=True)]
    return Chart(
        wide=draw(_specification(dots, frame, cases, _WIDE)),
        narrow=draw(_specification(dots, frame, cases, _NARROW)),
        description=description,
        note=_NOTE,
    )


def funnel_table(rates: OutcomeRates, axis: str) -> TableView:
    """The table twin: the worst values of the axis first, at most 200 of them."""
    mine = rates.table.filter(pl.col("axis") == axis)
    shown = mine.head(MOST_ROWS)
    left = mine.height - shown.height
    more = f"; {counted(left, 'value')} more have less to tell" if left else ""
    headings = (
        axis.capitalize(),
        "#Cases",
        "#Sessions",
        "#Expected",
        "#Observed / expected (95 %)",
        "#Drawn to the mean",
        "Place",
    )
    rows = (_table_row(row) for row in shown.iter_rows(named=True))
    return table(f"{rates.outcome.capitalize()} by {axis}, the worst first{more}", headings, rows)


def funnel_description(rates: OutcomeRates, axis: str) -> str:
    """The chart in words, for those who cannot see it."""
    mine = rates.table.filter(pl.col("axis") == axis)
    above = mine.filter(pl.col("position") == POSITIONS[0])
    said_above = ", ".join(above.get_column("value").head(MOST_NAMED).to_list())
    named = f": {said_above}" if said_above else ""
    return (
        f"Observed over expected cases of {rates.outcome} for {counted(mine.height, 'value')} of {axis}; {count(above.height)} "
        f"above the 99.8 % limit of chance{named}."
    )


def _drawn(rates: OutcomeRates, axis: str) -> pl.DataFrame:
    mine = rates.table.filter(
        (pl.col("axis") == axis)
        & (pl.col("expected") > 0)
        & ((pl.col("expected") >= _LEAST_EXPECTED) | (pl.col("cases") > 0))
    )
    return mine.head(MOST_DOTS)


def _frame(mine: pl.DataFrame) -> _Frame:
    expected = mine.get_column("expected").to_numpy()
    left = 10 ** np.floor(log10(max(float(expected.min()), 1e-3)))
    right = 10 ** np.ceil(log10(float(expected.max()) * 1.05))
    highest = float(np.quantile(mine.get_column("oe").to_numpy(), 0.98))
    return _Frame(
        left=float(left), right=float(max(right, left * 10)), top=float(np.clip(highest * 1.2, 4.0, 60.0))
    )


def _dot(row: Mapping[str, Any], frame: _Frame) -> dict[str, Any]:
    outside = row["position"] in _OUTSIDE
    return {
        "expected": max(row["expected"], frame.left),
        "oe": min(row["oe"], frame.top),
        "cut": row["oe"] > frame.top,
        "outside": outside,
        "name": row["value"],
        "place": row["position"],
    }


def _lines(frame: _Frame, cases: float) -> Iterator[dict[str, Any]]:
    """The four limits of chance as lines over the width of the frame."""
    grid = np.geomspace(frame.left, min(frame.right, cases), _STEPS)
    for level in (WARNING, ALARM):
        limits = funnel(grid, np.full(_STEPS, cases), level)
        for side, values in (("low", limits.low), ("high", limits.high)):
            for expected, limit in zip(grid.tolist(), values.tolist(), strict=True):
                if limit <= frame.top:
                    yield {"line": f"{level}{side}", "level": str(level), "at": expected, "limit": limit}


def _specification(dots: Rows, frame: _Frame, cases: float, size: Size) -> dict[str, Any]:
    x_scale = alt.Scale(type="log", domain=[frame.left, frame.right], nice=False)
    y_scale = alt.Scale(type="sqrt", domain=[0, frame.top], nice=False)
    decades = [10.0**power for power in range(round(log10(frame.left)), round(log10(frame.right)) + 1)]
    x_axis = alt.Axis(title="Cases expected by now", grid=True, values=decades, format="~f")
    y_axis = alt.Axis(title="Observed / expected", grid=True, tickCount=6, format="~f", domain=False)
    x, y = alt.X(**measure("expected", x_scale, x_axis)), alt.Y(**measure("oe", y_scale, y_axis))
    lines = _limit_lines(x_scale, y_scale)
    drawn = alt.layer(
        rule_at(y=1), lines, *(_marks(cut, x, y) for cut in (False, True)), *_names(x, y, size)
    ).properties(width=size.width, height=size.height)
    names = _named(dots)
    empty = {"name": "", "named": "", "outside": None, "cut": None, "line": None}
    rows = [{**empty, **dot, "named": names.get(at, "")} for at, dot in enumerate(dots)]
    return themed(drawn, size, [*rows, *({**empty, **line} for line in _lines(frame, cases))])


def _limit_lines(x_scale: alt.Scale, y_scale: alt.Scale) -> alt.Chart:
    dash = alt.StrokeDash(
        field="level",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=[str(WARNING), str(ALARM)], range=[[4, 3], [1, 0]]),
    )
    lines: alt.Chart = (
        chart()
        .transform_filter("datum.line != null")
        .mark_line(stroke=colour("muted"), strokeWidth=1.3)
        .encode(
            x=alt.X(**measure("at", x_scale)),
            y=alt.Y(**measure("limit", y_scale)),
            detail=alt.Detail(field="line", type="nominal"),
            strokeDash=dash,
        )
    )
    return lines


def _marks(cut: bool, x: alt.X, y: alt.Y) -> alt.Chart:
    """The dots, or as arrows those that lie above the frame."""
    shade = alt.Color(
        field="outside",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=[True, False], range=[colour("accent"), colour("mark")]),
    )
    shape = "triangle-up" if cut else "circle"
    marks: alt.Chart = (
        chart()
        .transform_filter(f"datum.cut === {'true' if cut else 'false'}")
        .mark_point(filled=True, shape=shape, size=70 if cut else 46, opacity=0.75)
        .encode(x=x, y=y, color=shade)
    )
    return marks


def _names(x: alt.X, y: alt.Y, size: Size) -> list[alt.Chart]:
    """Names, each on a light rim that keeps lines from running into the letters."""
    words = (
        chart()
        .transform_filter("datum.named != ''")
        .mark_text(align="left", dx=8, dy=-2, baseline="middle", fontSize=size.font, limit=140)
        .encode(x=x, y=y, text=said("named"))
    )
    looks: tuple[dict[str, Any], ...] = (
        {"stroke": colour("surface"), "strokeWidth": 3, "fill": colour("surface")},
        {"fill": colour("ink")},
    )
    return [words.properties(mark={**words.mark.to_dict(), **look}) for look in looks]


def _named(dots: Rows) -> Mapping[int, str]:
    """Which dots are named: the most striking outside the lines, as far as their names do not meet."""
    chosen: dict[int, str] = {}
    taken: list[tuple[float, float]] = []
    for at, dot in enumerate(dots):
        place = (log10(dot["expected"]), dot["oe"] ** 0.5)
        near = any(abs(place[0] - x) < 0.5 and abs(place[1] - y) < 0.25 for x, y in taken)
        if dot["outside"] and not near and len(chosen) < MOST_NAMED:
            chosen[at] = str(dot["name"])
            taken.append(place)
    return chosen


def _table_row(row: Mapping[str, Any]) -> tuple[Cell | str, ...]:
    return (
        Cell(text=str(row["value"]), note=row["reason"]),
        cases_words(row["cases"]),
        count(row["sessions"]),
        figure(row["expected"]),
        with_limits(row["oe"], row["oe_low"], row["oe_high"]),
        figure(row["shrunken"]),
        row["position"] or NONE,
    )
