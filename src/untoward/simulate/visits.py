"""Who came when, to whom, for what: courses of sessions at each clinic, laid on its opening hours."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from untoward.errors import Fault, InputError
from untoward.simulate.arrays import MINUTES_PER_DAY, Bools, Floats, Ints, runs
from untoward.simulate.draw import Stage, lognormal_within, one_plus_poisson, pick, stream
from untoward.simulate.parameters import SimulationParameters
from untoward.simulate.plan import Plan

_FIRST_APPOINTMENT = 9 * 60
_APPOINTMENT_MINUTES = 15
_APPOINTMENTS_PER_DAY = 36
_OLDEST = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Patients:
    """One row per patient. `age` is in years at the first session and `site` a position in the recipe's sites."""

    clinic: Ints
    practitioner: Ints
    recipe: Ints
    site: Ints
    age: Ints
    female: Bools

    def take(self, rows: Ints) -> Patients:
        """The patients at these rows, in that order."""
        return Patients(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """One row per session in order of time; `patient` is a row of `patients`, `practitioner` counts over all clinics.

    `two_syringes` is whether the second syringe of the recipe was used.
    """

    minute: Ints
    patient: Ints
    practitioner: Ints
    two_syringes: Bools
    patients: Patients

    @property
    def count(self) -> int:
        """Number of sessions."""
        return int(self.minute.size)

    @property
    def clinic(self) -> Ints:
        """Clinic of each session."""
        return self.patients.clinic[self.patient]

    @property
    def recipe(self) -> Ints:
        """Recipe of each session."""
        return self.patients.recipe[self.patient]

    @property
    def treatment(self) -> Ints:
        """What each session held: twice the number of its recipe, plus one when both syringes were used."""
        return self.recipe * 2 + self.two_syringes


def draw_visits(plan: Plan, parameters: SimulationParameters, seed: int) -> Visits:
    """All sessions in the plan's time.

    Patients start at a constant rate from well before the plan's first day, and only sessions within its time are kept:
    otherwise a registry would open with everybody's first session.
    """
    rng = stream(seed, Stage.PATIENTS)
    lead = _lead_days(parameters)
    patients = _draw_patients(plan, parameters, rng, _patient_count(plan, parameters, lead))
    owner, day = _draw_days(plan, parameters, rng, patients.age.size, lead)
    day = _next_open_day(plan, day)
    within = np.flatnonzero((day >= 0) & (day < plan.days) & _first_of_its_day(owner, day))
    if not within.size:
        raise InputError("The simulation plan yields no session", [_too_small(plan)])
    return _draw_sessions(plan, parameters, seed, patients, owner[within], day[within])


def _sessions_per_patient(parameters: SimulationParameters) -> float:
    return parameters.sessions_per_course_mean * (1.0 + parameters.second_course_share)


def _lead_days(parameters: SimulationParameters) -> float:
    """Days before the plan's first day from which on patients matter: long enough for two long courses."""
    two_courses = 2.0 * parameters.sessions_per_course_mean + 4.0
    return two_courses * parameters.interval_days_median + parameters.second_course_gap_days_high


def _patient_count(plan: Plan, parameters: SimulationParameters, lead: float) -> int:
    per_day = plan.sessions / plan.days / _sessions_per_patient(parameters)
    return max(1, round(per_day * (plan.days + lead)))


def _draw_patients(
    plan: Plan, parameters: SimulationParameters, rng: np.random.Generator, size: int
) -> Patients:
    clinic = pick(rng, np.array([place.share for place in plan.clinics]), size)
    practitioner = clinic * plan.practitioners_per_clinic + rng.integers(
        plan.practitioners_per_clinic, size=size
    )
    recipe = pick(rng, np.array([recipe.share for recipe in plan.recipes]), size)
    site = np.zeros(size, dtype=np.int64)
    for number, choice in enumerate(plan.recipes):
        drawn = pick(rng, np.array(list(choice.sites.values())), size)
        site = np.where(recipe == number, drawn, site)
    age = rng.normal(parameters.patient_age_mean, parameters.patient_age_sd, size)
    return Patients(
        clinic=clinic,
        practitioner=practitioner,
        recipe=recipe,
        site=site,
        age=np.clip(np.rint(age), parameters.patient_age_min, _OLDEST).astype(np.int64),
        female=rng.random(size) < parameters.share_female,
    )


def _draw_days(
    plan: Plan, parameters: SimulationParameters, rng: np.random.Generator, patients: int, lead: float
) -> tuple[Ints, Ints]:
    """Patient and whole day of every session, inside and outside the plan's time."""
    first_course, second_course = (_course_lengths(parameters, rng, patients) for _ in range(2))
    second_course *= rng.random(patients) < parameters.second_course_share
    owner, number = runs(first_course + second_course)
    step = lognormal_within(
        rng,
        parameters.interval_days_median,
        parameters.interval_days_low,
        parameters.interval_days_high,
        owner.size,
    )
    gap = rng.uniform(parameters.second_course_gap_days_low, parameters.second_course_gap_days_high, patients)
    step = np.where(number == first_course[owner], gap[owner], step)
    step[number == 0] = rng.uniform(-lead, plan.days, patients)
    return owner, np.floor(_running_sum(step, number)).astype(np.int64)


def _course_lengths(parameters: SimulationParameters, rng: np.random.Generator, courses: int) -> Ints:
    lengths = one_plus_poisson(rng, parameters.sessions_per_course_mean, courses)
    return np.minimum(lengths, int(parameters.sessions_per_course_max))


def _running_sum(step: Floats, number: Ints) -> Floats:
    """Sum of the steps so far, beginning anew wherever `number` is 0."""
    total = np.cumsum(step)
    start = np.flatnonzero(number == 0)
    before = total[start] - step[start]
    return total - np.repeat(before, np.diff(np.append(start, step.size)))


def _next_open_day(plan: Plan, day: Ints) -> Ints:
    """The day itself when the clinics are open, else the next day on which they are."""
    weekdays = (plan.start.weekday() + np.arange(7)) % 7
    wait = [
        next(days for days in range(7) if (weekday + days) % 7 in plan.open_weekdays)
        for weekday in weekdays.tolist()
    ]
    return day + np.array(wait, dtype=np.int64)[day % 7]


def _first_of_its_day(owner: Ints, day: Ints) -> Bools:
    """False where waiting for an opening put two sessions of one patient on one day."""
    first: Bools = (np.diff(day, prepend=-1) != 0) | (np.diff(owner, prepend=-1) != 0)
    return first


def _too_small(plan: Plan) -> Fault:
    return Fault(
        what="no session was drawn",
        file="simulation plan",
        field="sessions",
        got=str(plan.sessions),
        expected="enough that some fall into its time",
    )


def _draw_sessions(
    plan: Plan, parameters: SimulationParameters, seed: int, patients: Patients, owner: Ints, day: Ints
) -> Visits:
    rng = stream(seed, Stage.SESSIONS)
    slot = rng.integers(_APPOINTMENTS_PER_DAY, size=day.size)
    minute = day * MINUTES_PER_DAY + _FIRST_APPOINTMENT + _APPOINTMENT_MINUTES * slot
    order = np.lexsort((owner, minute))
    seen, patient = np.unique(owner[order], return_inverse=True)
    kept = patients.take(seen)
    return Visits(
        minute=minute[order],
        patient=patient.astype(np.int64),
        practitioner=_draw_practitioners(plan, parameters, rng, kept, patient),
        two_syringes=_draw_second_syringes(plan, seed, kept.recipe[patient]),
        patients=kept,
    )


def _draw_practitioners(
    plan: Plan, parameters: SimulationParameters, rng: np.random.Generator, patients: Patients, patient: Ints
) -> Ints:
    someone = patients.clinic[patient] * plan.practitioners_per_clinic + rng.integers(
        plan.practitioners_per_clinic, size=patient.size
    )
    stand_in = rng.random(patient.size) < parameters.other_practitioner_share
    return np.where(stand_in, someone, patients.practitioner[patient])


def _draw_second_syringes(plan: Plan, seed: int, recipe: Ints) -> Bools:
    share = np.array([choice.second_share if choice.second_syringe else 0.0 for choice in plan.recipes])
    used: Bools = stream(seed, Stage.SYRINGES).random(recipe.size) < share[recipe]
    return used
