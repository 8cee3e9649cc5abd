"""Entries that hold each other by hash, and the check that finds a changed, removed or reordered one.

The check also compares every thing with its last entry, so that a row changed past the program is found as well.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models

from untoward.registry.models import Entry, Head, Kept

FIRST = "0" * 64
_ROWS_AT_A_TIME = 2000
_OWN = frozenset({"id", "uid", "version"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFault:
    """One thing wrong with the record: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailReport:
    """What `verify` saw. The record is whole when there is no fault."""

    entries: int
    things: int
    last_hash: str
    faults: tuple[TrailFault, ...]


def snapshot(thing: models.Model) -> dict[str, Any]:
    """All that a thing says, with its parts, as plain JSON values that are the same before and after it is stored."""
    state = {
        f.attname: _plain(f, f.value_from_object(thing))
        for f in thing._meta.concrete_fields
        if f.attname not in _OWN
    }
    for name in getattr(thing, "parts", ()):
        related: Any = getattr(thing, name)
        link = related.field.attname
        rows = [snapshot(part) for part in related.order_by("pk")]
        state[name] = [{key: value for key, value in row.items() if key != link} for row in rows]
    return state


def content(entry: Entry) -> dict[str, Any]:
    """Everything an entry says, as plain JSON values; with the hash of the one before it makes its own."""
    return {
        "number": entry.number,
        "at": _moment(entry.at),
        "by": entry.by_id,
        "clinic": entry.clinic_id,
        "kind": entry.kind,
        "model": entry.model,
        "uid": str(entry.uid),
        "version": entry.version,
        "reason": entry.reason,
        "state": entry.state,
    }


def entry_hash(entry: Entry) -> str:
    """SHA-256 over everything an entry says and the hash of the one before."""
    return sha256(_canonical({**content(entry), "previous": entry.previous})).hexdigest()


def verify(progress: Callable[[int], None] | None = None) -> TrailReport:
    """Go through the whole trail, then compare every kept thing with its last entry."""
    faults: list[TrailFault] = []
    last: dict[tuple[str, uuid.UUID], tuple[int, bytes]] = {}
    previous, number = FIRST, 0
    for entry in Entry.objects.order_by("number").iterator(_ROWS_AT_A_TIME):
        faults.extend(_link_faults(entry, previous, number))
        previous, number = entry.hash, entry.number
        last[(entry.model, entry.uid)] = (entry.version, sha256(_canonical(entry.state)).digest())
        if progress and number % _ROWS_AT_A_TIME == 0:
            progress(number)
    head = Head.objects.filter(pk=1).first()
    if head is not None and (head.number, head.hash) != (number, previous):
        faults.append(
            TrailFault(
                where=f"after entry {number}", what=f"entries up to {head.number} are missing from the end"
            )
        )
    things = 0
    for fault in _thing_faults(last):
        things += fault is None
        if fault is not None:
            faults.append(fault)
    return TrailReport(entries=number, things=things, last_hash=previous, faults=tuple(faults))


def _link_faults(entry: Entry, previous: str, number: int) -> Iterator[TrailFault]:
    where = f"entry {entry.number}"
    if entry.number != number + 1:
        yield TrailFault(where=where, what=f"follows entry {number}: entries between are missing")
    if entry.previous != previous:
        yield TrailFault(
            where=where, what="does not hold the hash of the entry before: one was changed, removed or moved"
        )
    if entry_hash(entry) != entry.hash:
        yield TrailFault(where=where, what="its content does not fit its hash: it was changed")


def _thing_faults(last: dict[tuple[str, uuid.UUID], tuple[int, bytes]]) -> Iterator[TrailFault | None]:
    """None for each thing that is as its last entry says, a fault for each that is not, is missing or has no entry."""
    left = dict(last)
    for model in apps.get_app_config("registry").get_models():
        if not issubclass(model, Kept):
            continue
        things = (
            model._default_manager.prefetch_related(*model.parts).order_by("pk").iterator(_ROWS_AT_A_TIME)
        )
        for thing in things:
            where = f"{model.__name__} {thing.uid}"
            known = left.pop((model.__name__, thing.uid), None)
            if known is None:
                yield TrailFault(where=where, what="has no entry in the trail: it was added past the program")
            elif known[0] != thing.version or not _as_its_entry_says(thing, known[1]):
                yield TrailFault(
                    where=where, what="is not as its last entry says: it was changed past the program"
                )
            else:
                yield None
    for name, uid in left:
        yield TrailFault(
            where=f"{name} {uid}", what="is gone, though the trail knows it: it was removed past the program"
        )


def _as_its_entry_says(thing: Kept, digest: bytes) -> bool:
    """Whether the thing is what its last entry says.

    A field that the program learnt after the entry was made is not in it: it must then still hold what new fields begin with.
    """
    now = snapshot(thing)
    if sha256(_canonical(now)).digest() == digest:
        return True
    entry = Entry.objects.filter(model=type(thing).__name__, uid=thing.uid).order_by("-number").first()
    if entry is None:
        return False
    younger = {
        field.attname: field
        for field in thing._meta.concrete_fields
        if field.attname in now.keys() - entry.state.keys()
    }
    untouched = all(now[name] == _plain(field, field.get_default()) for name, field in younger.items())
    return untouched and {name: value for name, value in now.items() if name not in younger} == entry.state


def _plain(f: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(f, models.JSONField):
        return json.loads(json.dumps(value))
    value = f.to_python(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
