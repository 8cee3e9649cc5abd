"""What the charts of signals share: sizes, colours, axes, and the way a specification is finished.

Colours are the light tokens; the page's style sheet maps them to variables, so one drawing is right in light and in dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from untoward.report.look import colour, shared_look

ROWS, _ONCE = "rows", "once"
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width and height of the plotting area in pixels, room for names on its left, and the size of letters."""

    width: int
    height: int = 0
    label: int = 0
    font: int = 12


def chart() -> alt.Chart:
    """A chart of the rows that `themed` adds."""
    return alt.Chart(alt.NamedData(name=ROWS))


def measure(field: str, scale: alt.Scale | None = None, axis: alt.Axis | None = None) -> Mapping[str, Any]:
    """A quantitative field with its scale and axis, as arguments of a channel."""
    given = {"scale": scale, "axis": axis}
    return {
        "field": field,
        "type": "quantitative",
        **{name: value for name, value in given.items() if value is not None},
    }


def said(field: str) -> alt.Text:
    """Text of a field."""
    return alt.Text(field=field, type="nominal")


def rule_at(x: float | None = None, y: float | None = None) -> alt.Chart:
    """A dashed line where there is no difference: once, whatever the number of rows."""
    line = alt.Chart(alt.NamedData(name=_ONCE)).mark_rule(
        stroke=colour("mark"), strokeWidth=1.5, strokeDash=[4, 3]
    )
    drawn: alt.Chart = line.encode(x=alt.XDatum(x)) if y is None else line.encode(y=alt.YDatum(y))
    return drawn


def themed(drawn: alt.Chart | alt.LayerChart | alt.FacetChart, size: Size, rows: Rows) -> dict[str, Any]:
    """The specification with its rows and its look, which join last: Altair copies what it holds many times over."""
    return {
        **drawn.to_dict(validate=False),
        "datasets": {ROWS: list(rows), _ONCE: [{"once": 1}]},
        "config": _look(size),
    }


def _look(size: Size) -> dict[str, Any]:
    return {
        **shared_look(size.font),
        "axisY": {"titleAngle": 0, "titleAlign": "left", "titleY": -10, "titleX": -24},
    }
