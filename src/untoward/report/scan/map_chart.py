"""The map: places as points as large as their cases, and the circles of the clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import altair as alt

from untoward.report.charts import Chart
from untoward.report.drawing import draw
from untoward.report.look import colour, shared_look
from untoward.report.scan.content import FoundCluster, PlacePoint, ScanContent
from untoward.report.scan.plane import Plane, outline, plane_of

CIRCLES_SHOWN = 5
_MOST_POINTS, _STEPS = 2_500, 150
_SHAPE = (0.25, 4.0)
_FINE = 8.0
_DOTS, _LINES, _NAMES = "dots", "lines", "names"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """The most room there is for the plotting area, the size of letters, and how large dots are drawn."""

    width: float
    height: float
    font: int
    dot: float


_WIDE = _Size(width=1060, height=620, font=12, dot=1.0)
_NARROW = _Size(width=280, height=360, font=11, dot=0.5)


def shown_on_map(content: ScanContent) -> tuple[FoundCluster, ...]:
    """The clusters whose circles are drawn: the clear ones, and always the most likely one."""
    clear = [place for place, cluster in enumerate(content.clusters) if cluster.clear or place == 0]
    return tuple(content.clusters[place] for place in clear[:CIRCLES_SHOWN])


def map_chart(content: ScanContent, description: str) -> Chart | None:
    """The map of a scan by place; None without one. Of very many places, those close together are one point."""
    if content.great_circle is None or len(content.points) < 2:
        return None
    circles = shown_on_map(content)
    plane = plane_of(content.points, circles, content.great_circle)
    dots = list(_dots(content.points, plane, len(circles)))
    return Chart(
        wide=draw(_specification(dots, circles, plane, _WIDE)),
        narrow=draw(_specification(dots, circles, plane, _NARROW)),
        description=description,
    )


def _dots(points: Sequence[PlacePoint], plane: Plane, circles: int) -> Iterator[dict[str, Any]]:
    many = len(points) > _MOST_POINTS
    wide, high = (plane.right - plane.left) / _STEPS, (plane.top - plane.bottom) / _STEPS
    seen: Counter[tuple[float, float, bool]] = Counter()
    for point in points:
        x, y = plane.at(point.x, point.y)
        if many:
            x, y = round(x / wide) * wide, round(y / high) * high
        inside = point.cluster is not None and point.cluster < circles
        seen[(x, y, inside)] += point.cases
    for (x, y, inside), cases in sorted(seen.items(), key=lambda item: -item[1]):
        yield {"x": x, "y": y, "inside": inside, "cases": cases, "area": 10 + 22 * sqrt(cases)}


def _specification(
    dots: list[dict[str, Any]], circles: Sequence[FoundCluster], plane: Plane, size: _Size
) -> dict[str, Any]:
    shape = min(max(plane.shape, _SHAPE[0]), _SHAPE[1])
    width = min(size.width, size.height / shape)
    height = width * shape
    x, y = _axes(plane, width, height)
    shade = alt.Color(
        field="inside",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=[True, False], range=[colour("accent"), colour("mark")]),
    )
    area = alt.Size(field="area", type="quantitative", scale=None, legend=None)
    layers = [
        _chart(_DOTS)
        .mark_circle(opacity=0.65)
        .transform_calculate(area=f"datum.area * {size.dot}")
        .encode(x=x, y=y, color=shade, size=area),
        _chart(_LINES)
        .mark_line(stroke=colour("beyond"), strokeWidth=1.8)
        .encode(
            x=x,
            y=y,
            order=alt.Order(field="corner", type="quantitative"),
            detail=alt.Detail(field="cluster", type="nominal"),
        ),
        *(_number(size, halo).encode(x=x, y=y, text=alt.Text(field="name")) for halo in (True, False)),
    ]
    drawn = alt.layer(*layers).properties(width=width, height=height)
    return {
        **drawn.to_dict(validate=False),
        "datasets": {
            _DOTS: dots,
            _LINES: list(_corners(circles, plane)),
            _NAMES: list(_names(circles, plane)),
        },
        "config": {
            **shared_look(size.font),
            "axisY": {"titleAngle": 0, "titleAlign": "left", "titleY": -10, "titleX": -24},
        },
    }


def _axes(plane: Plane, width: float, height: float) -> tuple[alt.X, alt.Y]:
    """Both axes with the same length per unit, so that a circle is round."""
    per_pixel = max((plane.right - plane.left) / width, (plane.top - plane.bottom) / height)
    across, up = per_pixel * width / 2, per_pixel * height / 2
    middle, level = (plane.left + plane.right) / 2, (plane.bottom + plane.top) / 2
    names = ("km east", "km north") if plane.great_circle else ("x", "y")
    look = "~s" if per_pixel * max(width, height) >= 100_000 else ",d" if per_pixel * width >= _FINE else "~f"
    x_scale = alt.Scale(domain=[middle - across, middle + across], nice=False, zero=False)
    y_scale = alt.Scale(domain=[level - up, level + up], nice=False, zero=False)
    x_axis = alt.Axis(title=names[0], tickCount=max(2, round(width / 90)), grid=True, format=look)
    y_axis = alt.Axis(title=names[1], tickCount=max(2, round(height / 90)), grid=True, format=look)
    return (
        alt.X(field="x", type="quantitative", scale=x_scale, axis=x_axis),
        alt.Y(field="y", type="quantitative", scale=y_scale, axis=y_axis),
    )


def _corners(circles: Sequence[FoundCluster], plane: Plane) -> Iterator[dict[str, Any]]:
    for number, cluster in enumerate(circles, start=1):
        for corner, (x, y) in enumerate(outline(cluster, plane)):
            yield {"x": x, "y": y, "corner": corner, "cluster": number}


def _names(circles: Sequence[FoundCluster], plane: Plane) -> Iterator[dict[str, Any]]:
    """The number of each cluster at the top of its circle."""
    for number, cluster in enumerate(circles, start=1):
        if cluster.at is not None:
            x, y = plane.at(*cluster.at)
            yield {"x": x, "y": y + (cluster.radius or 0.0), "name": str(number)}


def _number(size: _Size, halo: bool) -> alt.Chart:
    """A number, or the rim behind it that keeps dots from running into it."""
    words = _chart(_NAMES).mark_text(dy=-9, fontSize=size.font + 2, fontWeight="bold")
    rim = {"stroke": colour("surface"), "strokeWidth": 4, "fill": colour("surface")}
    look = rim if halo else {"fill": colour("beyond")}
    named: alt.Chart = words.properties(mark={**words.mark.to_dict(), **look})
    return named


def _chart(rows: str) -> alt.Chart:
    return alt.Chart(alt.NamedData(name=rows))
