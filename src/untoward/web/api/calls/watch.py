"""Calls about the watch. Nothing is worked out here: they give the last look, and can begin a new one."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import Http404, HttpResponse
from ninja import Query

from untoward.errors import Fault, InputError
from untoward.registry.roles import Action
from untoward.tasks.record import watch_lines
from untoward.tasks.record.watch_curve import curve_of
from untoward.tasks.record.watching_record import Look, begin, latest, running
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.looking import following, identified, look_of, plain, scope_of
from untoward.web.api.shapes import watch as shapes
from untoward.web.api.shapes.base import Page
from untoward.web.watch_page import in_weeks, without_identities

_HIDDEN = frozenset({"reactions"})


@operation("GET", "/watch", "watch", Action.SEE_WATCH, answers=shapes.LookOut)
def watch(request: Call, asked: Query[shapes.ScopeIn]) -> shapes.LookOut:
    """The last look at the record without the lines behind it; `look` is null before the first."""
    look = latest(scope_of(request, asked.scope).name)
    if look is None:
        return shapes.LookOut(look=None)
    shown = {**look.summary, "clusters": _without_keys(look.summary["clusters"])}
    if "sequential" in shown:
        kept = shown["sequential"]
        shown["sequential"] = {**kept, "states": _without_keys(kept["states"])}
    return shapes.LookOut(look=plain(shown))


@operation("POST", "/watch/refresh", "watch-refresh", Action.SEE_WATCH, answers=shapes.RunningOut, status=202)
def refresh(request: Call, asked: Query[shapes.ScopeIn]) -> shapes.RunningOut:
    """Begin a new look in the background, unless one is under way."""
    name = scope_of(request, asked.scope).name
    under_way = running(name)
    if under_way is None or under_way.failed:
        begin(name)
    return _running(name)


@operation("GET", "/watch/progress", "watch-progress", Action.SEE_WATCH, answers=shapes.RunningOut)
def progress(request: Call, asked: Query[shapes.ScopeIn]) -> shapes.RunningOut:
    """How far the look under way is."""
    return _running(scope_of(request, asked.scope).name)


@operation("GET", "/watch/rates", "watch-rates", Action.SEE_WATCH, answers=Page[shapes.RateRow])
def rates(request: Call, asked: Query[shapes.RatesIn]) -> Page[shapes.RateRow]:
    """Rates of one outcome by one kind of exposure."""
    look = look_of(request, asked.scope)
    wanted = (pl.col("outcome") == asked.outcome) & (pl.col("axis") == asked.axis)
    table = look.rates.filter(wanted)
    rows = table.slice(asked.offset, asked.limit).select(list(shapes.RateRow.model_fields)).to_dicts()
    return Page[shapes.RateRow](
        items=[shapes.RateRow(**plain(row)) for row in rows],
        total=table.height,
        next=following(asked.offset, asked.limit, table.height),
    )


@operation("GET", "/watch/curve", "watch-curve", Action.SEE_WATCH, answers=shapes.CurveOut)
def curve(request: Call, asked: Query[shapes.CurveIn]) -> shapes.CurveOut:
    """The epidemic curve of an outcome, stacked by stratum."""
    look = look_of(request, asked.scope)
    if asked.width == "day" and not identified(request.asker) and in_weeks(scope_of(request, asked.scope)):
        expected = "week or wider: who sees no patients sees weeks"
        raise InputError(
            "Nothing was drawn.",
            [Fault(what="is too narrow", field="width", got="day", expected=expected)],
        )
    cases = look.lines.cases.filter(pl.col("outcome") == asked.outcome)
    return shapes.curve_out(curve_of(cases, by=asked.by, width=asked.width, stratum=asked.stratum))


@operation("GET", "/watch/clusters", "watch-clusters", Action.SEE_WATCH, answers=shapes.ClustersOut)
def clusters(request: Call, asked: Query[shapes.ScopeIn]) -> shapes.ClustersOut:
    """Every cluster of the last look with what may explain it and what would tell."""
    look = look_of(request, asked.scope)
    found, told = plain(_without_keys(look.summary["clusters"])), plain(look.summary.get("explanations", []))
    return shapes.ClustersOut(clusters=found, explanations=told)


@operation("GET", "/watch/lines", "watch-lines", Action.SEE_LINE_LIST, answers=shapes.LinesOut)
def lines(request: Call, asked: Query[shapes.LinesIn]) -> shapes.LinesOut:
    """The lines behind a number, without identities unless you see patients."""
    named = identified(request.asker)
    frame = _lines(request, asked, named=named)
    rows = frame.slice(asked.offset, asked.limit).to_dicts()
    after = following(asked.offset, asked.limit, frame.height)
    return shapes.LinesOut(identified=named, total=frame.height, next=after, rows=plain(rows))


@operation("GET", "/watch/lines.csv", "watch-lines-csv", Action.EXPORT, media="text/csv")
def lines_csv(request: Call, asked: Query[shapes.LinesIn]) -> HttpResponse:
    """All the same lines as CSV, without identities unless you may export those too."""
    frame = _lines(request, asked, named=request.asker.may(Action.EXPORT_ALL))
    headers = {"Content-Disposition": f'attachment; filename="{asked.kind}.csv"'}
    text = watch_lines.csv_of(frame)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _without_keys(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in one.items() if name not in _HIDDEN} for one in found]


def _lines(request: Call, asked: shapes.LinesIn, *, named: bool) -> pl.DataFrame:
    look = look_of(request, asked.scope)
    found = watch_lines.wanted_lines(look.lines, _wanted(asked, look))
    frame = found if named else without_identities(found, scope_of(request, asked.scope))
    columns = watch_lines.CASE_COLUMNS if asked.kind == "cases" else watch_lines.SESSION_COLUMNS
    return frame.select(columns)


def _wanted(asked: shapes.LinesIn, look: Look) -> watch_lines.Wanted:
    plain_fields = asked.model_dump(exclude={"scope", "cluster", "stream", "limit", "offset"})
    number = asked.cluster or asked.stream
    if number is None:
        return watch_lines.Wanted(**plain_fields)
    streams = (look.summary.get("sequential") or {}).get("states", [])
    among = look.summary["clusters"] if asked.cluster else streams
    one = next((one for one in among if one["number"] == number), None)
    if one is None or asked.kind != "cases":
        raise Http404
    return watch_lines.Wanted(
        **{**plain_fields, "outcome": one["outcome"]}, reactions=tuple(one["reactions"])
    )


def _running(name: str) -> shapes.RunningOut:
    found = running(name)
    return shapes.RunningOut(running=shapes.LookProgress.model_validate(found) if found else None)
