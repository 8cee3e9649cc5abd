"""Lots and vials: taken in, opened, discarded and corrected. Nothing recalled or expired is taken in or opened."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.registry.models import Clinic, Entry, Kept, Lot, Product, User, Vial
from untoward.registry.writing import Change, Conflict, write, write_all
from untoward.tasks.record.check_in_texts import zone_of
from untoward.tasks.record.recalls import begin_recall, exposed_to, log_contact

__all__ = [
    "LotDraft",
    "VialDraft",
    "begin_recall",
    "check_reason",
    "correct_lot",
    "correct_vial",
    "discard_vial",
    "exposed_to",
    "last_entry",
    "log_contact",
    "new_label",
    "open_vial",
    "read_at",
    "read_code",
    "take_in",
]

MOST_VIALS = 500
"""Vials taken in at once."""
CLOCKS_DIFFER = timedelta(minutes=5)
_LETTERS = "234679CDFGHJKMNPQRTVWXY"
"""Letters and digits of labels: none that is mistaken for another, and no vowels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDraft:
    """A lot as typed. `product` is None and `expires` is None when they were not given."""

    product: Product | None
    number: str = ""
    expires: date | None = None
    supplier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VialDraft:
    """What may be corrected of a vial."""

    label: str
    opened_at: datetime | None = None
    discarded_at: datetime | None = None


def read_code(text: str) -> LotDraft:
    """What a pasted GS1 code says of a lot. Raises InputError; a product that is not on record is a fault."""
    from untoward.exchange.packs import read_pack

    pack = read_pack(text)
    product = Product.objects.filter(gtin=pack.gtin).first() if pack.gtin else None
    if pack.gtin and product is None:
        raise InputError(
            _("The code cannot be used."),
            [
                Fault(
                    what=_("is of a product that is not on record"),
                    field="code",
                    got=pack.gtin,
                    expected=_("a product with this number"),
                    hint=_("Record the product with its number first, then paste the code again."),
                )
            ],
        )
    return LotDraft(product=product, number=pack.lot, expires=pack.expires)


def take_in(
    draft: LotDraft, *, clinic: Clinic, by: User | None, vials: int = 0, at: datetime | None = None
) -> Lot:
    """Put vials of a lot into a clinic's stock, unopened, each with a label; the lot is recorded if nobody has yet.

    Raises InputError: a fault of a field, a lot that was recalled or has expired, or that is on record with another date.
    """
    now = at or timezone.now()
    faults = list(_lot_faults(draft))
    if not 0 <= vials <= MOST_VIALS:
        faults.append(
            _fault(
                _("cannot be a number of vials"),
                "vials",
                str(vials),
                _("0 to %(most_vials)s") % {"most_vials": MOST_VIALS},
            )
        )
    _refuse_any(_("Nothing was taken in."), faults)
    assert draft.product is not None
    with transaction.atomic():
        found = Lot.objects.filter(product=draft.product, number__iexact=draft.number).first()
        lot = found or Lot(
            product=draft.product, number=draft.number, expires=draft.expires, supplier=draft.supplier
        )
        _refuse_any(_("Nothing was taken in."), [*_differs(draft, found), *_barred(lot, clinic, now)])
        changes = [] if found else [Change(thing=lot, clinic=clinic)]
        taken = [Vial(clinic=clinic, lot=lot, label=label) for label in _labels(clinic, vials)]
        write_all([*changes, *(Change(thing=one) for one in taken)], by=by, at=now)
    return lot


def open_vial(what: Lot | Vial, *, clinic: Clinic, by: User, at: datetime | None = None) -> Vial:
    """Open a vial: this one, or of a lot the one taken in first (a new one where none is left unopened).

    Raises InputError when it is recalled, expired, discarded or open already, or the time is yet to come.
    """
    now = timezone.now()
    opened = at or now
    vial = what if isinstance(what, Vial) else _unopened(what, clinic)
    faults = list(_barred(vial.lot, clinic, opened))
    if opened > now + CLOCKS_DIFFER:
        faults.append(
            _fault(_("is yet to come"), "opened_at", f"{opened:%Y-%m-%d %H:%M}", _("a time until now"))
        )
    if vial.recalled_at is not None:
        faults.append(_fault(_("has been recalled"), "vial", vial.label, _("a vial that is not recalled")))
    if vial.discarded_at is not None:
        faults.append(_fault(_("has been discarded"), "vial", vial.label, _("a vial that is still there")))
    if vial.opened_at is not None:
        got = f"{vial.label}, {vial.opened_at:%Y-%m-%d %H:%M} UTC"
        faults.append(_fault(_("is open already"), "vial", got, _("a vial that nobody has opened")))
    _refuse_any(_("The vial was not opened."), faults)
    vial.opened_at, vial.opened_by = opened, by
    write(vial, by=by, reason="" if vial.version == 0 else "opened")
    return vial


def discard_vial(vial: Vial, *, by: User, reason: str = "", at: datetime | None = None) -> None:
    """Note that a vial is discarded. Raises InputError when it was before."""
    if vial.discarded_at is not None:
        got = f"{vial.discarded_at:%Y-%m-%d %H:%M} UTC"
        _refuse_any(
            _("The vial was not changed."),
            [_fault(_("has been discarded before"), "vial", got, _("a vial in stock"))],
        )
    vial.discarded_at = at or timezone.now()
    write(vial, by=by, reason=f"discarded: {reason.strip()}" if reason.strip() else "discarded")


