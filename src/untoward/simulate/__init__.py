"""Simulated injection registries with planted events, and the truth about them.

    from untoward.simulate import demo_plan, simulate, write
    simulated = simulate(demo_plan(), parameters, seed=1)
    write(simulated, Path("registry"))

`parameters` are filled from evidence records by the layer above; every figure carries its unit and where it comes from.
Known simplifications: no public holidays; people with an infection never return; each reaction happens and is recorded
independently of the others; weight, history, allergies and medicines are not recorded.
"""

from untoward.simulate.parameters import (
    PARAMETERS,
    REQUIRED_NAMES,
    Quantity,
    SimulationParameters,
)
from untoward.simulate.plan import (
    AllergicPatient,
    BadLot,
    CarelessPractitioner,
    Clinic,
    ContaminatedVial,
    Plan,
    PlantedEvent,
    demo_plan,
    scaled_plan,
)
from untoward.simulate.reaction_parameter import ReactionParameter
from untoward.simulate.recipes import RECIPE_SHARES, RECIPES, Ingredient, Recipe, recipes_with
from untoward.simulate.run import Simulated, simulate
from untoward.simulate.write import write

__all__ = [
    "PARAMETERS",
    "RECIPES",
    "RECIPE_SHARES",
    "REQUIRED_NAMES",
    "AllergicPatient",
    "BadLot",
    "CarelessPractitioner",
    "Clinic",
    "ContaminatedVial",
    "Ingredient",
    "Plan",
    "PlantedEvent",
    "Quantity",
    "ReactionParameter",
    "Recipe",
    "Simulated",
    "SimulationParameters",
    "demo_plan",
    "recipes_with",
    "scaled_plan",
    "simulate",
    "write",
]
