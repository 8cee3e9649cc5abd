"""What is open in the demonstration today: problems that patients have just told, and check-ins due, answered and not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from untoward.registry.models import CheckIn, Session
from untoward.registry.roles import Role
from untoward.registry.writing import Change, write_all
from untoward.tasks.record import cases, check_ins
from untoward.tasks.record.check_in_questions import Answers
from untoward.tasks.site_demo_people import People

Said = Callable[[str, int, int], None]

ASKED_DAYS = (1, 3, 7, 14, 28, 56, 112)
ASKED_SINCE = timedelta(days=16)
AWAITED = 19
"""One of so many check-ins was not answered."""
TOLD: Mapping[str, Answers] = {
    "en": Answers(how="fine"),
    "es": Answers(
        how="something", what=("colour",), which=("bruise",), since="yesterday", bad="mild", course="better",
        words="Un moretón pequeño, me duele poco y ya está mejor.",
    ),
    "pt": Answers(
        how="something", what=("swelling",), since="yesterday", bad="mild", course="same",
        words="Um pouco de inchaço onde foi a agulha.",
    ),
    "fr": Answers(
        how="something", what=("other",), which=("itch",), since="today", bad="mild", course="same",
        words="Cela me démange un peu depuis ce matin.",
    ),
}  # fmt: skip
"""What patients answered today, by their language."""


def open_matters(people: People, vial: str, now: datetime, say: Said) -> None:
    """The last weeks' check-ins, answers in four languages, and problems told today."""
    _check_ins(people, now, say)
    _answers_today(now)
    _told_today(people, vial, now)


def _answers_today(now: datetime) -> None:
    """For each language the answer of one patient to a check-in that was just sent."""
    asked = CheckIn.objects.filter(answered_at=None, due_at__lte=now + timedelta(days=3))
    waiting = list(asked.select_related("session__patient", "session__clinic").order_by("-due_at", "pk"))
    for minutes, (language, answers) in enumerate(TOLD.items()):
        mine = (one for one in waiting if one.session.patient.language == language)
        check_in = next((one for one in mine if not one.session.reactions.exists()), None)
        if check_in is not None:
            check_in.sent_at = now - timedelta(hours=2)
            link = check_ins.new_link(check_in, now=now - timedelta(hours=2))
            token = link.rpartition("/")[2]
            check_ins.answer(token, answers, now=now - timedelta(minutes=70 - minutes))


def _check_ins(people: People, now: datetime, say: Said) -> None:
    """Of those that were asked nearly all answered that all is fine; the others are still awaited."""
    recent = Session.objects.filter(at__gte=now - ASKED_SINCE).order_by("at", "pk")
    sessions = list(recent.select_related("clinic", "patient"))
    for number, session in enumerate(sessions, 1):
        made = [_check_in(session, day, number, people, now) for day in ASKED_DAYS]
        write_all([Change(thing=one) for one in made], by=None)
        say("check-ins", number, len(sessions))


def _check_in(session: Session, day: int, number: int, people: People, now: datetime) -> CheckIn:
    due = (session.at + timedelta(days=day)).replace(hour=10, minute=0, second=0, microsecond=0)
    made = CheckIn(session=session, day=day, due_at=due)
    if due > now:
        return made
    made.sent_at = due
    answered = due + timedelta(hours=2 + (number + day) % 7)
    if (7 * number + day) % AWAITED and answered < now:
        made.answered_at, made.answers = answered, {"how": "fine"}
        made.looked_at, made.looked_by = answered, people.users[Role.INJECTOR]
    return made


def _told_today(people: People, vial: str, now: datetime) -> None:
    """Somebody whose skin turned white, somebody with a new lump after the vial, somebody with a bruise."""
    past = Session.objects.select_related("clinic", "patient", "practitioner").order_by("-at", "-pk")
    quiet = past.filter(at__lt=now - timedelta(hours=6), reactions=None)
    face = next((one for one in quiet[:200] if "face" in one.sites), None)
    exposed = past.filter(components__vial__label=vial, reactions=None).first()
    bruised = (
        past.filter(at__lt=now - timedelta(days=2), reactions=None).exclude(pk=face.pk if face else 0).first()
    )
    if face is not None:
        cases.report(
            session=face,
            by=None,
            by_patient=True,
            said="The skin beside my nose has gone white and it hurts a lot.",
            at=now - timedelta(minutes=25),
        )
    if exposed is not None:
        cases.report(
            session=exposed,
            by=None,
            by_patient=True,
            said="A hard red lump came up where I was injected. It is getting bigger.",
            at=now - timedelta(hours=3),
            onset_at=now - timedelta(days=6),
        )
    if bruised is not None:
        cases.report(
            session=bruised,
            by=people.users[Role.INJECTOR],
            said="A small bruise, a little tender.",
            at=now - timedelta(hours=5),
        )
