"""The trail: its entries, what each changed, and whether it is whole."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from untoward.registry.models import Entry
from untoward.registry.trail import TrailReport
from untoward.tasks.record.audit import Changed
from untoward.web.api.shapes.base import MOST_A_PAGE, USUAL_A_PAGE, Day, Given, Key, Name, Told, Who

FAULTS_SHOWN = 20


class EntriesIn(Given):
    """Which entries: of a kind of thing ("Session"), by a user's e-mail, of one thing, in a span of days, before a number."""

    limit: Annotated[int, Field(ge=1, le=MOST_A_PAGE)] = USUAL_A_PAGE
    model: Name = ""
    by: Key = ""
    uid: UUID | None = None
    since: Day | None = None
    until: Day | None = None
    before: Annotated[int, Field(ge=0, lt=2**62)] = 0


class EntryLine(Told):
    """One version of one thing: who made it, when and why."""

    number: int
    at: datetime
    by: Who
    kind: str
    model: str
    uid: UUID
    version: int
    reason: str
    hash: str


class EntriesOut(Told):
    """Entries, the newest first. `before` is what to ask with for those that follow; null at the end."""

    items: list[EntryLine]
    before: int | None


class ChangedOut(Told):
    """One field that an entry changed; "…" where you may not see it, and null before where there was no earlier version."""

    field: str
    before: str | None
    after: str


class EntryOut(EntryLine):
    """One entry with what it changed against the version before; `readable` is whether values may be shown to you."""

    readable: bool
    previous: str
    changes: list[ChangedOut]


class TrailFaultOut(Told):
    """One thing wrong with the record."""

    where: str
    what: str


class VerifiedOut(Told):
    """The whole trail as it was gone through just now; `whole` when nothing is wrong. At most 20 faults are listed."""

    whole: bool
    entries: int
    things: int
    last_hash: str
    faults: list[TrailFaultOut]
    faults_in_all: int


def entry_line(entry: Entry) -> EntryLine:
    """An entry in a list."""
    return EntryLine.model_validate(entry)


def entry_out(entry: Entry, changes: list[Changed], *, readable: bool) -> EntryOut:
    """An entry with what it changed."""
    shown = [ChangedOut.model_validate(one) for one in changes]
    return EntryOut(
        **entry_line(entry).model_dump(), readable=readable, previous=entry.previous, changes=shown
    )


def verified_out(report: TrailReport) -> VerifiedOut:
    """What going through the trail found."""
    return VerifiedOut(
        whole=not report.faults,
        entries=report.entries,
        things=report.things,
        last_hash=report.last_hash,
        faults=[TrailFaultOut.model_validate(one) for one in report.faults[:FAULTS_SHOWN]],
        faults_in_all=len(report.faults),
    )
