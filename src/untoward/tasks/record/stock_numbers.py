"""What is in a clinic's stock, how old its open vials are, and how many who got a lot or vial fell ill."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from untoward.kernels.intervals import clopper_pearson
from untoward.registry.models import Clinic, Component, Lot, Reaction, Vial
from untoward.tasks.record.vial_codes import vial_uid

LONGEST_GIVEN = 100
"""Letters of a number or label that are looked for."""
SOON = timedelta(days=30)
"""A lot that expires within so long is said to expire soon."""
MOST_SIBLINGS, MOST_FOUND = 12, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class VialRow:
    """An opened vial: hours open (until discarded), until when it may be used (None: nobody stated it), sessions served."""

    vial: Vial
    hours: float | None
    until: datetime | None
    over: bool
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRow:
    """A lot with unopened vials here, and how near its expiry is: "past", "soon" or ""."""

    lot: Lot
    vials: int
    expiry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """People at a clinic who got one lot or vial, how many of them had a reaction, and the exact 95 % interval of the share."""

    sessions: int
    people: int
    ill: int

    @property
    def share(self) -> str:
        """The share ill in percent with its interval; "" when nobody got it."""
        if not self.people:
            return ""
        low, high = clopper_pearson(min(self.ill, self.people), self.people)
        return f"{100 * self.ill / self.people:.0f} % ({100 * low:.0f}–{100 * high:.0f})"


def open_rows(clinic: Clinic, now: datetime, *, most: int) -> Sequence[VialRow]:
    """The vials in use: those past their limit first, then the latest opened."""
    opened = Vial.objects.filter(clinic=clinic, discarded_at=None).exclude(opened_at=None)
    shown = opened.select_related("lot__product", "opened_by").order_by("-opened_at", "-pk")[:most]
    return sorted(vial_rows(shown, now), key=lambda row: not row.over)


def vial_rows(vials: Iterable[Vial], now: datetime) -> Sequence[VialRow]:
    """Vials with their age and the sessions each served."""
    listed = list(vials)
    counted = (
        Component.objects.filter(vial__in=[one.pk for one in listed])
        .order_by()
        .values("vial")
        .annotate(sessions=Count("session", distinct=True))
    )
    served = {row["vial"]: row["sessions"] for row in counted}
    return [_aged(one, now, served.get(one.pk, 0)) for one in listed]


def unopened_rows(clinic: Clinic, today: date) -> Sequence[LotRow]:
    """Lots with unopened vials, the one that expires first at the top."""
    kept = Vial.objects.filter(clinic=clinic, discarded_at=None, opened_at=None, recalled_at=None).order_by()
    counts = {row["lot"]: row["vials"] for row in kept.values("lot").annotate(vials=Count("pk"))}
    lots = Lot.objects.filter(pk__in=counts).select_related("product")
    rows = [LotRow(lot=lot, vials=counts[lot.pk], expiry=expiry_of(lot, today)) for lot in lots]
    return sorted(rows, key=lambda row: (row.lot.expires or date.max, row.lot.pk))


def expiry_of(lot: Lot, today: date) -> str:
    """How near the expiry of a lot is: "past", "soon" (within `SOON`) or empty."""
    if lot.expires is None or lot.expires > today + SOON:
        return ""
    return "past" if lot.expires < today else "soon"


def find_stock(clinic: Clinic, text: str) -> tuple[Sequence[Lot], Sequence[Vial]]:
    """All lots, and the vials of the clinic, whose number or label begins so, in any case; for a label's code its vial."""
    text = text[:LONGEST_GIVEN]
    lots = Lot.objects.filter(number__istartswith=text).select_related("product").order_by("number", "pk")
    uid = vial_uid(text)
    named = Q(label__istartswith=text) if uid is None else Q(uid=uid)
    vials = Vial.objects.filter(named, clinic=clinic).select_related("lot__product")
    return list(lots[:MOST_FOUND]), list(vials.order_by("label")[:MOST_FOUND])


def sibling_lots(lot: Lot, clinic: Clinic) -> Sequence[tuple[Lot, Rate]]:
    """Other lots of the product, the latest first, with their numbers at the clinic; those nobody here got are left out."""
    others = list(
        Lot.objects.filter(product=lot.product_id)
        .exclude(pk=lot.pk)
        .select_related("product")
        .order_by("-pk")[:MOST_SIBLINGS]
    )
    rates = rates_of("lot", [one.pk for one in others], clinic)
    return [(one, rates[one.pk]) for one in others if one.pk in rates]


def rates_of(what: str, keys: Iterable[int], clinic: Clinic) -> Mapping[int, Rate]:
    """The numbers of lots or vials ("lot", "vial") at a clinic, by key; absent where nobody here got it."""
    wanted = list(keys)
    given = Component.objects.filter(**{f"{what}__in": wanted}, session__clinic=clinic).order_by()
    rows = given.values(what).annotate(
        sessions=Count("session", distinct=True), people=Count("session__patient", distinct=True)
    )
    reported = Reaction.objects.filter(
        **{f"session__components__{what}__in": wanted}, session__clinic=clinic
    ).order_by()
    ill = _counts(reported, f"session__components__{what}")
    return {
        row[what]: Rate(sessions=row["sessions"], people=row["people"], ill=ill.get(row[what], 0))
        for row in rows
    }


def _counts(reported: QuerySet[Reaction], key: str) -> dict[Any, int]:
    return {
        row[key]: row["ill"] for row in reported.values(key).annotate(ill=Count("patient", distinct=True))
    }


def _aged(vial: Vial, now: datetime, sessions: int) -> VialRow:
    opened, limit = vial.opened_at, vial.lot.product.in_use_hours
    end = vial.discarded_at or now
    until = opened + timedelta(hours=limit) if opened is not None and limit is not None else None
    return VialRow(
        vial=vial,
        hours=None if opened is None else (end - opened).total_seconds() / 3600,
        until=until,
        over=until is not None and end > until,
        sessions=sessions,
    )
