"""What each syringe was filled from: every component with its vial and lot.

A clinic opens a vial of a compound, uses it until it is empty or has been open too long, and opens the next one.
A vial belongs to the lot that the clinic's supplier was delivering when it was opened. Clinics that share a supplier
share its lots, each from its own delivery day on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from untoward.simulate.arrays import MINUTES_PER_DAY, Bools, Floats, Ints, runs
from untoward.simulate.draw import Stage, one_plus_poisson, stream
from untoward.simulate.parameters import SimulationParameters
from untoward.simulate.plan import Plan
from untoward.simulate.recipes import Ingredient
from untoward.simulate.visits import Visits

_LONGEST_DELIVERY_DAYS = 21.0
_LOTS_BEFORE_START = 10.0  # a stream of lots is long under way on the plan's first day


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The ingredients of all recipes in one table; a syringe is number 1 or 2 of its session.

    Recipe r with one syringe uses rows `start[r, 0]` and on, `length[r, 0]` of them; with two, column 1.
    """

    ingredients: tuple[Ingredient, ...]
    compounds: tuple[str, ...]
    compound: Ints
    syringe: Ints
    start: Ints
    length: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Vials:
    """One row per vial, in order of opening; `opened` is the minute of its first use, `lot` a row of `lot_compound`."""

    clinic: Ints
    compound: Ints
    opened: Ints
    lot: Ints
    lot_compound: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """One row per component in order of session: its session, row of the menu, ml, and row of the vials."""

    session: Ints
    ingredient: Ints
    volume_ml: Floats
    vial: Ints
    vials: Vials
    menu: Menu

    @property
    def compound(self) -> Ints:
        """Compound of each component, as a position in the menu's compounds."""
        return self.menu.compound[self.ingredient]

    @property
    def lot(self) -> Ints:
        """Lot of each component."""
        return self.vials.lot[self.vial]

    def sessions_with(self, rows: Bools) -> Ints:
        """Sessions that hold one of these components, in order, each once."""
        return np.unique(self.session[rows])


def make_menu(plan: Plan) -> Menu:
    """All recipes' ingredients as one table."""
    ingredients = [part for recipe in plan.recipes for part in recipe.ingredients]
    compounds = tuple(dict.fromkeys(part.compound for part in ingredients))
    one = np.array([len(recipe.syringe) for recipe in plan.recipes])
    both = np.array([len(recipe.ingredients) for recipe in plan.recipes])
    start = np.cumsum(both) - both
    syringes = [
        1 + (place >= len(recipe.syringe))
        for recipe in plan.recipes
        for place in range(len(recipe.ingredients))
    ]
    return Menu(
        ingredients=tuple(ingredients),
        compounds=compounds,
        compound=np.array([compounds.index(part.compound) for part in ingredients]),
        syringe=np.array(syringes),
        start=start,
        length=np.stack([one, both], axis=1),
    )


def draw_components(plan: Plan, parameters: SimulationParameters, visits: Visits, seed: int) -> Components:
    """Every component of every session, with the vial and the lot that it came from."""
    menu = make_menu(plan)
    rng = stream(seed, Stage.STOCK)
    session, place = runs(menu.length[visits.recipe, visits.two_syringes.astype(np.int64)])
    ingredient = menu.start[visits.recipe[session]] + place
    volume = _draw_volumes(menu, rng, ingredient)
    shelf = visits.clinic[session] * len(menu.compounds) + menu.compound[ingredient]
    vial, opened, vial_shelf = _open_vials(parameters, rng, shelf, visits.minute[session])
    clinic, compound = np.divmod(vial_shelf, len(menu.compounds))
    lot, lot_compound = _deliver_lots(plan, parameters, rng, len(menu.compounds), clinic, compound, opened)
    return Components(
        session=session,
        ingredient=ingredient,
        volume_ml=volume,
        vial=vial,
        vials=Vials(clinic=clinic, compound=compound, opened=opened, lot=lot, lot_compound=lot_compound),
        menu=menu,
    )


def use_vial_for(components: Components, visits: Visits, vial: int, sessions: int, days: float) -> Components:
    """The same components, but this vial serves that many sessions, as far as they come within `days` of its opening.

    The sessions are those of its clinic that would have drawn the same compound from the next vials.
    """
    vials = components.vials
    same = (components.compound == vials.compound[vial]) & (
        visits.clinic[components.session] == vials.clinic[vial]
    )
    age = visits.minute[components.session] - vials.opened[vial]
    rows = np.flatnonzero(same & (components.vial >= vial) & (age >= 0) & (age <= days * MINUTES_PER_DAY))
    later = components.vial[rows][components.vial[rows] > vial]
    drawn = components.vial.copy()
    if later.size:
        drawn[components.vial == vial] = later[0]
    drawn[rows[:sessions]] = vial
    return replace(components, vial=drawn)


def _draw_volumes(menu: Menu, rng: np.random.Generator, ingredient: Ints) -> Floats:
    low = np.array([part.volume_ml[0] for part in menu.ingredients])[ingredient]
    high = np.array([part.volume_ml[1] for part in menu.ingredients])[ingredient]
    return np.round(rng.uniform(low, high), 1)


def _open_vials(
    parameters: SimulationParameters, rng: np.random.Generator, shelf: Ints, minute: Ints
) -> tuple[Ints, Ints, Ints]:
    """Vial of each component, and minute of opening and shelf (clinic and compound) of each vial, oldest first."""
    order = np.lexsort((minute, shelf))
    shelves, times = shelf[order], minute[order]
    last_use = np.cumsum(one_plus_poisson(rng, parameters.sessions_per_vial, order.size))
    serial = np.searchsorted(last_use, np.arange(order.size), side="right")
    fresh = (np.diff(shelves, prepend=-1) != 0) | (np.diff(serial, prepend=-1) != 0)
    run = np.cumsum(fresh) - 1
    # Whatever is left in a vial that has been open too long is thrown away, and a new one opened.
    period = (times - times[fresh][run]) // int(parameters.vial_open_days_max * MINUTES_PER_DAY)
    fresh |= np.diff(period, prepend=0) != 0
    run = np.cumsum(fresh) - 1
    opened, vial_shelf = times[fresh], shelves[fresh]
    by_age = np.lexsort((vial_shelf, opened))
    rank = np.empty_like(by_age)
    rank[by_age] = np.arange(by_age.size)
    vial = np.empty_like(order)
    vial[order] = rank[run]
    return vial, opened[by_age], vial_shelf[by_age]


def _deliver_lots(
    plan: Plan,
    parameters: SimulationParameters,
    rng: np.random.Generator,
    compounds: int,
    clinic: Ints,
    compound: Ints,
    opened: Ints,
) -> tuple[Ints, Ints]:
    """Lot of each vial, and compound of each lot; lots are numbered by supplier, compound and time."""
    suppliers = -(-len(plan.clinics) // plan.clinics_per_supplier)
    supply = (clinic // plan.clinics_per_supplier) * compounds + compound
    lot_days = rng.uniform(parameters.lot_days_low, parameters.lot_days_high, suppliers * compounds)
    phase = rng.uniform(0.0, 1.0, suppliers * compounds)
    delivered = rng.uniform(0.0, _LONGEST_DELIVERY_DAYS, len(plan.clinics) * compounds)[
        clinic * compounds + compound
    ]
    age = (opened / MINUTES_PER_DAY - delivered) / lot_days[supply] + phase[supply] + _LOTS_BEFORE_START
    number = np.floor(age).astype(np.int64)
    lots, lot = np.unique(supply * 10**6 + number, return_inverse=True)
    return lot.astype(np.int64), (lots // 10**6) % compounds
