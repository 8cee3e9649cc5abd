"""One question asked beforehand, with a horizon: does this lot bring more of this outcome than it should?

MaxSPRT (`kernels.sequential`) looks at every case as it becomes known and keeps the chance of ever signalling without an
excess at alpha, until a planned number of cases would have been expected. It is a little quicker than the always-on
evidence, and it answers only what was asked before: one value, one outcome, one horizon. A value picked because it
stood out has been asked too late.

Here a case counts for the session it was recorded for, the last before the reaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.errors import UsageError
from untoward.kernels.sequential import Performance, poisson_critical, poisson_llr, poisson_performance
from untoward.model.tables import Registry
from untoward.watch.delays import day_of, days_since_1970
from untoward.watch.memberships import Memberships
from untoward.watch.outcomes import OutcomeCases
from untoward.watch.sequential.elapsed import risk_passed_between
from untoward.watch.sequential.plan import OutcomePlan
from untoward.watch.sequential.streams import new_cases, rates_of, watched_sessions

FloatArray = NDArray[np.float64]

RISKS_SHOWN = (2.0, 3.0, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked: one value of one axis, the horizon in expected cases, the fewest cases that may signal (M)."""

    axis: str
    value: str
    horizon: float
    least_cases: int = 1
    alpha: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAnswer:
    """Where a planned question stands.

    `critical` is None when no such test exists, with the `reason`. `llr` is the log-likelihood ratio now, `signalled_on`
    the ISO date of the case that first reached the critical value within the horizon. `remaining` is how many more
    cases may be expected before the horizon. `performance` tells power, and mean expected cases at the signal and at
    the end, by relative risk.
    """

    question: Question
    outcome: str
    as_of: str
    cases: int
    expected: float
    llr: float
    critical: float | None
    remaining: float
    signalled_on: str | None
    reading: str
    reason: str = ""
    performance: tuple[tuple[float, Performance], ...] = ()


def answer_question(
    question: Question,
    registry: Registry,
    memberships: Memberships,
    cases: OutcomeCases,
    outcome: OutcomePlan,
    start: datetime,
    now: datetime,
) -> PlannedAnswer:
    """Where a question stands in a registry as known at `now`. UsageError when no session has the value."""
    sessions = watched_sessions(registry)
    exposed = memberships.units_with(_position(memberships, question))
    dates = sessions["date"].to_numpy()[exposed]
    rate = rates_of(outcome, sessions)[exposed]

    def expected_by(day: float) -> float:
        return float(rate @ risk_passed_between(outcome.delay, dates, day_of(start), day))

    mine = sessions.filter(pl.Series(exposed)).select("session_id")
    counted = new_cases(registry, cases, start).join(mine, on="session_id", how="semi")
    days = np.sort(days_since_1970(counted["known"]))
    due = expected_by(day_of(now))
    try:
        bound = poisson_critical(question.horizon, question.alpha, least_count=question.least_cases)
    except ValueError as error:
        raise UsageError(f"--planned: {error}.") from error
    signal = _first_signal(days, expected_by, question, bound.value)
    return PlannedAnswer(
        question=question,
        outcome=outcome.outcome,
        as_of=now.isoformat(timespec="minutes"),
        cases=days.size,
        expected=due,
        llr=poisson_llr(days.size, due) if due > 0 else 0.0,
        critical=bound.value,
        remaining=max(question.horizon - due, 0.0),
        signalled_on=signal,
        reading=_reading(question, outcome.outcome, bound.value, signal, days.size, due),
        reason=bound.reason,
        performance=_performance(question, bound.value),
    )


def _position(memberships: Memberships, question: Question) -> int:
    at = memberships.exposures.with_row_index("at").filter(
        (pl.col("axis").cast(pl.String) == question.axis) & (pl.col("value") == question.value)
    )
    if at.is_empty():
        raise UsageError(f"--planned: no session has {question.axis} {question.value!r}. Check the spelling.")
    return int(at["at"][0])


def _first_signal(
    days: FloatArray, expected_by: Callable[[float], float], question: Question, critical: float | None
) -> str | None:
    if critical is None:
        return None
    for count, day in enumerate(days.tolist(), start=1):
        due = expected_by(day)
        if due > question.horizon:
            return None
        # no risk behind it and yet a case: nothing to divide by, the next look will tell
        if due > 0 and count >= question.least_cases and poisson_llr(count, due) >= critical:
            return (datetime(1970, 1, 1) + timedelta(days=day)).date().isoformat()
    return None


def _performance(question: Question, critical: float | None) -> tuple[tuple[float, Performance], ...]:
    if critical is None:
        return ()
    return tuple(
        (risk, poisson_performance(critical, question.horizon, risk, least_count=question.least_cases))
        for risk in RISKS_SHOWN
    )


def _reading(
    question: Question, outcome: str, critical: float | None, signal: str | None, cases: int, due: float
) -> str:
    what = f"{question.axis} {question.value}: {cases:,} with {outcome}, {due:.2g} expected since the start"
    if critical is None:
        return f"{what}. This question cannot be tested."
    if signal is not None:
        more = f"more than chance explains at {question.alpha:g}"
        return f"{what}. Signal since {signal}: {more}. An association, not proof of a cause."
    if due >= question.horizon:
        return f"{what}. The watch is over without a signal."
    return f"{what}. No signal so far; the watch goes on."
