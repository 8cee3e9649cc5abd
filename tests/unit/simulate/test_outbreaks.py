"""Outbreaks with their own attack rate: tables show the culprit, the truth says who had it, figures are the printed ones."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats

from untoward.errors import InputError
from untoward.evidence.load import load_evidence
from untoward.evidence.records import Outbreak as OutbreakRecord
from untoward.simulate import scaled_plan
from untoward.simulate.outbreaks import PUBLISHED_OUTBREAKS, Incubation, Outbreak, simulate_outbreak

PLAN = scaled_plan(6000)
AXES = ("vial", "lot", "device", "diluent")


def _outbreak(axis="vial", **changes):
    return Outbreak(**{"axis": axis, "exposed": 40, "attack_rate": 0.5, "month": 8.0, **changes})


@pytest.fixture
def complete(parameters):
    """Parameters under which every lot, vial and onset is written down."""
    return replace(parameters, missing_lot_share=0.0, missing_vial_share=0.0, missing_onset_share=0.0)


def _sessions_with(made):
    components = made.tables["components"]
    return set(components.filter(pl.col(made.axis).is_in(made.values))["session_id"])


def _people(made, sessions):
    return made.tables["sessions"].filter(pl.col("session_id").is_in(list(sessions)))["patient_id"].n_unique()


@pytest.mark.parametrize("axis", ["vial", "lot", "diluent"])
def test_the_tables_show_the_culprit_in_the_sessions_that_had_it(complete, axis):
    made = simulate_outbreak(PLAN, complete, _outbreak(axis), 3)
    assert made.axis == axis
    assert _sessions_with(made) == made.exposed


def test_an_injector_is_used_before_and_after_it_was_contaminated(complete):
    made = simulate_outbreak(PLAN, complete, _outbreak("device"), 3)
    assert made.exposed < _sessions_with(made)
    dates = made.tables["sessions"].sort("date")
    exposed = dates["session_id"].is_in(list(made.exposed))
    with_it = dates["session_id"].is_in(list(_sessions_with(made)))
    first, last = exposed.arg_max(), len(exposed) - 1 - exposed.reverse().arg_max()
    assert (with_it[first : last + 1] == exposed[first : last + 1]).all()


@pytest.mark.parametrize("axis", AXES)
def test_about_as_many_people_are_exposed_as_asked_for(complete, axis):
    made = simulate_outbreak(PLAN, complete, _outbreak(axis), 3)
    # A lot is used up to the end of its last vial; who falls ill before a session does not come.
    assert 36 <= _people(made, made.exposed) <= 50


def test_each_person_falls_ill_with_the_attack_rate_however_many_sessions_they_had(complete):
    ill = exposed = 0
    for seed in range(40):
        made = simulate_outbreak(PLAN, complete, _outbreak("diluent", exposed=100, attack_rate=0.15), seed)
        ill += made.ill
        exposed += 100
    assert stats.binomtest(ill, exposed, 0.15).pvalue > 0.001


def test_the_reactions_named_are_those_of_the_ill_and_nobody_elses(complete):
    made = simulate_outbreak(PLAN, complete, _outbreak("vial"), 3)
    reactions = made.tables["reactions"].filter(pl.col("reaction_id").is_in(list(made.reactions)))
    patients = made.tables["sessions"].filter(pl.col("session_id").is_in(list(made.exposed)))["patient_id"]
    assert reactions.height == len(made.reactions) > 0
    assert set(reactions["term"]) <= {"nodule", "abscess"}
    assert set(reactions["patient_id"]) <= set(patients)
    assert reactions["patient_id"].n_unique() <= made.ill


def test_a_new_lot_is_nowhere_else(complete):
    made = simulate_outbreak(PLAN, complete, _outbreak("lot", clinics=2, lots=3), 3)
    assert len(set(made.values)) == 3
    with_clinic = made.tables["components"].join(made.tables["sessions"], on="session_id")
    mine = with_clinic.filter(pl.col("lot").is_in(made.values))
    assert set(mine["clinic"]) == {"Clinic 1", "Clinic 2"}
    assert mine["vial"].n_unique() == mine.select("vial", "lot").unique().height


def test_the_incubation_of_the_outbreak_goes_before_that_of_the_parameters(complete):
    slow = Incubation(median=80, low=70, high=90, log_sd=0.1)
    made = simulate_outbreak(PLAN, complete, _outbreak(incubation=slow, month=4.0), 3)
    nodules = made.tables["reactions"].filter(
        pl.col("reaction_id").is_in(list(made.reactions)) & (pl.col("term") == "nodule")
    )
    # Counted from the last session before the onset, which can only be later than the one that caused it.
    assert 70 <= nodules["onset_day"].max() <= 91


def test_without_an_outbreak_everything_else_is_alike(complete):
    quiet = simulate_outbreak(PLAN, complete, None, 3)
    assert (quiet.values, quiet.ill, quiet.exposed, quiet.reactions) == ((), 0, frozenset(), frozenset())
    harmless = simulate_outbreak(PLAN, complete, _outbreak("diluent", attack_rate=0.0), 3)
    for name in ("sessions", "reactions", "observations"):
        assert harmless.tables[name].equals(quiet.tables[name])


def test_same_seed_same_registry(parameters):
    one, two = (simulate_outbreak(PLAN, parameters, _outbreak(), 5) for _ in range(2))
    assert all(one.tables[name].equals(two.tables[name]) for name in one.tables)
    assert (one.values, one.exposed, one.reactions) == (two.values, two.exposed, two.reactions)


def test_every_session_of_mesotherapy_has_one_of_its_clinics_two_injectors(complete):
    made = simulate_outbreak(PLAN, complete, None, 1)
    joined = made.tables["components"].join(made.tables["sessions"], on="session_id")
    assert (joined["device"].is_not_null() == (joined["technique"] == "mesotherapy")).all()
    used = joined.drop_nulls("device").select("clinic", "device").unique()
    assert used.group_by("clinic").len()["len"].to_list() == [2, 2, 2]
    assert joined["diluent"].null_count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"exposed": 0}, "exposed, clinics, lots"),
        ({"attack_rate": 1.5}, "attack_rate"),
        ({"month": -1.0}, "month"),
    ],
)
def test_an_outbreak_that_makes_no_sense_is_refused(changes, field):
    with pytest.raises(InputError) as caught:
        _outbreak(**changes)
    assert [fault.field for fault in caught.value.faults] == [field]


@pytest.mark.parametrize("axis", AXES)
def test_more_people_than_come_cannot_be_exposed(parameters, axis):
    with pytest.raises(InputError, match="people in the plan's time"):
        simulate_outbreak(PLAN, parameters, _outbreak(axis, exposed=5000), 1)


def test_a_compound_that_no_recipe_has_is_refused_with_those_there_are(parameters):
    with pytest.raises(InputError, match="hyaluronidase"):
        simulate_outbreak(PLAN, parameters, _outbreak(compound="steroid"), 1)


@pytest.mark.parametrize("published", PUBLISHED_OUTBREAKS, ids=lambda one: one.name)
def test_published_figures_are_those_of_the_evidence_base(published):
    outbreak = published.as_outbreak(6.0)
    assert outbreak.exposed == published.of
    assert np.isclose(outbreak.attack_rate * published.of, published.ill)
    if published.record:
        records = {record.key: record for record in load_evidence().of_class(OutbreakRecord)}
        record = records[published.record]
        assert (record.n, record.of) == (published.ill, published.of)
        if published.incubation and record.incubation:
            printed = {name: record.incubation[name] for name in ("median", "low", "high")}
            own = published.incubation
            assert printed == {"median": own.median, "low": own.low, "high": own.high}
