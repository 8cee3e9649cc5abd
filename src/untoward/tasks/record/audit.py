"""The trail as people read it: filtered, one entry against the version before, and as a file with its chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from untoward.registry.models import Clinic, Entry
from untoward.registry.trail import content
from untoward.tasks.site_export_columns import SECRET

ABOUT_NOBODY = frozenset(
    {"Clinic", "Membership", "Practitioner", "ApiToken", "Product", "Lot", "Vial", "Recipe", "ConsentText"}
)
"""Kinds of things whose history says nothing of a patient: shown whole to whoever reads the trail."""

HIDDEN = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which entries are wanted; what is empty does not filter."""

    model: str = ""
    by: str = ""
    uid: str = ""
    since: date | None = None
    until: date | None = None
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One field that an entry changed, before and after; None before where there was no earlier version."""

    field: str
    before: str | None
    after: str


def entries(clinic: Clinic, wanted: Filter) -> QuerySet[Entry]:
    """Entries of the clinic and of what all clinics share, newest first."""
    found = Entry.objects.filter(_ours(clinic)).select_related("by", "clinic").order_by("-number")
    if wanted.model:
        found = found.filter(model=wanted.model)
    if wanted.by:
        found = found.filter(by__email=wanted.by)
    if wanted.uid:
        found = found.filter(uid=wanted.uid)
    if wanted.since:
        found = found.filter(at__gte=datetime.combine(wanted.since, time.min, UTC))
    if wanted.until:
        found = found.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time.min, UTC))
    if wanted.before:
        found = found.filter(number__lt=wanted.before)
    return found


def readable(entry: Entry, *, patients: bool) -> bool:
    """Whether what the entry says may be shown to somebody who may (or may not) see patients."""
    return patients or entry.model in ABOUT_NOBODY


def changes(entry: Entry, *, patients: bool) -> list[Changed]:
    """What the entry changed against the version before; values are left out where they may not be shown."""
    earlier = Entry.objects.filter(model=entry.model, uid=entry.uid, version=entry.version - 1).first()
    before: dict[str, Any] = earlier.state if earlier else {}
    shown = readable(entry, patients=patients)
    return [
        Changed(
            field=name,
            before=_said(name, before[name], shown) if name in before else None,
            after=_said(name, entry.state.get(name), shown),
        )
        for name in sorted({*before, *entry.state})
        if earlier is None or before.get(name) != entry.state.get(name)
    ]


def chain(clinic: Clinic, *, patients: bool) -> Iterator[str]:
    """Every entry as a line of JSON with its hash and the one before, so that the chain can be followed.

    Of other clinics' entries, and of those this reader may not see, only number, hash and previous are given.
    """
    ours = set(Entry.objects.filter(_ours(clinic)).values_list("number", flat=True))
    for entry in Entry.objects.order_by("number").iterator(1000):
        line: dict[str, Any] = {"number": entry.number, "previous": entry.previous, "hash": entry.hash}
        if entry.number in ours and readable(entry, patients=patients):
            line |= content(entry)
        yield json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n"


def _ours(clinic: Clinic) -> Q:
    return Q(clinic=clinic) | Q(clinic=None)


def _said(name: str, value: object, shown: bool) -> str:
    if not shown or name in SECRET:
        return HIDDEN
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
