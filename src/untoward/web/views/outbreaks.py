"""The outbreak workbench: a case definition with its counts, the line list with pasted rows, the analysis, the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from untoward.errors import Fault, FaultyInput, InputError
from untoward.registry.models import Investigation
from untoward.registry.roles import Action, may
from untoward.registry.writing import Conflict
from untoward.tasks.investigating import CasesAnswer
from untoward.tasks.investigating_files import safe_csv
from untoward.tasks.record import outbreak_desk as desk
from untoward.tasks.record.outbreak_desk_counting import combined, count_cases, report_html
from untoward.tasks.record.outbreak_desk_form import (
    DefinitionFields,
    defined_by,
    definition_text,
    fields_from,
)
from untoward.tasks.record.outbreak_desk_pasted import read_rows, without_pasted_keys
from untoward.tasks.record.tracing_source import Held, held_record, to_the_week
from untoward.watch.workbench.definition import LEVELS
from untoward.web import outbreak_page as shown
from untoward.web.listing import Request, page
from untoward.web.settings import UNTOWARD
from untoward.web.watch_page import identified

_TOO_LARGE = gettext_lazy(
    "The record is too large to be counted at once, and nobody has looked at it yet: begin a look on the watch page."
)


@page("outbreaks/new", "outbreak-new", Action.INVESTIGATE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin an outbreak investigation that no cluster or signal began."""
    typed, faults = request.POST.dict(), []
    if request.method == "POST":
        try:
            made = desk.start(
                typed.get("title", ""), typed.get("rationale", ""), request.clinic, request.user
            )
        except InputError as error:
            faults = list(error.faults)
        else:
            return redirect("outbreak", made.uid)
    context = shown.frame(request, None, "new") | shown.told(faults) | {"typed": typed}
    return render(request, "outbreaks/new.html", context, status=422 if faults else 200)


@page("investigations/<uuid:uid>/outbreak", "outbreak", Action.INVESTIGATE)
@require_http_methods(["GET", "POST"])
def definition(request: Request, uid: str) -> HttpResponse:
    """The case definition with its counts; counting does not keep it, keeping does."""
    one = _mine(request, uid)
    if request.method == "GET":
        return _definition_page(request, one, desk.fields_of(one))
    form = _posted(request)
    if request.POST.get("do") != "save":
        return _definition_page(request, one, form)
    try:
        desk.save_definition(one, _version(request), form, request.user)
    except InputError as error:
        return _definition_page(request, one, form, faults=list(error.faults))
    except Conflict as error:
        return _definition_page(request, _mine(request, uid), form, faults=[_clash(error)], status=409)
    messages.success(request, _("The definition is kept. The trail has the one before."))
    return redirect("outbreak", uid)


@page("investigations/<uuid:uid>/outbreak/count", "outbreak-count", Action.INVESTIGATE)
@require_POST
def count(request: Request, uid: str) -> HttpResponse:
    """The counts alone, for the definition as it is typed."""
    one, form = _mine(request, uid), _posted(request)
    found = _counts(request, form)
    return render(request, "outbreaks/counts.html", {"one": one, **found})


@page("investigations/<uuid:uid>/outbreak/definition.json", "outbreak-definition", Action.INVESTIGATE)
@require_GET
def definition_file(request: Request, uid: str) -> HttpResponse:
    """The kept definition as a file for the command line."""
    one = _mine(request, uid)
    try:
        text = definition_text(desk.fields_of(one))
    except InputError:
        return redirect("outbreak", uid)
    headers = {
        "Content-Disposition": f'attachment; filename="{slugify(one.title)[:60] or "definition"}.json"'
    }
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


@page("investigations/<uuid:uid>/outbreak/lines", "outbreak-lines", Action.INVESTIGATE)
@require_http_methods(["GET", "POST"])
def lines(request: Request, uid: str) -> HttpResponse:
    """The line list: cases found in the record, rows pasted from a sheet, and who those are."""
    one = _mine(request, uid)
    if request.method == "GET":
        return _lines_page(request, one)
    acts = {"check": _check, "keep": _keep, "drop": _drop, "decide": _decide}
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    try:
        return act(request, one)
    except InputError as error:
        return _lines_page(request, one, faults=list(error.faults), typed=request.POST.dict(), status=422)
    except Conflict as error:
        fresh = _mine(request, uid)
        return _lines_page(request, fresh, faults=[_clash(error)], typed=request.POST.dict(), status=409)


@page("investigations/<uuid:uid>/outbreak/analysis", "outbreak-analysis", Action.INVESTIGATE)
@require_GET
def analysis(request: Request, uid: str) -> HttpResponse:
    """Attack rates, strata, curve and incubation of the kept definition."""
    one = _mine(request, uid)
    context = shown.frame(request, one, "outbreak-analysis")
    answer, _held, problem = _answer(request, desk.fields_of(one))
    context["problem"] = problem
    if answer is not None:
        context |= shown.analysed(request, answer, desk.pasted_of(one), one.title)
    return render(request, "outbreaks/analysis.html", context)


@page("investigations/<uuid:uid>/outbreak/report.html", "outbreak-report", Action.EXPORT)
@require_GET
def report(request: Request, uid: str) -> HttpResponse:
    """The report as one file; without identities unless one may export those."""
    one = _mine(request, uid)
    hidden = not may(request.membership.role, Action.EXPORT_ALL)
    answer, _held, problem = _answer(request, desk.fields_of(one), hidden=hidden)
    if answer is None:
        messages.error(request, problem)
        return redirect("outbreak-analysis", uid)
    html = report_html(answer, one.title, weeks=hidden and request.clinic.dates_to_the_week)
    headers = {"Content-Disposition": f'attachment; filename="{slugify(one.title)[:60] or "outbreak"}.html"'}
    return HttpResponse(html, content_type="text/html; charset=utf-8", headers=headers)


