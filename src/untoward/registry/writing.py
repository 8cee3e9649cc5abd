"""The only way to write the record: a new version of a thing, and its entry in the trail, in one transaction.

Two people who edit the same version never overwrite each other silently: the second gets a `Conflict` and sees what the first
wrote. Writers wait for each other at the head of the trail, so that numbers and hashes have no gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from untoward.errors import UserError
from untoward.registry.models import Clinic, Entry, Head, Kept, User
from untoward.registry.trail import entry_hash, snapshot

MADE, CORRECTED = "made", "corrected"


class Conflict(UserError):
    """Somebody else has written the thing since it was read. `theirs` is its version now."""

    http_status: ClassVar[int] = 409

    def __init__(self, thing: Kept, theirs: int) -> None:
        self.thing, self.theirs = thing, theirs
        super().__init__(
            f"Somebody else changed this {type(thing)._meta.verbose_name} while you were working on it "
            f"(you began from version {thing.version}, it is now version {theirs}). Nothing of theirs was overwritten: "
            "look at what they wrote, then make your change again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing as it shall be. `parts` replaces the named related sets as a whole; those not named stay."""

    thing: Kept
    parts: Mapping[str, Sequence[models.Model]] = field(default_factory=dict)
    clinic: Clinic | None = None


def write(
    thing: Kept,
    *,
    by: User | None,
    reason: str = "",
    parts: Mapping[str, Sequence[models.Model]] | None = None,
    clinic: Clinic | None = None,
    at: datetime | None = None,
) -> None:
    """Write one thing; see `write_all`."""
    write_all([Change(thing=thing, parts=parts or {}, clinic=clinic)], by=by, reason=reason, at=at)


def write_all(
    changes: Iterable[Change], *, by: User | None, reason: str = "", at: datetime | None = None
) -> None:
    """Write things in the order given, all or none. `by` is None for what the program does by itself.

    A thing that is not in the database is new; any other must stand there at the version it was read at. Raises `Conflict`
    where it does not, and ValueError when a correction has no reason.
    """
    now = at or timezone.now()
    with transaction.atomic():
        head = _locked_head()
        entries = [_written(change, by, reason, now, head) for change in changes]
        Entry.objects.bulk_create(entries)
        models.Model.save(head, update_fields=["number", "hash"])


def _locked_head() -> Head:
    """The head of the trail, locked until the transaction ends."""
    Head.objects.get_or_create(pk=1)
    return Head.objects.select_for_update().get(pk=1)


def _written(change: Change, by: User | None, reason: str, now: datetime, head: Head) -> Entry:
    thing = change.thing
    new = thing.pk is None
    if not new and not reason:
        raise ValueError(f"a correction of a {type(thing).__name__} needs a reason")
    _save(thing, new)
    for name, parts in change.parts.items():
        _replace(thing, name, parts, new)
    return _entry(change, MADE if new else CORRECTED, by, reason, now, head)


def _save(thing: Kept, new: bool) -> None:
    before, thing._being_written = thing.version, True
    try:
        if new:
            thing.version = 1
            thing.save(force_insert=True)
            return
        moved = type(thing)._default_manager.filter(pk=thing.pk, version=before).update(version=before + 1)
        if not moved:
            theirs = type(thing)._default_manager.values_list("version", flat=True).get(pk=thing.pk)
            raise Conflict(thing, theirs)
        thing.version = before + 1
        thing.save(force_update=True)
    except BaseException:
        thing.version = before
        raise
    finally:
        thing._being_written = False


def _replace(thing: Kept, name: str, parts: Sequence[models.Model], new: bool) -> None:
    related: Any = getattr(thing, name)
    if not new:
        related.all().delete()
    for part in parts:
        part.pk = None
        setattr(part, related.field.name, thing)
    related.model._default_manager.bulk_create(parts)


def _entry(change: Change, kind: str, by: User | None, reason: str, now: datetime, head: Head) -> Entry:
    thing = change.thing
    entry = Entry(
        number=head.number + 1,
        at=now,
        by=by,
        clinic=change.clinic or _clinic_of(thing),
        kind=kind,
        model=type(thing).__name__,
        uid=thing.uid,
        version=thing.version,
        reason=reason[:400],
        state=snapshot(thing),
        previous=head.hash,
    )
    entry.hash = entry_hash(entry)
    head.number, head.hash = entry.number, entry.hash
    return entry


def _clinic_of(thing: Kept) -> Clinic | None:
    """The clinic of a thing, its own or that of what it belongs to; None for what all clinics share."""
    if isinstance(thing, Clinic):
        return thing
    for name in ("clinic", "patient", "session", "reaction", "recall", "investigation", "vial"):
        owner = getattr(thing, name, None)
        if isinstance(owner, Clinic):
            return owner
        if isinstance(owner, Kept):
            return _clinic_of(owner)
    return None
