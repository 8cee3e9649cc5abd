"""What to simulate: which clinics, for how long, with which treatments, and which events are planted in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import inf, isfinite
from typing import ClassVar

from untoward.errors import Fault, InputError
from untoward.simulate.recipes import RECIPES, Recipe

_WHERE = "simulation plan"
_DAYS_PER_MONTH = 365.25 / 12
_WORKING_DAYS = (0, 1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A clinic, its invented place, and its part of all patients (shares need not add up to 1)."""

    name: str
    city: str
    region: str
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ContaminatedVial:
    """One vial holds mycobacteria from its opening on; whoever is injected from it may fall ill weeks later.

    The vial is drawn from those opened within a month after `month` (at `clinic`, of `compound`, where given).
    With `sessions` it is used for that many sessions, drawing what the next vials would have served; otherwise for as
    many as it happens to be. The attack rate is a parameter.
    """

    kind: ClassVar[str] = "contaminated-vial"
    axis: ClassVar[str] = "vial"
    month: float
    clinic: str | None = None
    compound: str | None = None
    sessions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLot:
    """One lot of `compound` raises the recorded rate of `term` to `factor` times the usual (never above 1).

    `factor` is the parameter `bad-lot-relative-risk` when None. The lot is drawn from those in use in the month after `month`.
    """

    kind: ClassVar[str] = "bad-lot"
    axis: ClassVar[str] = "lot"
    month: float
    compound: str
    term: str
    factor: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarelessPractitioner:
    """One practitioner (of `clinic`, where given) has more bacterial infections, throughout.

    `relative_risk` against the background; the parameter `careless-practitioner-relative-risk` when None.
    """

    kind: ClassVar[str] = "careless-practitioner"
    axis: ClassVar[str] = "practitioner"
    clinic: str | None = None
    relative_risk: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergicPatient:
    """One patient has hives and wheeze within minutes of a session with `compound`, in the month after `month`.

    Later sessions with the compound bring it back with the parameter `allergic-patient-recurrence`.
    """

    kind: ClassVar[str] = "allergic-patient"
    axis: ClassVar[str] = "patient"
    month: float
    compound: str


