"""The watch: what stands out, rates, the epidemic curve, clusters, and the line list behind every number.

Nothing is worked out here: pages show the last look, with its time, and the button begins a new one.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from untoward.registry.models import Investigation
from untoward.registry.roles import Action, may
from untoward.tasks.record import watch_lines
from untoward.tasks.record.watch_curve import STRATA, WIDTHS, CurveBin, curve_of
from untoward.tasks.record.watching_record import begin
from untoward.web import own_drawing
from untoward.web.curve_drawing import drawn
from untoward.web.listing import PAGES, Request, page
from untoward.web.watch_page import (
    COLUMN_TITLES,
    address,
    context_of,
    findings_of,
    identified,
    in_weeks,
    new_investigation,
    rate_rows,
    shown_lines,
    wanted_of,
    without_identities,
)

_MOST_RATES = 40
_LINES_A_PAGE = 100
_FIRST_AXES = ("compound", "lot", "mix", "site", "practitioner", "clinic")


@page("watch", "watch", Action.SEE_WATCH)
@require_GET
def overview(request: Request) -> HttpResponse:
    """Tiles, what stands out, and what must be looked at whatever the numbers say."""
    context = context_of(request)
    look = context["look"]
    if look is not None:
        mine = Investigation.objects.filter(clinic=request.clinic)
        context["tiles"] = [{**tile, "at": _tile_at(tile, context)} for tile in look.summary["tiles"]]
        context["findings"] = findings_of(look, context["scope"], mine)
        context["open_work"] = mine.filter(closed_at=None).count()
    return render(request, "watch/overview.html", context)


@page("watch/refresh", "watch-refresh", Action.SEE_WATCH)
@require_POST
def refresh(request: Request) -> HttpResponse:
    """Begin a new look in the background, unless one is under way."""
    context = context_of(request)
    under_way = context["running"]
    if under_way is None or under_way.failed:
        begin(context["scope"].name)
        messages.success(request, _("A new look has begun. This page shows it when it is done."))
    return redirect(address("watch", scope=context["scope"]))


@page("watch/progress", "watch-progress", Action.SEE_WATCH)
@require_GET
def progress(request: Request) -> HttpResponse:
    """How far the look is; when it is done, the page is fetched anew."""
    context = context_of(request)
    response = render(request, "watch/progress.html", context)
    if context["running"] is None:
        response.headers["HX-Refresh"] = "true"
    return response


@page("watch/rates", "watch-rates", Action.SEE_WATCH)
@require_GET
def rates(request: Request) -> HttpResponse:
    """Rates of one outcome by one kind of exposure, with the funnel."""
    context = context_of(request)
    if context["look"] is not None:
        context.update(_rates(request, context))
    return render(request, "watch/rates.html", context)


@page("watch/curve", "watch-curve", Action.SEE_WATCH)
@require_GET
def curve(request: Request) -> HttpResponse:
    """The epidemic curve of an outcome, one square a case, stacked by stratum."""
    context = context_of(request)
    if context["look"] is not None:
        context.update(_curve(request, context))
    return render(request, "watch/curve.html", context)


@page("watch/clusters", "watch-clusters", Action.SEE_WATCH)
@require_GET
def clusters(request: Request) -> HttpResponse:
    """Every cluster with what may explain it and what would tell."""
    context = context_of(request)
    look = context["look"]
    if look is not None:
        scope = context["scope"]
        context["clusters"] = [
            {
                **one,
                "lines_at": address("watch-lines", scope=scope, cluster=one["number"]),
                "trace_at": address(
                    "watch-trace", scope=scope, cluster=one["number"], outcome=one["outcome"]
                ),
                "open_at": new_investigation(one["outcome"], one["where"]),
                "chart": _safe_chart(one["chart"]),
            }
            for one in look.summary["clusters"]
        ]
        context["explanations"] = look.summary["explanations"]
    return render(request, "watch/clusters.html", context)


@page("watch/lines", "watch-lines", Action.SEE_LINE_LIST)
@require_GET
def lines(request: Request) -> HttpResponse:
    """A line list: filters in the address, columns to choose, without identities unless one may see them."""
    context = context_of(request)
    look = context["look"]
    if look is not None:
        wanted = wanted_of(request, look)
        columns = _columns(request, wanted.kind)
        frame = shown_lines(request, look, wanted, context["scope"])
        paged = Paginator(range(frame.height), _LINES_A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "wanted": wanted,
            "cluster": request.GET.get("cluster", "") if wanted.reactions is not None else "",
            "stream": request.GET.get("stream", "") if wanted.reactions is not None else "",
            "total": frame.height,
            "paged": paged,
            "headings": [(name, COLUMN_TITLES[name]) for name in columns],
            "rows": _rows(request, frame, columns, paged.start_index() - 1 if frame.height else 0),
            "choices": [(name, COLUMN_TITLES[name], name in columns) for name in _all_columns(wanted.kind)],
            "identified": identified(request),
            "outcomes": look.summary["outcomes"],
            "axes": list(dict.fromkeys(look.lines.names["axis"].to_list())),
            "query": _query(request),
            "download": may(request.membership.role, Action.EXPORT),
        }
    return render(request, "watch/lines.html", context)


@page("watch/lines.csv", "watch-lines-csv", Action.EXPORT)
@require_GET
def lines_csv(request: Request) -> HttpResponse:
    """The same lines as CSV: without identities, unless one may export those too."""
    context = context_of(request)
    look = context["look"]
    if look is None:
        return redirect(address("watch-lines", scope=context["scope"]))
    wanted = wanted_of(request, look)
    frame = watch_lines.wanted_lines(look.lines, wanted)
    if not may(request.membership.role, Action.EXPORT_ALL):
        frame = without_identities(frame, context["scope"])
    text = watch_lines.csv_of(frame.select(_columns(request, wanted.kind)))
    headers = {"Content-Disposition": f'attachment; filename="{wanted.kind}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _tile_at(tile: dict[str, Any], context: dict[str, Any]) -> str:
    cases = tile["kind"] == "cases"
    span = ("since", "before") if cases else ("start", "end")
    query = {span[0]: tile["start"], span[1]: tile["end"], "outcome": tile["outcome"]}
    return address("watch-lines", scope=context["scope"], kind="" if cases else "sessions", **query)


def _chosen_outcome(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    outcomes: list[dict[str, Any]] = context["look"].summary["outcomes"]
    return next((one for one in outcomes if one["name"] == request.GET.get("outcome")), outcomes[0])


def _rates(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    look, scope = context["look"], context["scope"]
    outcome = _chosen_outcome(request, context)
    axes = sorted((one["axis"] for one in outcome["axes"]), key=_axis_order)
    axis = request.GET.get("axis", "") if request.GET.get("axis") in axes else next(iter(axes), "")
    table = look.rates.filter((pl.col("outcome") == outcome["name"]) & (pl.col("axis") == axis))
    telling = table.filter((pl.col("reason") == "") | (pl.col("ill") > 0)).head(_MOST_RATES)
    return {
        "outcome": outcome,
        "outcomes": look.summary["outcomes"],
        "axes": axes,
        "axis": axis,
        "rows": rate_rows(telling, scope),
        "left": table.height - telling.height,
        "chart": _safe_chart(look.charts.get(f"{outcome['name']}/{axis}")),
    }


def _axis_order(axis: str) -> tuple[int, str]:
    return (_FIRST_AXES.index(axis) if axis in _FIRST_AXES else len(_FIRST_AXES), axis)


def _curve(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    look = context["look"]
    outcome = _chosen_outcome(request, context)
    coarse = not identified(request) and in_weeks(context["scope"])
    widths = [name for name in WIDTHS if name != "day" or not coarse]
    width = request.GET.get("width") if request.GET.get("width") in widths else "week"
    by = "known" if request.GET.get("by") == "known" else "onset"
    stratum = request.GET.get("stratum") if request.GET.get("stratum") in STRATA else ""
    cases = look.lines.cases.filter(pl.col("outcome") == outcome["name"])
    found = curve_of(cases, by=by, width=str(width), stratum=str(stratum))
    return {
        "outcome": outcome,
        "outcomes": look.summary["outcomes"],
        "widths": widths,
        "width": width,
        "by": by,
        "stratum": stratum,
        "strata": [(name, COLUMN_TITLES[name]) for name in STRATA],
        "curve": found,
        "drawing": drawn(found),
        "bins": [
            {"bin": one, "at": _bin_at(context, outcome["name"], by, one)} for one in found.bins if one.n
        ],
    }


def _bin_at(context: dict[str, Any], outcome: str, by: str, one: CurveBin) -> str:
    """The lines of one bin of a curve."""
    span = {"since": one.start.isoformat(), "before": one.end.isoformat()}
    return address(
        "watch-lines", scope=context["scope"], outcome=outcome, by="" if by == "onset" else by, **span
    )


def _safe_chart(chart: dict[str, str] | None) -> dict[str, Any] | None:
    """A drawing as the last look kept it."""
    if chart is None:
        return None
    return {**chart, **own_drawing.marked(chart["wide"], chart["narrow"])}


def _all_columns(kind: str) -> tuple[str, ...]:
    return watch_lines.CASE_COLUMNS if kind == "cases" else watch_lines.SESSION_COLUMNS


def _columns(request: Request, kind: str) -> list[str]:
    chosen = set(request.GET.getlist("column")) or set(watch_lines.SHOWN_FIRST[kind])
    return [name for name in _all_columns(kind) if name in chosen] or list(watch_lines.SHOWN_FIRST[kind])


def _rows(request: Request, frame: pl.DataFrame, columns: list[str], start: int) -> list[dict[str, Any]]:
    """The rows of a page; where identities may be seen, each with the page of its case or session."""
    open_to = identified(request)
    case = open_to and "case" in PAGES and may(request.membership.role, Action.SEE_CASES)
    part = frame.slice(start, _LINES_A_PAGE)
    ids = part["reaction"].to_list() if case and "reaction" in frame.columns else [None] * part.height
    cells = part.select(columns).rows()
    return [
        {"cells": list(zip(columns, row, strict=True)), "case": key}
        for row, key in zip(cells, ids, strict=True)
    ]


def _query(request: Request) -> str:
    """The address's filters without the page, for links to other pages and the download."""
    given = request.GET.copy()
    given.pop("page", None)
    return str(given.urlencode())
