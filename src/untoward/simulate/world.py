"""The simulated clinics before anybody falls ill: who was given what, from where, and what that is known to do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from untoward.simulate.arrays import Ints
from untoward.simulate.draw import Stage, stream
from untoward.simulate.parameters import SimulationParameters
from untoward.simulate.plan import Plan
from untoward.simulate.rates import Rates, make_rates, recorded_share
from untoward.simulate.stock import Components, draw_components
from untoward.simulate.visits import Visits, draw_visits


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything later stages read. `share` is the recorded share of common reactions."""

    plan: Plan
    parameters: SimulationParameters
    seed: int
    visits: Visits
    components: Components
    rates: Rates
    share: float

    @property
    def treatment(self) -> Ints:
        """Treatment of each session, as a row of the rates."""
        return self.visits.treatment

    def stream(self, stage: Stage, number: int = 0) -> np.random.Generator:
        """The random stream of a stage."""
        return stream(self.seed, stage, number)


def make_world(plan: Plan, parameters: SimulationParameters, seed: int) -> World:
    """All sessions and their components, and the rates that hold for them."""
    visits = draw_visits(plan, parameters, seed)
    rates = make_rates(plan, parameters)
    return World(
        plan=plan,
        parameters=parameters,
        seed=seed,
        visits=visits,
        components=draw_components(plan, parameters, visits, seed),
        rates=rates,
        share=recorded_share(plan, parameters, rates, visits),
    )
