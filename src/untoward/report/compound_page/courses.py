"""Courses drawn on one scale of days: logarithmic, since reactions last from hours to a year."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from untoward.model.profile import Band

WIDTH = 320.0
_LEFT, _RIGHT = 4.0, 316.0
_FIRST, _LAST = 0.5, 1000.0
_TICKS = ((1.0, "1 day"), (7.0, "1 week"), (30.4, "1 month"), (182.6, "6 months"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A day with a name, and its place."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnBand:
    """Places along the drawing: the band, its middle, the interval of its end, the longest published."""

    start: float
    width: float
    middle: float
    unsure_from: float
    unsure_width: float
    longest: float | None


def axis() -> tuple[Tick, ...]:
    """The named days of the scale."""
    return tuple(Tick(x=_place(day), text=text) for day, text in _TICKS)


def drawn_band(band: Band) -> DrawnBand:
    """The places of one band; whatever lies beyond the scale stands at its end."""
    start, end = _place(band.low), _place(band.high)
    unsure = _place(band.high_from or band.high), _place(band.high_to or band.high)
    return DrawnBand(
        start=start,
        width=max(round(end - start, 1), 2.0),
        middle=_place(band.middle),
        unsure_from=unsure[0],
        unsure_width=max(round(unsure[1] - unsure[0], 1), 0.0),
        longest=None if band.longest is None else _place(band.longest),
    )


def _place(day: float) -> float:
    share = log(min(max(day, _FIRST), _LAST) / _FIRST) / log(_LAST / _FIRST)
    return round(_LEFT + share * (_RIGHT - _LEFT), 1)
