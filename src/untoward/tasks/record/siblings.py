"""Who else had the same: people at the same clinic who share a vial, a lot, a mix, or the practitioner of that week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from untoward.registry.models import Component, Lot, Reaction, Session, Vial
from untoward.tasks.knowledge import evidence

MIX_DAYS = 28
"""A mix counts as shared when it was given within so many days before or after."""

WEEK_HALF = timedelta(days=3, hours=12)
MOST_LISTED = 20
"""Siblings listed at most; the counts are of all."""

SAME_WITHIN_DAYS = 365
"""Others count as having the same when theirs was reported within a year of this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Siblings:
    """People who share one thing with this one: how many others, how many fell ill, how many with something this one has.

    `by_term` says how many people had which reaction, the most first. `cases` are their reactions, those that this case has
    too first, at most `MOST_LISTED`. `subject` is the lot or vial, None for a mix or a week.
    """

    kind: str
    label: str
    subject: Lot | Vial | None
    others: int
    ill: int
    same: int
    by_term: tuple[tuple[str, int], ...]
    cases: tuple[Reaction, ...]


def siblings_of(reaction: Reaction, terms: Iterable[str] = ()) -> tuple[Siblings, ...]:
    """Everybody who shares something, closest first: vials, lots, mixes, then the practitioner's week.

    `terms` are further reactions that this person has beside the one the case is about.
    """
    session = reaction.session
    names = [name for one in (reaction.term, *terms) if one for name in spellings(one)]
    parts = list(session.components.select_related("product", "lot__product", "vial"))
    groups: list[tuple[str, str, Lot | Vial | None, Q]] = []
    for vial in dict.fromkeys(part.vial for part in parts if part.vial):
        groups.append(("vial", vial.label, vial, Q(components__vial=vial)))
    for lot in dict.fromkeys(part.lot for part in parts if part.lot):
        groups.append(("lot", f"{lot.product.name} {lot.number}", lot, Q(components__lot=lot)))
    for label, sessions in _mixes(session, parts):
        groups.append(("mix", label, None, Q(pk__in=sessions)))
    week = Q(practitioner=session.practitioner_id, at__range=(session.at - WEEK_HALF, session.at + WEEK_HALF))
    groups.append(("week", session.practitioner.key, None, week))
    return tuple(_counted(reaction, names, *group) for group in groups)


def others_with_the_same(reaction: Reaction, by: datetime) -> bool:
    """Whether somebody else who had the same vial or lot had reported the same term by then."""
    if not reaction.term:
        return False
    parts = Component.objects.filter(session=reaction.session_id)
    vials, lots = parts.exclude(vial=None).values("vial"), parts.exclude(lot=None).values("lot")
    return bool(
        Reaction.objects.filter(
            Q(session__components__vial__in=vials) | Q(session__components__lot__in=lots),
            clinic=reaction.clinic_id,
            term__in=spellings(reaction.term),
            reported_at__range=(by - timedelta(days=SAME_WITHIN_DAYS), by),
        )
        .exclude(patient=reaction.patient_id)
        .exists()
    )


def shared_vial(session: Session) -> bool:
    """Whether a vial of the session served somebody else as well, as far as the record says."""
    vials = [part.vial_id for part in session.components.all() if part.vial_id]
    return bool(
        vials
        and Component.objects.filter(vial__in=vials).exclude(session__patient=session.patient_id).exists()
    )


def spellings(term: str) -> tuple[str, ...]:
    """The ways the record may hold one term: as it was stored, its id and its label."""
    found = evidence().terms.resolve(term)
    return (term,) if found is None else tuple(dict.fromkeys((term, found.id, found.label)))


def _counted(
    reaction: Reaction, names: Sequence[str], kind: str, label: str, subject: Lot | Vial | None, which: Q
) -> Siblings:
    sessions = Session.objects.filter(which, clinic=reaction.clinic_id).exclude(patient=reaction.patient_id)
    ill = list(
        Reaction.objects.filter(session__in=sessions.values("pk"), clinic=reaction.clinic_id)
        .order_by("-reported_at")
        .values_list("pk", "patient", "term")
    )
    of_term: dict[str, set[int]] = {}
    for _pk, patient, term in ill:
        of_term.setdefault(term, set()).add(patient)
    by_term = sorted(
        ((term, len(people)) for term, people in of_term.items()), key=lambda one: (-one[1], one[0])
    )
    same = {patient for term, people in of_term.items() if term in names for patient in people}
    first = sorted(ill, key=lambda row: row[2] not in names)[:MOST_LISTED]
    cases = Reaction.objects.select_related("patient").in_bulk([row[0] for row in first])
    return Siblings(
        kind=kind,
        label=label,
        subject=subject,
        others=sessions.order_by().aggregate(people=Count("patient", distinct=True))["people"],
        ill=len({patient for _pk, patient, _term in ill}),
        same=len(same),
        by_term=tuple(by_term),
        cases=tuple(cases[row[0]] for row in first),
    )


def _mixes(session: Session, parts: Sequence[Component]) -> Iterable[tuple[str, Sequence[int]]]:
    """Each syringe of two or more products, with the sessions of those weeks in which one held exactly the same."""
    syringes: dict[str, dict[int, str]] = {}
    for part in parts:
        syringes.setdefault(part.mix, {})[part.product_id] = part.product.name
    near = (session.at - timedelta(days=MIX_DAYS), session.at + timedelta(days=MIX_DAYS))
    given = Component.objects.filter(session__clinic=session.clinic_id, session__at__range=near)
    for products in dict.fromkeys(tuple(sorted(held.items())) for held in syringes.values() if len(held) > 1):
        ids = [product for product, _name in products]
        same = (
            given.values("session", "mix")
            .annotate(
                all=Count("product", distinct=True),
                ours=Count("product", distinct=True, filter=Q(product__in=ids)),
            )
            .filter(all=len(ids), ours=len(ids))
            .values_list("session", flat=True)
        )
        yield " + ".join(name for _product, name in products), list(dict.fromkeys(same))
