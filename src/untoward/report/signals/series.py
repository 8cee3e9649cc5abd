"""Small pictures of one pair: its IC over time, and how soon its event began."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import altair as alt
from markupsafe import Markup

from untoward.report.drawing import draw
from untoward.report.look import colour
from untoward.report.signals.content import OnsetCurve, Trend
from untoward.report.signals.looks import Size, chart, measure, rule_at, themed

_SIZE = Size(width=300, height=120, font=11)
_YEARS_APART = 1200
_LOWEST = -3.0
_DAYS = (0, 1, 3, 7, 14, 30, 90, 365, 1095, 3650)


def trend_chart(trend: Trend) -> Markup | None:
    """IC with its limits over time, all reports until then; None for fewer than two periods in which it was named."""
    known = [point for point in trend.points if point.ic is not None]
    if len(known) < 2:
        return None
    rows = [
        {
            "at": _milliseconds(point.start),
            "ic": point.ic,
            "low": point.ic_low,
            "high": point.ic_high,
            "first": point.ic if point.start == trend.first_signal else None,
        }
        for point in known
    ]
    return draw(_trend_specification(rows, (known[-1].start - known[0].start).days))


def onset_chart(curve: OnsetCurve) -> Markup | None:
    """The share of reports whose event had begun by each day; None without a day."""
    if not curve.curve:
        return None
    return draw(_onset_specification(curve))


def _trend_specification(rows: list[dict[str, Any]], days: int) -> dict[str, Any]:
    dates = alt.Axis(
        title=None,
        format="%Y" if days > _YEARS_APART else "%b %Y",
        tickCount=4,
        grid=False,
        labelOverlap=True,
    )
    x = alt.X(field="at", type="temporal", scale=alt.Scale(type="utc", nice=False), axis=dates)
    ics = alt.Axis(title="IC", tickCount=4, format="d", grid=True, domain=False, ticks=False)
    base = chart()
    layers = [
        base.mark_area(fill=colour("band"), opacity=1).encode(
            x=x, y=alt.Y(**measure("low", _scale(rows), ics)), y2=alt.Y2(field="high")
        ),
        rule_at(y=0),
        base.mark_line(stroke=colour("accent"), strokeWidth=2).encode(x=x, y=alt.Y(**measure("ic"))),
        base.mark_point(filled=True, shape="circle", size=90, opacity=1, fill=colour("beyond")).encode(
            x=x, y=alt.Y(**measure("first"))
        ),
    ]
    drawn = alt.layer(*layers).properties(width=_SIZE.width, height=_SIZE.height)
    return themed(drawn, _SIZE, rows)


def _scale(rows: list[dict[str, Any]]) -> alt.Scale:
    """Without the depths to which a lower limit falls while there are hardly any reports."""
    low, high = (min(row["low"] for row in rows), max(row["high"] for row in rows))
    return alt.Scale(domain=[max(min(low, -0.5), _LOWEST), max(high, 1.0)], clamp=True, nice=False)


def _onset_specification(curve: OnsetCurve) -> dict[str, Any]:
    last = max(1.0, *(day for day, _share in curve.curve))
    rows = [{"day": day, "share": share} for day, share in ((0.0, 0.0), *curve.curve)]
    ticks = [tick for tick in _DAYS if tick <= last]
    days = alt.Axis(title="Days after it was given", values=ticks, format="d", grid=False, labelOverlap=True)
    shares = alt.Axis(title="Had begun", values=[0, 0.5, 1], format="%", grid=True, domain=False, ticks=False)
    base = chart()
    scale = alt.Scale(type="symlog", constant=1, domain=[0, last], nice=False)
    x = alt.X(**measure("day", scale, days))
    y = alt.Y(**measure("share", alt.Scale(domain=[0, 1]), shares))
    layers = [
        base.mark_area(fill=colour("band"), interpolate="step-after", opacity=1).encode(x=x, y=y),
        base.mark_line(stroke=colour("accent"), strokeWidth=2, interpolate="step-after").encode(x=x, y=y),
    ]
    drawn = alt.layer(*layers).properties(width=_SIZE.width, height=_SIZE.height)
    return themed(drawn, _SIZE, rows)


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