@page("investigations/<uuid:uid>/outbreak/line-list.csv", "outbreak-csv", Action.EXPORT)
@require_GET
def lines_csv(request: Request, uid: str) -> HttpResponse:
    """The whole line list, pasted rows with it, as `untoward outbreak` reads it."""
    one = _mine(request, uid)
    hidden = not may(request.membership.role, Action.EXPORT_ALL)
    answer, _held, problem = _answer(request, desk.fields_of(one), hidden=hidden)
    if answer is None:
        messages.error(request, problem)
        return redirect("outbreak-lines", uid)
    kept = desk.pasted_of(one)
    frame = combined(answer, without_pasted_keys(kept, UNTOWARD.secret_key()) if hidden else kept)
    if hidden:
        frame = shown.coarse(frame, weeks=request.clinic.dates_to_the_week)
    headers = {"Content-Disposition": 'attachment; filename="line-list.csv"'}
    return HttpResponse(safe_csv(frame), content_type="text/csv; charset=utf-8", headers=headers)


def _mine(request: Request, uid: str) -> Investigation:
    return get_object_or_404(Investigation.objects.select_related("clinic"), uid=uid, clinic=request.clinic)


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else -1


def _posted(request: Request) -> DefinitionFields:
    given = {**request.POST.dict(), "counts": ", ".join(request.POST.getlist("counts"))}
    return fields_from(given)


def _clash(error: Conflict) -> Fault:
    hint = _("Nothing you typed is lost: look at what they kept, then keep yours if it still holds.")
    return Fault(what=str(error), field="version", hint=hint)


def _answer(
    request: Request, form: DefinitionFields, *, hidden: bool | None = None
) -> tuple[CasesAnswer | None, Held | None, str]:
    """Everybody of the clinic by the definition; None and why when it cannot be counted."""
    hide = not identified(request) if hidden is None else hidden
    held = held_record(str(request.clinic.uid), [request.clinic])
    if held is None:
        return None, None, str(_TOO_LARGE)
    try:
        defined = defined_by(form)
    except InputError as error:
        return None, held, " ".join(str(fault) for fault in error.faults)
    return count_cases(held, defined, UNTOWARD.secret_key() if hide else ""), held, ""


def _counts(request: Request, form: DefinitionFields) -> dict[str, Any]:
    """What the counts show, or the faults of the definition."""
    try:
        defined_by(form)
    except FaultyInput as error:
        return {"faults": list(error.faults)}
    answer, held, problem = _answer(request, form)
    if answer is None or held is None:
        return {"problem": problem}
    return shown.counted(answer) | {"held_at": held.as_of}


def _definition_page(
    request: Request,
    one: Investigation,
    form: DefinitionFields,
    *,
    faults: list[Fault] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = _counts(request, form)
    faults = faults or found.pop("faults", [])
    context = shown.frame(request, one, "outbreak") | found | shown.told(faults)
    context |= {
        "form": form,
        "changed": form != desk.fields_of(one),
        "kept_before": bool(one.subject.get("definition")),
        "levels": [(level, level in (form.counts or "confirmed, probable, suspect")) for level in LEVELS],
    }
    return render(
        request, "outbreaks/definition.html", context, status=422 if faults and status == 200 else status
    )


def _lines_page(
    request: Request,
    one: Investigation,
    *,
    faults: list[Fault] | None = None,
    typed: Mapping[str, str] | None = None,
    checked: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = shown.frame(request, one, "outbreak-lines") | shown.told(faults or [])
    answer, _held, problem = _answer(request, desk.fields_of(one))
    context |= {"problem": problem, "typed": typed or {}, "checked": checked}
    if answer is not None:
        listed: pl.DataFrame = answer.listed
        if not identified(request) and request.clinic.dates_to_the_week:
            listed = to_the_week(listed)
        context |= shown.listed(request, answer, listed, desk.pasted_of(one))
    return render(request, "outbreaks/lines.html", context, status=status)


def _check(request: Request, one: Investigation) -> HttpResponse:
    pasted = read_rows(request.POST.get("pasted", ""), request.POST.get("dates", ""))
    checked = {
        "rows": pasted.table.height,
        "taken": pasted.taken,
        "doubtful": pasted.faults,
        "notes": [note.removeprefix("pasted.txt: ") for note in pasted.notes],
        "columns": pasted.table.columns,
        "first": pasted.table.head(5).rows(),
    }
    return _lines_page(request, one, typed=request.POST.dict(), checked=checked)


def _keep(request: Request, one: Investigation) -> HttpResponse:
    number = desk.keep_rows(
        one, _version(request), request.POST.get("pasted", ""), request.POST.get("dates", ""), request.user
    )
    messages.success(request, _("%(n)s rows are kept. Say of each who it is.") % {"n": number})
    return redirect("outbreak-lines", one.uid)


def _drop(request: Request, one: Investigation) -> HttpResponse:
    desk.drop_rows(one, _version(request), request.user)
    messages.success(request, _("The pasted rows are out; the trail still has them."))
    return redirect("outbreak-lines", one.uid)


def _decide(request: Request, one: Investigation) -> HttpResponse:
    said = {
        name.removeprefix("row-"): value for name, value in request.POST.items() if name.startswith("row-")
    }
    desk.decide_rows(one, _version(request), said, request.user)
    messages.success(request, _("Who the rows are is kept."))
    return redirect("outbreak-lines", one.uid)
