"""Parameters: complete, within bounds, each with its provenance, every fault at once."""

from dataclasses import replace

import pytest

from untoward.errors import InputError
from untoward.simulate import PARAMETERS, REQUIRED_NAMES, ReactionParameter, SimulationParameters

NAMES_FROM_EVIDENCE = {
    "sessions-per-course-mean",
    "interval-days-median",
    "interval-days-low",
    "interval-days-high",
    "background-infection-per-session",
    "contaminated-vial-attack-rate",
    "incubation-days-median",
    "incubation-days-low",
    "incubation-days-high",
    "sessions-per-vial",
    "patient-age-mean",
    "patient-age-sd",
    "share-female",
    "allergy-per-session",
    "reporting-delay-days-median",
    "careless-practitioner-relative-risk",
}


def test_the_required_parameters_are_those_that_evidence_provides():
    assert set(REQUIRED_NAMES) == NAMES_FROM_EVIDENCE


def test_every_parameter_says_its_unit_and_meaning():
    assert all(quantity.unit and quantity.meaning for quantity in PARAMETERS.values())


def test_what_is_not_given_is_an_assumption_with_its_reason(parameters):
    assert parameters.provenance["abscess-share"] == "assumption: common in outbreaks"
    assert set(parameters.provenance) == set(PARAMETERS) == set(parameters.values())


def test_an_assumption_may_be_replaced_with_provenance(parameters_with):
    changed = parameters_with({"abscess-share": 0.25})
    assert changed.values()["abscess-share"] == 0.25
    assert changed.provenance["abscess-share"] == "assumption: made up for the test"


def test_every_missing_unknown_and_unexplained_name_is_listed_at_once():
    with pytest.raises(InputError) as raised:
        SimulationParameters.of({"share-female": 0.8, "share-femal": 0.8}, (), {})
    text = str(raised.value)
    assert len(raised.value.faults) == len(REQUIRED_NAMES) - 1 + 1 + 1
    assert "share-femal: no such parameter" in text
    assert "share-female: no provenance" in text
    assert "interval-days-median: not given" in text


def test_every_value_out_of_bounds_is_listed_at_once(parameters):
    with pytest.raises(InputError) as raised:
        replace(parameters, share_female=1.5, sessions_per_vial=0.0, patient_age_mean=float("nan"))
    assert [fault.where for fault in raised.value.faults] == [
        "sessions-per-vial",
        "patient-age-mean",
        "share-female",
    ]


def test_values_that_contradict_each_other_are_refused(parameters):
    with pytest.raises(InputError) as raised:
        replace(parameters, interval_days_low=40.0, lot_days_low=99.0, moderate_share=0.9, severe_share=0.2)
    assert len(raised.value.faults) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"n": 6, "of": 5},
        {"of": 0, "n": 0},
        {"mu": 1.0, "sigma": None},
        {"mu": 1.0, "sigma": -1.0},
        {"onset_median_days": 0.0},
        {"provenance": ""},
    ],
)
def test_a_reaction_that_cannot_be_is_refused(parameters, change):
    sound = ReactionParameter(compound="lidocaine", term="itch", n=1, of=5, provenance="assumption: test")
    assert replace(parameters, reactions=(sound,)).reactions == (sound,)
    with pytest.raises(InputError):
        replace(parameters, reactions=(replace(sound, **change),))


def test_a_reaction_given_twice_is_refused(parameters):
    with pytest.raises(InputError, match="more than once"):
        replace(parameters, reactions=(*parameters.reactions, parameters.reactions[0]))
