"""Calls about the sequential watch and the signals: what crossed a line, since when, and whether it is known already."""

from __future__ import annotations

from ninja import Query

from untoward.registry.roles import Action
from untoward.tasks.record.watch_known import known_of, outside_files, outside_of
from untoward.tasks.site import settings_now
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.looking import look_of, plain, work_of
from untoward.web.api.shapes import watch_alarms as shapes
from untoward.web.api.shapes.watch import ScopeIn


@operation("GET", "/watch/sequential", "watch-sequential", Action.SEE_WATCH, answers=shapes.SequentialOut)
def sequential(request: Call, asked: Query[ScopeIn]) -> shapes.SequentialOut:
    """Every stream with a case: the evidence at each look, the line it must cross, and when it did."""
    kept = plain(look_of(request, asked.scope).summary.get("sequential") or {})
    mine = work_of(request)
    return shapes.sequential_out(kept, [shapes.stream_out(one, mine) for one in kept.get("states", [])])


@operation("GET", "/watch/signals", "watch-signals", Action.SEE_WATCH, answers=shapes.SignalsOut)
def signals(request: Call, asked: Query[ScopeIn]) -> shapes.SignalsOut:
    """The record's own signals, what the evidence knows of each, and what outside reports say."""
    home, mine = settings_now().home, work_of(request)
    found = []
    for one in plain(look_of(request, asked.scope).summary["signals"]):
        known = known_of(one["axis"], one["value"], one["outcome"])
        found.append(shapes.signal_out(one, known, outside_of(known, one["outcome"], home), mine))
    return shapes.SignalsOut(signals=found, files=[file.name for file in outside_files(home)])
