"""Investigations: from a cluster or signal through the five steps, each with its decision and rationale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from untoward.errors import Fault, InputError
from untoward.model.clusters import Place
from untoward.registry.models import Entry, Investigation, User
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.report.cluster_section import place_names
from untoward.report.numbers import sentence_case
from untoward.tasks.record import investigations as work
from untoward.tasks.record.tracing import AXES as TRACED_AXES
from untoward.web.listing import Request, page
from untoward.web.watch_page import address, context_of, day_of


@page("investigations", "investigations", Action.INVESTIGATE)
@require_GET
def listed(request: Request) -> HttpResponse:
    """All investigations of the clinic, open ones first, by due date."""
    mine = list(
        Investigation.objects.filter(clinic=request.clinic).select_related("owner").order_by("due_on", "pk")
    )
    rows = [
        {"one": one, "where": _where_words(one.subject["where"]), "reached": work.step_reached(one)}
        for one in mine
    ]
    context = context_of(request) | {
        "open": [row for row in rows if row["one"].closed_at is None],
        "closed": [row for row in rows if row["one"].closed_at is not None],
        "today": date.today(),
    }
    return render(request, "investigations/list.html", context)


@page("investigations/new", "investigation-new", Action.INVESTIGATE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Open an investigation of the outcome and places in the address."""
    given = request.POST if request.method == "POST" else request.GET
    where = _where(given)
    outcome = given.get("outcome", "")
    typed: dict[str, Any] = {
        "title": sentence_case(_("%(outcome)s after %(n)s") % {"outcome": outcome, "n": _where_words(where)})
        if where
        else "",
        "decision": work.DECISIONS["detect"][0],
    }
    faults: list[Fault] = []
    if request.method == "POST":
        typed = request.POST.dict()
        try:
            made = work.open_investigation(_draft(request, outcome, where), request.clinic, request.user)
        except InputError as error:
            faults = list(error.faults)
        else:
            messages.success(request, _("The investigation is open. Next: is it real?"))
            return redirect("investigation", made.uid)
    context = context_of(request) | {
        "outcome": outcome,
        "where": where,
        "where_words": _where_words(where),
        "typed": typed,
        "choices": work.DECISIONS["detect"],
        "owners": work.owners(request.clinic),
        **_told(faults),
    }
    return render(request, "investigations/new.html", context, status=422 if faults else 200)


@page("investigations/<uuid:uid>", "investigation", Action.INVESTIGATE)
@require_GET
def show(request: Request, uid: str) -> HttpResponse:
    """One investigation: its steps, who has it, its lines and its trail."""
    return _shown(request, _mine(request, uid))


@page("investigations/<uuid:uid>/step", "investigation-step", Action.INVESTIGATE)
@require_POST
def step(request: Request, uid: str) -> HttpResponse:
    """Add a decision to a step."""
    one, given = _mine(request, uid), request.POST
    draft = work.StepDraft(
        step=given.get("step", ""),
        decision=given.get("decision", ""),
        rationale=given.get("rationale", ""),
        seen=_number(given.get("seen")),
    )
    try:
        work.decide(one, draft, request.user)
    except InputError as error:
        return _shown(request, one, faults=list(error.faults), typed=given.dict(), status=422)
    return redirect("investigation", one.uid)


@page("investigations/<uuid:uid>/plan", "investigation-plan", Action.INVESTIGATE)
@require_POST
def plan(request: Request, uid: str) -> HttpResponse:
    """Change owner and due date, or close and open again."""
    one, given = _mine(request, uid), request.POST
    version = _number(given.get("version"))
    try:
        if given.get("do") == "close":
            work.close(one, version, request.user)
        elif given.get("do") == "open":
            work.open_again(one, version, request.user)
        else:
            work.plan(one, version, _owner(given), day_of(given.get("due_on")), request.user)
    except InputError as error:
        return _shown(request, _mine(request, uid), faults=list(error.faults), typed=given.dict(), status=422)
    except Conflict as error:
        clash = Fault(what=str(error), field="version")
        return _shown(request, _mine(request, uid), faults=[clash], typed=given.dict(), status=409)
    return redirect("investigation", one.uid)


def _mine(request: Request, uid: str) -> Investigation:
    return get_object_or_404(
        Investigation.objects.select_related("owner", "clinic"), uid=uid, clinic=request.clinic
    )


def _shown(
    request: Request,
    one: Investigation,
    *,
    faults: list[Fault] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    steps = work.steps_of(one)
    uids = [one.uid, *(step.uid for step in one.steps.all())]
    where = one.subject["where"]
    context = context_of(request) | {
        "one": one,
        "where_words": _where_words(where),
        "steps": steps,
        "seen": sum(len(state.decisions) for state in steps),
        "can_close": bool(steps[-1].decisions),
        "owners": work.owners(request.clinic),
        "trail": Entry.objects.filter(uid__in=uids).select_related("by").order_by("number"),
        "lines_at": address("watch-lines", outcome=one.subject["outcome"], **where[0]) if where else "",
        "traces": _traces(one),
        "typed": typed or {},
        **_told(faults or []),
    }
    return render(request, "investigations/show.html", context, status=status)


def _traces(one: Investigation) -> list[tuple[str, str]]:
    """A trace from each place of the subject that one can be followed from."""
    return [
        (f"{place['axis']} {place['value']}", address("watch-trace", outcome=one.subject["outcome"], **place))
        for place in one.subject["where"]
        if place["axis"] in TRACED_AXES
    ]


def _told(faults: list[Fault]) -> dict[str, Any]:
    return {"faults": faults, "fault_of": {fault.field: fault for fault in faults}}


def _draft(request: Request, outcome: str, where: tuple[Mapping[str, str], ...]) -> work.InvestigationDraft:
    given = request.POST
    return work.InvestigationDraft(
        title=given.get("title", ""),
        outcome=outcome,
        where=where,
        decision=given.get("decision", ""),
        rationale=given.get("rationale", ""),
        owner=_owner(given),
        due_on=day_of(given.get("due_on")),
    )


def _owner(given: Mapping[str, Any]) -> User | None:
    """The person of the list; an unknown one is refused where owners are checked."""
    wanted = given.get("owner", "")
    return User.objects.filter(pk=wanted).first() if wanted.isdigit() else None


def _where(given: Any) -> tuple[Mapping[str, str], ...]:
    """The places that the address or form names, as many axes as values."""
    axes, values = given.getlist("axis"), given.getlist("value")
    pairs = zip(axes, values, strict=False)
    return tuple({"axis": axis[:40], "value": value[:300]} for axis, value in pairs if axis and value)


def _where_words(where: Any) -> str:
    return place_names([Place(axis=place["axis"], value=place["value"]) for place in where])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else -1
