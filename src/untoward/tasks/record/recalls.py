"""Recalls: who got a lot or a vial, whom we have reached of them, and the end of it.

Whoever got it through several vials or sessions counts once, and stays on the list however long ago it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from untoward.errors import Fault, InputError
from untoward.registry.models import (
    Clinic,
    Component,
    Contact,
    Lot,
    Membership,
    Patient,
    Reaction,
    Recall,
    User,
    Vial,
)
from untoward.registry.roles import Action, may
from untoward.registry.writing import Change, Conflict, write, write_all

HOWS: Mapping[str, str] = {
    "phone": gettext_noop("phone call"),
    "letter": gettext_noop("letter"),
    "email": gettext_noop("e-mail"),
    "message": gettext_noop("text message"),
    gettext_noop("in person"): gettext_noop("in person"),
}
"""Ways to reach somebody, with their words."""
LONGEST_REASON, LONGEST_NOTE, LONGEST_CLOSING = 400, 400, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One session in which somebody got it, with the labels of the vials it came from (none: not recorded)."""

    uid: UUID
    at: datetime
    vials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """One person who got it: when, and what was reported after those sessions. The latest visit comes first."""

    patient: Patient
    visits: tuple[Visit, ...]
    reactions: tuple[Reaction, ...] = ()

    @property
    def last(self) -> datetime:
        """When they got it last."""
        return self.visits[0].at


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """An exposed person with the attempts to reach them, the latest first."""

    person: Exposed
    contacts: tuple[Contact, ...]

    @property
    def reached(self) -> bool:
        """Whether any attempt succeeded."""
        return any(one.reached for one in self.contacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a clinic is: people exposed, of them reached, and tried without success."""

    clinic: Clinic
    exposed: int
    reached: int
    tried: int = 0

    @property
    def waiting(self) -> int:
        """People not reached yet."""
        return self.exposed - self.reached


@dataclass(slots=True, kw_only=True)
class _Gathered:
    visits: dict[UUID, tuple[datetime, set[str]]] = field(default_factory=dict)


def exposed_to(
    *,
    lot: Lot | None = None,
    vial: Vial | None = None,
    clinics: Iterable[Clinic],
    among: Collection[int] | None = None,
) -> tuple[Exposed, ...]:
    """Everybody of these clinics who got the lot or the vial, each once, those who got it last first.

    With `among` only the patients with these primary keys.
    """
    given = Component.objects.filter(_of(lot, vial), session__clinic__in=list(clinics)).order_by()
    if among is not None:
        given = given.filter(session__patient__in=among)
    people: dict[int, _Gathered] = {}
    for row in _given(given):
        mine = people.setdefault(row["session__patient"], _Gathered())
        _at, labels = mine.visits.setdefault(row["session__uid"], (row["session__at"], set()))
        if row["vial__label"]:
            labels.add(row["vial__label"])
    patients = _patients(people)
    reactions = _reactions(given)
    found = [
        Exposed(
            patient=patients[key],
            visits=_visits(mine),
            reactions=tuple(reactions.get(key, ())),
        )
        for key, mine in people.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.last, one.patient.pk), reverse=True))


def begin_recall(
    *,
    lot: Lot | None = None,
    vial: Vial | None = None,
    reason: str,
    by: User,
    clinic: Clinic,
    at: datetime | None = None,
) -> Recall:
    """Bar a lot, or one vial, from use everywhere at once, and begin to look for the people who got it.

    Raises InputError without a reason, and when a recall of it is open already.
    """
    if (lot is None) == (vial is None):
        raise ValueError(_("a recall is of a lot or of a vial"))
    said, now = reason.strip(), at or timezone.now()
    if not 0 < len(said) <= LONGEST_REASON:
        expected = _("why it is recalled, in 1 to %(n)d letters") % {"n": LONGEST_REASON}
        _refuse(_("is missing or too long"), "reason", str(len(said)), expected)
    with transaction.atomic():
        barred: Any = (Lot if lot is not None else Vial).objects.select_for_update().get(pk=(lot or vial).pk)  # type: ignore[union-attr]
        if open_recall(lot=lot, vial=vial) is not None:
            _refuse(_("is being recalled already"), "reason", str(barred), _("one recall at a time"))
        barred.recalled_at, barred.recall_reason = barred.recalled_at or now, said
        recall = Recall(lot=lot, vial=vial, reason=said, begun_at=now, begun_by=by)
        changes = [Change(thing=barred, clinic=clinic), Change(thing=recall, clinic=clinic)]
        write_all(changes, by=by, reason=f"recalled: {said}"[:400], at=now)
    return recall


def open_recall(*, lot: Lot | None = None, vial: Vial | None = None) -> Recall | None:
    """The recall of a lot or vial that is not closed."""
    found: Recall | None = (
        Recall.objects.filter(lot=lot, vial=vial, closed_at=None).order_by("-begun_at").first()
    )
    return found


def recalls_seen_by(clinic: Clinic) -> QuerySet[Recall]:
    """Recalls that concern a clinic: every lot, and its own vials; open ones first, then the latest."""
    mine: QuerySet[Recall] = Recall.objects.filter(Q(vial=None) | Q(vial__clinic=clinic))
    return mine.select_related("lot__product", "vial__lot__product", "begun_by").order_by(
        F("closed_at").desc(nulls_first=True), "-begun_at"
    )


def tracked(recall: Recall, clinic: Clinic) -> tuple[Tracked, ...]:
    """The people of a clinic whom a recall concerns, those not reached first, each with the attempts so far."""
    tries: dict[int, list[Contact]] = {}
    logged = recall.contacts.filter(patient__clinic=clinic).select_related("by").order_by("-at", "-pk")
    for one in logged:
        tries.setdefault(one.patient_id, []).append(one)
    people = exposed_to(lot=recall.lot, vial=recall.vial, clinics=[clinic])
    found = [Tracked(person=one, contacts=tuple(tries.get(one.patient.pk, ()))) for one in people]
    return tuple(sorted(found, key=lambda one: one.reached))


def progress_at(recall: Recall, clinic: Clinic) -> Progress:
    """How far a clinic is with a recall."""
    from untoward.tasks.record.exposed import TrackedPeople

    return TrackedPeople(recall, clinic).progress()


def clinics_recalling(user: User) -> Sequence[Clinic]:
    """The clinics where a user may work on recalls."""
    current = (
        Membership.objects.filter(user=user, ended_at=None).select_related("clinic").order_by("clinic__name")
    )
    return [one.clinic for one in current if may(one.role, Action.RECALL)]


def log_contact(
    recall: Recall,
    patient: Patient,
    *,
    how: str,
    reached: bool,
    by: User,
    note: str = "",
    at: datetime | None = None,
) -> Contact:
    """Note an attempt to reach somebody; as many as it takes.

    Raises InputError for a way that is not offered, a note too long, a time yet to come, somebody whom the recall does not
    concern, and when the recall is closed.
    """
    now = timezone.now()
    when = at or now
    if recall.closed_at is not None:
        _refuse(_("is closed"), "recall", f"{recall.closed_at:%Y-%m-%d}", _("a recall that is open"))
    if how not in HOWS:
        _refuse(_("is not offered"), "how", how[:20], ", ".join(HOWS))
    if len(note.strip()) > LONGEST_NOTE:
        _refuse(_("is too long"), "note", str(len(note.strip())), f"{LONGEST_NOTE}")
    if when > now:
        _refuse(_("is yet to come"), "at", f"{when:%Y-%m-%d %H:%M}", _("a time until now"))
    given = Component.objects.filter(_of(recall.lot, recall.vial), session__patient=patient)
    if not given.exists():
        _refuse(_("did not get it"), "patient", patient.key, _("somebody on the list"))
    made = Contact(
        recall=recall, patient=patient, at=when, by=by, how=how, reached=reached, note=note.strip()
    )
    write(made, by=by, clinic=patient.clinic)
    return made


def log_letters(recall: Recall, clinic: Clinic, *, by: User, at: datetime | None = None) -> int:
    """Note that a letter went to everybody of a clinic who is not reached yet; gives how many. A letter reaches nobody by itself.

    Raises InputError when the recall is closed.
    """
    now = at or timezone.now()
    if recall.closed_at is not None:
        _refuse(_("is closed"), "recall", f"{recall.closed_at:%Y-%m-%d}", _("a recall that is open"))
    waiting = [one.person.patient for one in tracked(recall, clinic) if not one.reached]
    sent = [
        Contact(recall=recall, patient=one, at=now, by=by, how="letter", reached=False) for one in waiting
    ]
    write_all([Change(thing=one, clinic=clinic) for one in sent], by=by, at=now)
    return len(sent)


def close_recall(
    recall: Recall,
    *,
    summary: str,
    by: User,
    clinic: Clinic,
    version: int,
    although: bool = False,
    at: datetime | None = None,
) -> None:
    """Close a recall with what came of it. The lot or vial stays barred.

    Raises InputError without a summary, and when people wait at any clinic, unless it is closed `although` they do.
    """
    said = summary.strip()
    if not 0 < len(said) <= LONGEST_CLOSING:
        expected = _("what came of it, in 1 to %(n)d letters") % {"n": LONGEST_CLOSING}
        _refuse(_("is missing or too long"), "summary", str(len(said)), expected)
    if recall.closed_at is not None:
        _refuse(_("is closed already"), "summary", f"{recall.closed_at:%Y-%m-%d}", _("an open recall"))
    waiting = waiting_anywhere(recall)
    if waiting and not although:
        _refuse(
            _("has people who are not reached"),
            "although",
            str(waiting),
            _("nobody, or a tick that it ends anyway"),
        )
    if version < 1:
        raise Conflict(recall, recall.version)
    recall.closed_at, recall.closing, recall.version = at or timezone.now(), said, version
    write(recall, by=by, reason=f"closed, {waiting} not reached", clinic=clinic, at=at)


def waiting_anywhere(recall: Recall) -> int:
    """People not reached yet, at all clinics."""
    given = Component.objects.filter(_of(recall.lot, recall.vial))
    everybody = set(given.values_list("session__patient", flat=True).order_by().distinct())
    return len(everybody - set(recall.contacts.filter(reached=True).values_list("patient", flat=True)))


def _of(lot: Lot | None, vial: Vial | None, path: str = "") -> Q:
    return Q(**{f"{path}vial": vial}) if vial is not None else Q(**{f"{path}lot": lot})


def _given(given: QuerySet[Component]) -> Iterator[Mapping[str, Any]]:
    yield from given.values("session__patient", "session__uid", "session__at", "vial__label").iterator(5000)


def _visits(mine: _Gathered) -> tuple[Visit, ...]:
    visits = [Visit(uid=uid, at=at, vials=tuple(sorted(labels))) for uid, (at, labels) in mine.visits.items()]
    return tuple(sorted(visits, key=lambda one: one.at, reverse=True))


def _patients(keys: Iterable[int]) -> Mapping[int, Patient]:
    found: Mapping[int, Patient] = Patient.objects.select_related("clinic").in_bulk(list(keys))
    return found


def _reactions(given: QuerySet[Component]) -> Mapping[int, list[Reaction]]:
    found: dict[int, list[Reaction]] = {}
    told = Reaction.objects.filter(session__in=given.values("session"))
    for one in told.order_by("-reported_at", "-pk"):
        found.setdefault(one.patient_id, []).append(one)
    return found


def _refuse(what: str, name: str, got: str, expected: str) -> None:
    raise InputError(
        _("The recall was not changed."), [Fault(what=what, field=name, got=got, expected=expected)]
    )
