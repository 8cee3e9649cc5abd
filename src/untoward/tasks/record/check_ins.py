"""Check-ins: when patients are asked, the links they answer through, and their answers.

A link works for a week, for one answer, and not once it was revoked; only its hash is kept. A fine answer may be followed
by a problem, and a problem by more words, never the other way round.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from untoward.errors import OutsideError, UserError
from untoward.registry.models import CheckIn, Clinic, Observation, Reaction, Session, User
from untoward.registry.writing import Change, Conflict, write, write_all
from untoward.tasks.record import messages
from untoward.tasks.record.check_in_links import LinkGoneError, hash_of, new_token
from untoward.tasks.record.check_in_questions import Answers
from untoward.tasks.record.check_in_texts import check_in_texts, language_or, said_date, zone_of
from untoward.tasks.record.escalations import escalate_due as escalate_due
from untoward.tasks.record.problems import tell
from untoward.tasks.site import settings_now

DAYS = (1, 3, 7, 14, 28, 56, 112)
"""Days after a session on which its patient is asked, unless the clinic says otherwise."""
AT = time(10)
WORKS_FOR = timedelta(days=7)
LATE_BY_NOW = timedelta(days=1)
"""A check-in that would have been due longer ago is not planned: the session was recorded late."""
TOO_LATE = timedelta(days=3)
"""A check-in that could not be sent for so long is not sent any more; the list shows it."""
UNANSWERED_AFTER = timedelta(days=2)
MOST_AT_ONCE = 200
LOG = logging.getLogger("untoward.check_ins")


class AnsweredError(UserError):
    """The check-in has been answered: nothing is overwritten, more can be added."""

    http_status = 409

    def __init__(self) -> None:
        super().__init__(
            _("This question has been answered already. What was told is safe; more can be added.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a run did: check-ins sent, those the mail server or the disk refused, and those somebody else was at."""

    sent: int = 0
    failed: int = 0
    skipped: int = 0


def schedule(session: Session, *, by: User | None = None, now: datetime | None = None) -> list[CheckIn]:
    """Plan the check-ins of a session; those that are planned already stay. Gives the new ones."""
    earliest = (now or timezone.now()) - LATE_BY_NOW
    planned = set(session.check_ins.values_list("day", flat=True))
    made = [
        CheckIn(session=session, day=day, due_at=due)
        for day in check_in_days(session.clinic)
        if day not in planned and (due := due_at(session, day)) >= earliest
    ]
    if made:
        write_all([Change(thing=one) for one in made], by=by)
    return made


def check_in_days(clinic: Clinic) -> tuple[int, ...]:
    """The clinic's days, whole and positive; the usual ones when it has set none."""
    days = {day for day in clinic.check_in_days or () if isinstance(day, int) and day > 0}
    return tuple(sorted(days)) or DAYS


def due_at(session: Session, day: int) -> datetime:
    """Ten in the morning at the clinic, so many days after the session."""
    zone = zone_of(session.clinic)
    return datetime.combine(session.at.astimezone(zone).date() + timedelta(days=day), AT, tzinfo=zone)


def new_link(check_in: CheckIn, *, by: User | None = None, now: datetime | None = None) -> str:
    """Give a check-in a fresh link and give its address, which is kept nowhere. A link it had before stops working."""
    moment = now or timezone.now()
    token = new_token()
    check_in.link_hash, check_in.link_expires = hash_of(token), moment + WORKS_FOR
    check_in.revoked_at = None
    write(check_in, by=by, reason="a link was made")
    return f"{settings_now().public_url}/c/{token}"


