"""Filters that every template may use."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def age_of(at: datetime | None) -> str:
    """How long ago, or how far ahead: "3 h ago", "in 2 days"; "no date" for none."""
    if at is None:
        return "no date"
    seconds = (timezone.now() - at).total_seconds()
    size = abs(seconds)
    number, unit = next(
        (
            (int(size // step), name)
            for step, name in ((86_400, "day"), (3600, "h"), (60, "min"))
            if size >= step
        ),
        (0, "min"),
    )
    words = f"{number} {unit}{'s' if unit == 'day' and number != 1 else ''}"
    return f"{words} ago" if seconds >= 0 else f"in {words}"
