"""Published outbreaks rebuilt in simulated clinics: so many exposed, so many ill, through one vial, lot, device or diluent.

Unlike the events of a plan an outbreak has an attack rate of its own, counted by person, and may run through a device or a
diluent. Every registry made here records both: each clinic has two injectors for mesotherapy and a lot of diluent at a time.
What a report does not print (the incubation, mostly) is taken from the parameters. A contaminated vial is used until
enough people have had it, however long that takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from untoward.errors import Fault, InputError
from untoward.simulate.arrays import MINUTES_PER_DAY, Bools, Ints
from untoward.simulate.draw import Stage
from untoward.simulate.frames import (
    component_table,
    lot_ids,
    observation_table,
    reaction_ids,
    reaction_table,
    session_ids,
    session_table,
    vial_ids,
)
from untoward.simulate.illness import background, mycobacterial_infections
from untoward.simulate.leaving import drop_sessions_after_infection
from untoward.simulate.observed import observe
from untoward.simulate.occurrences import Occurrences, together
from untoward.simulate.parameters import SimulationParameters
from untoward.simulate.plan import Plan, month_to_day
from untoward.simulate.recording import record
from untoward.simulate.world import World, make_world

Axis = Literal["vial", "lot", "device", "diluent"]

_CAUSE = 0  # the outbreak is the only event
_INJECTED = "mesotherapy"
_APPOINTMENT_MINUTES = 15
_DILUENT_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Incubation:
    """Days from session to first lump: median, shortest, longest, and the spread of the logarithm."""

    median: float
    low: float
    high: float
    log_sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbreak:
    """What is contaminated, from which month of the plan on, and how many people it reaches.

    About `exposed` people have it, and each falls ill with probability `attack_rate` (after one of their sessions with it, drawn
    evenly). It is used at the first `clinics` clinics of the plan; a lot or vial is one of `compound`, and `lots`
    says how many lots in a row hold it. Without `incubation` that of the parameters holds.
    """

    axis: Axis
    exposed: int
    attack_rate: float
    month: float
    compound: str = "lidocaine"
    clinics: int = 1
    lots: int = 1
    incubation: Incubation | None = None

    def __post_init__(self) -> None:
        faults = []
        if self.exposed < 1 or self.clinics < 1 or self.lots < 1:
            faults.append(_fault("exposed, clinics, lots", "1 or more of each"))
        if not 0 <= self.attack_rate <= 1:
            faults.append(_fault("attack_rate", "0 to 1"))
        if self.month < 0:
            faults.append(_fault("month", "0 or more"))
        if faults:
            raise InputError("The outbreak cannot be simulated", faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOutbreak:
    """A printed outbreak: `ill` of `of` people; `record` is the key of its evidence record ("" when there is none)."""

    name: str
    axis: Axis
    ill: int
    of: int
    source: str
    record: str = ""
    compound: str = "lidocaine"
    clinics: int = 1
    lots: int = 1
    incubation: Incubation | None = None

    def as_outbreak(self, month: float) -> Outbreak:
        """The outbreak with its printed attack rate, from this month of a plan on."""
        return Outbreak(
            axis=self.axis,
            exposed=self.of,
            attack_rate=self.ill / self.of,
            month=month,
            compound=self.compound,
            clinics=self.clinics,
            lots=self.lots,
            incubation=self.incubation,
        )


PUBLISHED_OUTBREAKS: tuple[PublishedOutbreak, ...] = (
    PublishedOutbreak(
        name="Paris 2007, injector rinsed with tap water",
        axis="device",
        ill=16,
        of=105,
        record="outbreak-paris-2007",
        source="Carbonne and others 2009",
    ),
    PublishedOutbreak(
        name="Balearics 2009, multi-dose vials",
        axis="lot",
        ill=17,
        of=77,
        record="outbreak-balearics-2009",
        source="Galmes-Truyols and others 2011",
    ),
    PublishedOutbreak(
        name="Denver 1996, adrenal cortex extract",
        axis="lot",
        ill=47,
        of=69,
        incubation=Incubation(median=33, low=10, high=114, log_sd=0.55),
        record="outbreak-denver-1996",
        source="MMWR 1996;45(33)",
    ),
    PublishedOutbreak(
        name="Barranquilla 1997, lidocaine in one office",
        axis="lot",
        ill=350,
        of=2000,
        record="outbreak-barranquilla",
        source="Villanueva and others 1997",
    ),
    PublishedOutbreak(
        name="Korea 2012, saline diluent",
        axis="diluent",
        ill=77,
        of=2984,
        record="outbreak-korea-saline-2012",
        source="Kim and others 2012",
    ),
    PublishedOutbreak(
        name="Tennessee 2012, three lots of steroid",
        axis="lot",
        ill=66,
        of=1009,
        clinics=3,
        lots=3,
        incubation=Incubation(median=18, low=1, high=249, log_sd=0.9),
        source="Kainer and others 2012",
    ),
)
"""Outbreaks with a printed denominator. The compounds are stand-ins from the simulator's recipes. For the spread of the
incubation Denver's range is read as that of its 47 people on the log scale; Tennessee prints the median alone, and its
range is the national one, with a spread that puts most people within three months (an assumption)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedOutbreak:
    """The four tables of a registry with one outbreak, and the truth.

    `values` are what the culprit is called on `axis` (three lots have three names). `exposed` are the sessions that had
    it, `reactions` the recorded reactions it caused, `ill` how many people it made ill, recorded or not.
    """

    tables: Mapping[str, pl.DataFrame]
    axis: Axis
    values: tuple[str, ...]
    exposed: frozenset[str]
    reactions: frozenset[str]
    ill: int


