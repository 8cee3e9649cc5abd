"""The course of a person's reactions over time, as numbers to draw and as rows to read: the two say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from untoward.registry.models import Observation, Photo, Reaction, Session
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.named import named
from untoward.tasks.record.siblings import spellings

BEFORE = timedelta(days=60)
"""Sessions so long before the reaction's own are drawn; earlier ones stand in the table alone."""

AHEAD = 0.5
"""The drawing reaches at most this share of its length beyond today, to show the end of an expected course."""

_MARGIN, _TOP, _TRACK, _FOOT = 14.0, 46.0, 50.0, 26.0
Placing = Callable[[datetime], float]
_TICK_DAYS = (1, 2, 7, 14, 28, 56, 112, 182, 364, 728)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something at a time. `look` is a disposition or a kind; `words` say what it is."""

    x: float
    look: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One reaction: its observations as dots, and the days in which such reactions are over (from, half, to)."""

    reaction: Reaction
    label: str
    y: float
    start: float
    end: float
    dots: tuple[Mark, ...]
    photos: tuple[Mark, ...]
    band: tuple[float, float, float] | None
    this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A timeline in a given width, in pixels. `today` is None where today lies beyond it."""

    width: float
    height: float
    sessions: tuple[Mark, ...]
    tracks: tuple[Track, ...]
    ticks: tuple[tuple[float, str], ...]
    today: float | None
    today_anchor: str
    axis: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table twin."""

    at: datetime
    kind: str
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Both drawings, the table, and one line that says what there is to see."""

    wide: Drawing
    narrow: Drawing
    rows: tuple[Row, ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a timeline is made of: the case, the person's reactions with their observations, sessions and photos."""

    reaction: Reaction
    reactions: Sequence[Reaction]
    observations: Mapping[int, Sequence[Observation]]
    sessions: Sequence[Session]
    photos: Sequence[Photo]


def timeline(story: Story, now: datetime) -> Timeline:
    """The timeline around one case."""
    return Timeline(
        wide=_drawing(story, now, 760.0),
        narrow=_drawing(story, now, 340.0),
        rows=tuple(sorted(_rows(story), key=lambda row: row.at)),
        reading=_reading(story),
    )


def expected_band(
    reaction: Reaction, observations: Sequence[Observation]
) -> tuple[float, float, float] | None:
    """Days after the session by which 5, 50 and 95 % of such reactions were over, of the longest course known; else None."""
    names = spellings(reaction.term) if reaction.term else ()
    for observation in reversed(observations):
        course = (observation.assessment or {}).get("course", ())
        bands = [item["band_days"] for item in course if item["term"] in names and item["band_days"]]
        if bands:
            early, middle, late = max(bands, key=lambda band: band[2])
            return early, middle, late
    return None


def term_words(term: str) -> str:
    """A term as people say it, in the language of the page; what is no term stands as it is."""
    found = evidence().terms.resolve(term) if term else None
    return named(found) if found else term


def injected_words(session: Session) -> str:
    """What a session gave, in one line."""
    parts = (
        f"{part.product.name}{f' {part.volume_ml:g} ml' if part.volume_ml else ''}"
        for part in session.components.all()
    )
    return ", ".join(parts) or _("nothing recorded")


def _drawing(story: Story, now: datetime, width: float) -> Drawing:
    first, last = _span(story, now)
    length = max((last - first).total_seconds(), 3600.0)

    def place(at: datetime) -> float:
        share = (at - first).total_seconds() / length
        return round(_MARGIN + min(max(share, 0.0), 1.0) * (width - 2 * _MARGIN), 1)

    tracks = tuple(_track(story, one, number, place, now) for number, one in enumerate(story.reactions))
    axis = _TOP + _TRACK * len(tracks)
    sessions = tuple(
        Mark(x=place(one.at), look="session", words=injected_words(one), at=one.at)
        for one in story.sessions
        if one.at >= first
    )
    today = place(now) if now <= last else None
    return Drawing(
        width=width,
        height=axis + _FOOT,
        sessions=sessions,
        tracks=tracks,
        ticks=_ticks(first, last, place, width),
        today=today,
        today_anchor=_anchor(today, width),
        axis=axis,
    )


