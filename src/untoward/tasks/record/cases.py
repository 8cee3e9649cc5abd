"""Cases: report a problem after a session, add what was seen, judge it, decide, sign off.

Everything that is told or seen becomes an observation, kept with the assessment made of all that was known by then. What is
added never conflicts with what others add at the same time; only signing off does, because it closes what one has read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from untoward.errors import Fault, InputError, UserError
from untoward.model.finding import Disposition
from untoward.registry.models import CheckIn, Decision, Observation, Reaction, Session, User
from untoward.registry.writing import Change, Conflict, write_all
from untoward.tasks.record.case_assessing import (
    Document,
    assess_observations,
    leading_term,
    term_id,
    urgency_of,
)

DECISIONS: Mapping[str, str] = {
    "looked": gettext_noop("Read"),
    "called": gettext_noop("Called the person"),
    "seen": gettext_noop("Saw the person"),
    "sent": gettext_noop("Sent to emergency care"),
    "referred": gettext_noop("Referred"),
    "treated": gettext_noop("Treated"),
    "causality": gettext_noop("Judged the cause"),
    "outcome": gettext_noop("How it went"),
    "note": "Note",
}
"""Kinds of decisions that people add, and what they are called. "signed" and "reopened" are added by the program."""

ACTED = frozenset({"called", "seen", "sent", "referred", "treated"})
"""Decisions that say something was done for the person."""

OUTCOMES = (
    gettext_noop("recovered"),
    gettext_noop("recovering"),
    gettext_noop("not recovered"),
    gettext_noop("recovered with a lasting change"),
    gettext_noop("died"),
    gettext_noop("not known"),
)
LEAST_REASON = 10
"""Letters of a reason for signing off."""

_CLOCKS_APART = timedelta(minutes=5)
_TRIES = 4
Made = TypeVar("Made")


def report(
    *,
    session: Session,
    by: User | None,
    said: str = "",
    findings: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    reported_at: datetime | None = None,
    onset_at: datetime | None = None,
    by_patient: bool = False,
    term: str = "",
    check_in: CheckIn | None = None,
) -> Reaction:
    """A new case with its first observation, assessed. `at` is when it was seen, `reported_at` when it was told.

    `by` is None when the patient told it through a link: then nobody at the clinic has read it yet. The same words told
    twice within two minutes are one report. Raises InputError where nothing is said or the times cannot be.
    """
    seen = at or timezone.now()
    _refuse(_time_faults(session, seen, onset_at), said, findings)
    told = reported_at or seen
    observation = Observation(
        check_in=check_in, at=seen, text=said, findings=dict(findings or {}), by_patient=by_patient
    )
    if (already := _told_just_now(session, observation, told)) is not None:
        return already
    reaction = Reaction(
        clinic=session.clinic,
        patient=session.patient,
        session=session,
        term=term_id(term.strip()),
        said=said,
        onset_at=onset_at,
        by_patient=by_patient,
        reported_at=told,
        read_at=None if by is None else told,
    )
    observation.reaction = reaction
    _judge(reaction, [observation], from_=0)
    if not reaction.term:
        reaction.term = leading_term(observation.assessment or {})
        if reaction.term:
            _judge(reaction, [observation], from_=0)
    write_all([Change(thing=reaction), Change(thing=observation)], by=by)
    return reaction


def observe(
    reaction: Reaction,
    *,
    by: User | None,
    at: datetime | None = None,
    text: str = "",
    findings: Mapping[str, Any] | None = None,
    by_patient: bool = False,
    check_in: CheckIn | None = None,
) -> Observation:
    """Add what was seen or told at a time, assess it with all that was known by then, and set the urgency anew.

    A case that was signed off is open again. Raises InputError where nothing is said or the time cannot be.
    """
    seen = at or timezone.now()
    _refuse(_time_faults(reaction.session, seen, None), text, findings)

    def add(fresh: Reaction) -> Observation:
        made = Observation(
            reaction=fresh, check_in=check_in, at=seen, text=text, findings=dict(findings or {}),
            by_patient=by_patient,
        )  # fmt: skip
        before = list(fresh.observations.order_by("at", "pk"))
        place = sum(one.at <= seen for one in before)
        seen_so_far = [*before[:place], made, *before[place:]]
        answers: list[Change] = []
        if by is not None:
            fresh.read_at = timezone.now()
            answers = _answers_read(fresh, by, fresh.read_at)
        reopened = _reopened(fresh, by)
        _judge(fresh, seen_so_far, from_=place)
        if by is None:
            fresh.read_at = None
        fresh.term = fresh.term or leading_term(made.assessment or {})
        later = [Change(thing=one) for one in seen_so_far[place + 1 :]]
        changes = [Change(thing=fresh), Change(thing=made), *later, *reopened, *answers]
        write_all(changes, by=by, reason="something new was seen or told")
        return made

    return _on_newest(reaction, add)


def assess(reaction: Reaction, *, by: User | None = None) -> Document:
    """Assess the last observation again, with today's rules, and keep the outcome where it differs."""

    def again(fresh: Reaction) -> Document:
        observations = list(fresh.observations.order_by("at", "pk"))
        if not observations:
            raise UserError(_("Nothing has been seen of this case yet: add an observation first."))
        last, before = observations[-1], observations[-1].assessment
        urgency = (fresh.disposition, fresh.deadline, fresh.course)
        _judge(fresh, observations, from_=len(observations) - 1)
        changes = [] if last.assessment == before else [Change(thing=last)]
        if (fresh.disposition, fresh.deadline, fresh.course) != urgency:
            changes.insert(0, Change(thing=fresh))
        if changes:
            write_all(changes, by=by, reason="assessed again")
        return last.assessment or {}

    return _on_newest(reaction, again)


