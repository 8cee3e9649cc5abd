"""Plans and looks as plain documents, and back: the form in which the ledger keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from untoward.watch.delays import Delay
from untoward.watch.sequential.looks import Look, StreamState, WatchedOutcome
from untoward.watch.sequential.plan import OutcomePlan, WatchPlan

PLAN, LOOK = "plan", "look"


def plan_document(plan: WatchPlan) -> dict[str, Any]:
    """The first line of a ledger."""
    return {
        "kind": PLAN,
        "rule": plan.rule,
        "start": plan.start.isoformat(),
        "alpha": plan.alpha,
        "axes": list(plan.axes),
        "notes": list(plan.notes),
        "outcomes": [_outcome_document(outcome) for outcome in plan.outcomes],
    }


def plan_from(document: Mapping[str, Any]) -> WatchPlan:
    """The plan in a document; KeyError, TypeError or ValueError when it is none."""
    return WatchPlan(
        start=datetime.fromisoformat(document["start"]),
        alpha=float(document["alpha"]),
        axes=tuple(document["axes"]),
        outcomes=tuple(_outcome_from(outcome) for outcome in document["outcomes"]),
        rule=str(document["rule"]),
        notes=tuple(document["notes"]),
    )


def look_document(look: Look) -> dict[str, Any]:
    """One later line of a ledger."""
    return {
        "kind": LOOK,
        "number": look.number,
        "made": look.made,
        "as_of": look.as_of,
        "inputs": dict(look.inputs),
        "outcomes": [_watched_document(outcome) for outcome in look.outcomes],
        "states": [state_document(state) for state in look.states],
    }


def look_from(document: Mapping[str, Any]) -> Look:
    """The look in a document; KeyError, TypeError or ValueError when it is none."""
    return Look(
        number=int(document["number"]),
        made=str(document["made"]),
        as_of=datetime.fromisoformat(document["as_of"]).isoformat(),
        inputs=dict(document["inputs"]),
        outcomes=tuple(WatchedOutcome(**outcome) for outcome in document["outcomes"]),
        states=tuple(_state_from(state) for state in document["states"]),
    )


def state_document(state: StreamState) -> dict[str, Any]:
    """One stream of a look."""
    names = (
        "outcome", "axis", "value", "cases", "share", "expected", "log10_e", "highest_log10_e", "level", "lit", "lit_high",
    )  # fmt: skip
    return {**{name: getattr(state, name) for name in names}, "reactions": list(state.reactions)}


def _state_from(document: Mapping[str, Any]) -> StreamState:
    return StreamState(**{**document, "reactions": tuple(document["reactions"])})


def _watched_document(outcome: WatchedOutcome) -> dict[str, Any]:
    return {
        "outcome": outcome.outcome,
        "streams": dict(outcome.streams),
        "expected": {axis: float(f"{expected:.9g}") for axis, expected in outcome.expected.items()},
        "cases": outcome.cases,
        "unplaced": outcome.unplaced,
        "not_watched": outcome.not_watched,
    }


def _outcome_document(outcome: OutcomePlan) -> dict[str, Any]:
    delay = outcome.delay
    return {
        "outcome": outcome.outcome,
        "rate": outcome.rate,
        "upper": outcome.upper,
        "by_technique": dict(outcome.by_technique),
        "cases": outcome.cases,
        "at_risk": outcome.at_risk,
        "source": outcome.source,
        "not_watched": outcome.not_watched,
        "delay": {
            "onset_days": delay.onset_days.tolist(),
            "known_days": delay.known_days.tolist(),
            "reach": delay.reach,
            "source": delay.source,
            "own": delay.own,
            "n": delay.n,
            "evidence": list(delay.evidence),
        },
    }


def _outcome_from(document: Mapping[str, Any]) -> OutcomePlan:
    delay = document["delay"]
    return OutcomePlan(
        outcome=str(document["outcome"]),
        rate=float(document["rate"]),
        upper=float(document["upper"]),
        by_technique={str(key): float(rate) for key, rate in document["by_technique"].items()},
        cases=int(document["cases"]),
        at_risk=float(document["at_risk"]),
        source=str(document["source"]),
        not_watched=str(document["not_watched"]),
        delay=Delay(
            outcome=str(document["outcome"]),
            onset_days=np.array(delay["onset_days"], dtype=np.float64),
            known_days=np.array(delay["known_days"], dtype=np.float64),
            reach=float(delay["reach"]),
            source=str(delay["source"]),
            own=bool(delay["own"]),
            n=int(delay["n"]),
            evidence=tuple(delay["evidence"]),
        ),
    )