def correct_lot(lot: Lot, draft: LotDraft, *, by: User, reason: str, version: int) -> None:
    """Correct a lot read at `version`. Raises InputError, and `Conflict` when somebody else wrote it meanwhile."""
    faults = list(_lot_faults(draft))
    twin = Lot.objects.filter(product=draft.product, number__iexact=draft.number).exclude(pk=lot.pk)
    if not faults and twin.exists():  # SQLite refuses to look for a text of very many letters
        faults.append(_fault(_("is on record already"), "number", draft.number, _("another number")))
    _refuse_any(_("The lot was not corrected."), [*faults, *check_reason(reason)])
    assert draft.product is not None
    read_at(lot, version)
    lot.product, lot.number, lot.expires, lot.supplier = (
        draft.product, draft.number, draft.expires, draft.supplier,
    )  # fmt: skip
    write(lot, by=by, reason=reason.strip())


def correct_vial(vial: Vial, draft: VialDraft, *, by: User, reason: str, version: int) -> None:
    """Correct a vial read at `version`. Raises InputError, and `Conflict` when somebody else wrote it meanwhile."""
    faults = list(check_reason(reason))
    if not 0 < len(draft.label) <= 40:
        faults.append(_fault(_("cannot be a label"), "label", draft.label[:40], _("1 to 40 letters")))
    elif Vial.objects.filter(clinic=vial.clinic_id, label__iexact=draft.label).exclude(pk=vial.pk).exists():
        faults.append(
            _fault(_("is the label of another vial"), "label", draft.label, _("a label of its own"))
        )
    if draft.opened_at and draft.opened_at > timezone.now() + CLOCKS_DIFFER:
        faults.append(
            _fault(
                _("is yet to come"), "opened_at", f"{draft.opened_at:%Y-%m-%d %H:%M}", _("a time until now")
            )
        )
    if draft.opened_at and draft.discarded_at and draft.discarded_at < draft.opened_at:
        faults.append(
            _fault(
                _("is before it was opened"),
                "discarded_at",
                f"{draft.discarded_at:%Y-%m-%d %H:%M}",
                _("a later time, or nothing"),
            )
        )
    _refuse_any(_("The vial was not corrected."), faults)
    vial.label, vial.opened_at, vial.discarded_at = draft.label, draft.opened_at, draft.discarded_at
    if vial.opened_at and vial.opened_by_id is None:
        vial.opened_by = by
    read_at(vial, version)
    write(vial, by=by, reason=reason.strip())


def last_entry(thing: Kept) -> Entry | None:
    """Who wrote the present version of a thing, when and why."""
    written = Entry.objects.filter(model=type(thing).__name__, uid=thing.uid)
    found: Entry | None = written.select_related("by").order_by("-number").first()
    return found


def read_at(thing: Kept, version: int) -> None:
    """Note from which version a thing is corrected. Raises `Conflict` for one that never was, as a forged form may say."""
    if version < 1:
        raise Conflict(thing, thing.version)
    thing.version = version


def check_reason(reason: str) -> Iterator[Fault]:
    """What is wrong with the reason of a correction."""
    if not 0 < len(reason.strip()) <= 400:
        expected = _("why the record is corrected, in 1 to 400 letters")
        yield _fault(_("is missing or too long"), "reason", f"{len(reason.strip())}", expected)


def new_label(clinic: Clinic) -> str:
    """A label that no vial of the clinic has."""
    return next(_labels(clinic, 1))


def _labels(clinic: Clinic, number: int) -> Iterator[str]:
    drawn: set[str] = set()
    while len(drawn) < number:
        label = "V-" + "".join(secrets.choice(_LETTERS) for _place in range(5))
        if label not in drawn and not Vial.objects.filter(clinic=clinic, label=label).exists():
            drawn.add(label)
            yield label


def _unopened(lot: Lot, clinic: Clinic) -> Vial:
    waiting = Vial.objects.filter(clinic=clinic, lot=lot, opened_at=None, discarded_at=None, recalled_at=None)
    found: Vial | None = waiting.select_related("lot__product").order_by("pk").first()
    return found or Vial(clinic=clinic, lot=lot, label=new_label(clinic))


def _lot_faults(draft: LotDraft) -> Iterator[Fault]:
    if draft.product is None:
        yield _fault(_("is missing"), "product", "", _("one of the products on record"))
    if not 0 < len(draft.number) <= 40:
        yield _fault(_("cannot be a lot number"), "number", draft.number[:40], _("1 to 40 letters or digits"))
    if len(draft.supplier) > 160:
        yield _fault(_("is too long"), "supplier", f"{len(draft.supplier)}", _("160 letters at most"))


def _differs(draft: LotDraft, found: Lot | None) -> Iterator[Fault]:
    """A lot on record with another expiry than what was typed: one of the two is wrong."""
    if found and draft.expires and found.expires and found.expires != draft.expires:
        expected = _("%(day)s, as this lot is on record") % {"day": found.expires.isoformat()}
        hint = _("Look at the pack again. If the record is wrong, correct the lot first.")
        yield Fault(
            what=_("is another date"),
            field="expires",
            got=draft.expires.isoformat(),
            expected=expected,
            hint=hint,
        )


def _barred(lot: Lot, clinic: Clinic, at: datetime) -> Iterator[Fault]:
    hint = _("Keep it apart and do not use it.")
    if lot.recalled_at is not None:
        got = f"{lot.number}, {lot.recalled_at:%Y-%m-%d}"
        yield Fault(
            what=_("has been recalled"), field="number", got=got, expected=_("another lot"), hint=hint
        )
    if lot.expires is not None and lot.expires < at.astimezone(zone_of(clinic)).date():
        got, expected = lot.expires.isoformat(), _("a lot that is in date")
        yield Fault(what=_("has expired"), field="expires", got=got, expected=expected, hint=hint)


def _fault(what: str, field: str, got: str, expected: str) -> Fault:
    return Fault(what=what, field=field, got=got, expected=expected)


def _refuse_any(message: str, faults: list[Fault]) -> None:
    if faults:
        raise InputError(message, faults)
