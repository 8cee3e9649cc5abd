"""Dates as a person says them. What cannot be read as a date is shown as it was given, never dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def instant_of(text: str | None) -> datetime | None:
    """The instant of an ISO date or date and time, midnight for a bare date; None when it is neither."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def spoken(text: str | None, *, beside: str | None = None) -> str:
    """As in "2026-11-20T18:00" as "Fri 20 Nov 2026 18:00". The year is left out when it is that of the date `beside`."""
    instant = instant_of(text)
    if instant is None:
        return text or "not known"
    other = instant_of(beside)
    year = "" if other is not None and other.year == instant.year else f" {instant.year}"
    day = f"{_WEEKDAYS[instant.weekday()]} {instant.day} {_MONTHS[instant.month - 1]}{year}"
    return f"{day} {instant:%H:%M}" if _has_time(text) else day


def lateness(deadline: str | None, as_of: str | None) -> str:
    """By how much the deadline had passed at `as_of`, as "2 days 3 h"; empty when that cannot be told."""
    due, now = instant_of(deadline), instant_of(as_of)
    if due is None or now is None or (due.tzinfo is None) != (now.tzinfo is None) or now <= due:
        return ""
    return _span(now - due)


def days_after(text: str, days: float) -> str | None:
    """The ISO day this many days after a date; None when the text is not a whole date."""
    start = instant_of(text)
    return None if start is None else (start + timedelta(days=days)).date().isoformat()


def since_session(day: float | None) -> str:
    """A decimal day since the session in words: minutes up to 2 h, hours up to 2 days, then days."""
    if day is None:
        return "day not known"
    minutes = day * 24 * 60
    if minutes < 120:
        return f"{minutes:.0f} min after the session"
    if day < 2 and day != 1:
        return f"{day * 24:.0f} h after the session"
    return f"day {day:.3g}" if day < 100 else f"day {day:.0f}"


def length_of(days: float) -> str:
    """A length of time in words: hours below 2 days, else days."""
    if days < 2:
        return f"{days * 24:.2g} h"
    return f"{days:.2g} days" if days < 10 else f"{days:.0f} days"


def _has_time(text: str | None) -> bool:
    return bool(text) and len(text or "") > len("2026-11-20")


def _span(delta: timedelta) -> str:
    hours = int(delta.total_seconds() // 3600)
    if hours < 1:
        return f"{max(1, int(delta.total_seconds() // 60))} min"
    days, rest = divmod(hours, 24)
    if not days:
        return f"{hours} h"
    whole = "1 day" if days == 1 else f"{days} days"
    return f"{whole} {rest} h" if rest and days < 3 else whole
