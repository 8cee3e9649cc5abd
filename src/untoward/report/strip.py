"""The expected-course strip: where one reaction stands against its band, as places on a small drawing.

Time runs from the session (left) to the latest of everything shown. The band is shaded from the day by which 5 % were
over to that by which 95 % were; the middle is the day by which half were. The longest published is a tick, the day the
reaction was last seen is the line that the eye should find first.
"""

from __future__ import annotations

from dataclasses import dataclass

from untoward.model.finding import CourseStanding
from untoward.model.review import CaseLine
from untoward.report.words import COURSE_SHORT, compound_label, standing_sentence

WIDTH = 320.0
LEFT, RIGHT = 6.0, 296.0
_ROOM_FOR_LABEL = 34.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A piece of text at a place along the strip; `anchor` is SVG's start, middle or end."""

    x: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Places along the strip in units of its drawing, and its text alternative."""

    band_from: float
    band_to: float
    middle: float
    longest: float | None
    now: float
    now_label: Label
    labels: tuple[Label, ...]
    state: str
    against: str
    sentence: str


def strip_of(line: CaseLine) -> Strip | None:
    """The strip of one reaction; None when its day is not known or no band is published."""
    standing = standing_shown(line)
    if standing is None or standing.day is None or standing.band_days is None:
        return None
    early, middle, late = standing.band_days
    scale = _Scale(max(standing.day, late, standing.longest_days or 0.0))
    now = scale.at(standing.day)
    return Strip(
        band_from=scale.at(early),
        band_to=scale.at(late),
        middle=scale.at(middle),
        longest=scale.at(standing.longest_days) if standing.longest_days else None,
        now=now,
        now_label=_now_label(now, standing.day),
        labels=_labels(scale, middle, late, standing.longest_days),
        state=COURSE_SHORT[line.course],
        against=compound_label(standing.compound),
        sentence=standing_sentence(standing),
    )


def standing_shown(line: CaseLine) -> CourseStanding | None:
    """The standing that the strip draws: the one that gave the line its state, on the most people.

    Falls back on any standing of the term that has a band, then on any standing of the term.
    """
    own = [standing for standing in line.assessment.course if standing.term == line.term]
    return max(
        own, key=lambda s: (s.band_days is not None, s.state is line.course, s.people or 0), default=None
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    last_day: float

    def at(self, day: float) -> float:
        share = day / self.last_day if self.last_day > 0 else 0.0
        return round(LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0), 1)


def _now_label(x: float, day: float) -> Label:
    if x < LEFT + 40:
        return Label(x=x - 1, text=_when(day), anchor="start")
    return Label(x=x + 1, text=_when(day), anchor="end") if x > RIGHT - 40 else Label(x=x, text=_when(day))


def _when(day: float) -> str:
    return f"seen {day * 24:.2g} h" if day < 1 else f"seen day {day:.3g}"


def _labels(scale: _Scale, middle: float, late: float, longest: float | None) -> tuple[Label, ...]:
    """The labels that fit, the more important first: 95 %, the longest, the middle."""
    unit, factor = ("h", 24.0) if scale.last_day < 2 else ("d", 1.0)
    wanted = [(late, "95 %")]
    if longest:
        wanted.append((longest, "longest"))
    wanted.append((middle, "50 %"))
    placed: list[Label] = []
    for day, name in wanted:
        label = Label(
            x=scale.at(day),
            text=f"{name} {day * factor:.2g} {unit}" if day * factor < 100 else f"{name} {day:.0f} {unit}",
        )
        if all(abs(label.x - other.x) > 2 * _ROOM_FOR_LABEL for other in placed):
            placed.append(label)
    return tuple(_kept_inside(label) for label in placed)


def _kept_inside(label: Label) -> Label:
    if label.x < LEFT + _ROOM_FOR_LABEL:
        return Label(x=label.x, text=label.text, anchor="start")
    if label.x > RIGHT - _ROOM_FOR_LABEL / 2:
        return Label(x=WIDTH - 2, text=label.text, anchor="end")
    return label
