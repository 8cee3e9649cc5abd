"""Calls about products, lots and vials."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body

from untoward.registry.models import Lot, Product, Vial
from untoward.registry.roles import Action
from untoward.tasks.record.stock import LotDraft, discard_vial, open_vial, take_in
from untoward.tasks.record.stock_numbers import open_rows, unopened_rows
from untoward.web.api.access import Call
from untoward.web.api.answers import Plain, lot_out, lot_row_out, vial_out, vial_row_out
from untoward.web.api.given import DiscardIn, LotIn, OpenIn
from untoward.web.api.listing import operation

MOST_OPEN = 200


@operation("GET", "/stock", "stock", Action.SEE_STOCK, answers=Plain)
def stock(request: Call) -> Plain:
    """Opened vials with their age, and lots with unopened vials, at your clinic."""
    clinic = request.asker.clinic
    return {
        "open": [vial_row_out(row) for row in open_rows(clinic, timezone.now(), most=MOST_OPEN)],
        "unopened": [lot_row_out(row) for row in unopened_rows(clinic, timezone.localdate())],
    }


@operation("GET", "/products", "products", Action.SEE_STOCK, answers=list[Plain])
def products(request: Call) -> list[Plain]:
    """All products with their compounds."""
    names = ("uid", "version", "name", "maker", "gtin", "compounds", "in_use_hours", "single_use", "diluent")
    return list(Product.objects.order_by("name").values(*names))


@operation("POST", "/lots", "stock-take-in", Action.KEEP_STOCK, answers=Plain, status=201)
def new_lot(request: Call, given: Body[LotIn]) -> Plain:
    """Take vials of a lot into stock; the lot is recorded if nobody has yet."""
    asker = request.asker
    draft = LotDraft(
        product=get_object_or_404(Product, uid=given.product),
        number=given.number,
        expires=given.expires,
        supplier=given.supplier,
    )
    lot = take_in(draft, clinic=asker.clinic, by=asker.user, vials=given.vials)
    return lot_out(lot)


@operation("GET", "/lots/{uuid:uid}", "lot", Action.SEE_STOCK, answers=Plain)
def one_lot(request: Call, uid: UUID) -> Plain:
    """One lot with its vials at your clinic."""
    lot = get_object_or_404(Lot.objects.select_related("product"), uid=uid)
    vials = lot.vials.filter(clinic=request.asker.clinic).order_by("label")
    names = ("uid", "version", "label", "opened_at", "discarded_at", "recalled_at")
    return {**lot_out(lot), "vials": list(vials.values(*names))}


@operation("GET", "/vials/{uuid:uid}", "vial", Action.SEE_STOCK, answers=Plain)
def one_vial(request: Call, uid: UUID) -> Plain:
    """One vial of your clinic."""
    return vial_out(_vial(request, uid))


@operation("POST", "/vials/{uuid:uid}/open", "vial-open", Action.KEEP_STOCK, answers=Plain)
def open_one(request: Call, uid: UUID, given: Body[OpenIn]) -> Plain:
    """Open a vial; 409 when somebody changed it since the version you read."""
    vial = _vial(request, uid)
    vial.version = given.version
    return vial_out(open_vial(vial, clinic=request.asker.clinic, by=request.asker.user, at=given.at))


@operation("POST", "/vials/{uuid:uid}/discard", "vial-discard", Action.KEEP_STOCK, answers=Plain)
def discard_one(request: Call, uid: UUID, given: Body[DiscardIn]) -> Plain:
    """Note that a vial is discarded; 409 when somebody changed it since the version you read."""
    vial = _vial(request, uid)
    vial.version = given.version
    discard_vial(vial, by=request.asker.user, reason=given.reason)
    return vial_out(vial)


def _vial(request: Call, uid: UUID) -> Vial:
    found: Vial = get_object_or_404(
        Vial.objects.select_related("lot__product"), uid=uid, clinic=request.asker.clinic
    )
    return found
