"""The strongest pairs beneath each other: IC with its limits, observed and expected counts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import altair as alt

from untoward.report.charts import Chart
from untoward.report.drawing import draw
from untoward.report.look import colour
from untoward.report.numbers import count
from untoward.report.signals.content import TopPair
from untoward.report.signals.figures import figure
from untoward.report.signals.looks import Rows, Size, chart, measure, rule_at, said, themed

MOST_ROWS = 20
_WIDE = Size(width=660, height=36, label=330)
_NARROW = Size(width=150, height=38, label=150, font=11)


def forest(top: Sequence[TopPair], description: str) -> Chart | None:
    """The picture of the strongest pairs; None when there is none."""
    rows = [_row(place, pair) for place, pair in enumerate(top[:MOST_ROWS], start=1)]
    if not rows:
        return None
    return Chart(
        wide=draw(_specification(rows, _WIDE)),
        narrow=draw(_specification(rows, _NARROW)),
        description=description,
    )


def _row(place: int, pair: TopPair) -> dict[str, Any]:
    row = pair.row
    return {
        "row": place,
        "event": f"{place}  {row['event']}",
        "drug": str(row["drug"]),
        "ic": row["ic"],
        "low": row["ic_low"],
        "high": row["ic_high"],
        "counts": f"{count(row['n'])} / {figure(row['expected'])}",
        "signal": bool((row["ic_low"] or 0) > 0),
    }


def _specification(rows: Rows, size: Size) -> dict[str, Any]:
    left = floor(min([-0.5, *(row["low"] for row in rows if row["low"] is not None)]))
    right = ceil(max([1.0, *(row["high"] for row in rows if row["high"] is not None)]))
    scale = alt.Scale(domain=[left, right], nice=False)
    y = alt.Y(field="row", type="ordinal", axis=None)
    low = alt.X(**measure("low", scale, _axis(size)))
    base = chart()
    shade = alt.Color(
        field="signal",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=[True, False], range=[colour("accent"), colour("mark")]),
    )
    layers = [
        rule_at(x=0),
        base.mark_rule(strokeWidth=2.5).encode(y=y, x=low, x2=alt.X2(field="high"), color=shade),
        base.mark_point(filled=True, shape="circle", size=80, opacity=1).encode(
            y=y, x=alt.X(**measure("ic")), color=shade
        ),
        _words("event", size, "ink", -7).encode(y=y, x=alt.value(-14), text=said("event")),
        _words("drug", size, "muted", 8).encode(y=y, x=alt.value(-14), text=said("drug")),
        base.mark_text(align="left", fontSize=size.font, fill=colour("muted")).encode(
            y=y, x=alt.value(size.width + 12), text=said("counts")
        ),
    ]
    drawn = alt.layer(*layers).properties(width=size.width, height=alt.Step(size.height))
    return themed(drawn, size, rows)


def _words(field: str, size: Size, shade: str, down: int) -> alt.Chart:
    words: alt.Chart = chart().mark_text(
        align="right",
        baseline="middle",
        dy=down,
        fontSize=size.font if field == "event" else size.font - 1,
        fill=colour(shade),
        limit=size.label,
    )
    return words


def _axis(size: Size) -> alt.Axis:
    title = (
        "IC (log2)" if size is _NARROW else "IC with 95 % limits; 0 = as expected, 1 = twice, 2 = four times"
    )
    return alt.Axis(title=title, grid=True, format="d", tickCount=4 if size is _NARROW else 8)
