"""Planted events: the truth names what was planted, whom it reached and whom it made ill, and nothing else changes."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats

from untoward.errors import InputError
from untoward.simulate import (
    AllergicPatient,
    BadLot,
    CarelessPractitioner,
    ContaminatedVial,
    Plan,
    PlantedEvent,
    demo_plan,
    simulate,
)
from untoward.simulate.illness import background
from untoward.simulate.leaving import drop_sessions_after_infection
from untoward.simulate.occurrences import Course
from untoward.simulate.planted import plant
from untoward.simulate.world import make_world

VIAL = ContaminatedVial(month=11.5, clinic="Mill Lane Clinic", compound="lidocaine", sessions=20)
LOT = BadLot(month=6.0, compound="deoxycholic-acid", term="swelling", factor=10.0)
CARELESS = CarelessPractitioner(clinic="Station Clinic")
ALLERGIC = AllergicPatient(month=3.0, compound="hyaluronic-acid")


def _planting(*events: PlantedEvent) -> Plan:
    return replace(demo_plan(), planted=events)


def _exposed(tables, column: str, value: str) -> set[str]:
    """Sessions that show the exposure, as a reader of the tables would find them."""
    table = tables["sessions"] if column in tables["sessions"].columns else tables["components"]
    return set(table.filter(pl.col(column) == value)["session_id"])


def test_the_truth_names_the_vial_and_who_was_injected_from_it(parameters):
    simulated = simulate(_planting(VIAL), replace(parameters, missing_vial_share=0.0), seed=2)
    (event,) = simulated.truth["planted"]
    assert (event["kind"], event["axis"], event["compound"]) == ("contaminated-vial", "vial", "lidocaine")
    assert event["clinics"] == ["Mill Lane Clinic"]
    assert "2024-12-15" <= event["from"] <= event["until"] < "2025-02-28"
    assert _exposed(simulated.tables, "vial", event["value"]) == set(event["exposed_sessions"])
    assert set(event["ill_sessions"]) <= set(event["exposed_sessions"])


def test_reactions_of_the_vial_are_nodules_that_antibiotics_do_not_cure(parameters):
    simulated = simulate(_planting(VIAL), parameters, seed=2)
    (event,) = simulated.truth["planted"]
    reactions = simulated.tables["reactions"].filter(pl.col("reaction_id").is_in(event["reactions"]))
    assert reactions.height == len(event["reactions"]) > 0
    assert set(reactions["term"]) <= {"nodule", "abscess"}
    assert reactions["session_id"].to_list() == event["recorded_against"]
    seen = simulated.tables["observations"].join(reactions.select("reaction_id"), on="reaction_id")
    assert not seen["fever"].drop_nulls().any()
    assert seen["antibiotic failure"].any()
    others = simulated.tables["observations"].filter(~pl.col("reaction_id").is_in(event["reactions"]))
    assert others["antibiotic failure"].null_count() == others.height


def test_the_vial_makes_as_many_ill_as_its_attack_rate_says(parameters):
    ill = exposed = 0
    for seed in range(30):
        world = make_world(_planting(VIAL), parameters, seed)
        _, (event,) = plant(world, background(world))
        ill += np.unique(event.reactions.session).size
        exposed += event.exposed.size
    assert exposed > 500
    assert stats.binomtest(ill, exposed, 0.4).pvalue > 0.001


def test_incubation_lies_in_its_range_and_an_abscess_comes_after_its_nodule(parameters):
    days: list[float] = []
    for seed in range(30):
        world = make_world(_planting(VIAL), parameters, seed)
        world, (event,) = plant(world, background(world))
        since = (event.reactions.onset - world.visits.minute[event.reactions.session]) / 1440
        for session in np.unique(event.reactions.session):
            own = since[event.reactions.session == session]
            days.append(float(own[0]))
            assert np.all(own[1:] > own[0])
    assert 15 <= min(days) <= max(days) <= 60
    assert np.median(days) == pytest.approx(30, rel=0.1)


def test_a_vial_may_serve_as_many_as_it_happens_to(parameters):
    simulated = simulate(_planting(ContaminatedVial(month=4.0)), parameters, seed=3)
    (event,) = simulated.truth["planted"]
    assert 1 <= len(event["exposed_sessions"]) <= 20


def test_two_contaminated_vials_are_two_vials(parameters):
    plan = _planting(VIAL, replace(VIAL, compound="hyaluronic-acid"))
    first, second = simulate(plan, parameters, seed=4).truth["planted"]
    assert (first["compound"], second["compound"]) == ("lidocaine", "hyaluronic-acid")
    assert first["value"] != second["value"]


def test_the_bad_lot_raises_its_reaction_and_is_named(parameters):
    plan = replace(_planting(LOT), sessions=30_000)
    simulated = simulate(plan, replace(parameters, missing_lot_share=0.0), seed=5)
    (event,) = simulated.truth["planted"]
    assert (event["axis"], event["terms"]) == ("lot", ["swelling"])
    assert _exposed(simulated.tables, "lot", event["value"]) == set(event["exposed_sessions"])
    swollen = simulated.tables["reactions"].filter(pl.col("term") == "swelling")["session_id"]
    ill = len(set(swollen) & set(event["exposed_sessions"]))
    # Ten times the usual recorded rate, and the usual one is what the truth says was to be expected.
    usual = event["background_expected"] / len(event["exposed_sessions"])
    assert stats.binomtest(ill, len(event["exposed_sessions"]), 10 * usual).pvalue > 0.001
    assert stats.binomtest(ill, len(event["exposed_sessions"]), usual, alternative="greater").pvalue < 1e-6


def test_a_bad_lot_without_a_factor_takes_the_parameter(parameters_with):
    changed = parameters_with({"bad-lot-relative-risk": 1.0})
    (event,) = simulate(_planting(replace(LOT, factor=None)), changed, seed=5).truth["planted"]
    assert event["reactions"] == []


def test_the_careless_practitioner_has_more_infections(parameters):
    simulated = simulate(_planting(CARELESS), parameters, seed=6)
    (event,) = simulated.truth["planted"]
    assert event["clinics"] == ["Station Clinic"]
    assert _exposed(simulated.tables, "practitioner", event["value"]) == set(event["exposed_sessions"])
    exposed, ill = len(event["exposed_sessions"]), len(event["ill_sessions"])
    # 40 times a background of 1 in 2,000 is 1 in 50, of which the background itself has one part in 40.
    assert stats.binomtest(ill, exposed, 0.0005 * 39 / 0.9995).pvalue > 0.001
    assert set(event["terms"]) <= {"abscess", "cellulitis"}
    assert not simulate(_planting(replace(CARELESS, relative_risk=1.0)), parameters, 6).truth["planted"][0][
        "reactions"
    ]


def test_the_allergic_patient_has_hives_and_wheeze_within_the_hour(parameters):
    simulated = simulate(_planting(ALLERGIC), parameters, seed=7)
    (event,) = simulated.truth["planted"]
    assert (event["axis"], event["terms"]) == ("patient", ["hives", "wheeze"])
    assert event["ill_sessions"][0] == event["exposed_sessions"][0]
    assert _exposed(simulated.tables, "patient_id", event["value"]) >= set(event["exposed_sessions"])
    reactions = simulated.tables["reactions"].filter(pl.col("reaction_id").is_in(event["reactions"]))
    assert set(reactions["patient_id"]) == {event["value"]}
    assert reactions["onset_day"].drop_nulls().max() <= 40 / 1440 + 1e-3
    seen = simulated.tables["observations"].join(reactions, on="reaction_id")
    assert seen["severity"][0] == "severe"


def test_an_allergy_comes_back_as_often_as_its_parameter_says(parameters_with):
    for share in (0.0, 1.0):
        changed = parameters_with({"allergic-patient-recurrence": share})
        ill = [simulate(_planting(ALLERGIC), changed, seed).truth["planted"][0] for seed in range(5)]
        for event in ill:
            assert len(event["ill_sessions"]) == (len(event["exposed_sessions"]) if share else 1)


def test_planting_changes_nothing_but_what_it_causes(parameters):
    plain = make_world(_planting(), parameters, seed=8)
    world = make_world(_planting(VIAL, LOT, CARELESS, ALLERGIC), parameters, seed=8)
    usual = background(world)
    after, planted = plant(world, usual)
    assert [item.event for item in planted] == [VIAL, LOT, CARELESS, ALLERGIC]
    assert np.array_equal(plain.visits.minute, after.visits.minute)
    same = background(plain)
    for name in ("session", "term", "onset", "days", "severity"):
        assert np.array_equal(getattr(same, name), getattr(usual, name))
    moved = plain.components.vial != after.components.vial
    assert set(after.components.vial[moved].tolist()) >= {planted[0].culprit}
    assert np.all(plain.components.compound[moved] == after.components.vials.compound[planted[0].culprit])


def test_one_reaction_is_caused_by_one_event_only(parameters):
    simulated = simulate(_planting(VIAL, LOT, CARELESS, ALLERGIC), parameters, seed=9)
    caused = [reaction for event in simulated.truth["planted"] for reaction in event["reactions"]]
    assert len(caused) == len(set(caused))
    assert set(caused) <= set(simulated.tables["reactions"]["reaction_id"])
    for event in simulated.truth["planted"]:
        terms = simulated.tables["reactions"].filter(pl.col("reaction_id").is_in(event["reactions"]))["term"]
        assert set(terms) <= set(event["terms"])


def test_nobody_is_injected_again_once_infected(parameters):
    world = make_world(_planting(VIAL, CARELESS), parameters, seed=10)
    usual = background(world)
    world, planted = plant(world, usual)
    before = world.visits.count
    world, usual, planted = drop_sessions_after_infection(world, usual, planted)
    assert world.visits.count < before
    for part in (usual, *(item.reactions for item in planted)):
        infected = np.isin(part.course, [Course.BACTERIAL, Course.MYCOBACTERIAL])
        for session, onset in zip(part.session[infected], part.onset[infected], strict=True):
            own = world.visits.minute[world.visits.patient == world.visits.patient[session]]
            assert own.max() <= onset
    assert world.components.session.max() == world.visits.count - 1


def test_what_was_not_reported_by_the_end_is_counted_but_not_recorded(parameters_with):
    everybody = parameters_with({"contaminated-vial-attack-rate": 1.0})
    late = ContaminatedVial(month=17.5, compound="lidocaine", sessions=20)
    (event,) = simulate(_planting(late), everybody, seed=11).truth["planted"]
    assert event["ill_sessions"]
    assert event["not_recorded"] > 0


@pytest.mark.parametrize(
    "event",
    [
        replace(VIAL, compound="hyaluronidase"),
        replace(LOT, compound="hyaluronidase"),
        replace(LOT, term="itch"),
        replace(ALLERGIC, compound="hyaluronidase"),
    ],
)
def test_an_event_that_cannot_be_planted_is_refused(parameters, event):
    # 25 sessions, one in twenty with hyaluronidase, leave most months without any; no parameter tells of itch.
    plan = replace(_planting(event), sessions=25)
    with pytest.raises(InputError, match="cannot be planted"):
        simulate(plan, parameters, seed=1)
