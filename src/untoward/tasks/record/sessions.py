"""Record and correct sessions. Saving checks again under the lock of the trail, so that no block is ever passed unseen."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from untoward.errors import InputError, UsageError, UserError
from untoward.registry.models import Component, Head, Membership, Patient, Point, Session, User
from untoward.registry.roles import Action, may
from untoward.registry.writing import write
from untoward.tasks.record.drafts import (
    SHORTEST_REASON,
    ComponentDraft,
    PointDraft,
    SessionDraft,
    faults_of,
)
from untoward.tasks.record.patients import PatientDraft, save_patient
from untoward.tasks.record.session_checks import Check, blocks, check

__all__ = ["Blocked", "check", "draft_of", "last_session", "new_token", "save", "usable_again"]


class Blocked(UserError):
    """Something stands against the session that nobody has given a reason for. `blocks` are those."""

    http_status: ClassVar[int] = 409

    def __init__(self, standing: Iterable[Check], why: str = "") -> None:
        self.blocks = tuple(standing)
        said = " ".join(one.statement for one in self.blocks)
        need = why or _("Each needs a reason of at least %(shortest_reason)s letters") % {
            "shortest_reason": SHORTEST_REASON
        }
        super().__init__(_("The session was not saved. %(said)s %(need)s.") % {"said": said, "need": need})


def new_token() -> str:
    """A token for one form: however often it is sent, one session comes of it."""
    return secrets.token_urlsafe(24)


def save(draft: SessionDraft, by: User | None) -> Session:
    """Save a new session, or a correction as a new version.

    Raises InputError with every fault, `Blocked` while a block has no reason, and `Conflict` when somebody else corrected
    the session since it was read. A draft whose token was saved before gives the session that was saved then.
    """
    saved = _saved_before(draft)
    if saved is not None:
        return saved
    faults = faults_of(draft)
    if faults:
        raise InputError(_("The session was not saved."), faults)
    check(draft)  # reads the evidence before anybody has to wait for it
    with transaction.atomic():
        _wait_for_turn()
        return _saved_before(draft) or _write(draft, by)


def _wait_for_turn() -> None:
    """Take the lock that all writers take, so that what is checked is still so when it is written."""
    Head.objects.get_or_create(pk=1)
    Head.objects.select_for_update().get(pk=1)


def _saved_before(draft: SessionDraft) -> Session | None:
    if draft.session is not None or not draft.token:
        return None
    saved: Session | None = Session.objects.filter(token=draft.token).first()
    if saved is not None and saved.clinic_id != draft.clinic.pk:
        raise UsageError(
            _("The form was used at another clinic. Open a new one: what it holds was not saved here.")
        )
    return saved


def _write(draft: SessionDraft, by: User | None) -> Session:
    overrides = _overrides(draft, by)
    session = _session(draft)
    if isinstance(draft.patient, PatientDraft):
        session.patient = save_patient(draft.patient, clinic=draft.clinic, by=by)
    session.overrides = overrides
    parts = {"components": _components(draft), "points": _points(draft)}
    write(session, by=by, reason=draft.reason.strip(), parts=parts)
    if draft.session is None:
        from untoward.tasks.record.check_ins import schedule

        schedule(session)
    return session


def _overrides(draft: SessionDraft, by: User | None) -> list[dict[str, Any]]:
    """What was overruled, with reason, who and when. A reason that stood before is kept with who gave it then."""
    standing = blocks(check(draft))
    reasons = {key: reason.strip() for key, reason in draft.overrides.items()}
    unexplained = [one for one in standing if len(reasons.get(one.key, "")) < SHORTEST_REASON]
    if unexplained:
        raise Blocked(unexplained)
    if standing and not _may_override(draft, by):
        raise Blocked(standing, _("Your role does not include going against a block"))
    before = {one["block"]: one for one in (draft.session.overrides if draft.session is not None else [])}
    kept = []
    for one in standing:
        given = {"block": one.key, "statement": one.statement, "reason": reasons[one.key]}
        old = before.get(one.key)
        if old is not None and old["reason"] == given["reason"]:
            kept.append(old)
        else:
            kept.append({**given, "by": str(by), "by_uid": str(by.uid) if by else "", "at": _now()})
    return kept


def _may_override(draft: SessionDraft, by: User | None) -> bool:
    if by is None:
        return False
    roles = Membership.objects.filter(user=by, clinic=draft.clinic, ended_at=None).values_list(
        "role", flat=True
    )
    return any(may(role, Action.OVERRIDE) for role in roles)


def _now() -> str:
    return str(timezone.now().isoformat(timespec="seconds"))


def _session(draft: SessionDraft) -> Session:
    if draft.session is None:
        session = Session(clinic=draft.clinic, token=draft.token or None)
    else:
        session = Session.objects.get(pk=draft.session.pk)
        session.version = draft.version
    if isinstance(draft.patient, Patient):
        session.patient = draft.patient
    session.practitioner, session.at, session.consent = draft.practitioner, draft.at, draft.consent
    session.technique, session.route = draft.technique.strip(), draft.route.strip()
    session.device, session.room, session.note = draft.device.strip(), draft.room.strip(), draft.note.strip()
    session.sites, session.asepsis = list(draft.sites), dict(draft.asepsis)
    return session


def _components(draft: SessionDraft) -> list[Component]:
    return [
        Component(
            mix=one.mix,
            product=one.product,
            lot=one.vial.lot if one.vial is not None else one.lot,
            vial=one.vial,
            volume_ml=one.volume_ml,
            amount=one.amount,
            unit=one.unit,
        )
        for one in draft.components
    ]


def _points(draft: SessionDraft) -> list[Point]:
    return [
        Point(
            view=one.view,
            zone=one.zone,
            x=one.x,
            y=one.y,
            mix=one.mix,
            volume_ml=one.volume_ml,
            depth=one.depth,
        )
        for one in draft.points
    ]


def last_session(patient: Patient, *, besides: Session | None = None) -> Session | None:
    """The patient's latest session, leaving out one that is being corrected."""
    past = Session.objects.filter(patient=patient).order_by("-at", "-pk")
    found: Session | None = (past.exclude(pk=besides.pk) if besides is not None else past).first()
    return found


