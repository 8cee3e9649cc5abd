"""Words about clusters. They say what was counted; nothing is said to cause anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from untoward.model.clusters import Place
from untoward.watch.clusters.nodes import VIAL_AGE
from untoward.watch.wording import exposure_name, many, p_text

NO_PROOF = "An association, not proof of a cause."

_NAMED_AT_MOST = 4


def place_name(where: Sequence[Place]) -> str:
    """As in "lot L12", "lidocaine with procaine in one syringe", "vials 3-7 days after first use on record"."""
    if len(where) == 2:
        return f"{where[0].value} with {where[1].value} in one syringe"
    only = where[0]
    if only.axis == VIAL_AGE:
        return "vials on the first day of use on record" if only.value == "first day" else _aged(only.value)
    return exposure_name(only.axis, only.value)


def _aged(band: str) -> str:
    return f"vials {band} after first use on record"


def listed(names: Sequence[str]) -> str:
    """As in "a, b and c"; of many names the first few, and how many more."""
    shown = list(names[:_NAMED_AT_MOST])
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def figure(value: float) -> str:
    """An expected number: two digits that count, one decimal from 1 on, none from 100 on."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def counted_there(cases: int, sessions: int, persons: int, expected: float) -> str:
    """As in "7 cases among 40 sessions of 38 persons, 0.3 expected"."""
    held = f"{many(sessions, 'session')} of {many(persons, 'person')}"
    return f"{many(cases, 'case')} among {held}, {figure(expected)} expected"


def iso_day(day: float) -> str:
    """The ISO date of a number of days since 1970."""
    return _date(day).isoformat()


def days_spoken(first: float, last: float) -> str:
    """As in "sessions of 13 Jan 2025 to 30 Jan 2025", of days since 1970."""
    begin, end = _date(first), _date(last)
    if begin == end:
        return f"sessions of {_spoken(begin)}"
    return f"sessions of {_spoken(begin)} to {_spoken(end)}"


def _date(day: float) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day // 1))


def _spoken(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def sentence_case(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def anywhere(p: float) -> str:
    """The p of a finding, with what it allows for: "p = 0.001 over all places and windows"."""
    return f"{p_text(p)} over all places and windows"