def send(check_in: CheckIn, *, by: User | None = None, now: datetime | None = None) -> str:
    """Make a link and send it; gives how it went out. Nothing is kept when it could not be sent.

    Raises UserError when there is no contact or it was answered, OutsideError when mail or disk refuse.
    """
    moment, patient = now or timezone.now(), check_in.session.patient
    if not patient.contact.strip():
        raise UserError(
            _("Nothing was sent: this patient has no e-mail address or telephone. Ask them by phone.")
        )
    if check_in.answered_at is not None:
        raise UserError(_("Nothing was sent: this check-in has been answered."))
    clinic, language = (
        check_in.session.clinic,
        language_or(patient.language, check_in.session.clinic.language),
    )
    texts = check_in_texts(language)
    try:
        with messages.line_to(patient.contact) as line, transaction.atomic():
            check_in.sent_at = moment
            link = new_link(check_in, by=by, now=moment)
            until = said_date(moment + WORKS_FOR, clinic, language)
            text = f"{texts('message.text', clinic=clinic.name, link=link)}\n{texts('message.until', date=until)}"
            subject = texts("message.subject", clinic=clinic.name)
            message = messages.Message(to=patient.contact, subject=subject, text=text)
            return messages.send(message, moment, line)
    except OSError as error:
        raise OutsideError(
            _("The message could not be sent. The program tries again each minute.")
        ) from error


def send_due(now: datetime) -> Sent:
    """Send every check-in whose time has come and whose patient can be reached."""
    _schedule_recent(now)
    sent = failed = skipped = 0
    due = (
        _open()
        .filter(sent_at=None, due_at__lte=now, due_at__gt=now - TOO_LATE)
        .exclude(session__patient__contact="")
    )
    for check_in in due.order_by("due_at")[:MOST_AT_ONCE]:
        try:
            send(check_in, now=now)
        except OutsideError:
            failed += 1
        except UserError:
            skipped += 1
        else:
            sent += 1
    if failed:
        LOG.warning("%d check-ins could not be sent", failed)
    return Sent(sent=sent, failed=failed, skipped=skipped)


def revoke(check_in: CheckIn, *, by: User | None, reason: str, now: datetime | None = None) -> None:
    """Close the link of a check-in and ask it no more."""
    check_in.revoked_at = now or timezone.now()
    write(check_in, by=by, reason=reason)


def by_link(token: str, now: datetime | None = None) -> CheckIn:
    """The check-in behind a link. Raises LinkGoneError when it is wrong, too old or revoked."""
    moment = now or timezone.now()
    found: CheckIn | None = (
        CheckIn.objects.select_related("session__patient", "session__clinic")
        .filter(link_hash=hash_of(token), link_expires__gt=moment, revoked_at=None)
        .first()
    )
    if found is None:
        raise LinkGoneError
    return found


def answer(token: str, answers: Answers, now: datetime | None = None) -> Reaction | None:
    """Keep what a patient answered; gives the case it made or joined, None when there is none.

    Raises LinkGoneError, and AnsweredError when it was answered before (but a problem may follow "fine").
    """
    moment = now or timezone.now()
    return _keep(by_link(token, moment), answers, by=None, now=moment)


def answer_by_phone(
    check_in: CheckIn, answers: Answers, *, by: User, now: datetime | None = None
) -> Reaction | None:
    """Keep what a patient said when somebody called. Raises AnsweredError, and Conflict when it has changed since."""
    return _keep(check_in, answers, by=by, now=now or timezone.now())


def stop_asking(token: str, now: datetime | None = None) -> int:
    """The patient wants no more questions about this session: every open check-in is closed. Gives how many."""
    moment = now or timezone.now()
    check_in = by_link(token, moment)
    left = list(CheckIn.objects.filter(session=check_in.session, answered_at=None, revoked_at=None))
    for one in left:
        one.revoked_at = moment
    write_all([Change(thing=one) for one in left], by=None, reason="the patient asked us to stop")
    return len(left)


def look(check_in: CheckIn, *, by: User, now: datetime | None = None) -> None:
    """Note that somebody at the clinic has read an answer."""
    check_in.looked_at, check_in.looked_by = now or timezone.now(), by
    write(check_in, by=by, reason="read")


