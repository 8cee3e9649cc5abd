"""What waits for somebody at a clinic, most urgent first. Only what is shown is read; counts stop at `MOST_COUNTED`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.db.models import Case, Count, IntegerField, Min, Q, QuerySet, Value, When
from django.utils import timezone

from untoward.model.finding import CourseState, Disposition
from untoward.registry.models import (
    CheckIn,
    Clinic,
    Credential,
    Lot,
    Observation,
    Product,
    Reaction,
    Task,
    User,
    Vial,
)
from untoward.registry.roles import Action, Role, may
from untoward.registry.writing import write
from untoward.tasks.record.case_reasons import Why, reasons_of

Row = TypeVar("Row")
MOST_SHOWN = 20
MOST_COUNTED = 500
LOT_DAYS, CREDENTIAL_DAYS, TASK_DAYS = 30, 60, 14
CHECK_IN_DAYS = 14
"""An unanswered check-in waits for so many days; after that the next one asks."""

_RANK = Case(
    *(When(disposition=one.value, then=Value(one.rank)) for one in Disposition),
    default=Value(Disposition.WITHIN_72H.rank),
    output_field=IntegerField(),
)
"""Urgency as a number; what nobody could assess stands with what should be seen within 72 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Generic[Row]):
    """One part of the list: the rows to show, and how many there are, at most `MOST_COUNTED` + 1."""

    rows: Sequence[Row]
    total: int

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > MOST_COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class OldVial:
    """A vial past the time it may be used once opened."""

    vial: Vial
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringLot:
    """A lot near or past its expiry of which the clinic still has vials."""

    lot: Lot
    vials: int
    past: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """An answer to a check-in that nobody at the clinic read in time, with the case made of it."""

    check_in: CheckIn
    case: Reaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Worklist:
    """All parts. Those that this person has no business with are None. `why` is of every case shown, by its primary key."""

    unread: Waiting[Reaction]
    open: Waiting[Reaction]
    off_course: Waiting[Reaction]
    escalated: Waiting[Escalated]
    check_ins: Waiting[CheckIn]
    tasks: Waiting[Task]
    vials: Waiting[OldVial] | None
    lots: Waiting[ExpiringLot] | None
    credentials: Waiting[Credential]
    why: Mapping[int, Why]
    as_of: datetime

    @property
    def empty(self) -> bool:
        """Whether nothing waits at all."""
        parts = (self.unread, self.open, self.off_course, self.escalated, self.check_ins, self.tasks)
        others = (self.vials, self.lots, self.credentials)
        return not any(part.total for part in (*parts, *others) if part is not None)


def worklist(clinic: Clinic, role: Role | str, user: User, now: datetime | None = None) -> Worklist:
    """What waits at this clinic for somebody of this role."""
    as_of = now or timezone.now()
    stock = may(role, Action.SEE_STOCK)
    everybody = may(role, Action.KEEP_PEOPLE)
    unread = unread_problems(clinic)
    opened: Waiting[Reaction] = _shown(_open_cases(clinic).exclude(read_at=None).order_by(_RANK, "deadline"))
    off_course: Waiting[Reaction] = _shown(_off_course(clinic))
    escalated = _escalated(clinic)
    cases = (*unread.rows, *opened.rows, *off_course.rows, *(one.case for one in escalated.rows))
    return Worklist(
        unread=unread,
        open=opened,
        off_course=off_course,
        escalated=escalated,
        check_ins=_shown(_overdue_check_ins(clinic, as_of)),
        tasks=_shown(_tasks(clinic, as_of)),
        vials=_old_vials(clinic, as_of) if stock else None,
        lots=_expiring_lots(clinic, as_of) if stock else None,
        credentials=_shown(_credentials(clinic, as_of, None if everybody else user)),
        why=reasons_of(cases),
        as_of=as_of,
    )


def unread_problems(clinic: Clinic) -> Waiting[Reaction]:
    """Problems that nobody at the clinic has read, most urgent first, then by deadline."""
    return _shown(_open_cases(clinic).filter(read_at=None).order_by(_RANK, "deadline", "reported_at"))


def newly_told(clinic: Clinic, since: datetime) -> int:
    """How many unread problems were told after a time, at most `MOST_COUNTED` + 1."""
    unread = Reaction.objects.filter(clinic=clinic, signed_at=None, read_at=None)
    told = Q(reported_at__gt=since) | Q(observations__at__gt=since, observations__by_patient=True)
    return _count(unread.filter(told).order_by().values("pk").distinct())


def finish(task: Task, *, by: User) -> None:
    """Mark a task as done."""
    if task.done_at is None:
        task.done_at, task.done_by = timezone.now(), by
        write(task, by=by, reason="done")


