"""The sequential watch and the signals: what crossed a line, since when, and whether it is known already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from untoward.registry.models import Investigation
from untoward.registry.roles import Action
from untoward.report.numbers import p_value
from untoward.report.rates_words import exposure_words, short_ratio
from untoward.tasks.record import investigations as work
from untoward.tasks.record.tracing import AXES as TRACED_AXES
from untoward.tasks.record.watch_known import FOLDER, known_of, outside_files, outside_of
from untoward.tasks.site import settings_now
from untoward.web.evidence_drawing import evidence_drawn
from untoward.web.listing import Request, page
from untoward.web.watch_page import Scope, address, context_of, new_investigation

_MOST_OUTSIDE = 3


@page("watch/sequential", "watch-sequential", Action.SEE_WATCH)
@require_GET
def sequential(request: Request) -> HttpResponse:
    """Every stream with a case: the evidence now, the line it must cross, and when it did."""
    context = context_of(request)
    look = context["look"]
    if look is not None:
        kept = look.summary.get("sequential") or {"states": [], "outcomes": []}
        mine = list(Investigation.objects.filter(clinic=request.clinic))
        rows = [_stream(one, context["scope"], mine) for one in kept["states"]]
        context |= {
            "kept": kept,
            "since": _day(kept.get("start")),
            "lit": [row for row in rows if row["lit"]],
            "others": [row for row in rows if not row["lit"]],
        }
    return render(request, "watch/sequential.html", context)


@page("watch/signals", "watch-signals", Action.SEE_WATCH)
@require_GET
def signals(request: Request) -> HttpResponse:
    """The record's own signals, what is known of each, and what outside reports say."""
    context = context_of(request)
    look = context["look"]
    home = settings_now().home
    if look is not None:
        mine = list(Investigation.objects.filter(clinic=request.clinic))
        context["rows"] = [_signal(one, context["scope"], mine) for one in look.summary["signals"]]
    context |= {
        "files": [file.name for file in outside_files(home)],
        "folder": FOLDER,
    }
    return render(request, "watch/signals.html", context)


def _stream(one: Mapping[str, Any], scope: Scope, mine: list[Investigation]) -> dict[str, Any]:
    where = [{"axis": one["axis"], "value": one["value"]}]
    crossed = one["crossed"]
    return {
        **one,
        "title": exposure_words(one["axis"], one["value"]),
        "expected": f"{one['expected']:.2g}",
        "times": _times(one["log10_e"]),
        "needed_times": "" if one["needed"] is None else _times(one["needed"]),
        "level": p_value(one["level"]),
        "p": p_value(one["p"]),
        "crossed_at": _day(crossed["at"]) if crossed else None,
        "crossed": crossed,
        "crossed_expected": f"{crossed['expected']:.2g}" if crossed else "",
        "drawing": evidence_drawn(one["history"], one["needed"]),
        "points": [{**point, "day": _day(point["at"])} for point in one["history"][1:]],
        "lines_at": address("watch-lines", scope=scope, stream=one["number"]),
        "trace_at": _trace(scope, one),
        "work": work.covering(mine, one["outcome"], where),
        "open_at": new_investigation(one["outcome"], where),
    }


def _signal(one: Mapping[str, Any], scope: Scope, mine: list[Investigation]) -> dict[str, Any]:
    where = [{"axis": one["axis"], "value": one["value"]}]
    known = known_of(one["axis"], one["value"], one["outcome"])
    said = {"outcome": one["outcome"], "axis": one["axis"], "value": one["value"]}
    return {
        **one,
        "title": exposure_words(one["axis"], one["value"]),
        "expected": f"{one['expected']:.2g}",
        "ratio": short_ratio(one["oe"], one["oe_low"], one["oe_high"]),
        "chance": p_value(one["excess_p"]),
        "known": known,
        "outside": outside_of(known, one["outcome"], settings_now().home)[:_MOST_OUTSIDE],
        "lines_at": address("watch-lines", scope=scope, **said),
        "sessions_at": address("watch-lines", scope=scope, kind="sessions", **said),
        "trace_at": _trace(scope, one),
        "work": work.covering(mine, one["outcome"], where),
        "open_at": new_investigation(one["outcome"], where),
    }


def _trace(scope: Scope, one: Mapping[str, Any]) -> str:
    if one["axis"] not in TRACED_AXES:
        return ""
    return address("watch-trace", scope=scope, axis=one["axis"], value=one["value"], outcome=one["outcome"])


def _times(log10_e: float) -> str:
    """How many times likelier than without an excess, in plain numbers."""
    value = 10.0**log10_e
    if value < 10:
        return f"{value:.2g}"
    return f"{value:,.0f}" if value < 1e9 else "over 1,000,000,000"


def _day(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
