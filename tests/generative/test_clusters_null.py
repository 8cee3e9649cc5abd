"""Registries in which nothing is wrong: the family-wise p of the best finding is uniform or larger, whatever is scanned.

Simulated clinics: people with several sessions, a vial, lot, practitioner, clinic, injector and diluent that cross
each other, infections that surface weeks late, so that the last sessions have had only part of their risk, and strata that
rest on two years counted back. Nothing in the search knows how the registry was made.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest
from scipy import stats

from untoward.exchange.tables import Names, read_registry
from untoward.simulate import scaled_plan
from untoward.simulate.outbreaks import simulate_outbreak
from untoward.tasks.clusters import cluster_names
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.tasks.simulating import evidence_recipes, simulation_parameters
from untoward.watch.clusters.search import ClusterOptions, search_clusters
from untoward.watch.clusters.strata import strata_of
from untoward.watch.outcomes import registry_outcomes

LEVELS = (0.01, 0.05, 0.1, 0.2, 0.5)
MANY, FEW = 90, 15
REPLICATES = 199

SESSIONS = 2000
CASES_PER_SESSION = 0.006
SURE = 1e-4
"""Chance of a false failure of each comparison."""


@pytest.fixture(scope="module")
def base():
    return evidence()


@pytest.fixture
def p_of_best(base, tmp_path):
    """The p of the best finding of the registry of a seed, its cases, and how many of them had several sessions."""
    parameters = replace(
        simulation_parameters(base),
        background_infection_per_session=CASES_PER_SESSION,
        # as late as the published incubation that the search takes for granted
        background_infection_onset_days_median=30.5,
        background_infection_onset_days_low=10.0,
        background_infection_onset_days_high=90.0,
    )
    names = Names(compounds=base.compound_names, terms=base.terms)
    groups = {term.id: term.group for term in base.terms.terms.values()}
    searched = {"names": cluster_names(base), "published": published_delays(base)}
    plan = scaled_plan(SESSIONS, recipes=evidence_recipes(base))

    def run(seed, **options):
        for name, table in simulate_outbreak(plan, parameters, None, seed).tables.items():
            table.write_parquet(tmp_path / f"{name}.parquet")
        registry = read_registry(tmp_path, names).registry
        now = datetime.combine(plan.end, datetime.min.time())
        chosen = ClusterOptions(replicates=REPLICATES, seed=seed, **options)
        (outcome,) = (one for one in registry_outcomes(registry, groups) if one.outcome.name == "infection")
        found = search_clusters(registry, [outcome], now=now, options=chosen, **searched).answer
        return found.clusters[0].p if found.clusters else 1.0, _several(registry, outcome)

    return run


def _several(registry, outcome):
    """Persons with an infection, and those of them with more than one session."""
    sessions = registry.sessions
    ill = sessions.filter(pl.col("session_id").is_in(outcome.session_ids.implode()))["patient_id"].unique()
    per_person = sessions.filter(pl.col("patient_id").is_in(ill.implode())).group_by("patient_id").len()
    return Counter(cases=ill.len(), several=int((per_person["len"] > 1).sum()))


def _not_too_often(found, levels=LEVELS):
    for level in levels:
        reached = sum(p <= level for p in found)
        assert stats.binom.sf(reached - 1, len(found), level) > SURE, (level, reached, len(found))


def test_nothing_stands_out_too_often_in_a_few_quiet_registries(p_of_best):
    runs = [p_of_best(seed) for seed in range(FEW)]
    _not_too_often([p for p, _cases in runs])
    held = sum((cases for _p, cases in runs), Counter())
    assert held["cases"] > 5 * FEW  # there was something to find clusters in
    assert held["several"] > held["cases"] / 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "least_sessions", "levels"),
    [
        ({}, None, LEVELS),
        # Far smaller strata than the search makes: measured a little above the larger levels, so only alarms are judged.
        ({}, 200, (0.01, 0.05)),
        ({"longest_window": 60.0}, None, LEVELS),
    ],
    ids=["as built", "small strata", "short windows"],
)
def test_nothing_stands_out_too_often_in_many_quiet_registries(
    p_of_best, options, least_sessions, levels, monkeypatch
):
    if least_sessions is not None:
        monkeypatch.setitem(strata_of.__kwdefaults__, "least", least_sessions)
    _not_too_often([p_of_best(1000 + seed, **options)[0] for seed in range(MANY)], levels)