def simulate_outbreak(
    plan: Plan, parameters: SimulationParameters, outbreak: Outbreak | None, seed: int
) -> SimulatedOutbreak:
    """A registry of this plan with the outbreak (None: without any, everything else alike).

    Raises InputError when fewer people than asked for could be exposed in the plan's time.
    """
    world = make_world(plan, _with_incubation(parameters, outbreak), seed)
    happened = background(world)
    culprit = _NOBODY
    if outbreak is not None:
        world, culprit = _contaminate(world, outbreak)
        happened = together([happened, _fall_ill(world, outbreak, _exposed(world, culprit))])
    made_ill = np.unique(world.visits.patient[happened.session[happened.cause == _CAUSE]]).size
    world, happened, _none = drop_sessions_after_infection(world, happened, ())
    recorded = record(world, happened)
    observed = observe(world, recorded)
    tables = {
        "sessions": session_table(world),
        "components": _supplied(world, culprit),
        "reactions": reaction_table(world, recorded, observed),
        "observations": observation_table(world, recorded, observed),
    }
    caused = np.flatnonzero(recorded.occurrences.cause == _CAUSE)
    return SimulatedOutbreak(
        tables=tables,
        axis=culprit.axis,
        values=_names(world, culprit),
        exposed=frozenset(session_ids(_exposed(world, culprit))),
        reactions=frozenset(reaction_ids(caused)),
        ill=int(made_ill),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Culprit:
    """Rows of vials or lots, or the clinics and the minutes from and to which a device or diluent was contaminated."""

    axis: Axis
    rows: tuple[int, ...] = ()
    clinics: int = 0
    start: int = 0
    end: int = -1


_NOBODY = _Culprit(axis="vial")


def _with_incubation(parameters: SimulationParameters, outbreak: Outbreak | None) -> SimulationParameters:
    own = None if outbreak is None else outbreak.incubation
    if own is None:
        return parameters
    return replace(
        parameters,
        incubation_days_median=own.median,
        incubation_days_low=own.low,
        incubation_days_high=own.high,
        incubation_log_sd=own.log_sd,
    )


def _contaminate(world: World, outbreak: Outbreak) -> tuple[World, _Culprit]:
    if outbreak.axis == "vial":
        return _one_vial(world, outbreak)
    if outbreak.axis == "lot":
        return _new_lots(world, outbreak)
    start = int(month_to_day(outbreak.month) * MINUTES_PER_DAY)
    culprit = _Culprit(axis=outbreak.axis, clinics=outbreak.clinics, start=start, end=np.iinfo(np.int64).max)
    sessions = _exposed(world, culprit)
    last = sessions[_until(world, sessions, outbreak.exposed) - 1]
    return world, replace(culprit, end=int(world.visits.minute[last]))


def _one_vial(world: World, outbreak: Outbreak) -> tuple[World, _Culprit]:
    """The first vial opened from the month on serves everybody who would have had it or a later one."""
    parts = world.components
    vials = _vials_from(world, outbreak)
    rows = np.flatnonzero(np.isin(parts.vial, vials))
    last = parts.session[rows][_until(world, parts.session[rows], outbreak.exposed) - 1]
    drawn = parts.vial.copy()
    drawn[rows[parts.session[rows] <= last]] = vials[0]
    return replace(world, components=replace(parts, vial=drawn)), _Culprit(axis="vial", rows=(int(vials[0]),))


def _new_lots(world: World, outbreak: Outbreak) -> tuple[World, _Culprit]:
    """The vials opened from the month on, as many as reach enough people, come from lots of their own."""
    parts = world.components
    vials = _vials_from(world, outbreak)
    # Vial after vial, not session after session: a vial has one lot.
    rows = np.flatnonzero(np.isin(parts.vial, vials))
    in_order = rows[np.argsort(parts.vial[rows], kind="stable")]
    last = parts.vial[in_order][_until(world, parts.session[in_order], outbreak.exposed) - 1]
    taken = vials[vials <= last]
    first = parts.vials.lot_compound.size
    lot = parts.vials.lot.copy()
    lot[taken] = first + np.arange(taken.size) * outbreak.lots // taken.size
    compound = np.full(outbreak.lots, _compound(world, outbreak))
    stock = replace(parts.vials, lot=lot, lot_compound=np.append(parts.vials.lot_compound, compound))
    rows_of_lots = tuple(range(first, first + outbreak.lots))
    return replace(world, components=replace(parts, vials=stock)), _Culprit(axis="lot", rows=rows_of_lots)


def _vials_from(world: World, outbreak: Outbreak) -> Ints:
    """Vials of the compound opened at the clinics from the month on, in order of opening."""
    vials = world.components.vials
    fits = (vials.compound == _compound(world, outbreak)) & (vials.clinic < outbreak.clinics)
    fits &= vials.opened >= month_to_day(outbreak.month) * MINUTES_PER_DAY
    return np.flatnonzero(fits)


def _compound(world: World, outbreak: Outbreak) -> int:
    compounds = world.components.menu.compounds
    if outbreak.compound not in compounds:
        raise InputError("The outbreak cannot be simulated", [_fault("compound", ", ".join(compounds))])
    return compounds.index(outbreak.compound)


def _until(world: World, sessions: Ints, people: int) -> int:
    """How many of these sessions, in the order given, it takes to reach so many different people."""
    _, first = np.unique(world.visits.patient[sessions], return_index=True)
    if first.size < people:
        got = f"{first.size} people in the plan's time"
        raise InputError("The outbreak cannot be simulated", [_fault("exposed", f"no more than {got}")])
    return int(np.sort(first)[people - 1]) + 1


def _exposed(world: World, culprit: _Culprit) -> Ints:
    """Sessions with the culprit, in order of time."""
    parts = world.components
    if culprit.axis == "vial":
        return parts.sessions_with(np.isin(parts.vial, culprit.rows))
    if culprit.axis == "lot":
        return parts.sessions_with(np.isin(parts.lot, culprit.rows))
    minute = world.visits.minute
    had = (world.visits.clinic < culprit.clinics) & (minute >= culprit.start) & (minute <= culprit.end)
    return np.flatnonzero(had & (_injector(world) == 1) if culprit.axis == "device" else had)


def _fall_ill(world: World, outbreak: Outbreak, exposed: Ints) -> Occurrences:
    rng = world.stream(Stage.PLANTED, 1000)
    shuffled = rng.permutation(exposed)
    _, one_each = np.unique(world.visits.patient[shuffled], return_index=True)
    ill = np.sort(shuffled[one_each][rng.random(one_each.size) < outbreak.attack_rate])
    return mycobacterial_infections(world, ill, rng, _CAUSE)


def _injector(world: World) -> Ints:
    """1 or 2 for a session of mesotherapy, by the time of its appointment; 0 where none was used."""
    used = np.array([recipe.technique == _INJECTED for recipe in world.plan.recipes])[world.visits.recipe]
    return np.where(used, 1 + world.visits.minute // _APPOINTMENT_MINUTES % 2, 0)


def _supplied(world: World, culprit: _Culprit) -> pl.DataFrame:
    """The components with the injector and the lot of diluent of their session."""
    clinic, day = world.visits.clinic + 1, world.visits.minute // MINUTES_PER_DAY
    injector, session = _injector(world), world.components.session
    device = pl.Series([f"injector {at}.{number}" for at, number in zip(clinic, injector, strict=True)])
    delivered = [f"NS-{at:02d}-{number:03d}" for at, number in zip(clinic, day // _DILUENT_DAYS, strict=True)]
    diluent = pl.Series(delivered)
    if culprit.axis == "diluent":
        diluent[_exposed(world, culprit)] = _diluents(culprit)[0]
    rows = pl.Series(session)
    used: Bools = injector > 0
    return component_table(world).with_columns(
        device.set(pl.Series(~used), None).gather(rows).alias("device"), diluent.gather(rows).alias("diluent")
    )


def _names(world: World, culprit: _Culprit) -> tuple[str, ...]:
    if culprit.axis == "vial":
        return tuple(vial_ids(np.array(culprit.rows, dtype=np.int64)))
    if culprit.axis == "lot":
        names = lot_ids(world)
        return tuple(names[row] for row in culprit.rows)
    if culprit.axis == "device":
        return tuple(f"injector {clinic}.1" for clinic in range(1, culprit.clinics + 1))
    return _diluents(culprit)


def _diluents(culprit: _Culprit) -> tuple[str, ...]:
    """One delivery, whichever clinics it went to."""
    return (f"NS-{culprit.start // MINUTES_PER_DAY:04d}",)


def _fault(name: str, expected: str) -> Fault:
    return Fault(what="value cannot be used", file="simulated outbreak", field=name, expected=expected)
