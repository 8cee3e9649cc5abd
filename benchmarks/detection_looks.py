"""Weekly looks at a simulated registry: what was known then, what the joint scan names first, whether it is right."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from untoward.exchange.tables import Names, read_registry
from untoward.model.clusters import Cluster, Explanation, Hypothesis, Place
from untoward.model.tables import Registry
from untoward.simulate import Plan, SimulationParameters, scaled_plan
from untoward.simulate.outbreaks import Outbreak, SimulatedOutbreak, simulate_outbreak
from untoward.tasks.clusters import cluster_names
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.tasks.simulating import evidence_recipes, simulation_parameters
from untoward.watch.clusters.explain import explain
from untoward.watch.clusters.find import ScannedOutcome
from untoward.watch.clusters.order import likeliest_first
from untoward.watch.clusters.search import ClusterNames, ClusterOptions, search_clusters
from untoward.watch.clusters.strata import strata_of
from untoward.watch.delays import PublishedDelay
from untoward.watch.known_by import known_by
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import OutcomeCases, registry_outcomes

ALARM = 0.01
OUTBREAK_CASES_ENOUGH = 10
"""A run ends when so many cases of the outbreak are known: later would be too late to matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What one run simulates, and how it is searched. `big` of the clinics together hold half of all sessions.

    `background` is the share of sessions followed by a bacterial infection (None: what the evidence base says).
    `least_sessions` is the fewest sessions of a stratum (None: as built).
    """

    name: str
    sessions: int = 6000
    months: int = 18
    outbreak: Outbreak | None = None
    big: int = 0
    background: float | None = None
    options: ClusterOptions = ClusterOptions()  # noqa: RUF009 - frozen
    least_sessions: int | None = None
    rivals: bool = True


class Known(NamedTuple):
    """What the evidence base gives to the simulator and to the search."""

    parameters: SimulationParameters
    groups: Mapping[str, str]
    names: ClusterNames
    delays: Mapping[str, PublishedDelay]
    columns: Names


@cache
def knowledge() -> Known:
    """Read once per process."""
    base = evidence()
    return Known(
        simulation_parameters(base),
        {term.id: term.group for term in base.terms.terms.values()},
        cluster_names(base),
        published_delays(base),
        Names(compounds=base.compound_names, terms=base.terms),
    )


def plan_of(setting: Setting) -> Plan:
    """The demo's clinics, one for 2,000 sessions in 18 months, or with some big ones."""
    plan = scaled_plan(setting.sessions, months=setting.months, recipes=evidence_recipes(evidence()))
    many = len(plan.clinics)
    if not setting.big:
        return plan
    share = (many - setting.big) / setting.big
    clinics = [replace(one, share=share if at < setting.big else 1.0) for at, one in enumerate(plan.clinics)]
    return replace(plan, clinics=tuple(clinics))


def made(setting: Setting, seed: int) -> SimulatedOutbreak:
    """The registry of one run, and the truth."""
    parameters = knowledge().parameters
    if setting.background is not None:
        parameters = replace(parameters, background_infection_per_session=setting.background)
    return simulate_outbreak(plan_of(setting), parameters, setting.outbreak, seed)


