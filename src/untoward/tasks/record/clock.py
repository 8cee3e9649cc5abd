"""The clock of the machine held against the times of the trail."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from untoward.registry.models import Entry

ALLOWED = timedelta(minutes=2)
"""By how much two machines that write to one record may differ."""

_LOOKED_AT = 200
"""Entries of the trail: a clock that was moved back is still found after some were written with it."""


def written_after(now: datetime) -> datetime | None:
    """The latest time among the last entries of the trail where it lies ahead of `now`: the clock was moved back."""
    latest = Entry.objects.order_by("-number").values("at")[:_LOOKED_AT].aggregate(latest=Max("at"))["latest"]
    return latest if latest is not None and latest > now + ALLOWED else None
