"""What a patient tells becomes a case at once, with advice; what they add later joins it.

Nothing that was told is ever lost because it could not be assessed: then a task asks the clinic to read it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from untoward.errors import OutsideError, UserError
from untoward.model.finding import Disposition
from untoward.registry.models import CheckIn, Observation, Reaction, Session, Task, User
from untoward.registry.writing import write
from untoward.tasks.record import cases
from untoward.tasks.record.check_in_questions import (
    Answers,
    FollowUp,
    findings_of,
    plain_words,
    with_answers,
)

ROUNDS = 2
"""Further rounds of questions at most."""
UNREAD = "unread"
LOG = logging.getLogger("untoward.problems")
_NOTHING_NAMED: str = gettext_noop("Something is not right; the patient did not say what.")
_EMERGENCY: str = gettext_noop("The patient said that this is pressing; nothing else was told yet.")
NOT_THEIR_WORDS = (_NOTHING_NAMED, _EMERGENCY)
"""What stands for words where the patient gave none."""


def tell(
    session: Session, answers: Answers, *, by: User | None, now: datetime, check_in: CheckIn | None = None
) -> Reaction | None:
    """Keep a problem as a case, or as an observation of the open case it belongs to, and assess it.

    `by` is who wrote it down, None for the patient. None when it could not be kept as a case: a task then says so.
    """
    said, findings = _said(answers), findings_of(answers)
    try:
        reaction = _open_case(session, findings)
        if reaction is None:
            reaction = cases.report(
                session=session,
                by=by,
                said=said,
                findings=findings,
                at=now,
                by_patient=True,
                check_in=check_in,
            )
        else:
            cases.observe(
                reaction, by=by, at=now, text=said, findings=findings, by_patient=True, check_in=check_in
            )
        if answers.how == "emergency":
            _take_as_emergency(reaction, by, now)
    except Exception as error:  # whatever is wrong with us, the patient's words reach a person
        LOG.error("a problem could not be assessed: %s", type(error).__name__)
        _ask_to_read(session, now)
        return None
    return reaction


def tell_more(reaction: Reaction, words: str, photo: bytes | None, *, now: datetime) -> bool:
    """Add a patient's words, photo or both to what they told. False when the photo could not be used; the words are kept.

    Raises UserError when there is neither.
    """
    words = plain_words(words)
    if not words and not photo:
        raise UserError(_("Nothing was added: write a few words, or choose a photo."))
    photo_kept = photo is None or _keep_photo(reaction, photo, now)
    if words:
        last = last_told(reaction)
        findings = dict(last.findings) if last else {}
        cases.observe(reaction, by=None, at=now, text=words, findings=findings, by_patient=True)
    elif photo_kept:
        _unread_again(reaction)
    return photo_kept


def answer_further(
    reaction: Reaction, asked: Sequence[FollowUp], said: Mapping[str, str], *, now: datetime
) -> bool:
    """Add the answers to further questions and assess anew. False when nothing was answered."""
    last = last_told(reaction)
    known: Mapping[str, Any] = last.findings if last else {}
    findings = with_answers(known, asked, said)
    if findings is None:
        return False
    text = last.text if last else ""
    cases.observe(reaction, by=None, at=now, text=text, findings=findings, by_patient=True)
    return True


def last_told(reaction: Reaction) -> Observation | None:
    """The last thing that the patient told of this case."""
    last: Observation | None = reaction.observations.filter(by_patient=True).order_by("at", "pk").last()
    return last


def case_of(check_in: CheckIn) -> Reaction | None:
    """The case that an answer to a check-in made or joined."""
    observation = check_in.observations.select_related("reaction").order_by("at", "pk").last()
    return None if observation is None else observation.reaction


def _said(answers: Answers) -> str:
    if answers.words:
        return answers.words
    if answers.how == "emergency" and not answers.what:
        return _EMERGENCY
    return "" if findings_of(answers) else _NOTHING_NAMED


def _open_case(session: Session, findings: Mapping[str, Any]) -> Reaction | None:
    """The newest open case of the session about one of these very signs."""
    still_open = Reaction.objects.filter(
        session=session, signed_at=None, resolved_at=None, term__in=[*findings]
    )
    newest: Reaction | None = still_open.order_by("-reported_at", "-pk").first()
    return newest


def _take_as_emergency(reaction: Reaction, by: User | None, now: datetime) -> None:
    """A person's own word that it is an emergency is never lowered by a rule, only by somebody who has read it."""
    if reaction.disposition == Disposition.EMERGENCY_NOW.value:
        return
    reaction.disposition, reaction.deadline = Disposition.EMERGENCY_NOW.value, now
    write(reaction, by=by, reason="the patient says that it is an emergency")


def _unread_again(reaction: Reaction) -> None:
    fresh = Reaction.objects.get(pk=reaction.pk)
    if fresh.read_at is not None:
        fresh.read_at = None
        write(fresh, by=None, reason="the patient added a photo")


def _keep_photo(reaction: Reaction, content: bytes, now: datetime) -> bool:
    from untoward.tasks.record import photos

    try:
        photos.store(
            content, patient=reaction.patient, by=None, taken_at=now, session=reaction.session, reaction=reaction,
            by_patient=True,
        )  # fmt: skip
    except (UserError, OutsideError):
        return False
    return True


def _ask_to_read(session: Session, now: datetime) -> None:
    text = _(
        "A patient told of a problem that could not be assessed. Read the answer under check-ins and call the patient."
    )
    write(Task(clinic=session.clinic, kind=UNREAD, text=text, due_at=now), by=None)