PlantedEvent = ContaminatedVial | BadLot | CarelessPractitioner | AllergicPatient


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to simulate. The registry covers [start, start + months) and knows only what was reported in that time.

    `sessions` is how many are expected; the number simulated varies around it. `reactions_per_session` is how many
    common reactions the clinics come to record per session (an assumption: trials that ask everyone find many more).
    It fixes the recorded share; a number above what the parameters yield means that every reaction is recorded, and
    None leaves it to the parameter `share-of-reactions-reported`. Infections and allergies are always recorded.
    `open_weekdays` counts Monday as 0.

    Raises InputError with every fault of the plan.
    """

    start: date
    months: int
    sessions: int
    clinics: tuple[Clinic, ...]
    practitioners_per_clinic: int = 4
    recipes: tuple[Recipe, ...] = RECIPES
    planted: tuple[PlantedEvent, ...] = ()
    reactions_per_session: float | None = 0.07
    clinics_per_supplier: int = 10
    open_weekdays: tuple[int, ...] = _WORKING_DAYS

    def __post_init__(self) -> None:
        faults = [*_bound_faults(self), *_recipe_faults(self.recipes)]
        faults += [fault for event in self.planted for fault in _event_faults(self, event)]
        if faults:
            raise InputError("The simulation plan cannot be carried out", faults)

    @property
    def end(self) -> date:
        """First day after the registry's time."""
        month = self.start.month - 1 + self.months
        # The 31st plus a month has no such day: the last one that every month has stands for it.
        day = self.start.day if month % 12 == self.start.month - 1 else min(self.start.day, 28)
        return date(self.start.year + month // 12, month % 12 + 1, day)

    @property
    def days(self) -> int:
        """Length of the registry's time in days."""
        return (self.end - self.start).days

    @property
    def practitioners(self) -> int:
        """How many people inject, over all clinics."""
        return len(self.clinics) * self.practitioners_per_clinic


def month_to_day(month: float) -> float:
    """Day of the plan on which month number `month` (0 is the first) begins, taking months as equally long."""
    return month * _DAYS_PER_MONTH


def demo_plan(recipes: tuple[Recipe, ...] = RECIPES) -> Plan:
    """Three clinics, 18 months, about 6,000 sessions, and one contaminated vial opened in the twelfth month.

    It is a large multi-dose vial of lidocaine, used for 40 sessions: time enough remains for infections to surface.
    """
    return Plan(
        start=date(2024, 1, 1),
        months=18,
        sessions=6000,
        clinics=(
            Clinic(name="Harbour Clinic", city="Easthaven", region="Coast", share=1.2),
            Clinic(name="Mill Lane Clinic", city="Westmoor", region="Inland", share=1.0),
            Clinic(name="Station Clinic", city="Northford", region="Inland", share=0.8),
        ),
        recipes=recipes,
        planted=(ContaminatedVial(month=11.5, compound="lidocaine", sessions=40),),
    )


def scaled_plan(
    sessions: int,
    *,
    months: int = 18,
    recipes: tuple[Recipe, ...] = RECIPES,
    planted: tuple[PlantedEvent, ...] = (),
    reactions_per_session: float | None = 0.05,
) -> Plan:
    """A plan of any size whose clinics stay as busy as the demo's: one clinic for each 2,000 sessions in 18 months."""
    count = max(1, round(sessions / (2000 * months / 18)))
    return Plan(
        start=date(2024, 1, 1),
        months=months,
        sessions=sessions,
        clinics=tuple(_numbered_clinic(number) for number in range(1, count + 1)),
        recipes=recipes,
        planted=planted,
        reactions_per_session=reactions_per_session,
    )


def _numbered_clinic(number: int) -> Clinic:
    return Clinic(
        name=f"Clinic {number}",
        city=f"City {(number - 1) // 4 + 1}",
        region=f"Region {(number - 1) // 40 + 1}",
    )


def _bound_faults(plan: Plan) -> Iterator[Fault]:
    for name in ("months", "sessions", "practitioners_per_clinic", "clinics_per_supplier"):
        if getattr(plan, name) < 1:
            yield _fault(name, str(getattr(plan, name)), "1 or more")
    if plan.months > 600:
        yield _fault("months", str(plan.months), "no more than 600")
    if plan.reactions_per_session is not None and not 0 <= plan.reactions_per_session < inf:
        yield _fault("reactions_per_session", str(plan.reactions_per_session), "a finite number, 0 or more")
    names = [clinic.name for clinic in plan.clinics]
    if not names or len(set(names)) < len(names):
        yield _fault(
            "clinics",
            f"{len(names)} names, {len(set(names))} different",
            "at least one clinic, no name twice",
        )
    if any(not clinic.share > 0 for clinic in plan.clinics):
        yield _fault("clinics", "a share of 0 or below", "shares above 0")
    if not plan.open_weekdays or not set(plan.open_weekdays) <= set(range(7)):
        yield _fault("open_weekdays", str(plan.open_weekdays), "some of 0 (Monday) to 6 (Sunday)")


def _recipe_faults(recipes: tuple[Recipe, ...]) -> Iterator[Fault]:
    if not recipes:
        yield _fault("recipes", "none", "at least one recipe")
    for recipe in recipes:
        compounds = [part.compound for part in recipe.ingredients]
        if len(set(compounds)) < len(compounds) or not recipe.syringe:
            yield _fault(f"recipe {recipe.name!r}", ", ".join(compounds), "a syringe, and no compound twice")
        if not (recipe.share > 0 and recipe.sites and all(share > 0 for share in recipe.sites.values())):
            yield _fault(
                f"recipe {recipe.name!r}",
                "a share of 0 or below, or no site",
                "shares above 0, at least one site",
            )
        if not 0 <= recipe.second_share <= 1:
            yield _fault(f"recipe {recipe.name!r}, second_share", str(recipe.second_share), "0 to 1")


def _event_faults(plan: Plan, event: PlantedEvent) -> Iterator[Fault]:
    known = sorted({part.compound for recipe in plan.recipes for part in recipe.ingredients})
    compound, clinic = getattr(event, "compound", None), getattr(event, "clinic", None)
    month, sessions = getattr(event, "month", 0.0), getattr(event, "sessions", None)
    if compound is not None and compound not in known:
        yield _fault(f"{event.kind}, compound", compound, f"one of {', '.join(known)}")
    if clinic is not None and clinic not in [place.name for place in plan.clinics]:
        yield _fault(f"{event.kind}, clinic", clinic, "the name of a clinic of the plan")
    if not 0 <= month < plan.months:
        yield _fault(f"{event.kind}, month", f"{month:g}", f"0 or more and below {plan.months}")
    if sessions is not None and sessions < 1:
        yield _fault(f"{event.kind}, sessions", str(sessions), "1 or more, or None")
    for name in ("factor", "relative_risk"):
        ratio = getattr(event, name, None)
        if ratio is not None and not (isfinite(ratio) and ratio >= 1):
            yield _fault(f"{event.kind}, {name}", f"{ratio:g}", "a finite number, 1 or more")


def _fault(name: str, got: str, expected: str) -> Fault:
    return Fault(what="value cannot be used", file=_WHERE, field=name, got=got, expected=expected)
