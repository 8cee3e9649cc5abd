"""People at risk in every period, from counts on a few days."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def person_time(dates: ArrayLike, population: ArrayLike, edges: ArrayLike) -> FloatArray:
    """Time under risk (…, periods) for populations (…, dates) counted on ``dates``; periods lie between ``edges`` (periods + 1,).

    Between two dates the population changes in a straight line; before the first and after the last it stays as it was there.
    The result is in people times the mean length of a period, so about as large as the population. ``dates``
    and ``edges`` are days (or any one unit) and rise. Raises ValueError where they do not, and for
    populations that are negative or not known.

    A count for a year alone belongs to the middle of that year.
    """
    when, people, edge = np.asarray(dates, float), np.asarray(population, float), np.asarray(edges, float)
    if len(when) < 1 or len(edge) < 2 or (np.diff(when) <= 0).any() or (np.diff(edge) <= 0).any():
        raise ValueError("expected one or more dates and two or more edges of periods, both rising")
    if people.shape[-1:] != when.shape or not np.isfinite(people).all() or (people < 0).any():
        raise ValueError("expected a population of 0 or more for every date")
    knots = np.union1d(when, edge)
    height = _between(when, people, knots)
    area = (height[..., 1:] + height[..., :-1]) / 2 * np.diff(knots)
    so_far = np.concatenate([np.zeros((*area.shape[:-1], 1)), np.cumsum(area, axis=-1)], axis=-1)
    at_edges = so_far[..., np.searchsorted(knots, edge)]
    lived: FloatArray = np.diff(at_edges, axis=-1) * ((len(edge) - 1) / (edge[-1] - edge[0]))
    return lived


def _between(when: FloatArray, people: FloatArray, knots: FloatArray) -> FloatArray:
    """The population at the knots, in a straight line between dates and level beyond them."""
    if len(when) == 1:
        return np.repeat(people, len(knots), axis=-1)
    at = np.clip(np.searchsorted(when, knots, side="right") - 1, 0, len(when) - 2)
    share = np.clip((knots - when[at]) / (when[at + 1] - when[at]), 0.0, 1.0)
    height: FloatArray = people[..., at] * (1 - share) + people[..., at + 1] * share
    return height
