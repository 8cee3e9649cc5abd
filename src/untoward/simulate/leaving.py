"""Who is ill with an infection comes no more: their later sessions never took place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from untoward.simulate.arrays import Bools, Ints
from untoward.simulate.occurrences import Course, Occurrences
from untoward.simulate.planted import Planted
from untoward.simulate.stock import Components
from untoward.simulate.visits import Visits
from untoward.simulate.world import World


def drop_sessions_after_infection(
    world: World, usual: Occurrences, planted: Sequence[Planted]
) -> tuple[World, Occurrences, tuple[Planted, ...]]:
    """The same without the sessions that a patient's first infection kept from happening, and what followed from them.

    Sessions are numbered anew; vials, lots and patients keep their numbers.
    """
    first = _first_infection(world, [usual, *(item.reactions for item in planted)])
    kept = world.visits.minute <= first[world.visits.patient]
    number = np.cumsum(kept) - 1
    world = replace(
        world,
        visits=_keep_visits(world.visits, kept),
        components=_keep_components(world.components, kept, number),
    )
    left = tuple(
        replace(
            item,
            exposed=number[item.exposed[kept[item.exposed]]],
            reactions=_keep_occurrences(item.reactions, kept, number),
        )
        for item in planted
    )
    return world, _keep_occurrences(usual, kept, number), left


def _first_infection(world: World, parts: Sequence[Occurrences]) -> Ints:
    """Minute of each patient's first infection, later than every session for those who have none."""
    first = np.full(world.visits.patients.age.size, np.iinfo(np.int64).max)
    for part in parts:
        infected = (part.course == Course.BACTERIAL) | (part.course == Course.MYCOBACTERIAL)
        np.minimum.at(first, world.visits.patient[part.session[infected]], part.onset[infected])
    return first


def _keep_visits(visits: Visits, kept: Bools) -> Visits:
    per_session = [item.name for item in fields(visits) if item.name != "patients"]
    return replace(visits, **{name: getattr(visits, name)[kept] for name in per_session})


def _keep_components(components: Components, kept: Bools, number: Ints) -> Components:
    rows = kept[components.session]
    return replace(
        components,
        session=number[components.session[rows]],
        ingredient=components.ingredient[rows],
        volume_ml=components.volume_ml[rows],
        vial=components.vial[rows],
    )


def _keep_occurrences(occurrences: Occurrences, kept: Bools, number: Ints) -> Occurrences:
    left = occurrences.take(np.flatnonzero(kept[occurrences.session]))
    return replace(left, session=number[left.session])