def decide(
    reaction: Reaction,
    *,
    by: User,
    kind: str,
    text: str = "",
    at: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> Decision:
    """Note a decision with its reasoning; the case counts as read from now on. "outcome" takes `details["outcome"]`."""
    if kind not in DECISIONS:
        raise InputError(
            _("This decision cannot be saved."),
            [Fault(what=_("no such kind"), field="kind", got=kind[:40], expected=", ".join(DECISIONS))],
        )
    if kind != "looked" and not text.strip():
        raise InputError(
            _("This decision cannot be saved."),
            [
                Fault(
                    what=_("nothing is written"),
                    field="text",
                    expected=_("what was decided or done, and why"),
                )
            ],
        )
    now = timezone.now()

    def add(fresh: Reaction) -> Decision:
        made = Decision(
            reaction=fresh, at=at or now, by=by, kind=kind, text=text.strip(), details=dict(details or {})
        )
        fresh.read_at = now
        if kind == "outcome":
            _set_outcome(fresh, made)
        changes = [Change(thing=fresh), Change(thing=made), *_answers_read(fresh, by, now)]
        write_all(changes, by=by, reason=f"decision: {kind}")
        return made

    return _on_newest(reaction, add)


def sign_off_hindrance(reaction: Reaction) -> str:
    """Why the case cannot be signed off now, with what to do; empty when it can be."""
    if reaction.disposition != Disposition.EMERGENCY_NOW.value:
        return ""
    if reaction.decisions.filter(kind__in=ACTED).exists():
        return ""
    return str(
        _(
            "This case is an emergency and nothing is noted as done. Note first that the person was called, seen, "
            "treated, referred or sent to emergency care."
        )
    )


def sign_off(reaction: Reaction, *, by: User, reason: str, at: datetime | None = None) -> Decision:
    """Close the case with a reason. Raises Conflict when somebody changed it since `reaction` was read."""
    hindrance = sign_off_hindrance(reaction)
    if hindrance:
        raise UserError(hindrance)
    if len(reason.strip()) < LEAST_REASON:
        expected = _("a reason of at least %(least_reason)s letters") % {"least_reason": LEAST_REASON}
        fault = Fault(what=_("too short"), field="reason", got=repr(reason.strip()), expected=expected)
        raise InputError(_("This case was not signed off."), [fault])
    now = at or timezone.now()
    reaction.signed_at, reaction.signed_by = now, by
    reaction.read_at = now
    made = Decision(reaction=reaction, at=now, by=by, kind="signed", text=reason.strip())
    changes = [Change(thing=reaction), Change(thing=made), *_answers_read(reaction, by, now)]
    write_all(changes, by=by, reason="signed off")
    return made


def _answers_read(reaction: Reaction, by: User, now: datetime) -> list[Change]:
    """Check-ins that told of this case and that nobody had read: whoever reads the case has read their answers."""
    told = CheckIn.objects.filter(observations__reaction=reaction, looked_at=None)
    unread = list(told.exclude(answered_at=None).distinct().select_related("session__clinic"))
    for one in unread:
        one.looked_at, one.looked_by = now, by
    return [Change(thing=one) for one in unread]


def _judge(reaction: Reaction, observations: list[Observation], *, from_: int) -> None:
    """Assess the observations from a place on and set the urgency; nothing is written."""
    documents = assess_observations(reaction, observations, range(from_, len(observations)))
    for place, document in documents.items():
        observations[place].assessment = document
        observations[place].rule_set = document["rule_set"]
    urgency = urgency_of(reaction, observations)
    reaction.disposition, reaction.deadline = urgency.disposition.value, urgency.deadline
    reaction.course = urgency.course.value


def _on_newest(reaction: Reaction, change: Callable[[Reaction], Made]) -> Made:
    """Make a change that adds to a case on its newest version, again when somebody was quicker."""
    for attempt in range(_TRIES):
        fresh = Reaction.objects.select_related("clinic", "patient", "session").get(pk=reaction.pk)
        try:
            made = change(fresh)
        except Conflict:
            if attempt == _TRIES - 1:
                raise
            continue
        reaction.refresh_from_db()
        return made
    raise AssertionError("not reached")


def _reopened(reaction: Reaction, by: User | None) -> list[Change]:
    """Open a signed case again; a person who does so is named in the log."""
    if reaction.signed_at is None:
        return []
    reaction.signed_at = reaction.signed_by = None
    if by is None:
        return []
    text = "Open again: something new was seen or told."
    return [Change(thing=Decision(reaction=reaction, at=timezone.now(), by=by, kind="reopened", text=text))]


def _set_outcome(reaction: Reaction, decision: Decision) -> None:
    outcome = str(decision.details.get("outcome", "")).strip()
    if outcome not in OUTCOMES:
        fault = Fault(
            what=_("no such outcome"), field="outcome", got=outcome[:40], expected="; ".join(OUTCOMES)
        )
        raise InputError(_("This decision cannot be saved."), [fault])
    reaction.outcome = outcome
    over = outcome.startswith("recovered")
    reaction.resolved_at = (reaction.resolved_at or decision.at) if over else None


def _told_just_now(session: Session, told: Observation, reported_at: datetime) -> Reaction | None:
    """The case that the very same report made moments ago: a form sent twice."""
    near = (reported_at - timedelta(minutes=2), reported_at + timedelta(minutes=2))
    recent = Observation.objects.filter(
        reaction__session=session, reaction__reported_at__range=near, reaction__said=told.text
    )
    same = (one for one in recent.select_related("reaction") if one.findings == told.findings)
    first = next(same, None)
    return None if first is None else first.reaction


def _time_faults(session: Session, seen: datetime, onset: datetime | None) -> list[Fault]:
    faults = []
    for field, at in (("at", seen), ("onset_at", onset)):
        if at is None:
            continue
        if at > timezone.now() + _CLOCKS_APART:
            faults.append(
                Fault(
                    what=_("in the future"),
                    field=field,
                    got=f"{at:%Y-%m-%d %H:%M}",
                    expected=_("now or earlier"),
                )
            )
        elif field == "at" and at < session.at:
            got, expected = (
                f"{at:%Y-%m-%d %H:%M}",
                _("%(at)s or later") % {"at": f"{session.at:%Y-%m-%d %H:%M}"},
            )
            faults.append(
                Fault(what=_("before the session it followed"), field=field, got=got, expected=expected)
            )
    if onset is not None and onset > seen + _CLOCKS_APART:
        got = f"{onset:%Y-%m-%d %H:%M}"
        faults.append(
            Fault(
                what=_("began after it was seen"),
                field="onset_at",
                got=got,
                expected=_("the time it was seen or earlier"),
            )
        )
    return faults


def _refuse(faults: list[Fault], said: str, findings: Mapping[str, Any] | None) -> None:
    if not said.strip() and not findings:
        faults = [
            Fault(
                what=_("nothing is said"), field="text", expected=_("what was seen, in words or as findings")
            ),
            *faults,
        ]
    if faults:
        raise InputError(_("This was not saved."), faults)
