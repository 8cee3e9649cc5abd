"""Smooth closed paths through a few corners, and their mirror images."""

from __future__ import annotations

from collections.abc import Sequence

Corner = tuple[float, float]


def mirrored(corners: Sequence[Corner], width: float) -> tuple[Corner, ...]:
    """The corners as a mirror down the middle shows them, in an order that runs the same way round."""
    return tuple((width - x, y) for x, y in reversed(corners))


def both_halves(half: Sequence[Corner], width: float) -> tuple[Corner, ...]:
    """A whole outline of its half from the top to the bottom; corners on the middle line are not doubled."""
    other = [corner for corner in mirrored(half, width) if corner[0] != width / 2]
    return (*half, *other)


def smooth_path(corners: Sequence[Corner], tension: float = 0.16) -> str:
    """A closed SVG path through all corners (Catmull-Rom, as cubic curves); `tension` 0 gives straight lines."""
    count = len(corners)
    first = corners[0]
    steps = [f"M{first[0]:g} {first[1]:g}"]
    for number in range(count):
        before, start = corners[number - 1], corners[number]
        end, after = corners[(number + 1) % count], corners[(number + 2) % count]
        out = start[0] + (end[0] - before[0]) * tension, start[1] + (end[1] - before[1]) * tension
        into = end[0] - (after[0] - start[0]) * tension, end[1] - (after[1] - start[1]) * tension
        numbers = (*out, *into, *end)
        steps.append("C" + " ".join(f"{round(value, 1):g}" for value in numbers))
    return "".join(steps) + "Z"


def middle(corners: Sequence[Corner]) -> Corner:
    """The centre of the area within straight lines between the corners."""
    area = across = down = 0.0
    for (x, y), (to_x, to_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
        part = x * to_y - to_x * y
        area, across, down = area + part, across + (x + to_x) * part, down + (y + to_y) * part
    return across / (3 * area), down / (3 * area)
