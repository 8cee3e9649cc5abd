"""The events planted in a plan: which vial, lot, practitioner or patient it is, who was exposed, who fell ill by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from untoward.errors import Fault, InputError
from untoward.simulate.arrays import MINUTES_PER_DAY, Bools, Floats, Ints
from untoward.simulate.draw import Stage
from untoward.simulate.illness import (
    bacterial_infections,
    common_reactions,
    immediate_allergies,
    mycobacterial_infections,
)
from untoward.simulate.occurrences import WHEEZE, Occurrences, Severity, together
from untoward.simulate.plan import (
    AllergicPatient,
    BadLot,
    CarelessPractitioner,
    ContaminatedVial,
    PlantedEvent,
    month_to_day,
)
from untoward.simulate.stock import use_vial_for
from untoward.simulate.world import World

_DAYS_TO_CHOOSE_FROM = 31.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One event as it came out: `culprit` is the row of the vial, lot, practitioner or patient.

    `exposed` are its sessions, in order of time; `reactions` only what it caused; `background_expected` is how many
    recorded reactions of the same kind these sessions were to be expected to have without it.
    """

    number: int
    event: PlantedEvent
    culprit: int
    exposed: Ints
    reactions: Occurrences
    background_expected: float


def plant(world: World, background: Occurrences) -> tuple[World, tuple[Planted, ...]]:
    """Plant every event of the plan; returns the world with vials used as the events demand, and what came out.

    Vials come first, since using one for longer moves components to another lot. Raises InputError when the plan has
    no vial, lot or session for an event.
    """
    world, vials = _choose_vials(world)
    planted = [_plant_vial(world, number, vial) for number, vial in vials.items()]
    for number, event in enumerate(world.plan.planted):
        match event:
            case BadLot():
                planted.append(_plant_lot(world, number, event, background))
            case CarelessPractitioner():
                planted.append(_plant_practitioner(world, number, event))
            case AllergicPatient():
                planted.append(_plant_patient(world, number, event))
            case ContaminatedVial():
                pass  # planted above
    return world, tuple(sorted(planted, key=lambda item: item.number))


def _choose_vials(world: World) -> tuple[World, dict[int, int]]:
    """The vial of each contaminated-vial event, by the event's number; no clinic has two of the same compound."""
    chosen: dict[int, int] = {}
    for number, event in enumerate(world.plan.planted):
        if isinstance(event, ContaminatedVial):
            vial = _choose_vial(world, number, event, list(chosen.values()))
            chosen[number] = vial
            if event.sessions is not None:
                days = world.parameters.vial_open_days_max
                used = use_vial_for(world.components, world.visits, vial, event.sessions, days)
                world = replace(world, components=used)
    return world, chosen


def _choose_vial(world: World, number: int, event: ContaminatedVial, taken: Sequence[int]) -> int:
    vials, menu = world.components.vials, world.components.menu
    fits = _in_month(vials.opened, event.month)
    if event.clinic is not None:
        fits &= vials.clinic == [clinic.name for clinic in world.plan.clinics].index(event.clinic)
    if event.compound is not None:
        fits &= vials.compound == menu.compounds.index(event.compound)
    for vial in taken:
        fits &= (vials.clinic != vials.clinic[vial]) | (vials.compound != vials.compound[vial])
    # A vial that lost all its sessions to another one was never opened.
    fits &= np.bincount(world.components.vial, minlength=fits.size) > 0
    return _choose(world.stream(Stage.PLANTED, number), np.flatnonzero(fits), event, "a vial opened")


def _plant_vial(world: World, number: int, vial: int) -> Planted:
    event = world.plan.planted[number]
    rng = world.stream(Stage.PLANTED, 1000 + number)
    exposed = world.components.sessions_with(world.components.vial == vial)
    ill = exposed[rng.random(exposed.size) < world.parameters.contaminated_vial_attack_rate]
    # Who was injected from it twice falls ill once.
    _, first = np.unique(world.visits.patient[ill], return_index=True)
    reactions = mycobacterial_infections(world, ill[np.sort(first)], rng, number)
    return Planted(
        number=number,
        event=event,
        culprit=vial,
        exposed=exposed,
        reactions=reactions,
        background_expected=exposed.size * world.parameters.background_infection_per_session,
    )


