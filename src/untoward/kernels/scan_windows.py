"""The circles a scan looks at: around every place, as large as the share of the population at risk allows.

A circle is its centre and the places nearest to it, so it is written as how far to go along the list of places ordered by
their distance from the centre. Places equally far enter together; a set of places that several circles hold is
looked at once. Kulldorff, Commun Stat Theory Methods 1997;26:1481.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

EARTH_RADIUS = 6367.0
"""In km, as SaTScan has it, so that the same circle has the same radius there and here."""

_ROUNDING = 1e-9


class Area(NamedTuple):
    """Places and where they lie: names, and per place x and y in any one unit of length.

    ``great_circle``: x is the longitude, y the latitude, both in degrees, and distances are km along the earth.
    """

    ids: tuple[str, ...]
    x: FloatArray
    y: FloatArray
    great_circle: bool


class Circles(NamedTuple):
    """All circles, centre after centre; those of one centre grow by one place at a time.

    ``start``   (centres + 1,) where the places of each centre start in the other two
    ``place``   (entries,) the places in the order of their distance from the centre
    ``new``     (entries,) whether the circle that ends with this place is one to look at
    """

    start: NDArray[np.int64]
    place: NDArray[np.int32]
    new: NDArray[np.bool_]

    def members(self, entry: int) -> NDArray[np.int32]:
        """The places of the circle that ends with the entry, the centre first."""
        return self.place[self.start[self.centre(entry)] : entry + 1]

    def centre(self, entry: int) -> int:
        """The number, in ``start``, of the centre whose circles the entry belongs to."""
        return int(np.searchsorted(self.start, entry, side="right")) - 1


def circles(area: Area, population: ArrayLike, largest_share: float = 0.5) -> Circles:
    """Circles that hold at most ``largest_share`` of the ``population`` (places,).

    A place with more than that share is in no circle. Raises ValueError for a share, position or population that cannot be.
    """
    people = _checked(area, np.asarray(population, float), largest_share)
    most = largest_share * people.sum() * (1 + _ROUNDING)
    place, marks, ends, start = [], [], [], [0]
    mark = _marks(len(people))
    for centre in range(len(people)):
        order, last = _growing(distances(area, centre), centre)
        fits = int(np.searchsorted(np.cumsum(people[order]), most, side="right"))
        place.append(order[:fits].astype(np.int32))
        marks.append(np.bitwise_xor.accumulate(mark[order[:fits]]))
        ends.append(last[:fits])
        start.append(start[-1] + fits)
    new = _first_seen(np.concatenate(marks), np.concatenate(ends))
    return Circles(np.array(start, np.int64), np.concatenate(place), new)


def everywhere(places: int) -> Circles:
    """The one circle that holds all places, for a scan of time alone."""
    last = np.arange(places) == places - 1
    return Circles(np.array([0, places], np.int64), np.arange(places, dtype=np.int32), last)


def distances(area: Area, centre: int) -> FloatArray:
    """From one place to all: in the unit of x and y, or in km on a great circle (haversine)."""
    if not area.great_circle:
        distance: FloatArray = np.hypot(area.x - area.x[centre], area.y - area.y[centre])
        return distance
    longitude, latitude = np.radians(area.x), np.radians(area.y)
    across = np.cos(latitude[centre]) * np.cos(latitude) * np.sin((longitude - longitude[centre]) / 2) ** 2
    half_chord = np.sin((latitude - latitude[centre]) / 2) ** 2 + across
    arc: FloatArray = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))
    return arc


def _growing(distance: FloatArray, centre: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Places by distance, the centre first, and whether the next place is farther than each."""
    ranked = distance.copy()
    ranked[centre] = -1.0
    order = np.argsort(ranked, kind="stable")
    along = distance[order]
    farther = along[1:] > along[:-1] * (1 + _ROUNDING)
    return order, np.append(farther, True)


def _first_seen(marks: NDArray[np.uint64], ends: NDArray[np.bool_]) -> NDArray[np.bool_]:
    circle = np.flatnonzero(ends)
    new = np.zeros(len(ends), np.bool_)
    new[circle[np.unique(marks[circle], return_index=True)[1]]] = True
    return new


def _marks(places: int) -> NDArray[np.uint64]:
    """A random 64-bit number per place: the exclusive or of those of a set tells sets apart."""
    return np.random.default_rng(20).integers(1, 2**63, places, dtype=np.uint64)


def _checked(area: Area, people: FloatArray, largest_share: float) -> FloatArray:
    if not 0 < largest_share <= 1:
        raise ValueError(f"largest_share: got {largest_share}, expected more than 0 and at most 1")
    if not len(area.ids) == len(area.x) == len(area.y) == len(people) > 0:
        raise ValueError("expected a name, a position and a population for each of one or more places")
    if not (np.isfinite(area.x).all() and np.isfinite(area.y).all()):
        raise ValueError("expected finite positions")
    if area.great_circle and ((np.abs(area.x) > 180).any() or (np.abs(area.y) > 90).any()):
        raise ValueError("expected longitudes of -180 to 180 and latitudes of -90 to 90 degrees")
    if not np.isfinite(people).all() or (people < 0).any() or people.sum() <= 0:
        raise ValueError("expected populations of 0 or more, and more than 0 in some place")
    return people
