"""Measure the sequential watch: critical values, and one look at a large registry. Prints a table; judges nothing."""

from __future__ import annotations

import argparse
import os
import platform
import resource
import time
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from untoward.kernels.sequential import poisson_critical
from untoward.model.tables import Registry
from untoward.watch.exposures import AXES, registry_memberships
from untoward.watch.known_by import known_by
from untoward.watch.outcomes import registry_outcomes
from untoward.watch.sequential.evidence import weigh
from untoward.watch.sequential.looks import states_of
from untoward.watch.sequential.plan import WatchPlan, outcome_plan
from untoward.watch.sequential.streams import streams_of

FIRST, DAYS = datetime(2023, 1, 1), 1096
CASES_PER_SESSION = 0.001


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, nargs="*", default=[100_000, 1_000_000])
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("exact critical value, Poisson, alpha 0.05")
    for horizon in (10, 200, 2_000, 10_000):
        started = time.perf_counter()
        poisson_critical(horizon)
        print(f"  horizon {horizon:>6}: {time.perf_counter() - started:8.2f} s")
    print("\none look, infection, all axes, the registry in memory")
    for sessions in options.sessions:
        _look(sessions)


def _look(sessions: int) -> None:
    registry = _registry(sessions)
    groups = {"abscess-infected": "infection"}
    start, now = FIRST + timedelta(days=DAYS - 365), FIRST + timedelta(days=DAYS)
    started = time.perf_counter()
    before = known_by(registry, start)
    plan = WatchPlan(
        start=start,
        alpha=0.05,
        axes=AXES,
        outcomes=(outcome_plan(before, registry_outcomes(before, groups)[0], start),),
    )
    planned = time.perf_counter()
    today = known_by(registry, now)
    cases = registry_outcomes(today, groups)[0]
    memberships = registry_memberships(today)
    exposed = time.perf_counter()
    found = streams_of(today, memberships, cases, plan, plan.outcomes[0], now)
    states = states_of(weigh([found], [plan.outcomes[0].upper]), plan.alpha, None)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  {sessions:>9,} sessions: plan {planned - started:5.2f} s, exposures {exposed - planned:5.2f} s, evidence "
        f"{done - exposed:5.2f} s; {sum(found.watched.values()):,} streams, {found.cases:,} cases, {len(states):,} with a "
        f"case, {sum(state.lit for state in states)} lit; peak {peak:,.0f} MB"
    )


def _registry(sessions: int) -> Registry:
    """Two sessions a person, two components a session, cases spread evenly with delays of some weeks."""
    random = np.random.default_rng(1)
    ids = pl.Series("session_id", np.arange(sessions)).cast(pl.String)
    ill = np.flatnonzero(random.random(sessions) < CASES_PER_SESSION)
    return Registry(
        sessions=pl.DataFrame(
            {
                "session_id": ids,
                "patient_id": pl.Series(np.arange(sessions) // 2).cast(pl.String),
                "date_from": pl.Series(np.sort(random.integers(0, DAYS * 1440, sessions))).cast(
                    pl.Duration("us")
                )
                * 60_000_000
                + FIRST,
                "clinic": _named("C", random.integers(0, sessions // 5_000 + 1, sessions)),
                "practitioner": _named("P", random.integers(0, sessions // 1_000 + 1, sessions)),
                "technique": _named("T", random.integers(0, 4, sessions)),
                "city": _named("Y", random.integers(0, 40, sessions)),
                "region": _named("R", random.integers(0, 8, sessions)),
                "sites": _named("S", random.integers(0, 12, sessions)),
            }
        ),
        components=pl.DataFrame(
            {
                "session_id": pl.concat([ids, ids]),
                "compound": _named("K", random.integers(0, 30, 2 * sessions)),
                "lot": _named("L", random.integers(0, sessions // 100 + 1, 2 * sessions)),
                "vial": _named("V", random.integers(0, sessions // 4 + 1, 2 * sessions)),
            }
        ),
        reactions=pl.DataFrame(
            {
                "reaction_id": pl.Series(np.arange(ill.size)).cast(pl.String),
                "session_id": ids.gather(ill),
                "term_id": ["abscess-infected"] * ill.size,
                "onset_day": np.exp(random.normal(np.log(33), 0.5, ill.size)),
            }
        ),
        observations=pl.DataFrame(schema={"reaction_id": pl.String, "day": pl.Float64}),
    )


def _named(letter: str, numbers: np.ndarray) -> pl.Series:
    return pl.select(pl.lit(letter) + pl.Series(numbers).cast(pl.String)).to_series()


if __name__ == "__main__":
    main()
