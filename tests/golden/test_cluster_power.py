"""Outbreaks planted in simulated registries: how often and how soon they are found, and that nobody else is blamed.

The culprit, the people exposed and the attack rate are chosen; who falls ill, when it surfaces and when a clinic hears of it is
drawn. Bounds stand well below what was measured (docs/reference/detection.md), so that only a real loss of power fails.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from untoward.exchange.tables import Names, read_registry
from untoward.simulate import Clinic, scaled_plan
from untoward.simulate.outbreaks import Outbreak, simulate_outbreak
from untoward.tasks.clusters import cluster_names
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.tasks.simulating import evidence_recipes, simulation_parameters
from untoward.watch.clusters.search import ClusterOptions, find_clusters, search_clusters
from untoward.watch.known_by import known_by
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import registry_outcomes

ALARM = 0.01
SESSIONS = 4000
USUAL = ClusterOptions(replicates=499)


class World:
    """Simulates, reads, and looks as of a day; knowledge from the evidence base is read once."""

    def __init__(self, folder):
        base = evidence()
        self.folder = folder
        self.parameters = simulation_parameters(base)
        self.columns = Names(compounds=base.compound_names, terms=base.terms)
        self.groups = {term.id: term.group for term in base.terms.terms.values()}
        self.given = {"names": cluster_names(base), "published": published_delays(base), "options": USUAL}
        self.plan = scaled_plan(SESSIONS, recipes=evidence_recipes(base))

    def made(self, outbreak, seed, plan=None):
        """The registry of a seed, and the truth."""
        truth = simulate_outbreak(plan or self.plan, self.parameters, outbreak, seed)
        for name, table in truth.tables.items():
            table.write_parquet(self.folder / f"{name}.parquet")
        return read_registry(self.folder, self.columns).registry, truth

    @property
    def end(self):
        return datetime.combine(self.plan.end, datetime.min.time())

    def infections(self, registry):
        (found,) = (
            one for one in registry_outcomes(registry, self.groups) if one.outcome.name == "infection"
        )
        return found

    def clusters(self, registry, now, look=find_clusters):
        """What is found with what was known at a moment."""
        cut = known_by(registry, now)
        return look(cut, [self.infections(cut)], now=now, **self.given)

    def third_case(self, registry, truth):
        """The moment by which three persons of the outbreak were known; None when there never were."""
        persons = case_persons(registry, self.infections(registry)).explode("reaction_ids")
        mine = persons.filter(pl.col("reaction_ids").is_in(list(truth.reactions)))
        known = mine.group_by("patient_id").agg(pl.col("known").min())["known"].drop_nulls().sort()
        return known[2] if known.len() >= 3 else None


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def _named(answer, truth):
    """Whether the culprit is among what stands out."""
    return any(
        one.p <= ALARM and one.where[0].axis == truth.axis and one.where[0].value in truth.values
        for one in answer.clusters
    )


def _vial(rate, exposed=40):
    return Outbreak(axis="vial", exposed=exposed, attack_rate=rate, month=9.0)


@pytest.mark.slow
def test_power_grows_with_the_attack_rate(world):
    power = {}
    for rate in (0.0, 0.2, 0.4):
        found = [
            _named(world.clusters(registry, world.end), truth)
            for registry, truth in (world.made(_vial(rate), seed) for seed in range(10))
        ]
        power[rate] = np.mean(found)
    assert power[0.0] == 0
    assert power[0.0] < power[0.2] <= power[0.4]
    assert power[0.2] >= 0.8
    assert power[0.4] >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("exposed", [20, 40])
def test_a_contaminated_vial_is_among_the_alarms_within_a_week_of_the_third_case(world, exposed):
    found = []
    for seed in range(24):
        registry, truth = world.made(_vial(0.2, exposed), seed)
        third = world.third_case(registry, truth)
        if third is not None:
            found.append(_named(world.clusters(registry, third + timedelta(days=7)), truth))
    assert len(found) >= 12
    assert np.mean(found) >= 0.75


@pytest.mark.slow
@pytest.mark.parametrize("axis", ["lot", "diluent", "device"])
def test_other_culprits_are_found_too(world, axis):
    outbreak = Outbreak(axis=axis, exposed=60, attack_rate=0.3, month=9.0)
    made = (world.made(outbreak, seed) for seed in range(8))
    assert np.mean([_named(world.clusters(registry, world.end), truth) for registry, truth in made]) >= 0.85


@pytest.mark.slow
def test_a_busy_practitioner_with_ordinary_risk_is_never_named_first(world):
    # Two people inject at each clinic, and half of all sessions are at the first: each of its two gives a quarter of all
    # sessions, and of the lot's.
    clinics = tuple(
        Clinic(name=f"Clinic {number}", city=f"City {number}", region="Region 1", share=share)
        for number, share in ((1, 2.0), (2, 1.0), (3, 1.0))
    )
    plan = replace(world.plan, clinics=clinics, practitioners_per_clinic=2)
    outbreak = Outbreak(axis="lot", exposed=80, attack_rate=0.2, month=9.0, clinics=3)
    first = []
    for seed in range(24):
        registry, truth = world.made(outbreak, seed, plan)
        answer = world.clusters(registry, world.end)
        first.append(answer.clusters[0].where[0].axis)
        assert _named(answer, truth)
    assert np.mean([axis != "practitioner" for axis in first]) >= 0.95


def _last_month(seed, world, rate=0.7, exposed=40):
    """A lot from the last four weeks, and what the scan made of it."""
    outbreak = Outbreak(axis="lot", exposed=exposed, attack_rate=rate, month=16.7)
    registry, truth = world.made(outbreak, seed)
    scanned = world.clusters(registry, world.end, search_clusters).scanned.get("infection")
    return truth, scanned


@pytest.mark.slow
def test_a_lot_used_only_last_month_expects_a_fraction_of_what_its_sessions_would_in_time(world):
    elapsed, shares, alarms = [], [], []
    for seed in range(20):
        truth, scanned = _last_month(seed, world)
        if scanned is None:
            continue
        laid_out, excess = scanned.ground, scanned.scanned.excess
        names = laid_out.names.frame.with_row_index()
        at = names.filter((pl.col("axis") == "lot") & pl.col("value").is_in(truth.values))["index"].item()
        sessions = np.repeat(np.arange(laid_out.ground.date.size), np.diff(laid_out.ground.node_start))
        mine = sessions[laid_out.ground.node == at]
        elapsed.append(laid_out.ground.weight[mine].mean())
        # Against all risk having passed; sessions of people with several can bring a lot more than their own weight.
        shares.append(
            excess.expected[at] / (laid_out.cases.person.size * mine.size / laid_out.ground.date.size)
        )
        if excess.cases[at] >= 3:
            alarms.append(any(one.node == at and one.p <= ALARM for one in scanned.findings))
    # Not falsely calm: the few cases that had time to surface stand against the risk that had.
    assert len(shares) >= 12
    assert np.median(elapsed) < 0.6
    assert np.median(shares) < 0.75
    assert len(alarms) >= 5
    assert np.mean(alarms) >= 0.8


@pytest.mark.slow
def test_a_harmless_lot_used_only_last_month_raises_no_alarm(world):
    # Ten times the usual background, as late as the published incubation: there is something to be misread.
    world.parameters = replace(
        world.parameters,
        background_infection_per_session=0.002,
        background_infection_onset_days_median=30.5,
        background_infection_onset_days_low=10.0,
        background_infection_onset_days_high=90.0,
    )
    named = 0
    for seed in range(24):
        truth, scanned = _last_month(seed, world, rate=0.0, exposed=25)
        assert scanned is not None
        named += any(
            one.p <= 0.05 and one.where[0].axis == "lot" and one.where[0].value in truth.values
            for one in scanned.findings
        )
    assert named <= 2
