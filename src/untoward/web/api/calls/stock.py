"""Calls about lots and vials."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Body, Query
from pydantic import Field

from untoward.errors import Fault, InputError
from untoward.registry.models import Lot, Product, Vial
from untoward.registry.roles import Action
from untoward.tasks.record import stock as task
from untoward.tasks.record import stock_numbers as numbers
from untoward.tasks.record.exposed import ExposedPeople
from untoward.web.api.access import Asker, Call
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes import stock as shapes
from untoward.web.api.shapes.base import Key, Page, Paging

MOST_OPEN = 200
Sought = Annotated[Key, Field(min_length=1, max_length=40)]


@operation("GET", "/stock", "stock", Action.SEE_STOCK, answers=shapes.StockOut)
def stock(request: Call) -> shapes.StockOut:
    """Opened vials with their age (the latest 200), and lots with unopened vials, at your clinic."""
    clinic = request.asker.clinic
    opened = numbers.open_rows(clinic, timezone.now(), most=MOST_OPEN)
    unopened = numbers.unopened_rows(clinic, timezone.localdate())
    return shapes.StockOut(
        open=[shapes.open_vial_out(row) for row in opened],
        unopened=[shapes.kept_lot_out(row) for row in unopened],
    )


@operation("GET", "/stock/find", "stock-find", Action.SEE_STOCK, answers=shapes.FoundOut)
def find(request: Call, text: Query[Sought]) -> shapes.FoundOut:
    """Lots, and vials of your clinic, whose number or label begins so; at most 30 of each."""
    lots, vials = numbers.find_stock(request.asker.clinic, text)
    return shapes.FoundOut(
        lots=[shapes.lot_out(one) for one in lots], vials=[shapes.vial_out(one) for one in vials]
    )


@operation("POST", "/packs/read", "pack-read", Action.KEEP_STOCK, answers=shapes.CodeOut)
def read_pack(request: Call, given: Body[shapes.CodeIn]) -> shapes.CodeOut:
    """Read the GS1 code of a pack: which product, lot and expiry it names. Nothing is kept."""
    draft = task.read_code(given.code)
    return shapes.CodeOut(
        product=draft.product.uid if draft.product else None,
        product_name=draft.product.name if draft.product else "",
        number=draft.number,
        expires=draft.expires,
    )


@operation("POST", "/lots", "stock-take-in", Action.KEEP_STOCK, answers=shapes.LotOut, status=201)
def new_lot(request: Call, given: Body[shapes.LotIn]) -> shapes.LotOut:
    """Take vials of a lot into stock; the lot is recorded if nobody has yet."""
    asker = request.asker
    return shapes.lot_out(task.take_in(_draft(given), clinic=asker.clinic, by=asker.user, vials=given.vials))


@operation("GET", "/lots/{uuid:uid}", "lot", Action.SEE_STOCK, answers=shapes.LotWithVials)
def one_lot(request: Call, uid: UUID) -> shapes.LotWithVials:
    """One lot with its vials at your clinic, and how many people there who got it fell ill."""
    lot, clinic = lot_of(uid), request.asker.clinic
    vials = lot.vials.filter(clinic=clinic).order_by("-opened_at", "label")[:MOST_OPEN]
    rate = numbers.rates_of("lot", [lot.pk], clinic).get(lot.pk)
    return shapes.LotWithVials(
        **shapes.lot_out(lot).model_dump(),
        vials=[shapes.VialLine.model_validate(one) for one in vials],
        rate=shapes.RateOut.model_validate(rate) if rate else None,
    )


@operation("PUT", "/lots/{uuid:uid}", "lot-correct", Action.KEEP_STOCK, answers=shapes.LotOut)
def correct_lot(request: Call, uid: UUID, given: Body[shapes.LotCorrectionIn]) -> shapes.LotOut:
    """Correct a lot; 409 with theirs beside yours when somebody else did since the version you read."""
    lot = lot_of(uid)
    task.correct_lot(lot, _draft(given), by=request.asker.user, reason=given.reason, version=given.version)
    return shapes.lot_out(lot)


@operation("POST", "/lots/{uuid:uid}/open", "lot-open", Action.KEEP_STOCK, answers=shapes.VialOut, status=201)
def open_of_lot(request: Call, uid: UUID, given: Body[shapes.OpenOneIn]) -> shapes.VialOut:
    """Open a vial of a lot: the one taken in first, or a new one where none is left unopened."""
    asker = request.asker
    return shapes.vial_out(task.open_vial(lot_of(uid), clinic=asker.clinic, by=asker.user, at=given.at))


@operation(
    "GET", "/lots/{uuid:uid}/exposed", "lot-exposed", Action.SEE_STOCK, answers=Page[shapes.ExposedOut]
)
def lot_exposed(request: Call, uid: UUID, page: Query[Paging]) -> Page[shapes.ExposedOut]:
    """Everybody of your clinic who got the lot, under their keys, those who got it last first."""
    return part(ExposedPeople(request.asker.clinic, lot=lot_of(uid)), page, shapes.exposed_out)


@operation("GET", "/vials/{uuid:uid}", "vial", Action.SEE_STOCK, answers=shapes.VialWithRate)
def one_vial(request: Call, uid: UUID) -> shapes.VialWithRate:
    """One vial of your clinic with its age, and how many people who got it fell ill."""
    vial = vial_here(request.asker, uid)
    rate = numbers.rates_of("vial", [vial.pk], request.asker.clinic).get(vial.pk)
    return shapes.vial_with_rate(numbers.vial_rows([vial], timezone.now())[0], rate)


@operation("PUT", "/vials/{uuid:uid}", "vial-correct", Action.KEEP_STOCK, answers=shapes.VialOut)
def correct_vial(request: Call, uid: UUID, given: Body[shapes.VialCorrectionIn]) -> shapes.VialOut:
    """Correct a vial; 409 with theirs beside yours when somebody else did since the version you read."""
    vial = vial_here(request.asker, uid)
    draft = task.VialDraft(
        label=given.label.strip(), opened_at=given.opened_at, discarded_at=given.discarded_at
    )
    task.correct_vial(vial, draft, by=request.asker.user, reason=given.reason, version=given.version)
    return shapes.vial_out(vial)


@operation("POST", "/vials/{uuid:uid}/open", "vial-open", Action.KEEP_STOCK, answers=shapes.VialOut)
def open_one(request: Call, uid: UUID, given: Body[shapes.OpenIn]) -> shapes.VialOut:
    """Open a vial; 409 when somebody changed it since the version you read."""
    vial = vial_here(request.asker, uid)
    vial.version = given.version
    opened = task.open_vial(vial, clinic=request.asker.clinic, by=request.asker.user, at=given.at)
    return shapes.vial_out(opened)


@operation("POST", "/vials/{uuid:uid}/discard", "vial-discard", Action.KEEP_STOCK, answers=shapes.VialOut)
def discard_one(request: Call, uid: UUID, given: Body[shapes.DiscardIn]) -> shapes.VialOut:
    """Note that a vial is discarded; 409 when somebody changed it since the version you read."""
    vial = vial_here(request.asker, uid)
    vial.version = given.version
    task.discard_vial(vial, by=request.asker.user, reason=given.reason)
    return shapes.vial_out(vial)


@operation(
    "GET", "/vials/{uuid:uid}/exposed", "vial-exposed", Action.SEE_STOCK, answers=Page[shapes.ExposedOut]
)
def vial_exposed(request: Call, uid: UUID, page: Query[Paging]) -> Page[shapes.ExposedOut]:
    """Everybody of your clinic who got something of the vial, under their keys, those who got it last first."""
    people = ExposedPeople(request.asker.clinic, vial=vial_here(request.asker, uid))
    return part(people, page, shapes.exposed_out)


def lot_of(uid: UUID) -> Lot:
    """A lot; all clinics share them."""
    found: Lot = get_object_or_404(Lot.objects.select_related("product"), uid=uid)
    return found


def vial_here(asker: Asker, uid: UUID) -> Vial:
    """A vial of the clinic of whoever asks; otherwise there is none."""
    mine = Vial.objects.select_related("lot__product", "clinic", "opened_by")
    found: Vial = get_object_or_404(mine, uid=uid, clinic=asker.clinic)
    return found


def product_named(uid: UUID, field: str) -> Product:
    """A product that a document names. Raises InputError when there is none."""
    found: Product | None = Product.objects.filter(uid=uid).first()
    if found is None:
        fault = Fault(what="is not on record", field=field, got=str(uid), expected="the uid of a product")
        raise InputError("The product is not known.", [fault])
    return found


def _draft(given: shapes.LotIn | shapes.LotCorrectionIn) -> task.LotDraft:
    return task.LotDraft(
        product=product_named(given.product, "product"),
        number=given.number.strip(),
        expires=given.expires,
        supplier=given.supplier.strip(),
    )
