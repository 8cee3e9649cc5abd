"""The epidemic curve by level as stacked bars: the surer the case, the darker and the lower it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from untoward.report.charts import Chart
from untoward.report.drawing import draw
from untoward.report.look import colour, shared_look
from untoward.watch.workbench.curve import LevelCurve
from untoward.watch.workbench.definition import LEVELS

_SHADES = {"confirmed": "now", "probable": "bar", "suspect": "band"}
_WIDE, _NARROW = (760, 12), (280, 11)
_WIDEST_BAR, _NARROWEST = 48, 200


def level_chart(curve: LevelCurve) -> Chart | None:
    """The curve drawn twice; None when no case has a known day of onset."""
    if not curve.whole.bins:
        return None
    levels = [level for level in LEVELS if level in curve.by_level]
    return Chart(
        wide=draw(_specification(curve, levels, *_WIDE)),
        narrow=draw(_specification(curve, levels, *_NARROW)),
        description=f"Bars of cases by onset, stacked by level: {', '.join(levels)}. {curve.whole.reading}",
    )


def _specification(curve: LevelCurve, levels: list[str], width: int, font: int) -> dict[str, Any]:
    bins = curve.whole.bins
    rows = [
        {"start": _milliseconds(one.start), "end": _milliseconds(one.end), "level": level, "order": order,
         "n": curve.by_level[level][place]}
        for order, level in enumerate(levels)
        for place, one in enumerate(bins)
    ]  # fmt: skip
    highest = max(one.n for one in bins)
    days = (datetime.fromisoformat(bins[-1].end) - datetime.fromisoformat(bins[0].start)).days
    steps = 8 if width > 400 else 4
    axis = {
        "grid": True,
        "domain": False,
        "ticks": False,
        "format": "d",
        "tickMinStep": 1,
        "tickCount": min(5, highest),
    }
    return {
        "width": min(width, max(_NARROWEST, _WIDEST_BAR * len(bins))),
        "height": 200,
        "data": {"values": rows},
        "mark": {"type": "bar", "orient": "vertical", "xOffset": 0.5, "x2Offset": -0.5, "minBandSize": 1,
                 "stroke": colour("mark"), "strokeWidth": 0.75},
        "encoding": {
            "x": {"field": "start", "type": "temporal", "scale": {"type": "utc", "nice": False},
                  "axis": {"title": "Onset", "format": "%-d %b" if days <= 200 else "%b %Y", "grid": False,
                           "labelOverlap": True, "tickCount": {"interval": "day", "step": 1} if days <= steps else steps}},
            "x2": {"field": "end"},
            "y": {"field": "n", "type": "quantitative", "stack": "zero", "axis": {"title": "Persons", **axis}},
            "color": {"field": "level", "type": "nominal",
                      "scale": {"domain": levels, "range": [colour(_SHADES[level]) for level in levels]},
                      "legend": {"title": None, "orient": "top", "symbolType": "square"}},
            "order": {"field": "order", "type": "quantitative"},
        },
        "config": {**shared_look(font), "legend": {"labelFontSize": font, "labelColor": colour("ink")}},
    }  # fmt: skip


def _milliseconds(iso: str) -> int:
    return int(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)
