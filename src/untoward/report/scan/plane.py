"""Places laid flat, for drawing: kilometres east and north of the south-western corner, or x and y as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin

from untoward.report.scan.content import FoundCluster, PlacePoint

_KM_PER_DEGREE = 6371.0088 * pi / 180
_CORNERS = 72
_MARGIN = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """What a map shows: `left` to `right` and `bottom` to `top`, and how a place of the data becomes a point of it.

    On the globe, degrees become kilometres with the length that a degree has in the middle of the map, so shapes are right
    where the map is not very large. `turn` is the longitude that degrees are counted from, so that no map is torn apart
    at 180.
    """

    left: float
    right: float
    bottom: float
    top: float
    great_circle: bool
    turn: float = 0.0
    west: float = 0.0
    south: float = 0.0
    shrink: float = 1.0

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a place of the data lies on the map."""
        if not self.great_circle:
            return x, y
        east = (_from(x, self.turn) - self.west) * _KM_PER_DEGREE * self.shrink
        return east, (y - self.south) * _KM_PER_DEGREE

    @property
    def shape(self) -> float:
        """Height over width."""
        return (self.top - self.bottom) / (self.right - self.left)


def plane_of(points: Sequence[PlacePoint], clusters: Sequence[FoundCluster], great_circle: bool) -> Plane:
    """The part of the plane that holds all places and the circles of these clusters, with a margin."""
    xs, ys = [point.x for point in points], [point.y for point in points]
    turn = xs[0] if great_circle else 0.0
    bare = Plane(
        left=0, right=1, bottom=0, top=1, great_circle=great_circle, turn=turn,
        west=min(_from(x, turn) for x in xs) if great_circle else 0.0,
        south=min(ys), shrink=max(cos(radians((min(ys) + max(ys)) / 2)), 0.05) if great_circle else 1.0,
    )  # fmt: skip
    spots = [bare.at(x, y) for x, y in zip(xs, ys, strict=True)]
    spots += [spot for cluster in clusters for spot in outline(cluster, bare)]
    left, right = min(x for x, _y in spots), max(x for x, _y in spots)
    bottom, top = min(y for _x, y in spots), max(y for _x, y in spots)
    room = max(right - left, top - bottom) * _MARGIN or 1.0
    return Plane(
        left=left - room, right=right + room, bottom=bottom - room, top=top + room, great_circle=great_circle,
        turn=turn, west=bare.west, south=bare.south, shrink=bare.shrink,
    )  # fmt: skip


def outline(cluster: FoundCluster, plane: Plane) -> Iterator[tuple[float, float]]:
    """The circle of a cluster as corners, the first one again at the end; nothing for a single place."""
    if cluster.at is None or not cluster.radius:
        return
    x, y = plane.at(*cluster.at)
    for corner in range(_CORNERS + 1):
        angle = 2 * pi * corner / _CORNERS
        yield x + cluster.radius * cos(angle), y + cluster.radius * sin(angle)


def _from(longitude: float, turn: float) -> float:
    """Degrees from `turn`, from -180 to 180."""
    return (longitude - turn + 180) % 360 - 180
