"""Cases over time at the places of a cluster, against how many were expected there, with the window found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import altair as alt

from untoward.report.charts import Chart
from untoward.report.drawing import draw
from untoward.report.look import colour, shared_look
from untoward.report.scan.content import ClusterSeries, FoundCluster

_ROWS, _WINDOW = "rows", "window"
_MOST_BARS = 400
_MONTHS = 200
_WIDTHS = {"wide": (690, 12), "narrow": (280, 11)}


def time_chart(series: ClusterSeries, cluster: FoundCluster, description: str) -> Chart | None:
    """Bars of cases, a stepped line of the expected, a band for the window; None for fewer than two periods.

    More than `_MOST_BARS` periods are drawn added up.
    """
    rows = _rows(series)
    if len(rows) < 2:
        return None
    window = [{"start": _instant(cluster.first_day), "end": _instant(cluster.last_day, after=True)}]
    drawn = {name: draw(_specification(rows, window, width, font)) for name, (width, font) in _WIDTHS.items()}
    return Chart(wide=drawn["wide"], narrow=drawn["narrow"], description=description)


def _rows(series: ClusterSeries) -> list[dict[str, Any]]:
    periods, step = series.periods, max(1, -(-len(series.periods) // _MOST_BARS))
    return [
        {
            "start": _instant(group[0].first_day),
            "end": _instant(group[-1].last_day, after=True),
            "cases": sum(one.cases for one in group),
            "expected": sum(one.expected for one in group),
        }
        for at in range(0, len(periods), step)
        for group in (periods[at : at + step],)
    ]


def _instant(day: str | None, *, after: bool = False) -> int:
    """Milliseconds since 1970 as if every clock were in UTC: the start of a day, or of the day after."""
    start = datetime.fromisoformat(day or "1970-01-01").replace(tzinfo=UTC) + timedelta(days=int(after))
    return int(start.timestamp() * 1000)


def _specification(
    rows: list[dict[str, Any]], window: list[dict[str, Any]], width: int, font: int
) -> dict[str, Any]:
    gap = 1.0 if len(rows) <= width / 4 else 0.0
    highest = 1.1 * max(max(row["cases"], row["expected"]) for row in rows)
    days = (rows[-1]["end"] - rows[0]["start"]) / 86_400_000
    steps = 8 if width > 300 else 4
    x_axis = alt.Axis(
        title=None, format="%-d %b %Y" if days <= _MONTHS else "%b %Y", tickCount=steps, grid=False, labelOverlap=True
    )  # fmt: skip
    domain = [rows[0]["start"], rows[-1]["end"]]
    x = alt.X(
        field="start",
        type="temporal",
        scale=alt.Scale(type="utc", nice=False, domain=domain),
        axis=x_axis,
    )
    y_axis = alt.Axis(title="Cases", tickMinStep=1, tickCount=5, format="d", domain=False, ticks=False)
    y_scale = alt.Scale(domain=[0, max(highest, 1)], nice=True)
    end = alt.X2(field="end")
    layers = [
        _chart(_WINDOW).mark_rect(fill=colour("band"), opacity=0.7).encode(x=x, x2=end),
        _chart(_ROWS)
        .mark_bar(orient="vertical", fill=colour("bar"), xOffset=gap / 2, x2Offset=-gap / 2, minBandSize=1)
        .encode(x=x, x2=end, y=alt.Y(field="cases", type="quantitative", axis=y_axis, scale=y_scale)),
        _chart(_ROWS)
        .mark_rule(stroke=colour("beyond"), strokeWidth=2)
        .encode(x=x, x2=end, y=alt.Y(field="expected", type="quantitative", axis=y_axis, scale=y_scale)),
    ]
    drawn = alt.layer(*layers).properties(width=width, height=200)
    return {
        **drawn.to_dict(validate=False),
        "datasets": {_ROWS: rows, _WINDOW: window},
        "config": {
            **shared_look(font),
            "axisY": {"titleAngle": 0, "titleAlign": "left", "titleY": -10, "titleX": -24},
        },
    }


def _chart(rows: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=rows))
