"""Find what is injected by what people scan or type: a GS1 code, the code or name on a vial's label, a lot number, a product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.exchange.packs import PackCode, looks_like_code, read_pack
from untoward.exchange.packs.read import gtin_of
from untoward.registry.models import Clinic, Lot, Product, Recipe, User, Vial
from untoward.registry.writing import write
from untoward.tasks.record.vial_codes import vial_uid

_GTIN_LENGTHS = (14, 13, 12, 8)
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was found. `unknown_lot` is a lot number of the code that is not on record yet."""

    product: Product
    lot: Lot | None = None
    vial: Vial | None = None
    unknown_lot: str = ""


LONGEST_GIVEN = 400
"""Letters of what is scanned or typed that are looked at: no code, label or name has more."""


def find_source(clinic: Clinic, text: str) -> Source:
    """What a text means at this clinic. Raises InputError that says what it was read as and what to do."""
    given = text.strip()[:LONGEST_GIVEN]
    uid = vial_uid(given)
    if uid is not None:
        return _of_vial(clinic, uid, given)
    if looks_like_code(given):
        return _of_code(clinic, read_pack(given), given)
    found = _by_label(clinic, given) or _by_lot_number(clinic, given) or _by_product(given)
    if found is None:
        expected = _("a GS1 code, the label of a vial of this clinic, a lot number or a product")
        raise _refused(
            _("is not known here"),
            given,
            expected,
            _("New products and lots are taken in on the Stock page."),
        )
    return found


def take_in(clinic: Clinic, code: str, by: User | None) -> Source:
    """Take in the lot of a code whose product is known. A lot that somebody took in meanwhile is used."""
    found = find_source(clinic, code)
    if not found.unknown_lot:
        return found
    lot = Lot(product=found.product, number=found.unknown_lot, expires=read_pack(code).expires)
    write(lot, by=by, clinic=clinic)
    return Source(product=found.product, lot=lot)


def open_vials(clinic: Clinic, products: Iterable[Product]) -> Sequence[Vial]:
    """Vials of these products at the clinic that may be in use: not discarded, the latest opened first."""
    kept = Vial.objects.filter(clinic=clinic, lot__product__in=list(products), discarded_at=None)
    return list(kept.select_related("lot__product").order_by("-opened_at", "-pk"))


def source_of(clinic: Clinic, product: Product) -> Source:
    """The product from its one open vial at the clinic; without vial and lot when there is none, or a choice."""
    opened = [vial for vial in open_vials(clinic, [product]) if vial.opened_at is not None and _fit(vial)]
    vial = opened[0] if len(opened) == 1 else None
    return Source(product=product, lot=None if vial is None else vial.lot, vial=vial)


def ingredients_of(recipe: Recipe) -> list[tuple[Source, float | None]]:
    """What a recipe is made of, in its order, each from the one open vial of the clinic where there is one, and its ml."""
    parts = recipe.ingredients.select_related("product").order_by("order", "pk")
    return [(source_of(recipe.clinic, part.product), part.volume_ml) for part in parts]


def _fit(vial: Vial) -> bool:
    return vial.recalled_at is None and vial.lot.recalled_at is None


def _of_vial(clinic: Clinic, uid: UUID, text: str) -> Source:
    vial = Vial.objects.select_related("lot__product").filter(uid=uid, clinic=clinic).first()
    if vial is None:
        hint = "Use a vial of this clinic. A vial that moved here is taken in on the Stock page and gets a label here."
        raise _refused("is the label of no vial of this clinic", text, "a vial of this clinic", hint)
    return Source(product=vial.lot.product, lot=vial.lot, vial=vial)


def _of_code(clinic: Clinic, code: PackCode, text: str) -> Source:
    if code.gtin:
        return _of_pack(clinic, code, _product(code.gtin, text))
    by_serial = _by_label(clinic, code.serial) if code.serial else None
    found = by_serial or (_by_lot_number(clinic, code.lot) if code.lot else None)
    if found is None:
        hint = _("Scan the code with (01), or choose the product.")
        raise _refused(
            _("names no product, and its lot is not known here"), text, _("a code with (01)"), hint
        )
    return found


def _of_pack(clinic: Clinic, code: PackCode, product: Product) -> Source:
    if not code.lot:
        return source_of(clinic, product)
    lot = Lot.objects.select_related("product").filter(product=product, number__iexact=code.lot).first()
    if lot is None:
        return Source(product=product, unknown_lot=code.lot)
    vials = Vial.objects.select_related("lot__product").filter(clinic=clinic, lot=lot)
    named = vials.filter(label__iexact=code.serial).first() if code.serial else None
    return Source(product=product, lot=lot, vial=named or _only_open(clinic, lot))


def _product(gtin: str, text: str) -> Product:
    written = {gtin[-length:] for length in _GTIN_LENGTHS if set(gtin[:-length]) <= {"0"}}
    found: Product | None = Product.objects.filter(gtin__in=written).first()
    if found is None:
        expected = _("a product on record with this number")
        raise _refused(_("is of a product with the number %(gtin)s, which is not on record") % {"gtin": gtin}, text, expected,
                       _("Take the product in on the Stock page, or choose another."))  # fmt: skip
    return found


def _by_label(clinic: Clinic, text: str) -> Source | None:
    vial = Vial.objects.select_related("lot__product").filter(clinic=clinic, label__iexact=text).first()
    return None if vial is None else Source(product=vial.lot.product, lot=vial.lot, vial=vial)


def _by_lot_number(clinic: Clinic, text: str) -> Source | None:
    lots = list(Lot.objects.select_related("product").filter(number__iexact=text)[:4])
    if len(lots) > 1:
        names = " · ".join(lot.product.name for lot in lots)
        raise _refused(
            _("is a lot number of several products"),
            text,
            names,
            _("Scan the whole code, or choose the vial."),
        )
    if not lots:
        return None
    return Source(product=lots[0].product, lot=lots[0], vial=_only_open(clinic, lots[0]))


def _by_product(text: str) -> Source | None:
    gtin = gtin_of(text)
    if gtin:
        return Source(product=_product(gtin, text))
    named = Product.objects.filter(name__iexact=text).first()
    if named is None and len(text) > 2:
        like = list(Product.objects.filter(name__istartswith=text)[:2])
        named = like[0] if len(like) == 1 else None
    return None if named is None else Source(product=named)


def _only_open(clinic: Clinic, lot: Lot) -> Vial | None:
    opened = Vial.objects.select_related("lot__product").filter(clinic=clinic, lot=lot, discarded_at=None)
    vials = list(opened.exclude(opened_at=None)[:2])
    return vials[0] if len(vials) == 1 else None


def _refused(what: str, got: str, expected: str, hint: str) -> InputError:
    shown = got if len(got) <= _SHOWN else f"{got[: _SHOWN - 1]}…"
    fault = Fault(what=what, field="scan", got=f"“{shown}”", expected=expected, hint=hint)
    return InputError(_("It could not be added."), [fault])
