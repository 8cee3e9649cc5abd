"""Where a patient stands after a session, for their own page: told, read, late. Never that all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from untoward.model.finding import Disposition
from untoward.registry.models import Reaction, Session
from untoward.tasks.record.passports import next_look, zone_of


class Stand(StrEnum):
    """From the most to the least pressing."""

    EMERGENCY = "emergency"
    LATE = "late"
    WAITING = "waiting"
    READ = "read"
    EXPECTED = "expected"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is said, and the time in it: by when a person looks, or the patient looks again. In the clinic's time.

    `reaction` is what it is said about, None where nothing was told.
    """

    stand: Stand
    by: datetime
    reaction: Reaction | None = None


def standing(session: Session, now: datetime) -> Standing:
    """The most pressing of what the patient told and nobody has signed off; a day to look again when there is none."""
    told = [_of(reaction, session, now) for reaction in session.reactions.filter(signed_at=None)]
    order = list(Stand)
    return min(told, key=lambda one: (order.index(one.stand), one.by), default=_nothing(session, now))


def _of(reaction: Reaction, session: Session, now: datetime) -> Standing:
    clinic = session.clinic
    answer_by = reaction.reported_at + timedelta(hours=clinic.answer_within_hours)
    look_by = min(answer_by, reaction.deadline or answer_by).astimezone(zone_of(clinic))
    if reaction.disposition == Disposition.EMERGENCY_NOW.value and reaction.read_at is None:
        return Standing(stand=Stand.EMERGENCY, by=look_by, reaction=reaction)
    if reaction.read_at is None:
        stand = Stand.LATE if look_by < now else Stand.WAITING
        return Standing(stand=stand, by=look_by, reaction=reaction)
    expected = reaction.disposition == Disposition.SELF_CARE.value
    again = _nothing(session, now).by
    if reaction.deadline is not None and reaction.deadline > now:
        again = min(again, reaction.deadline.astimezone(zone_of(clinic)))
    return Standing(stand=Stand.EXPECTED if expected else Stand.READ, by=again, reaction=reaction)


def _nothing(session: Session, now: datetime) -> Standing:
    zone = zone_of(session.clinic)
    day = next_look(session, now.astimezone(zone).date())
    return Standing(stand=Stand.NONE, by=datetime(day.year, day.month, day.day, 23, 59, tzinfo=zone))