def draft_of(session: Session) -> SessionDraft:
    """A session as a draft of its own correction."""
    return SessionDraft(
        clinic=session.clinic,
        patient=session.patient,
        practitioner=session.practitioner,
        at=session.at,
        technique=session.technique,
        route=session.route,
        device=session.device,
        room=session.room,
        components=tuple(_component_drafts(session)),
        points=tuple(_point_drafts(session)),
        sites=tuple(session.sites),
        asepsis=dict(session.asepsis),
        consent=session.consent,
        note=session.note,
        overrides={one["block"]: one["reason"] for one in session.overrides},
        session=session,
        version=session.version,
    )


def _component_drafts(session: Session) -> Iterable[ComponentDraft]:
    for one in session.components.select_related("product", "lot__product", "vial__lot__product").order_by(
        "pk"
    ):
        yield ComponentDraft(
            product=one.product,
            lot=one.lot,
            vial=one.vial,
            mix=one.mix,
            volume_ml=one.volume_ml,
            amount=one.amount,
            unit=one.unit,
        )


def _point_drafts(session: Session) -> Iterable[PointDraft]:
    for one in session.points.order_by("pk"):
        yield PointDraft(
            view=one.view,
            zone=one.zone,
            x=one.x,
            y=one.y,
            mix=one.mix,
            volume_ml=one.volume_ml,
            depth=one.depth,
        )


def usable_again(session: Session) -> tuple[ComponentDraft, ...]:
    """What a session used, to be used again: the same vial or lot where nothing bars it now, else the product alone."""
    return tuple(_again(one) for one in _component_drafts(session))


def _again(one: ComponentDraft) -> ComponentDraft:
    vial, lot = one.vial, one.lot
    if vial is not None and (
        one.product.single_use or vial.discarded_at or vial.recalled_at or _too_old(one)
    ):
        vial = None
    today = timezone.localdate()
    if lot is not None and (lot.recalled_at or (lot.expires is not None and lot.expires < today)):
        vial = lot = None
    return replace(one, lot=lot, vial=vial)


def _too_old(one: ComponentDraft) -> bool:
    opened, limit = one.vial.opened_at if one.vial is not None else None, one.product.in_use_hours
    if opened is None or limit is None:
        return False
    return bool((timezone.now() - opened).total_seconds() / 3600 > limit)