def as_read(tables: Mapping[str, pl.DataFrame]) -> Registry:
    """The tables as the program reads them, by way of files that never leave memory where the system allows."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        for name, table in tables.items():
            table.write_parquet(Path(folder) / f"{name}.parquet")
        return read_registry(Path(folder), knowledge().columns).registry


def infections(registry: Registry) -> OutcomeCases:
    """The infections of a registry."""
    return registry_outcomes(registry, knowledge().groups)[0]


class Look(NamedTuple):
    """One look: the day of the plan, the registry as known then, and persons with an infection, of the outbreak and in all."""

    day: int
    now: datetime
    registry: Registry
    outcome: OutcomeCases
    outbreak_persons: int
    persons: int


def weekly_looks(setting: Setting, registry: Registry, truth: SimulatedOutbreak) -> Iterator[Look]:
    """A look after every week in which an infection became known, from the second one on."""
    plan = plan_of(setting)
    start = datetime.combine(plan.start, datetime.min.time())
    everything = infections(registry)
    known = case_persons(registry, everything).get_column("known").drop_nulls()
    weeks = np.unique([-(-int((moment - start).total_seconds()) // 604_800) for moment in known])
    for week in weeks:
        now = start + timedelta(days=7 * int(week))
        cut = known_by(registry, now)
        outcome = infections(cut)
        people = _people(cut, outcome.reactions.get_column("reaction_id"))
        if len(people) >= 2:
            mine = outcome.reactions.filter(pl.col("reaction_id").is_in(list(truth.reactions)))
            yield Look(7 * int(week), now, cut, outcome, len(_people(cut, mine["reaction_id"])), len(people))


def first_outbreak_day(setting: Setting, registry: Registry, truth: SimulatedOutbreak) -> float | None:
    """Day of the plan on which the first infection of the outbreak became known; None when none did."""
    start = datetime.combine(plan_of(setting).start, datetime.min.time())
    persons = case_persons(registry, infections(registry)).explode("reaction_ids")
    known = persons.filter(pl.col("reaction_ids").is_in(list(truth.reactions)))["known"].min()
    return (known - start).total_seconds() / 86_400 if isinstance(known, datetime) else None


def _people(registry: Registry, reactions: pl.Series) -> set[str]:
    mine = registry.reactions.filter(pl.col("reaction_id").is_in(reactions.implode()))
    sessions = registry.sessions.select("session_id", "patient_id")
    return set(mine.select("session_id").join(sessions, on="session_id")["patient_id"])


class Searched(NamedTuple):
    """Clusters by p, the explanations, and the scan behind them (None when nothing could be scanned)."""

    clusters: tuple[Cluster, ...]
    explanations: tuple[Explanation, ...]
    scanned: ScannedOutcome | None


def search(look: Look, setting: Setting) -> Searched:
    """What is found at one look, with the strata of the setting."""
    known = knowledge()
    usual = strata_of.__kwdefaults__["least"]
    strata_of.__kwdefaults__["least"] = setting.least_sessions or usual
    try:
        found = search_clusters(
            look.registry,
            [look.outcome],
            now=look.now,
            names=known.names,
            published=known.delays,
            options=setting.options,
        )
    finally:
        strata_of.__kwdefaults__["least"] = usual
    clusters = found.answer.clusters
    explained = [one for scanned in found.scanned.values() for one in explain(scanned.ground, clusters)]
    return Searched(clusters, tuple(explained), next(iter(found.scanned.values()), None))


def first_as_shown(found: Searched) -> Cluster | None:
    """What the program shows first."""
    clusters, _explanations = likeliest_first(found.clusters, found.explanations)
    return clusters[0] if clusters else None


def first_by_p(found: Searched) -> Cluster | None:
    """The smallest p, of equals the largest statistic."""
    return found.clusters[0] if found.clusters else None


def likeliest_alarm(found: Searched) -> Cluster | None:
    """Of the clusters at 0.01 or less the likeliest explanation, else the smallest p."""
    return _likeliest(found, lambda one: one.probability)


def best_fitting_alarm(found: Searched) -> Cluster | None:
    """Of the clusters at 0.01 or less the one with the largest Bayes factor, whatever was believed beforehand."""
    return _likeliest(found, lambda one: one.log_bayes_factor)


def _likeliest(found: Searched, worth: Callable[[Hypothesis], float]) -> Cluster | None:
    alarms = [one for one in found.clusters if one.p <= ALARM]
    if not alarms or not found.explanations:
        return first_by_p(found)
    worths = {one.where: worth(one) for one in found.explanations[0].hypotheses}
    # A stable maximum: of equals, and of those that are no hypothesis, the smallest p.
    return max(alarms, key=lambda one: worths.get(one.where, -np.inf))


ORDERS: Mapping[str, Callable[[Searched], Cluster | None]] = {
    "as shown": first_as_shown,
    "by p": first_by_p,
    "likeliest alarm": likeliest_alarm,
    "best fitting alarm": best_fitting_alarm,
}
"""Ways to say which cluster stands first."""


def is_right(scanned: ScannedOutcome, where: tuple[Place, ...], truth: SimulatedOutbreak) -> bool:
    """Whether this is the culprit, or a place with exactly the same sessions among those recorded on both axes."""
    if len(where) == 1 and where[0].axis == truth.axis and where[0].value in truth.values:
        return True
    ground, names = scanned.ground, scanned.ground.names
    found = next(node for node in range(len(names)) if names.where(node) == where)
    culprits = names.frame.with_row_index().filter(
        (pl.col("axis") == truth.axis) & pl.col("value").is_in(truth.values)
    )
    both = ground.known[names.axis(found)] & ground.known[truth.axis]
    mine = _sessions(scanned, found) & both
    return any(bool(((_sessions(scanned, node) & both) == mine).all()) for node in culprits["index"])


def _sessions(scanned: ScannedOutcome, node: int) -> np.ndarray:
    ground = scanned.ground.ground
    row_session = np.repeat(np.arange(ground.date.size), np.diff(ground.node_start))
    mask = np.zeros(ground.date.size, dtype=np.bool_)
    mask[row_session[ground.node == node]] = True
    return mask
