"""From the rows of a registry to cases: nothing unknown is taken for a no."""

import pytest

from untoward.exchange.tables import Names, read_registry
from untoward.model.answer import Answer
from untoward.tasks.knowledge import case_names, evidence
from untoward.tasks.registry_cases import reaction_cases

TABLES = {
    "sessions": """
session_id,patient_id,date,age,sex,pregnant,weight_kg,licensed,sites,history
S1,P1,2026-03-02,33,F,no,60,yes,thigh; abdomen,asthma
S2,P2,2026-03-02,,,,,,,
""",
    "components": """
session_id,compound,lot,vial,mix
S1,lecithin,L1,V1,1
S1,lidocaine,L2,V2,1
""",
    "reactions": """
reaction_id,session_id,term,onset_day,outcome,resolved_day
R1,S1,nodule,20,,
R2,S2,bruise,1,recovered,
R3,S2,bruise,1,,9
R4,S2,redness,1,,
""",
    "observations": """
reaction_id,day,text,present,size_cm,painful,fever
R1,30,,,2,yes,no
R1,25,a hard red bump,,1,no,
R4,3,,yes,,,
R4,5,,no,,,
""",
}


@pytest.fixture
def cases(tmp_path):
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text.lstrip(), encoding="utf-8")
    base = evidence()
    reading = read_registry(tmp_path, Names(compounds=base.compound_names, terms=base.terms))
    assert [str(fault) for fault in reading.faults] == []
    return {item.case.id: item for item in reaction_cases(reading.registry, case_names())}


def test_one_case_a_reaction_in_the_order_of_the_table(cases):
    assert list(cases) == ["R1", "R2", "R3", "R4"]


def test_the_person_and_the_session(cases):
    patient, (session,) = cases["R1"].case.patient, cases["R1"].case.sessions
    assert (patient.age_years, patient.sex, str(patient.weight), patient.pregnant) == (
        33.0,
        "F",
        "60 kg",
        Answer.NO,
    )
    assert patient.history == ("asthma",)
    assert session.sites == ("thigh", "abdomen")
    assert session.licensed is Answer.YES
    assert [part.compound for part in session.components] == ["phosphatidylcholine", "lidocaine"]


def test_what_a_row_does_not_say_is_unknown(cases):
    patient, (session,) = cases["R2"].case.patient, cases["R2"].case.sessions
    assert patient.age_years is patient.weight is None
    assert patient.pregnant is session.licensed is Answer.UNKNOWN
    assert patient.history == session.components == ()


def test_observations_stand_in_the_order_of_their_days(cases):
    assert [seen.day for seen in cases["R1"].case.observations] == [25.0, 30.0]
    assert cases["R1"].last_seen_day == 30.0


def test_a_row_that_does_not_say_whether_it_was_present_counts_as_present(cases):
    for seen in cases["R1"].case.observations:
        assert seen.signs["nodule"].answer is Answer.YES
    assert cases["R1"].open


def test_columns_named_like_terms_are_findings_and_an_empty_cell_says_nothing(cases):
    first, second = cases["R1"].case.observations
    assert "fever" not in first.signs
    assert second.signs["fever"].answer is Answer.NO


def test_attributes_belong_to_the_reaction(cases):
    sign = cases["R1"].case.observations[1].signs["nodule"]
    assert sign.number("size_cm") == 2.0
    assert sign.truth("painful") is Answer.YES


def test_a_reaction_nobody_looked_at_is_judged_as_it_was_reported(cases):
    (seen,) = cases["R2"].case.observations
    assert seen.day == 1.0
    assert seen.signs["bruise"].answer is Answer.YES


@pytest.mark.parametrize(("key", "open_"), [("R1", True), ("R2", False), ("R3", False), ("R4", False)])
def test_what_was_said_to_be_over_is_over(cases, key, open_):
    """R2 recovered, R3 has a last day, R4 was absent when it was last looked at; R1 has none of these."""
    assert cases[key].open is open_


def test_a_reaction_that_went_is_judged_when_it_was_last_there(cases):
    assert [seen.day for seen in cases["R4"].case.observations] == [3.0]
    assert cases["R4"].last_seen_day == 3.0