def _plant_lot(world: World, number: int, event: BadLot, background: Occurrences) -> Planted:
    rng = world.stream(Stage.PLANTED, number)
    components, term = world.components, _term(world, event)
    factor = event.factor or world.parameters.bad_lot_relative_risk
    used = _in_month(world.visits.minute, event.month)[components.session]
    used &= components.compound == components.menu.compounds.index(event.compound)
    lot = _choose(rng, np.unique(components.lot[used]), event, f"a lot of {event.compound} used")
    exposed = components.sessions_with(components.lot == lot)
    usual = world.share * world.rates.rate[world.treatment[exposed], term]
    already = np.isin(exposed, background.session[background.term == term])
    ill = exposed[_excess(rng, usual, factor) & ~already]
    return Planted(
        number=number,
        event=event,
        culprit=lot,
        exposed=exposed,
        reactions=common_reactions(world, ill, np.full(ill.size, term), rng, number),
        background_expected=float(usual.sum()),
    )


def _plant_practitioner(world: World, number: int, event: CarelessPractitioner) -> Planted:
    rng = world.stream(Stage.PLANTED, number)
    working = np.unique(world.visits.practitioner)
    if event.clinic is not None:
        clinic = [place.name for place in world.plan.clinics].index(event.clinic)
        working = working[working // world.plan.practitioners_per_clinic == clinic]
    practitioner = _choose(rng, working, event, "a practitioner with sessions")
    exposed = np.flatnonzero(world.visits.practitioner == practitioner)
    usual = np.full(exposed.size, world.parameters.background_infection_per_session)
    factor = event.relative_risk or world.parameters.careless_practitioner_relative_risk
    ill = exposed[_excess(rng, usual, factor)]
    return Planted(
        number=number,
        event=event,
        culprit=practitioner,
        exposed=exposed,
        reactions=bacterial_infections(world, ill, rng, number),
        background_expected=float(usual.sum()),
    )


def _plant_patient(world: World, number: int, event: AllergicPatient) -> Planted:
    rng = world.stream(Stage.PLANTED, number)
    components, visits = world.components, world.visits
    given = components.sessions_with(components.compound == components.menu.compounds.index(event.compound))
    in_month = given[_in_month(visits.minute[given], event.month)]
    first = _choose(rng, in_month, event, f"a session with {event.compound}")
    patient = int(visits.patient[first])
    exposed = given[(visits.patient[given] == patient) & (given >= first)]
    again = rng.random(exposed.size) < world.parameters.allergic_patient_recurrence
    ill = exposed[again | (exposed == first)]
    hives = immediate_allergies(world, ill, rng, severity=Severity.SEVERE, cause=number)
    wheeze = immediate_allergies(world, ill, rng, term=WHEEZE, severity=Severity.SEVERE, cause=number)
    return Planted(
        number=number,
        event=event,
        culprit=patient,
        exposed=exposed,
        reactions=together([hives, wheeze]),
        background_expected=exposed.size * world.parameters.allergy_per_session,
    )


def _excess(rng: np.random.Generator, usual: Floats, factor: float) -> Bools:
    """Who falls ill beyond the usual, so that in all `factor` times the usual share does (never more than all)."""
    raised = np.minimum(usual * factor, 1.0)
    still_well = 1.0 - usual
    beyond = np.divide(raised - usual, still_well, out=np.zeros_like(usual), where=still_well > 0)
    return rng.random(usual.size) < beyond


def _in_month(minute: Ints, month: float) -> Bools:
    start = month_to_day(month) * MINUTES_PER_DAY
    return (minute >= start) & (minute < start + _DAYS_TO_CHOOSE_FROM * MINUTES_PER_DAY)


def _term(world: World, event: BadLot) -> int:
    raised = [
        reaction for reaction in world.parameters.reactions if reaction.term == event.term and reaction.n
    ]
    if not raised:
        known = ", ".join(world.rates.terms) or "none"
        raise _impossible(event, "a term whose usual rate is known", f"{event.term!r}; known are: {known}")
    return world.rates.terms.index(event.term)


def _choose(rng: np.random.Generator, candidates: Ints, event: PlantedEvent, what: str) -> int:
    if not candidates.size:
        raise _impossible(event, f"{what} in the month after month {getattr(event, 'month', 0.0):g}", "none")
    return int(rng.choice(candidates))


def _impossible(event: PlantedEvent, expected: str, got: str) -> InputError:
    fault = Fault(
        what="the event cannot be planted",
        file="simulation plan",
        field=event.kind,
        got=got,
        expected=expected,
        hint="Plan more sessions, another month, clinic, compound or term",
    )
    return InputError("The simulation plan cannot be carried out", [fault])
