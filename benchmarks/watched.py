"""How long it takes to watch a large registry: rates, the scan over all axes with its explanation, one sequential look.

    python benchmarks/watched.py                       one million sessions, infection
    python benchmarks/watched.py --sessions 100000

The registry is that of benchmarks/rates.py, made up in memory; reading files is not timed. Loops are compiled by a
small registry first.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import timedelta

from rates import DAYS, START, made_up

from untoward.model.tables import Registry
from untoward.tasks.clusters import cluster_names
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.watch.clusters.nodes import nodes_of
from untoward.watch.clusters.search import find_clusters
from untoward.watch.delays import delay_of
from untoward.watch.exposures import AXES, registry_memberships
from untoward.watch.known_by import known_by
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import registry_outcomes
from untoward.watch.rates.axes import rate_axes
from untoward.watch.rates.rate import outcome_rates
from untoward.watch.sequential.evidence import weigh
from untoward.watch.sequential.looks import states_of
from untoward.watch.sequential.plan import WatchPlan, outcome_plan
from untoward.watch.sequential.streams import streams_of


def watched(made: Registry, say: bool) -> None:
    """Do all three, printing the seconds of each."""
    base, now = evidence(), START + timedelta(days=DAYS)
    groups = {term.id: term.group for term in base.terms.terms.values()}
    published = published_delays(base)
    clock, started = [time.perf_counter()], time.process_time()

    def said(what: str) -> None:
        clock.append(time.perf_counter())
        if say:
            print(f"  {what:<34}{clock[-1] - clock[-2]:7.2f} s")

    registry = known_by(made, now)
    infection = registry_outcomes(registry, groups)[0]
    memberships = registry_memberships(registry)
    nodes = nodes_of(registry, None, memberships)
    said("who had which exposure")
    delay = delay_of(
        "infection", registry, case_persons(registry, infection), now, published.get("infection")
    )
    outcome_rates(registry, infection, rate_axes(registry, nodes=nodes), delay, now)
    said("rates of every exposure")
    find_clusters(registry, [infection], now=now, names=cluster_names(base), published=published, nodes=nodes)
    said("scan, 999 replicates, explanation")
    before = known_by(made, now - timedelta(days=365))
    plan = outcome_plan(before, registry_outcomes(before, groups)[0], now - timedelta(days=365))
    look = WatchPlan(start=now - timedelta(days=365), alpha=0.05, axes=AXES, outcomes=(plan,))
    found = streams_of(registry, memberships, infection, look, plan, now)
    states_of(weigh([found], [plan.upper]), look.alpha, None)
    said("one sequential look")
    if say:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        processor = time.process_time() - started
        print(
            f"  {'in all':<34}{clock[-1] - clock[0]:7.2f} s ({processor:.1f} s of processor); peak {peak:,.0f} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=1_000_000)
    chosen = parser.parse_args()
    watched(made_up(20_000), say=False)
    made = made_up(chosen.sessions)
    print(
        f"{chosen.sessions:,} sessions, {made.reactions.height:,} cases, {made.components['vial'].n_unique():,} vials"
    )
    watched(made, say=True)


if __name__ == "__main__":
    main()
