"""The page of a lot and of a vial: who got it, what was reported, and how it compares; opening, discarding, correcting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from untoward.errors import Fault, InputError
from untoward.registry.models import Kept, Lot, Product, Vial
from untoward.registry.roles import Action, may
from untoward.registry.writing import Conflict
from untoward.tasks.record import stock, stock_numbers
from untoward.tasks.record.case_timeline import term_words
from untoward.tasks.record.check_in_texts import zone_of
from untoward.tasks.record.exposed import ExposedPeople, TrackedPeople
from untoward.tasks.record.patients import sees_names
from untoward.tasks.record.recalls import open_recall, recalls_seen_by
from untoward.tasks.record.vial_codes import vial_code
from untoward.web.listing import Request, page
from untoward.web.posted import Posted, sentences
from untoward.web.views.passports import qr_code

PEOPLE_A_PAGE, MOST_VIALS = 100, 60
LABELS: Mapping[str, Any] = {
    "product": _("Product"),
    "number": _("Lot number"),
    "expires": _("Expires"),
    "supplier": _("Supplier"),
    "label": _("Label"),
    "opened_at": _("Opened"),
    "discarded_at": _("Discarded"),
    "reason": _("Reason for the correction"),
    "vials": _("Vials"),
    "code": _("GS1 code"),
    "vial": _("Vial"),
}


@page("lot/<uuid:uid>", "lot", Action.SEE_STOCK)
@require_safe
def lot(request: Request, uid: str) -> HttpResponse:
    """All about a lot, as far as this clinic goes."""
    found, now = _lot(uid), timezone.now()
    here = Vial.objects.filter(clinic=request.clinic, lot=found).select_related("lot__product", "opened_by")
    vials = stock_numbers.vial_rows(here.order_by("-opened_at", "-pk")[:MOST_VIALS], now)
    rates = stock_numbers.rates_of("vial", [row.vial.pk for row in vials], request.clinic)
    context = {
        "lot": found,
        "expiry": stock_numbers.expiry_of(found, timezone.localdate(now)),
        "rate": stock_numbers.rates_of("lot", [found.pk], request.clinic).get(found.pk),
        "vials": [(row, rates.get(row.vial.pk)) for row in vials],
        "all_vials": here.count(),
        "siblings": stock_numbers.sibling_lots(found, request.clinic),
        **_who_got_it(request, lot=found),
    }
    return render(request, "stock/lot.html", context)


@page("vial/<uuid:uid>", "vial", Action.SEE_STOCK)
@require_safe
def vial(request: Request, uid: str) -> HttpResponse:
    """All about a vial of this clinic."""
    found, now = _vial(request, uid), timezone.now()
    others = Vial.objects.filter(clinic=request.clinic, lot=found.lot).exclude(pk=found.pk)
    listed = list(others.order_by("-opened_at", "-pk")[:MOST_VIALS])
    rates = stock_numbers.rates_of("vial", [one.pk for one in [found, *listed]], request.clinic)
    context = {
        "vial": found,
        "lot": found.lot,
        "row": stock_numbers.vial_rows([found], now)[0],
        "expiry": stock_numbers.expiry_of(found.lot, timezone.localdate(now)),
        "rate": rates.get(found.pk),
        "siblings": [(one, rates[one.pk]) for one in listed if one.pk in rates],
        **_who_got_it(request, vial=found),
    }
    return render(request, "stock/vial.html", context)


@page("lot/<uuid:uid>/open", "lot-open", Action.KEEP_STOCK)
@require_POST
def lot_open(request: Request, uid: str) -> HttpResponse:
    """Open a vial of a lot now."""
    return _opened(request, _lot(uid), redirect("lot", uid))


@page("vial/<uuid:uid>/open", "vial-open", Action.KEEP_STOCK)
@require_POST
def vial_open(request: Request, uid: str) -> HttpResponse:
    """Open this vial now."""
    return _opened(request, _vial(request, uid), redirect("vial", uid))


@page("vial/<uuid:uid>/discard", "vial-discard", Action.KEEP_STOCK)
@require_POST
def vial_discard(request: Request, uid: str) -> HttpResponse:
    """Note that a vial is discarded."""
    found, posted = _vial(request, uid), Posted(request.POST)
    try:
        stock.read_at(found, posted.whole("version") or 0)
        stock.discard_vial(found, by=request.user, reason=posted.text("reason"))
    except (InputError, Conflict) as refused:
        messages.error(request, _said(refused))
        return redirect("vial", uid)
    messages.success(request, gettext("%(label)s is discarded.") % {"label": found.label})
    return redirect(
        "stock" if posted.text("back") == "stock" else "vial",
        *([] if posted.text("back") == "stock" else [uid]),
    )


@page("vial/<uuid:uid>/label", "vial-label", Action.SEE_STOCK)
@require_safe
def vial_label(request: Request, uid: str) -> HttpResponse:
    """A label to print and stick on the vial. Its code names this vial alone and is read by the field for scans of a session."""
    found = _vial(request, uid)
    row = stock_numbers.vial_rows([found], timezone.now())[0]
    return render(request, "stock/label.html", {"vial": found, "row": row, "qr": qr_code(vial_code(found))})


@page("lot/<uuid:uid>/correct", "lot-correct", Action.KEEP_STOCK)
def lot_correct(request: Request, uid: str) -> HttpResponse:
    """Correct a lot, with a reason."""
    found = _lot(uid)
    if request.method != "POST":
        return _lot_form(request, found, _lot_typed(found), {}, version=found.version)
    posted = Posted(request.POST)
    draft, version = read_lot(posted), posted.whole("version") or 0
    try:
        if posted.faults:
            raise InputError(gettext("The form cannot be read."), posted.faults)
        stock.correct_lot(found, draft, by=request.user, reason=posted.text("reason"), version=version)
    except InputError as refused:
        return _lot_form(request, _lot(uid), posted.typed, sentences(refused), version=version, status=422)
    except Conflict:
        theirs = _lot(uid)
        more = _beside(theirs, _lot_typed(theirs), posted.typed)
        return _lot_form(request, theirs, posted.typed, {}, version=theirs.version, status=409, **more)
    messages.success(request, gettext("The correction was saved."))
    return redirect("lot", uid)


@page("vial/<uuid:uid>/correct", "vial-correct", Action.KEEP_STOCK)
def vial_correct(request: Request, uid: str) -> HttpResponse:
    """Correct a vial, with a reason."""
    found = _vial(request, uid)
    if request.method != "POST":
        return _vial_form(request, found, _vial_typed(found), {}, version=found.version)
    posted, zone = Posted(request.POST), zone_of(request.clinic)
    draft = stock.VialDraft(
        label=posted.text("label"),
        opened_at=posted.moment("opened_at", zone),
        discarded_at=posted.moment("discarded_at", zone),
    )
    version = posted.whole("version") or 0
    try:
        if posted.faults:
            raise InputError(gettext("The form cannot be read."), posted.faults)
        stock.correct_vial(found, draft, by=request.user, reason=posted.text("reason"), version=version)
    except InputError as refused:
        again = _vial(request, uid)
        return _vial_form(request, again, posted.typed, sentences(refused), version=version, status=422)
    except Conflict:
        theirs = _vial(request, uid)
        more = _beside(theirs, _vial_typed(theirs), posted.typed)
        return _vial_form(request, theirs, posted.typed, {}, version=theirs.version, status=409, **more)
    messages.success(request, gettext("The correction was saved."))
    return redirect("vial", uid)


def read_lot(posted: Posted) -> stock.LotDraft:
    """A lot as a form has it; what cannot be read is a fault of `posted`."""
    key = posted.text("product")
    product = (
        Product.objects.filter(pk=int(key)).first()
        if key.isascii() and key.isdigit() and len(key) < 15
        else None
    )
    return stock.LotDraft(
        product=product,
        number=posted.text("number"),
        expires=_day(posted, "expires"),
        supplier=posted.text("supplier"),
    )


def fault_list(faults: Mapping[str, str]) -> list[tuple[str, Any, str]]:
    """The faults for the list on top of a form."""
    return [(name, LABELS.get(name, name), said) for name, said in faults.items()]


def _day(posted: Posted, name: str) -> date | None:
    typed = posted.text(name)
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        expected = gettext("a day such as 2027-05-31, or nothing")
        posted.faults.append(
            Fault(what=gettext("cannot be read"), field=name, got=typed[:40], expected=expected)
        )
        return None


def _lot(uid: object) -> Lot:
    found: Lot = get_object_or_404(Lot.objects.select_related("product"), uid=uid)
    return found


def _vial(request: Request, uid: object) -> Vial:
    mine = Vial.objects.filter(clinic=request.clinic).select_related("lot__product", "clinic", "opened_by")
    found: Vial = get_object_or_404(mine, uid=uid)
    return found


def _opened(request: Request, what: Lot | Vial, back: HttpResponse) -> HttpResponse:
    try:
        made = stock.open_vial(what, clinic=request.clinic, by=request.user)
    except (InputError, Conflict) as refused:
        messages.error(request, _said(refused))
        return back
    messages.success(request, gettext("%(label)s is open.") % {"label": made.label})
    return redirect("vial", made.uid)


def _said(refused: InputError | Conflict) -> str:
    if isinstance(refused, Conflict):
        return str(refused)
    return " ".join(f"{label}: {said}" for _name, label, said in fault_list(sentences(refused)))


def _who_got_it(request: Request, *, lot: Lot | None = None, vial: Vial | None = None) -> dict[str, Any]:
    """The exposed list with what was reported, and how far a recall is."""
    role = request.membership.role
    recall = open_recall(lot=lot, vial=vial) or (open_recall(lot=vial.lot) if vial else None)
    reached: set[int] = set()
    if recall is not None:
        reached = TrackedPeople(recall, request.clinic).reached
    people = ExposedPeople(request.clinic, lot=lot, vial=vial)
    told = people.terms()
    return {
        "people": Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page")),
        "terms": _terms(told),
        "ill": len({person for person, _term in told}),
        "names": sees_names(role),
        "see_cases": may(role, Action.SEE_CASES),
        "recall": recall,
        "reached": reached,
        "past_recalls": recalls_seen_by(request.clinic).filter(lot=lot, vial=vial).exclude(closed_at=None),
    }


def _terms(told: Iterable[tuple[int, str]]) -> list[tuple[str, int]]:
    """How many people had which reaction, the most first."""
    counts: dict[str, int] = {}
    for _person, term in {(person, term_words(term) or gettext("not coded")) for person, term in told}:
        counts[term] = counts.get(term, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _lot_typed(lot: Lot) -> dict[str, str]:
    expires = lot.expires.isoformat() if lot.expires else ""
    return {
        "product": str(lot.product_id),
        "number": lot.number,
        "expires": expires,
        "supplier": lot.supplier,
    }


def _vial_typed(vial: Vial) -> dict[str, str]:
    return {
        "label": vial.label,
        "opened_at": _moment(vial.opened_at),
        "discarded_at": _moment(vial.discarded_at),
    }


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") if at else ""


def _beside(thing: Kept, theirs: Mapping[str, str], mine: Mapping[str, str]) -> dict[str, Any]:
    """Theirs beside mine, for the page of a conflict."""
    names = {str(one.pk): one.name for one in Product.objects.all()}
    rows = []
    for name, value in theirs.items():
        other = mine.get(name, "")
        if value != other:
            pair = [names.get(one, one) if name == "product" else one for one in (value, other)]
            rows.append((LABELS[name], *(one or gettext("empty") for one in pair)))
    return {"conflict": True, "theirs": rows, "last": stock.last_entry(thing)}


def _lot_form(
    request: Request,
    lot: Lot,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "lot": lot,
        "typed": typed,
        "faults": faults,
        "fault_list": fault_list(faults),
        "products": Product.objects.order_by("name"),
        **more,
    }
    return render(request, "stock/lot_form.html", context, status=status)


def _vial_form(
    request: Request,
    vial: Vial,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"vial": vial, "typed": typed, "faults": faults, "fault_list": fault_list(faults), **more}
    return render(request, "stock/vial_form.html", context, status=status)
