"""Plans and recipes: what can be asked for, and what is refused."""

from datetime import date
from importlib import resources

import pytest
import yaml

from untoward.errors import InputError
from untoward.model.names import fold
from untoward.simulate import (
    RECIPES,
    AllergicPatient,
    BadLot,
    CarelessPractitioner,
    Clinic,
    ContaminatedVial,
    Plan,
    demo_plan,
    recipes_with,
    scaled_plan,
)

HERE = Clinic(name="Here", city="Somewhere", region="Anywhere")


def test_the_demo_has_three_clinics_18_months_and_a_vial_in_the_twelfth():
    plan = demo_plan()
    assert (len(plan.clinics), plan.months, plan.sessions) == (3, 18, 6000)
    assert (plan.start, plan.end, plan.days) == (date(2024, 1, 1), date(2025, 7, 1), 547)
    (event,) = plan.planted
    assert isinstance(event, ContaminatedVial)
    assert 11 <= event.month < 12


def test_a_plan_may_end_in_a_month_without_its_day():
    assert Plan(start=date(2024, 1, 31), months=1, sessions=10, clinics=(HERE,)).end == date(2024, 2, 28)
    assert Plan(start=date(2024, 1, 31), months=12, sessions=10, clinics=(HERE,)).end == date(2025, 1, 31)


@pytest.mark.parametrize(("sessions", "clinics"), [(100, 1), (6000, 3), (1_000_000, 500)])
def test_clinics_stay_as_busy_at_any_size(sessions, clinics):
    assert len(scaled_plan(sessions).clinics) == clinics


def test_every_fault_of_a_plan_is_listed_at_once():
    events = (
        ContaminatedVial(month=20, clinic="Elsewhere", compound="water", sessions=0),
        BadLot(month=1, compound="lidocaine", term="bruise", factor=0.5),
        CarelessPractitioner(relative_risk=float("inf")),
        AllergicPatient(month=-1, compound="lidocaine"),
    )
    with pytest.raises(InputError) as raised:
        Plan(
            start=date(2024, 1, 1),
            months=18,
            sessions=0,
            clinics=(HERE, HERE),
            planted=events,
            open_weekdays=(7,),
        )
    assert [fault.field for fault in raised.value.faults] == [
        "sessions",
        "clinics",
        "open_weekdays",
        "contaminated-vial, compound",
        "contaminated-vial, clinic",
        "contaminated-vial, month",
        "contaminated-vial, sessions",
        "bad-lot, factor",
        "careless-practitioner, relative_risk",
        "allergic-patient, month",
    ]


def test_clinics_write_compounds_by_names_that_are_known():
    text = resources.files("untoward.evidence").joinpath("data/compounds.yaml").read_text(encoding="utf-8")
    known = {
        entry["key"]: {fold(name) for name in (*entry["names"].values(), *entry["synonyms"])}
        for entry in yaml.safe_load(text)
    }
    for recipe in RECIPES:
        for part in recipe.ingredients:
            assert {fold(name) for name in part.names} <= known[part.compound]


def test_recipe_shares_can_be_set_by_name():
    assert sum(recipe.share for recipe in RECIPES) == pytest.approx(1.0)
    unnumbed = {recipe.name: recipe for recipe in recipes_with({"share-with-lidocaine": 0.0})}
    assert "PC/DC with lidocaine" not in unnumbed
    assert unnumbed["PC/DC"].share == pytest.approx(0.25)
    assert unnumbed["hyaluronic acid"].second_share == 0.0
