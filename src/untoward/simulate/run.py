"""From a plan to a registry and the truth about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from untoward.errors import UsageError
from untoward.simulate.frames import component_table, observation_table, reaction_table, session_table
from untoward.simulate.illness import background
from untoward.simulate.leaving import drop_sessions_after_infection
from untoward.simulate.observed import observe
from untoward.simulate.occurrences import together
from untoward.simulate.parameters import SimulationParameters
from untoward.simulate.plan import Plan
from untoward.simulate.planted import plant
from untoward.simulate.recording import record
from untoward.simulate.truth import tell_truth
from untoward.simulate.world import make_world


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulated registry: its four tables by name, with the given columns of `model.tables`, and the truth as JSON."""

    tables: Mapping[str, pl.DataFrame]
    truth: Mapping[str, Any]


def simulate(plan: Plan, parameters: SimulationParameters, seed: int) -> Simulated:
    """Simulate the plan. The same plan, parameters and seed give the same registry, to the last byte.

    Raises UsageError for a negative seed and InputError when an event of the plan cannot be planted.
    """
    if seed < 0:
        raise UsageError(f"seed: got {seed}, expected 0 or more")
    world = make_world(plan, parameters, seed)
    usual = background(world)
    world, planted = plant(world, usual)
    world, usual, planted = drop_sessions_after_infection(world, usual, planted)
    recorded = record(world, together([usual, *(item.reactions for item in planted)]))
    observed = observe(world, recorded)
    tables = {
        "sessions": session_table(world),
        "components": component_table(world),
        "reactions": reaction_table(world, recorded, observed),
        "observations": observation_table(world, recorded, observed),
    }
    return Simulated(tables=tables, truth=tell_truth(world, planted, recorded))
