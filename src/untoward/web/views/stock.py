"""What the clinic has in stock, and taking lots in by code or by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from untoward.errors import InputError
from untoward.registry.models import Product
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.record import stock as task
from untoward.tasks.record.recalls import recalls_seen_by
from untoward.tasks.record.stock_numbers import find_stock, open_rows, unopened_rows
from untoward.web.listing import Request, page
from untoward.web.posted import Posted, sentences
from untoward.web.views.lots import fault_list, read_lot

MOST_OPEN = 60
LONGEST_SOUGHT = 40


@page("stock", "stock", Action.SEE_STOCK)
@require_safe
def stock(request: Request) -> HttpResponse:
    """Vials in use, lots with unopened vials, and any lot or vial by its number."""
    now, wanted = timezone.now(), request.GET.get("q", "").strip()[:LONGEST_SOUGHT]
    lots, vials = find_stock(request.clinic, wanted) if wanted else ((), ())
    context = {
        "rows": open_rows(request.clinic, now, most=MOST_OPEN),
        "most": MOST_OPEN,
        "lots": unopened_rows(request.clinic, timezone.localdate(now)),
        "wanted": wanted,
        "found_lots": lots,
        "found_vials": vials,
        "recalls": recalls_seen_by(request.clinic).filter(closed_at=None).count(),
    }
    return render(request, "stock/stock.html", context)


@page("stock/take-in", "stock-take-in", Action.KEEP_STOCK)
def take_in(request: Request) -> HttpResponse:
    """Take in a lot: read the code of the pack first, or type it."""
    if request.method != "POST":
        return _form(request, {"vials": "1"}, {})
    posted = Posted(request.POST)
    try:
        if "read" in request.POST:
            return _form(request, {**posted.typed, **_read(posted.text("code"))}, {}, read=True)
        draft, vials = read_lot(posted), posted.whole("vials") or 0
        if posted.faults:
            raise InputError(gettext("The form cannot be read."), posted.faults)
        lot = task.take_in(draft, clinic=request.clinic, by=request.user, vials=vials)
    except InputError as refused:
        return _form(request, posted.typed, sentences(refused))
    except Conflict as conflict:
        return _form(request, posted.typed, {"number": str(conflict)})
    messages.success(request, gettext("Taken in: %(n)d vials of %(lot)s.") % {"n": vials, "lot": lot})
    return redirect("lot", lot.uid)


def _read(code: str) -> dict[str, str]:
    """The fields that a code fills."""
    draft = task.read_code(code)
    read = {
        "product": str(draft.product.pk) if draft.product else "",
        "number": draft.number,
        "expires": draft.expires.isoformat() if draft.expires else "",
    }
    return {name: value for name, value in read.items() if value}


def _form(
    request: Request, typed: Mapping[str, Any], faults: Mapping[str, str], *, read: bool = False
) -> HttpResponse:
    context = {
        "typed": typed,
        "faults": faults,
        "fault_list": fault_list(faults),
        "products": Product.objects.order_by("name"),
        "read": read,
    }
    return render(request, "stock/take_in.html", context, status=422 if faults else 200)
