"""A trace: from a lot, vial, hand, room or set of cases back to what the ill share and forward to everybody who met it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

import untoward
from untoward.registry.models import Clinic, Lot, Reaction, Vial
from untoward.registry.roles import Action, may
from untoward.report.investigation import TraceContent
from untoward.report.investigation.trace_view import start_words, trace_answer, trace_view
from untoward.tasks.record import tracing
from untoward.tasks.record.tracing import Asked, Traced, trace_record
from untoward.tasks.record.tracing_source import Held, held_record
from untoward.tasks.record.watching_record import ALL, at_work
from untoward.watch.outcomes import INFECTION
from untoward.web import own_drawing
from untoward.web.listing import Request, page
from untoward.web.settings import UNTOWARD
from untoward.web.watch_page import Scope, address, context_of, identified

AXIS_WORDS: Mapping[str, Any] = {
    "lot": _("Lot"),
    "vial": _("Vial"),
    "product": _("Product"),
    "diluent": _("Diluent (its lot)"),
    "device": _("Device"),
    "supplier": _("Supplier"),
    "compound": _("Compound"),
    "practitioner": _("Practitioner"),
    "clinic": _("Clinic"),
    "room": _("Room"),
}
_PEOPLE_A_PAGE, _MOST_KNOWN, _MOST_VALUES = 60, 400, 20


@page("watch/trace", "watch-trace", Action.SEE_LINE_LIST)
@require_GET
def trace_page(request: Request) -> HttpResponse:
    """The trace that the address asks for, or the form to ask for one."""
    context = context_of(request)
    scope = context["scope"]
    clinics = clinics_of(request, scope)
    held = held_record(scope.name, clinics)
    asked = _asked(request, context, clinics)
    context |= {
        "held_at": None if held is None else held.as_of,
        "asked": asked,
        "axes": [(axis, AXIS_WORDS[axis]) for axis in tracing.AXES],
        "known": [] if held is None else tracing.known_values(held.registry, asked.axis)[:_MOST_KNOWN],
        "query": _query(request),
        "identified": identified(request),
        "weeks": asked.weeks,
        "cluster": request.GET.get("cluster", ""),
        "case": request.GET.get("case", ""),
    }
    if held is not None and (asked.values or asked.cases):
        context |= _traced(request, scope, trace_record(held, clinics, asked), held)
    return render(request, "trace/trace.html", context)


@page("trace/lot/<uuid:uid>", "trace", Action.SEE_LINE_LIST)
@require_GET
def of_lot(request: Request, uid: str) -> HttpResponse:
    """The trace of a lot."""
    lot = get_object_or_404(Lot, uid=uid)
    return redirect(address("watch-trace", axis="lot", value=lot.number))


@page("trace/vial/<uuid:uid>", "trace-vial", Action.SEE_LINE_LIST)
@require_GET
def of_vial(request: Request, uid: str) -> HttpResponse:
    """The trace of a vial of this clinic."""
    vial = get_object_or_404(Vial, uid=uid, clinic=request.clinic)
    return redirect(address("watch-trace", axis="vial", value=vial.label))


def clinics_of(request: Request, scope: Scope) -> list[Clinic]:
    """The clinics of a scope."""
    return at_work() if scope.name == ALL else [request.clinic]


def hidden_from(request: Request, clinics: list[Clinic]) -> tuple[str, bool]:
    """The secret of pseudonyms and whether days are shown as weeks; nothing is hidden from who may see patients."""
    if identified(request):
        return "", False
    return UNTOWARD.secret_key(), any(clinic.dates_to_the_week for clinic in clinics)


def _asked(request: Request, context: Mapping[str, Any], clinics: list[Clinic]) -> Asked:
    given = request.GET
    secret, weeks = hidden_from(request, clinics)
    values = tuple(value.strip()[:300] for value in given.getlist("value") if value.strip())[:_MOST_VALUES]
    axis = given.get("axis", "")
    return Asked(
        axis=axis if axis in tracing.AXES else "lot",
        values=values,
        cases=_cases(request, context, clinics),
        outcome=given.get("outcome", INFECTION.name),
        secret=secret,
        weeks=weeks,
    )


def _cases(request: Request, context: Mapping[str, Any], clinics: list[Clinic]) -> tuple[str, ...]:
    """The reactions that the address names: one case, or those of a cluster of the last look."""
    given, look = request.GET, context["look"]
    if given.get("case") and may(request.membership.role, Action.SEE_CASES):
        mine = Reaction.objects.filter(session__clinic__in=clinics)
        try:
            return (str(get_object_or_404(mine, uid=given["case"]).uid),)
        except ValidationError as error:
            raise Http404 from error
    number = given.get("cluster", "")
    found = (
        next((one for one in look.summary["clusters"] if str(one["number"]) == number), None)
        if look
        else None
    )
    return tuple(found["reactions"]) if found else ()


def _traced(request: Request, scope: Scope, traced: Traced, held: Held) -> dict[str, Any]:
    shown = {
        "traced": traced,
        "outcomes": traced.outcomes,
        "ledger_left": sum(r.left_out for r in held.ledger),
    }
    if traced.found is None:
        near = [(value, _again(request, scope, value)) for value in traced.near]
        return shown | {"near": near}
    content = TraceContent(
        found=traced.found, ill_by=traced.ill_by, case=None, as_of=None, version=untoward.__version__
    )
    view = trace_view(content)
    paged = Paginator(range(traced.exposed.height), _PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    part = traced.exposed.slice(paged.start_index() - 1 if traced.exposed.height else 0, _PEOPLE_A_PAGE)
    return shown | {
        "title": start_words(traced.found),
        "answer": trace_answer(traced.found),
        "view": view,
        "chart": None if view.chart is None else own_drawing.shown(view.chart),
        "shared": [(AXIS_WORDS[one.axis], one, _to(scope, one.axis, one.value)) for one in traced.shared],
        "lots": [(name, _to(scope, "lot", name)) for name in _names(traced, "lot")],
        "vials": [(name, _to(scope, "vial", name)) for name in _names(traced, "vial")],
        "paged": paged,
        "people": list(part.iter_rows(named=True)),
        "to_recall": _stock_page(request, traced),
    }


def _names(traced: Traced, axis: str) -> list[str]:
    if traced.found is None or traced.found.start[0] == axis:
        return []
    rows: pl.DataFrame = traced.found.rows
    return rows.get_column(axis).drop_nulls().unique().sort().to_list()[:_MOST_VALUES]


def _to(scope: Scope, axis: str, value: str) -> str:
    return address("watch-trace", scope=scope, axis=axis, value=value)


def _again(request: Request, scope: Scope, value: str) -> str:
    return address("watch-trace", scope=scope, axis=request.GET.get("axis", "lot"), value=value)


def _stock_page(request: Request, traced: Traced) -> str:
    """The page where the traced lot or vial can be recalled, for who may."""
    if traced.found is None or not may(request.membership.role, Action.SEE_STOCK):
        return ""
    axis, values = traced.found.start
    if len(values) != 1 or axis not in ("lot", "vial"):
        return ""
    if axis == "lot":
        thing = Lot.objects.filter(number__iexact=values[0]).first()
    else:
        thing = Vial.objects.filter(label__iexact=values[0], clinic=request.clinic).first()
    return "" if thing is None else reverse(axis, args=[thing.uid])


def _query(request: Request) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return str(given.urlencode())