def _open_cases(clinic: Clinic) -> QuerySet[Reaction]:
    return Reaction.objects.filter(clinic=clinic, signed_at=None).select_related("patient", "session")


def _off_course(clinic: Clinic) -> QuerySet[Reaction]:
    past = (CourseState.LATE.value, CourseState.BEYOND.value)
    return _open_cases(clinic).filter(course__in=past, resolved_at=None).order_by("course", "reported_at")


def _overdue_check_ins(clinic: Clinic, now: datetime) -> QuerySet[CheckIn]:
    return (
        CheckIn.objects.filter(
            session__clinic=clinic,
            due_at__range=(now - timedelta(days=CHECK_IN_DAYS), now),
            answered_at=None,
            revoked_at=None,
        )
        .select_related("session__patient")
        .defer("answers")
        .order_by("due_at")
    )


def _escalated(clinic: Clinic) -> Waiting[Escalated]:
    """Escalated answers whose case nobody has read; the few open cases lead to them, not the many check-ins."""
    unread = Q(reaction__clinic=clinic, reaction__signed_at=None, reaction__read_at=None)
    waiting = Observation.objects.filter(
        unread, check_in__escalated_at__isnull=False, check_in__looked_at=None
    )
    shown = (
        waiting.select_related("reaction", "check_in__session__patient")
        .defer("assessment", "findings", "check_in__answers")
        .order_by("check_in__escalated_at", "pk")[:MOST_SHOWN]
    )
    rows = {one.check_in_id: Escalated(check_in=one.check_in, case=one.reaction) for one in shown}
    total = len(rows) if len(shown) < MOST_SHOWN else _count(waiting.values("check_in").distinct())
    return Waiting(rows=list(rows.values()), total=total)


def _tasks(clinic: Clinic, now: datetime) -> QuerySet[Task]:
    soon = now + timedelta(days=TASK_DAYS)
    waiting = Task.objects.filter(clinic=clinic, done_at=None, due_at__lte=soon)
    return waiting.select_related("reaction").order_by("due_at")


def _old_vials(clinic: Clinic, now: datetime) -> Waiting[OldVial]:
    """Opened vials past their in-use limit; each limit that products have is one comparison the database can do."""
    limits = list(
        Product.objects.exclude(in_use_hours=None).values_list("in_use_hours", flat=True).distinct()
    )
    past = Q(pk__in=())
    for hours in limits:
        past |= Q(lot__product__in_use_hours=hours, opened_at__lt=now - timedelta(hours=hours))
    waiting = (
        Vial.objects.filter(past, clinic=clinic, discarded_at=None, opened_at__isnull=False)
        .select_related("lot__product")
        .order_by("opened_at")
    )
    rows = [
        OldVial(vial=vial, until=vial.opened_at + timedelta(hours=vial.lot.product.in_use_hours))
        for vial in waiting[:MOST_SHOWN]
    ]
    return Waiting(rows=rows, total=_total(waiting, len(rows)))


def _expiring_lots(clinic: Clinic, now: datetime) -> Waiting[ExpiringLot]:
    today = timezone.localdate(now)
    kept = Vial.objects.filter(
        clinic=clinic, discarded_at=None, lot__expires__lte=today + timedelta(days=LOT_DAYS)
    )
    by_lot = (
        kept.values("lot").annotate(vials=Count("pk"), expires=Min("lot__expires")).order_by("expires", "lot")
    )
    shown = list(by_lot[:MOST_SHOWN])
    lots = Lot.objects.select_related("product").in_bulk([row["lot"] for row in shown])
    rows = [
        ExpiringLot(lot=lots[row["lot"]], vials=row["vials"], past=row["expires"] < today) for row in shown
    ]
    return Waiting(rows=rows, total=_total(by_lot, len(rows)))


def _credentials(clinic: Clinic, now: datetime, owner: User | None) -> QuerySet[Credential]:
    soon = timezone.localdate(now) + timedelta(days=CREDENTIAL_DAYS)
    waiting = Credential.objects.filter(
        practitioner__clinic=clinic, practitioner__active=True, expires__lte=soon
    )
    if owner is not None:
        waiting = waiting.filter(practitioner__user=owner)
    return waiting.select_related("practitioner").order_by("expires")


def _shown(waiting: QuerySet[Row]) -> Waiting[Row]:
    rows = list(waiting[:MOST_SHOWN])
    return Waiting(rows=rows, total=_total(waiting, len(rows)))


def _total(waiting: QuerySet[Row], shown: int) -> int:
    """The count is only asked for when the page does not already show them all."""
    return shown if shown < MOST_SHOWN else _count(waiting)


def _count(waiting: QuerySet[Row]) -> int:
    number: int = waiting.order_by()[: MOST_COUNTED + 1].count()
    return number
