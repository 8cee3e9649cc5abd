"""Where the boxes of a layered graph stand: few crossings, by the barycentre heuristic.

Each layer is put in the order of the mean place of its neighbours, forwards and backwards in turn (Sugiyama, Tagawa
and Toda, IEEE Trans Syst Man Cybern 1981;11:109).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from untoward.report.investigation.graph import Box, Graph, Join

SWEEPS = 8
Key = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The measures of a drawing in pixels. In an upright sheet the layers run from top to bottom."""

    width: int
    box: tuple[int, int]
    gap: int
    between: int
    head: int
    font: int
    upright: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A box with its upper left corner."""

    box: Box
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All boxes in place, by key, the size of the drawing, and where the name of each layer stands."""

    placed: Mapping[Key, Placed]
    width: float
    height: float
    heads: tuple[tuple[str, float, float], ...]


def lay_out(graph: Graph, sheet: Sheet) -> Layout:
    """Place every box. Layers are centred beside each other."""
    orders = ordered_layers(graph)
    across, along = (sheet.box[0], sheet.box[1]) if sheet.upright else (sheet.box[1], sheet.box[0])
    longest = max((len(order) for order in orders), default=0)
    breadth = longest * across + max(longest - 1, 0) * sheet.gap
    between = _between(sheet, len(orders), along)
    placed: dict[Key, Placed] = {}
    heads = []
    for number, order in enumerate(orders):
        start = (breadth - len(order) * across - (len(order) - 1) * sheet.gap) / 2
        offset = number * (along + between)
        heads.append((graph.layers[number], *_turned(0.0, offset, sheet)))
        for place, box in enumerate(order):
            x, y = _turned(start + place * (across + sheet.gap), offset, sheet)
            placed[box.layer, box.key] = Placed(box=box, x=x, y=y)
    depth = len(orders) * along + max(len(orders) - 1, 0) * between
    width, height = (breadth, depth + sheet.head) if sheet.upright else (depth, breadth + sheet.head)
    return Layout(placed=placed, width=max(width, sheet.width), height=height, heads=tuple(heads))


def _between(sheet: Sheet, layers: int, along: int) -> float:
    """The room between layers: a wide sheet is filled, an upright one keeps its measure."""
    if sheet.upright:
        return sheet.between + sheet.head
    return max(sheet.between, (sheet.width - layers * along) / max(layers - 1, 1)) if layers > 1 else 0.0


def _turned(across: float, along: float, sheet: Sheet) -> tuple[float, float]:
    return (across, along + sheet.head) if sheet.upright else (along, across + sheet.head)


def ordered_layers(graph: Graph) -> tuple[tuple[Box, ...], ...]:
    """The boxes of each layer, in the order with the fewest crossings that was met on the way.

    It begins with the most cases first; of orders with as many crossings the earlier stays.
    """
    layers = [[box for box in graph.boxes if box.layer == number] for number in range(len(graph.layers))]
    before, after = _neighbours(graph.joins)
    best, fewest = [list(layer) for layer in layers], crossings(layers, graph.joins)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        numbers = range(1, len(layers)) if forwards else range(len(layers) - 2, -1, -1)
        for number in numbers:
            fixed = layers[number - 1 if forwards else number + 1]
            layers[number] = _by_barycentre(layers[number], fixed, before if forwards else after)
        found = crossings(layers, graph.joins)
        if found < fewest:
            best, fewest = [list(layer) for layer in layers], found
    return tuple(tuple(layer) for layer in best)


def crossings(layers: Sequence[Sequence[Box]], joins: Sequence[Join]) -> int:
    """How many pairs of lines cross, when each layer stands in the order given."""
    place = {(box.layer, box.key): number for layer in layers for number, box in enumerate(layer)}
    total = 0
    for number in range(len(layers) - 1):
        ends = sorted((place[one.source], place[one.target]) for one in joins if one.source[0] == number)
        seen: list[int] = []
        for _start, end in ends:
            total += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return total


def _neighbours(joins: Sequence[Join]) -> tuple[dict[Key, list[Key]], dict[Key, list[Key]]]:
    before: dict[Key, list[Key]] = {}
    after: dict[Key, list[Key]] = {}
    for join in joins:
        before.setdefault(join.target, []).append(join.source)
        after.setdefault(join.source, []).append(join.target)
    return before, after


def _by_barycentre(layer: list[Box], fixed: list[Box], neighbours: Mapping[Key, list[Key]]) -> list[Box]:
    place = {(box.layer, box.key): number for number, box in enumerate(fixed)}

    def mean(number_and_box: tuple[int, Box]) -> float:
        number, box = number_and_box
        near = [place[key] for key in neighbours.get((box.layer, box.key), ()) if key in place]
        return sum(near) / len(near) if near else float(number)

    return [box for _number, box in sorted(enumerate(layer), key=mean)]