def next_one(session: Session, now: datetime) -> CheckIn | None:
    """The check-in that comes next."""
    planned = session.check_ins.filter(answered_at=None, revoked_at=None, due_at__gt=now)
    following: CheckIn | None = planned.order_by("due_at").first()
    return following


def answered_with_problem(check_in: CheckIn) -> bool:
    """Whether the answer was anything but fine."""
    return check_in.answered_at is not None and (check_in.answers or {}).get("how") != "fine"


def _keep(check_in: CheckIn, answers: Answers, *, by: User | None, now: datetime) -> Reaction | None:
    problem = answers.how != "fine"
    if check_in.answered_at is not None and (answered_with_problem(check_in) or not problem):
        raise AnsweredError
    check_in.answered_at = now
    check_in.answers = answers.document(by_phone=by is not None)
    check_in.looked_at, check_in.looked_by = (now, by) if by else (None, None)
    try:
        write(check_in, by=by, reason="asked by phone" if by else "answered by the patient")
    except Conflict:
        if by is None:
            raise AnsweredError from None
        raise
    return tell(check_in.session, answers, by=by, now=now, check_in=check_in) if problem else None


def _open() -> QuerySet[CheckIn]:
    open_ones: QuerySet[CheckIn] = CheckIn.objects.filter(answered_at=None, revoked_at=None).select_related(
        "session__patient", "session__clinic"
    )
    return open_ones


def _schedule_recent(now: datetime) -> None:
    """Plan the check-ins of new sessions that nobody has planned yet."""
    new = Session.objects.filter(at__gt=now - timedelta(days=2), at__lte=now, check_ins=None)
    for session in new.select_related("clinic")[:MOST_AT_ONCE]:
        schedule(session, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The check-ins of a clinic that ask for something, in groups, each in the order in which to work."""

    problems: tuple[CheckIn, ...]
    to_send: tuple[CheckIn, ...]
    unanswered: tuple[CheckIn, ...]
    coming: tuple[CheckIn, ...]
    more: bool


def standing(clinic: Clinic, now: datetime, most: int = 50) -> Standing:
    """What stands open: unread problems, due but not sent, sent but not answered for two days, and the week to come."""
    of_clinic = CheckIn.objects.filter(session__clinic=clinic).select_related(
        "session__patient", "session__clinic"
    )
    still_open = of_clinic.filter(answered_at=None, revoked_at=None)
    recent = now - timedelta(days=30)
    groups = [
        _unread(of_clinic, clinic, now).order_by("answered_at"),
        still_open.filter(sent_at=None, due_at__lte=now, due_at__gt=recent).order_by("due_at"),
        still_open.filter(sent_at__lte=now - UNANSWERED_AFTER, due_at__gt=recent).order_by("sent_at"),
        still_open.filter(due_at__gt=now, due_at__lte=now + timedelta(days=7)).order_by("due_at"),
    ]
    found = [list(group[: most + 1]) for group in groups]
    problems, to_send, unanswered, coming = (tuple(group[:most]) for group in found)
    return Standing(
        problems=problems, to_send=to_send, unanswered=unanswered, coming=coming, more=_too_long(found, most)
    )


def _unread(of_clinic: QuerySet[CheckIn], clinic: Clinic, now: datetime) -> QuerySet[CheckIn]:
    """Answers whose case nobody has read, and those of the last months that could not be made a case and were not read."""
    cases = Observation.objects.filter(
        reaction__clinic=clinic, reaction__signed_at=None, reaction__read_at=None, check_in__isnull=False
    )
    recent = Q(due_at__gt=now - timedelta(days=max(check_in_days(clinic)) + 60), answered_at__isnull=False)
    without_case = (
        recent
        & Q(looked_at=None)
        & ~Q(answers__how="fine")
        & ~Exists(Observation.objects.filter(check_in=OuterRef("pk")))
    )
    return of_clinic.filter(Q(pk__in=cases.values("check_in")) | without_case)


def _too_long(groups: Iterable[list[CheckIn]], most: int) -> bool:
    return any(len(group) > most for group in groups)
