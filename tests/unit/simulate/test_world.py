"""Sessions, stock and rates: courses at opening hours, vials and lots that serve one clinic after the other."""

from dataclasses import replace
from datetime import date
from math import log

import numpy as np
import pytest

from untoward.errors import InputError
from untoward.simulate import Clinic, Plan, demo_plan, scaled_plan
from untoward.simulate.rates import make_rates
from untoward.simulate.stock import use_vial_for
from untoward.simulate.world import World, make_world

DAY = 1440


@pytest.fixture
def world(parameters) -> World:
    return make_world(demo_plan(), parameters, seed=11)


def test_the_number_of_sessions_is_the_expected_one_on_average(parameters):
    counts = [make_world(demo_plan(), parameters, seed).visits.count for seed in range(20)]
    # A single registry varies by about 120 sessions around 6,000, so the mean of 20 by about 27.
    assert np.mean(counts) == pytest.approx(6000, abs=110)


def test_sessions_are_held_in_order_at_opening_hours_on_working_days(world):
    minute = world.visits.minute
    assert np.all(np.diff(minute) >= 0)
    assert minute[0] >= 0
    assert minute[-1] < world.plan.days * DAY
    weekdays = (world.plan.start.weekday() + minute // DAY) % 7
    assert set(weekdays.tolist()) == {0, 1, 2, 3, 4, 5}
    assert (minute % DAY).min() >= 9 * 60
    assert (minute % DAY).max() < 18 * 60


def test_intervals_within_a_course_lie_in_the_published_range(world):
    order = np.lexsort((world.visits.minute, world.visits.patient))
    same = np.diff(world.visits.patient[order]) == 0
    days = np.diff(world.visits.minute[order] // DAY)[same]
    # A Sunday moves a session by one day. Longer pauses are those before a second course.
    assert days.min() >= 14 - 1
    assert not np.any((days > 60 + 1) & (days < 90 - 1))
    assert np.median(days[days <= 61]) == pytest.approx(28, abs=1)


def test_no_patient_comes_twice_on_one_day_even_when_clinics_open_once_a_week(parameters):
    plan = replace(demo_plan(), open_weekdays=(2,), planted=())
    visits = make_world(plan, replace(parameters, interval_days_low=2.0), seed=1).visits
    pairs = np.stack([visits.patient, visits.minute // DAY])
    assert np.unique(pairs, axis=1).shape[1] == visits.count


def test_a_plan_too_small_for_any_session_is_refused(parameters):
    plan = Plan(
        start=date(2024, 1, 1), months=1, sessions=1, clinics=(Clinic(name="A", city="B", region="C"),)
    )
    with pytest.raises(InputError, match="no session"):
        make_world(plan, parameters, seed=7)


def test_a_vial_serves_one_compound_at_one_clinic_from_one_lot_for_at_most_28_days(world):
    parts, vials = world.components, world.components.vials
    assert np.array_equal(vials.compound[parts.vial], parts.compound)
    assert np.array_equal(vials.clinic[parts.vial], world.visits.clinic[parts.session])
    assert np.array_equal(vials.lot_compound[parts.lot], parts.compound)
    age = world.visits.minute[parts.session] - vials.opened[parts.vial]
    assert age.min() == 0
    assert age.max() < 28 * DAY
    assert np.all(np.diff(vials.opened) >= 0)


def test_a_vial_serves_about_as_many_sessions_as_its_parameter_says(parameters):
    world = make_world(scaled_plan(20_000), parameters, seed=3)
    served = np.bincount(world.components.vial)
    # Slightly fewer than the 5 of the parameter: some vials are thrown away after 28 days.
    assert 4.0 < served.mean() <= 5.2


def test_lots_last_weeks_and_are_shared_within_a_supplier_only(parameters):
    world = make_world(scaled_plan(40_000), parameters, seed=3)
    parts = world.components
    supplier = world.visits.clinic[parts.session] // world.plan.clinics_per_supplier
    pairs = np.unique(np.stack([parts.lot, supplier]), axis=1)
    assert pairs.shape[1] == np.unique(parts.lot).size
    for lot in np.unique(parts.lot)[:50]:
        opened = parts.vials.opened[parts.vials.lot == lot]
        assert np.ptp(opened) <= (70 + 21) * DAY


def test_a_vial_can_be_made_to_serve_more_or_fewer_sessions(world):
    parts, vials = world.components, world.components.vials
    busy = int(np.argmax(np.bincount(parts.vial)))
    opened = vials.opened[busy]
    for sessions in (1, 3, 12):
        changed = use_vial_for(parts, world.visits, busy, sessions, 28.0)
        rows = np.flatnonzero(changed.vial == busy)
        assert rows.size == sessions
        assert np.all(changed.compound[rows] == vials.compound[busy])
        assert np.all(world.visits.clinic[changed.session[rows]] == vials.clinic[busy])
        assert np.all(world.visits.minute[changed.session[rows]] - opened <= 28 * DAY)
        elsewhere = (parts.compound != vials.compound[busy]) | (
            world.visits.clinic[parts.session] != vials.clinic[busy]
        )
        assert np.array_equal(changed.vial[elsewhere], parts.vial[elsewhere])


def test_a_mix_does_what_the_strongest_of_its_compounds_does(parameters):
    plan = demo_plan()
    rates = make_rates(plan, parameters)
    names = [recipe.name for recipe in plan.recipes]
    chin, trunk = 2 * names.index("deoxycholic acid"), 2 * names.index("PC/DC")
    numbed = 2 * names.index("PC/DC with lidocaine")
    swelling, redness, nodule = (rates.terms.index(term) for term in ("swelling", "redness", "nodule"))
    assert rates.rate[chin, swelling] == 400 / 500
    assert rates.mu[chin, swelling] == log(9)
    assert rates.rate[trunk, swelling] == 200 / 500
    assert rates.rate[trunk, redness] == 0
    assert rates.rate[numbed, redness] == rates.rate[chin + 1, redness] == 50 / 500
    assert rates.rate[chin, redness] == 0
    # No published duration: the assumed one.
    assert rates.mu[trunk, nodule] == log(parameters.duration_days_median_default)


def test_the_recorded_share_meets_the_plan_or_is_the_parameter(parameters):
    plan = demo_plan()
    world = make_world(plan, parameters, seed=1)
    expected = world.share * world.rates.rate.sum(axis=1)[world.visits.treatment].sum()
    assert expected == pytest.approx(0.07 * world.visits.count)
    assert make_world(replace(plan, reactions_per_session=1000.0), parameters, 1).share == 1.0
    assert make_world(replace(plan, reactions_per_session=None), parameters, 1).share == 0.6