def _track(story: Story, reaction: Reaction, number: int, place: Placing, now: datetime) -> Track:
    seen = story.observations.get(reaction.pk, ())
    band = expected_band(reaction, seen)
    start = reaction.onset_at or (seen[0].at if seen else reaction.reported_at)
    end = reaction.resolved_at or (now if reaction.signed_at is None else reaction.signed_at)
    return Track(
        reaction=reaction,
        label=term_words(reaction.term) or _("not coded"),
        y=_TOP + _TRACK * number + 34,
        start=place(start),
        end=place(max(end, start)),
        dots=tuple(
            Mark(x=place(one.at), look=_look(one), words=one.text or _("answers"), at=one.at) for one in seen
        ),
        photos=tuple(
            Mark(x=place(one.taken_at), look="photo", words=_("photo"), at=one.taken_at)
            for one in story.photos
            if one.reaction_id == reaction.pk
        ),
        band=None if band is None else _band_places(reaction, band, place),
        this=reaction.pk == story.reaction.pk,
    )


def _band_places(
    reaction: Reaction, band: tuple[float, float, float], place: Placing
) -> tuple[float, float, float]:
    early, middle, late = (place(reaction.session.at + timedelta(days=day)) for day in band)
    return early, middle, round(max(late - early, 2.0), 1)


def _span(story: Story, now: datetime) -> tuple[datetime, datetime]:
    """First and last instant of the drawing."""
    start = story.reaction.session.at
    earlier = [one.at for one in story.sessions if start - BEFORE <= one.at <= start]
    told = [one.onset_at for one in story.reactions if one.onset_at]
    first = min([start, *earlier, *(at for at in told if at >= start - BEFORE)])
    seen = [one.at for group in story.observations.values() for one in group]
    ends = [at for one in story.reactions for at in (one.resolved_at, one.signed_at) if at]
    still_open = any(one.signed_at is None and one.resolved_at is None for one in story.reactions)
    last = max([start, *seen, *ends, *([now] if still_open else [])])
    expected = [
        one.session.at + timedelta(days=band[2])
        for one in story.reactions
        if (band := expected_band(one, story.observations.get(one.pk, ()))) is not None
    ]
    if expected:
        last = max(last, min(max(expected), last + (last - first) * AHEAD))
    return first, max(last, first + timedelta(hours=1))


def _ticks(first: datetime, last: datetime, place: Placing, width: float) -> tuple[tuple[float, str], ...]:
    """Days since the first session of the drawing, far enough apart to be read."""
    days = (last - first).total_seconds() / 86_400
    room = width / 64
    step = next((size for size in _TICK_DAYS if days / size <= room), 1092)
    return tuple(
        (place(first + timedelta(days=day)), _("day %(day)s") % {"day": day} if day else _("day 0"))
        for day in range(0, int(days) + 1, step)
    )


def _anchor(x: float | None, width: float) -> str:
    if x is None:
        return "middle"
    return "end" if x > width - 40 else "start" if x < 40 else "middle"


def _rows(story: Story) -> list[Row]:
    rows = [Row(at=one.at, kind="session", words=injected_words(one)) for one in story.sessions]
    for reaction in story.reactions:
        label = term_words(reaction.term) or _("not coded")
        for one in story.observations.get(reaction.pk, ()):
            teller = _("the patient") if one.by_patient else _("the clinic")
            words = one.text or _("answers to questions")
            rows.append(
                Row(
                    at=one.at,
                    kind="observation",
                    words=_("%(label)s, told by %(teller)s: %(words)s")
                    % {"label": label, "teller": teller, "words": words},
                    look=_look(one),
                )
            )
        if reaction.resolved_at:
            rows.append(
                Row(at=reaction.resolved_at, kind="over", words=f"{label}: {_(reaction.outcome or 'over')}")
            )
    rows += [Row(at=one.taken_at, kind="photo", words="photo") for one in story.photos]
    return rows


def _look(observation: Observation) -> str:
    return str((observation.assessment or {}).get("disposition", "none"))


def _reading(story: Story) -> str:
    sessions, reactions = len(story.sessions), len(story.reactions)
    seen = sum(len(group) for group in story.observations.values())
    return (
        f"{ngettext('%(n)d session', '%(n)d sessions', sessions) % {'n': sessions}}, "
        f"{ngettext('%(n)d reaction', '%(n)d reactions', reactions) % {'n': reactions}}, "
        f"{ngettext('%(n)d observation', '%(n)d observations', seen) % {'n': seen}}."
    )
