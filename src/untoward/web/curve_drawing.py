"""An epidemic curve as rectangles to draw: one square a case as long as they fit, whole bars beyond that."""

from __future__ import annotations

from dataclasses import dataclass

from untoward.tasks.record.watch_curve import MOST_SQUARES, Curve

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720.0, 200.0, 34.0, 22.0, 8.0
_TICKS = 6
_GAP = 0.6
_WIDEST = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One square or bar: place, size and the number of its stratum, from 1."""

    x: float
    y: float
    width: float
    height: float
    stratum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveDrawing:
    """The boxes, and the marks of both axes."""

    width: float
    height: float
    left: float
    floor: float
    boxes: tuple[Box, ...]
    days: tuple[Tick, ...]
    counts: tuple[Tick, ...]


def drawn(curve: Curve) -> CurveDrawing | None:
    """The drawing of a curve; None without any case."""
    if not curve.bins:
        return None
    highest, floor = max(curve.highest, 4), HEIGHT - BOTTOM
    step = min((WIDTH - LEFT) / len(curve.bins), _WIDEST)
    unit = (floor - TOP) / highest
    unit = min(unit, step) if highest <= MOST_SQUARES else unit
    boxes = tuple(
        box
        for at, one in enumerate(curve.bins)
        for box in _stack(one.counts, LEFT + at * step, step, floor, unit, squares=highest <= MOST_SQUARES)
    )
    every = max(len(curve.bins) // _TICKS, 1)
    days = tuple(
        Tick(at=round(LEFT + at * step, 1), text=f"{one.start.day} {one.start:%b %y}")
        for at, one in enumerate(curve.bins)
        if at % every == 0 and (at + every * 0.5 < len(curve.bins) or at == 0)
    )
    marks = sorted({0, highest // 2, highest})
    return CurveDrawing(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        floor=floor,
        boxes=boxes,
        days=days,
        counts=tuple(Tick(at=round(floor - mark * unit, 1), text=f"{mark:,}") for mark in marks),
    )


def _stack(
    counts: tuple[int, ...], x: float, step: float, floor: float, unit: float, *, squares: bool
) -> list[Box]:
    boxes: list[Box] = []
    below = 0
    for stratum, number in enumerate(counts, start=1):
        for size in [1] * number if squares else [number] * bool(number):
            below += size
            boxes.append(
                Box(
                    x=round(x + _GAP / 2, 2),
                    y=round(floor - below * unit + _GAP / 2, 2),
                    width=round(max(step - _GAP, 0.5), 2),
                    height=round(max(size * unit - _GAP, 0.5), 2),
                    stratum=stratum,
                )
            )
    return boxes
