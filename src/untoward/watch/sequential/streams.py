"""Counts, shares and expectations of every stream of one outcome as of a look.

What counts is what became known after the start of the watch. A stream expects, for each of its sessions, the baseline
times the share of its risk that passed since the start (all of it that has passed, for sessions since), so a vial opened
shortly before the start is still watched. Cases known before the start belong to the baseline alone.

A session whose outcome nobody can tell yet counts as one without a case: the expectation is then a little too high, and
the evidence a little too weak. So it is for persons who are cases already. Neither can raise an alarm.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.model.tables import Registry
from untoward.watch.columns import instant_or_null, text_or_null
from untoward.watch.delays import day_of, days_since_1970
from untoward.watch.memberships import Memberships
from untoward.watch.onsets import case_persons, session_persons
from untoward.watch.outcomes import OutcomeCases
from untoward.watch.sequential.attribution import Attribution, attribute
from untoward.watch.sequential.elapsed import risk_passed_between
from untoward.watch.sequential.plan import OutcomePlan, WatchPlan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

WHOLE = "registry"
"""The axis of the one stream that holds every session: whether everything is above its baseline."""


class Stream(NamedTuple):
    """One stream with at least one case: `shares` of its cases, what was expected, and the reactions behind it."""

    axis: str
    value: str
    shares: FloatArray
    expected: float
    reactions: tuple[str, ...]


class Streams(NamedTuple):
    """Every stream of one outcome. `watched` and `expected` are the number of streams, and their expectation in
    all, by axis, those without a case included; `cases` since the start; `unplaced` cases have no date, or no dated session.
    """

    outcome: str
    lit_up: tuple[Stream, ...]
    watched: dict[str, int]
    expected: dict[str, float]
    cases: int
    unplaced: int


def streams_of(
    registry: Registry,
    memberships: Memberships,
    cases: OutcomeCases,
    plan: WatchPlan,
    outcome: OutcomePlan,
    now: datetime,
) -> Streams:
    """The streams of one outcome in a registry as known at `now`. `memberships` are those of the same registry."""
    sessions = watched_sessions(registry)
    rate = rates_of(outcome, sessions)
    passed = risk_passed_between(outcome.delay, sessions["date"].to_numpy(), day_of(plan.start), day_of(now))
    due = rate * passed
    persons = case_persons(registry, cases)
    new = persons.filter(pl.col("known") > plan.start)
    given = attribute(new, sessions, rate, outcome.delay)
    reactions = new["reaction_id"].cast(pl.String).to_list()
    expected: FloatArray = np.bincount(
        memberships.row_exposure, due[memberships.row_unit], minlength=memberships.exposures.height
    ).astype(np.float64)
    shared = _shares_by_exposure(memberships, given)
    lit_up = [*_streams(memberships, shared, expected, reactions, plan.axes)]
    whole = _whole(given, float(due.sum()), reactions)
    axis = memberships.axis_of_exposure
    watched = {
        name: int(np.count_nonzero((axis == memberships.axes.index(name)) & (expected > 0)))
        for name in plan.axes
        if name in memberships.axes
    }
    on_axis = {name: float(expected[axis == memberships.axes.index(name)].sum()) for name in watched}
    return Streams(
        outcome=outcome.outcome,
        lit_up=(*([whole] if whole else []), *lit_up),
        watched={WHOLE: 1, **{name: count for name, count in watched.items() if count}},
        expected={WHOLE: float(due.sum()), **on_axis},
        cases=new.height,
        unplaced=given.unplaced + persons["known"].null_count(),
    )


def watched_sessions(registry: Registry) -> pl.DataFrame:
    """`session_id`, `patient_id` (never null), `date` (days since 1970, nan unknown) and `technique` of each session."""
    sessions = registry.sessions
    begun = sessions.select(instant_or_null(sessions, "date_from").alias("date")).to_series()
    return pl.DataFrame(
        {
            "session_id": sessions.get_column("session_id").cast(pl.String),
            "patient_id": session_persons(sessions),
            "date": days_since_1970(begun),
            "technique": sessions.select(text_or_null(sessions, "technique").alias("technique")).to_series(),
        }
    )


def rates_of(outcome: OutcomePlan, sessions: pl.DataFrame) -> FloatArray:
    """The baseline of each session."""
    rates = sessions["technique"].replace_strict(
        dict(outcome.by_technique), default=outcome.rate, return_dtype=pl.Float64
    )
    return rates.fill_null(outcome.rate).to_numpy().astype(np.float64)


def new_cases(registry: Registry, cases: OutcomeCases, start: datetime) -> pl.DataFrame:
    """The persons whose case became known after the start; a case without any date is nobody's news and stays out."""
    return case_persons(registry, cases).filter(pl.col("known") > start)


class _Shared(NamedTuple):
    exposure: IntArray
    case: IntArray
    share: FloatArray


def _shares_by_exposure(memberships: Memberships, given: Attribution) -> _Shared:
    """Shares added up over the sessions that had an exposure, for each exposure and case, in order."""
    wanted = np.zeros(memberships.units.len(), dtype=np.bool_)
    wanted[given.session] = True
    rows = np.flatnonzero(wanted[memberships.row_unit])
    had = pl.DataFrame(
        {
            "session": memberships.row_unit[rows].astype(np.int64),
            "exposure": memberships.row_exposure[rows].astype(np.int64),
        }
    )
    carried = pl.DataFrame({"session": given.session, "case": given.case, "share": given.share})
    added = (
        had.join(carried, on="session", how="inner")
        .group_by("exposure", "case")
        .agg(pl.col("share").sum())
        .sort("exposure", "case")
    )
    share = np.minimum(added["share"].to_numpy(), 1.0)
    # shares that add up to all but rounding are whole
    share[share > 1 - 1e-9] = 1.0
    return _Shared(added["exposure"].to_numpy(), added["case"].to_numpy(), share)


def _streams(
    memberships: Memberships,
    shared: _Shared,
    expected: FloatArray,
    reactions: list[str],
    axes: tuple[str, ...],
) -> list[Stream]:
    exposures, starts = np.unique(shared.exposure, return_index=True)
    ends = np.append(starts, shared.exposure.size)[1:]
    named = memberships.exposures.select(pl.col("axis").cast(pl.String), "value")[exposures.tolist()]
    return [
        Stream(
            axis=axis,
            value=value,
            shares=shared.share[first:last],
            expected=float(expected[exposure]),
            reactions=tuple(reactions[case] for case in shared.case[first:last]),
        )
        for exposure, first, last, (axis, value) in zip(
            exposures, starts, ends, named.iter_rows(), strict=True
        )
        if axis in axes and expected[exposure] > 0
    ]


def _whole(given: Attribution, expected: float, reactions: list[str]) -> Stream | None:
    placed = np.unique(given.case)
    if placed.size == 0 or expected <= 0:
        return None
    return Stream(WHOLE, "all", np.ones(placed.size), expected, tuple(reactions[case] for case in placed))
