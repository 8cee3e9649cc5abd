"""The evidence of one stream over time as a step line, with the line it must cross, ready to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 320.0, 120.0, 54.0, 10.0, 20.0
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDrawing:
    """Points of the step line as an SVG path, the height of the line to cross (None when unknown) and the marks of the axes.

    Each mark of an axis is its place and its text.
    """

    width: float
    height: float
    left: float
    floor: float
    path: str
    needed: float | None
    rows: tuple[tuple[float, str], ...]
    first: str
    last: str


def evidence_drawn(history: Sequence[Mapping[str, Any]], needed: float | None) -> EvidenceDrawing:
    """The drawing of a history of at least one point; evidence below 1 is drawn at 1."""
    times = [datetime.fromisoformat(point["at"]) for point in history]
    heights = [max(0.0, point["log10_e"]) for point in history]
    top = max(1.0, *heights, needed or 0.0) * 1.1
    span = max((times[-1] - times[0]).total_seconds(), 1.0)
    floor = HEIGHT - BOTTOM

    def across(at: datetime) -> float:
        return LEFT + (WIDTH - LEFT - 6) * (at - times[0]).total_seconds() / span

    def up(value: float) -> float:
        return floor - (floor - TOP) * value / top

    path = f"M{across(times[0]):.1f},{up(heights[0]):.1f}"
    for at, value in zip(times[1:], heights[1:], strict=True):
        path += f"H{across(at):.1f}V{up(value):.1f}"
    step = max(1, round(top / 4))
    rows = tuple((up(power), _power(power)) for power in range(0, int(top) + 1, step))
    return EvidenceDrawing(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        floor=floor,
        path=path,
        needed=None if needed is None else up(needed),
        rows=rows,
        first=f"{times[0]:%b %Y}",
        last=f"{times[-1]:%b %Y}",
    )


def _power(power: int) -> str:
    """As in 1, 10, 1,000; beyond a million as a power of ten."""
    return f"{10**power:,}" if power < 7 else "10" + "".join(_POWERS[int(digit)] for digit in str(power))
