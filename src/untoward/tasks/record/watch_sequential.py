"""The record watched as it grows: evidence that holds at every look, however often one looks, and the ledger of looks.

What is fixed at the first look (start, baselines, delays) stands in the ledger and never changes. The ledger gets one look
a day at most. Beside it the ends of the last months are worked out as they would have been known then, for the curve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import log10
from pathlib import Path
from typing import Any

from untoward.errors import UserError
from untoward.exchange.looks import append_lines, read_ledger, repair_ledger
from untoward.model.tables import Registry
from untoward.tasks.knowledge import evidence
from untoward.tasks.watching import kept_looks, month_ends
from untoward.tasks.watching_source import Source, WatchOptions
from untoward.watch.sequential.documents import look_document, plan_document
from untoward.watch.sequential.looks import Look, StreamState
from untoward.watch.sequential.plan import RULE, WatchPlan

LEDGER = f"looks-{RULE.replace(' ', '-')}.jsonl"
"""Name of the ledger; other rules begin another."""

MONTHS_BACK = 12
MOST_SHOWN = 30


def sequential_of(registry: Registry, now: datetime, ledger: Path | None = None) -> dict[str, Any]:
    """What the page of the sequential watch shows, as plain values; `now` is local, without zone.

    With `ledger`, its plan holds and this look is added to it, once a day. It is begun when every outcome can be watched.
    """
    source = _source(registry, now)
    plan, looks, note = _kept(ledger)
    begun = plan is not None
    try:
        plan = plan or source.plan(WatchOptions())
    except UserError as error:
        return {"not_watched": str(error), "states": [], "outcomes": []}
    past = _past(source, plan, looks)
    last = looks[-1] if looks else past[-1] if past else None
    look = source.look(plan, last, max(now, datetime.fromisoformat(last.as_of)) if last else now)
    can_begin = not any(one.not_watched for one in plan.outcomes)
    if ledger is not None and not note and (begun or can_begin) and _is_new_day(looks, now):
        note = _added(ledger, plan, looks, look)
        looks = [*looks, look]
    return _shown(plan, look, [*past, *looks, look], len(looks), note)


def _source(registry: Registry, now: datetime) -> Source:
    base = evidence()
    return Source(
        registry=registry,
        inputs={},
        now=now,
        groups={term.id: term.group for term in base.terms.terms.values()},
        labels={key: compound.label for key, compound in base.compounds.items()},
        notes=(),
    )


def _kept(ledger: Path | None) -> tuple[WatchPlan | None, list[Look], str]:
    """The plan and looks of the ledger, and what is wrong with it."""
    if ledger is None:
        return None, [], ""
    try:
        chain = read_ledger(ledger)
        repair_ledger(chain)
        plan, looks = kept_looks(read_ledger(ledger))
    except UserError as error:
        return None, [], str(error)
    return plan, looks, ""


def _is_new_day(looks: Sequence[Look], now: datetime) -> bool:
    return not looks or datetime.fromisoformat(looks[-1].as_of).date() < now.date()


def _added(ledger: Path, plan: WatchPlan, looks: Sequence[Look], look: Look) -> str:
    documents = [look_document(look)] if looks else [plan_document(plan), look_document(look)]
    try:
        append_lines(read_ledger(ledger), documents)
    except UserError as error:
        return str(error)
    return ""


def _past(source: Source, plan: WatchPlan, looks: Sequence[Look]) -> list[Look]:
    """Looks at the ends of the last months before the ledger has any."""
    first = datetime.fromisoformat(looks[0].as_of) if looks else source.now
    found: list[Look] = []
    for end in month_ends(source.now, MONTHS_BACK):
        if plan.start < end < first:
            found.append(source.look(plan, found[-1] if found else None, end))
    return found


def _shown(plan: WatchPlan, look: Look, looks: Sequence[Look], kept: int, note: str) -> dict[str, Any]:
    needed = _needed(look, plan.alpha)
    shown = look.states[:MOST_SHOWN]
    return {
        "not_watched": "",
        "start": plan.start.isoformat(),
        "alpha": plan.alpha,
        "as_of": look.as_of,
        "looks": kept,
        "note": note,
        "outcomes": [_outcome(plan, look, name) for name in (one.outcome for one in plan.outcomes)],
        "states": [_state(number, one, looks, needed, plan) for number, one in enumerate(shown, start=1)],
        "left": len(look.states) - len(shown),
    }


def _outcome(plan: WatchPlan, look: Look, name: str) -> dict[str, Any]:
    fixed = next(one for one in plan.outcomes if one.outcome == name)
    watched = next(one for one in look.outcomes if one.outcome == name)
    return {
        "outcome": name,
        "rate": fixed.rate,
        "source": fixed.source,
        "streams": sum(watched.streams.values()),
        "cases": watched.cases,
        "not_watched": fixed.not_watched,
    }


def _needed(look: Look, alpha: float) -> Mapping[tuple[str, str], float]:
    """By outcome and axis, the log10 of the evidence that lights a stream when no other is lit."""
    groups = {
        (one.outcome, axis): number for one in look.outcomes for axis, number in one.streams.items() if number
    }
    return {key: log10(len(groups) * number / alpha) for key, number in groups.items()}


def _state(
    number: int,
    state: StreamState,
    looks: Sequence[Look],
    needed: Mapping[tuple[str, str], float],
    plan: WatchPlan,
) -> dict[str, Any]:
    history = list(_history(state.key, looks))
    crossed = next((point for point in history if point["lit"]), None)
    return {
        "number": number,
        "outcome": state.outcome,
        "axis": state.axis,
        "value": state.value,
        "cases": state.cases,
        "share": state.share,
        "expected": state.expected,
        "log10_e": state.log10_e,
        "highest": state.highest_log10_e,
        "needed": needed.get((state.outcome, state.axis)),
        "level": state.level,
        "p": state.p_any_time,
        "lit": state.lit,
        "lit_high": state.lit_high,
        "crossed": crossed,
        "history": [{"at": plan.start.isoformat(), "log10_e": 0.0, "cases": 0, "expected": 0.0}, *history],
        "reactions": list(state.reactions),
    }


def _history(key: tuple[str, str, str], looks: Iterable[Look]) -> Iterable[dict[str, Any]]:
    """The evidence of one stream at each look, one point for each moment; none where it had no case yet."""
    points = {}
    for look in looks:
        state = next((one for one in look.states if one.key == key), None)
        if state is not None:
            points[look.as_of] = {
                "at": look.as_of,
                "log10_e": state.log10_e,
                "cases": state.cases,
                "expected": state.expected,
                "lit": state.lit,
            }
    return points.values()
