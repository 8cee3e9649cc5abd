"""The time zone of a clinic, in which its people read and write times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone


@contextmanager
def clinic_time(name: str) -> Iterator[None]:
    """The clinic's time zone; the site's own where the name is none."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        zone = None
    if zone is None:
        yield
        return
    with timezone.override(zone):
        yield
