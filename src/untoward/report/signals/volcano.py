"""All pairs in one picture: how far above expectation (IC) against how unlikely by chance (mid-P), the strongest named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any, Literal

import altair as alt

from untoward.report.charts import Chart
from untoward.report.drawing import draw
from untoward.report.look import colour
from untoward.report.signals.content import SignalsContent, TopPair
from untoward.report.signals.looks import Rows, Size, chart, measure, rule_at, said, themed

_WIDE = Size(width=1060, height=400)
_NARROW = Size(width=300, height=300, font=11)
_GRID = 140
"""Pairs that fall into one of so many steps of an axis are drawn as one dot."""

_FEW, _FINE_GRID = 2_000, 1_000
"""Of so few pairs, nearly each is a dot of its own."""

_NAMED_WIDE, _NAMED_NARROW = 10, 6
_LETTER, _LINE = 6.2, 15.0
_LONGEST = 46
_LEAST_P = 1e-300
_SIDES: tuple[tuple[Literal["left", "right"], int, str], ...] = (("left", 8, "right"), ("right", -8, "left"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What the axes show: IC from `left` to `right`, minus the logarithm of p from 0 to `top`."""

    left: float
    right: float
    top: float

    def place(self, x: float, y: float, size: Size) -> tuple[float, float]:
        """Pixels from the left and from the top; the vertical axis is a square root."""
        across = (x - self.left) / (self.right - self.left)
        up = (min(y, self.top) / self.top) ** 0.5
        return across * size.width, (1 - up) * size.height


def volcano(content: SignalsContent, description: str) -> Chart | None:
    """The picture of all pairs listed; None when there is none. A dot may stand for many pairs."""
    if not content.points:
        return None
    points = [(ic, -log10(max(p, _LEAST_P)), signal) for ic, p, signal in content.points]
    frame = _frame(points)
    dots = list(_dots(points, frame))
    numbered = list(enumerate(content.top, start=1))
    flagged = [(number, pair) for number, pair in numbered if pair.row[f"signal_{content.main_rule}"]]
    return Chart(
        wide=draw(_specification(dots, _wide_labels(flagged, frame), frame, _WIDE)),
        narrow=draw(_specification(dots, _narrow_labels(flagged, frame), frame, _NARROW)),
        description=description,
    )


def _frame(points: Sequence[tuple[float, float, bool]]) -> _Frame:
    across = [ic for ic, _y, _signal in points]
    top = max(2.0, *(y for _ic, y, _signal in points)) if points else 2.0
    return _Frame(left=floor(min(-1.0, *across)), right=ceil(max(1.0, *across) + 0.3), top=top * 1.08)


def _dots(points: Sequence[tuple[float, float, bool]], frame: _Frame) -> Iterator[dict[str, Any]]:
    """One dot per step of a fine grid, with how many pairs it stands for."""
    steps = _FINE_GRID if len(points) <= _FEW else _GRID
    wide = (frame.right - frame.left) / steps
    high = frame.top**0.5 / steps
    seen = Counter((round(ic / wide), round(y**0.5 / high), signal) for ic, y, signal in points)
    for (column, row, signal), pairs in sorted(seen.items()):
        yield {"ic": column * wide, "y": (row * high) ** 2, "signal": signal, "pairs": min(pairs, 50)}


def _wide_labels(pairs: Sequence[tuple[int, TopPair]], frame: _Frame) -> Rows:
    """Names beside the strongest of the pairs flagged, those left out that would lie on another name."""
    taken: list[tuple[float, float, float]] = []
    labels: list[dict[str, Any]] = []
    for _number, pair in pairs:
        name = _short(f"{pair.row['event']} · {pair.row['drug']}")
        row = _label(pair, name, frame, _WIDE, len(name) * _LETTER)
        box = (row["from"], row["to"], row["at"])
        if len(labels) < _NAMED_WIDE and not any(_touch(box, other) for other in taken):
            taken.append(box)
            labels.append(row)
    return labels


def _narrow_labels(pairs: Sequence[tuple[int, TopPair]], frame: _Frame) -> Rows:
    """Places in the list of the strongest pairs, as numbers, beside those flagged."""
    taken: list[tuple[float, float, float]] = []
    labels: list[dict[str, Any]] = []
    for number, pair in pairs[:_NAMED_NARROW]:
        row = _label(pair, str(number), frame, _NARROW, 14)
        box = (row["from"], row["to"], row["at"])
        if not any(_touch(box, other) for other in taken):
            taken.append(box)
            labels.append(row)
    return labels


def _label(pair: TopPair, name: str, frame: _Frame, size: Size, length: float) -> dict[str, Any]:
    ic, y = pair.row["ic"], -log10(max(pair.row["mid_p"], _LEAST_P))
    x, at = frame.place(ic, y, size)
    left = x + length + 12 > size.width
    side, start = ("left", x - length - 8) if left else ("right", x + 8)
    return {"ic": ic, "y": y, side: name, "from": start, "to": start + length, "at": at}


def _touch(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and abs(one[2] - other[2]) < _LINE


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"


def _specification(dots: Rows, labels: Rows, frame: _Frame, size: Size) -> dict[str, Any]:
    x = alt.X(**measure("ic", alt.Scale(domain=[frame.left, frame.right], nice=False), _across(size)))
    y_scale = alt.Scale(type="sqrt", domain=[0, frame.top], nice=False)
    y = alt.Y(**measure("y", y_scale, _upwards(frame)))
    radius = alt.Size(**measure("pairs", alt.Scale(domain=[1, 50], range=[26, 120])), legend=None)
    shade = alt.Color(
        field="signal",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=[True, False], range=[colour("accent"), colour("mark")]),
    )
    base = chart()
    layers = [
        rule_at(x=0),
        base.mark_circle(opacity=0.55).encode(x=x, y=y, size=radius, color=shade),
        *(
            _names(align, away, size, halo).encode(x=x, y=y, text=said(side))
            for align, away, side in _SIDES
            for halo in (True, False)
        ),
    ]
    drawn = alt.layer(*layers).properties(width=size.width, height=size.height)
    empty = {"right": "", "left": "", "signal": None, "pairs": None}
    return themed(
        drawn, size, [*({**empty, **dot} for dot in dots), *({**empty, **label} for label in labels)]
    )


def _names(align: Literal["left", "right"], away: int, size: Size, halo: bool) -> alt.Chart:
    """Names, or the light rim behind them that keeps dots from running into the letters."""
    words = chart().mark_text(align=align, dx=away, baseline="middle", fontSize=size.font)
    rim = {"stroke": colour("surface"), "strokeWidth": 3, "fill": colour("surface")}
    look = rim if halo else {"fill": colour("ink")}
    named: alt.Chart = words.properties(mark={**words.mark.to_dict(), **look})
    return named


def _across(size: Size) -> alt.Axis:
    title = "IC (log2)" if size is _NARROW else "IC: doublings above what is expected; 0 = as expected"
    return alt.Axis(title=title, grid=True, tickCount=6 if size is _NARROW else 12, format="d")


def _upwards(frame: _Frame) -> alt.Axis:
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100, 200, 300) if tick <= frame.top]
    return alt.Axis(title="p = 10 to the minus …", values=ticks, format="d", grid=True, domain=False)
