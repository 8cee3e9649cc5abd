"""Mycobacterial infections with something in common."""

import pytest

from untoward.watch.clusters.look_anyway import look_anyway

NTM = "mycobacterial-infection"
REACH = 120.0


def ntm(session, onset=30.0):
    return {"session": session, "onset": onset, "term": "NTM", "term_id": NTM}


def row(day, patient, **places):
    return {"day": day, "patient_id": patient, **places}


@pytest.mark.parametrize("axis", ["lot", "vial", "diluent", "device", "practitioner"])
def test_two_persons_who_share_a_place(registry, axis):
    tables = registry([row(0, "P", **{axis: "X1"}), row(40, "Q", **{axis: "X1"})], [ntm(0), ntm(1)])
    (sentence,) = look_anyway(tables, [NTM], REACH)
    assert f"{axis} X1" in sentence
    assert sentence.startswith("2 persons")
    assert "R0 and R1" in sentence


def test_all_places_they_share_stand_in_one_sentence(registry):
    places = {"lot": "L1", "vial": "V1", "practitioner": "A"}
    tables = registry([row(0, "P", **places), row(1, "Q", **places)], [ntm(0), ntm(1)])
    (sentence,) = look_anyway(tables, [NTM], REACH)
    assert "vial V1, lot L1 and practitioner A" in sentence


@pytest.mark.parametrize(
    "second",
    [
        row(1, "Q", lot="L2"),  # nothing in common
        row(1, "P", lot="L1"),  # the same person
        row(91, "Q", lot="L1"),  # too far apart
        row(1, "Q", lot=None),  # not known
    ],
)
def test_otherwise_nothing_is_said(registry, second):
    assert look_anyway(registry([row(0, "P", lot="L1"), second], [ntm(0), ntm(1)]), [NTM], REACH) == ()


def test_other_infections_do_not_count(registry):
    rows = [row(0, "P", lot="L1"), row(1, "Q", lot="L1")]
    tables = registry(rows, [ntm(0), {"session": 1, "onset": 30.0}])
    assert look_anyway(tables, [NTM], REACH) == ()


def test_a_culture_in_an_observation_counts(registry):
    rows = [row(0, "P", lot="L1"), row(1, "Q", lot="L1")]
    tables = registry(
        rows,
        [ntm(0), {"session": 1, "onset": 30.0}],
        observations={"reaction_id": ["R1"], "AFB culture": ["yes"]},
        findings={"AFB culture": "grown"},
    )
    assert len(look_anyway(tables, [NTM, "grown"], REACH)) == 1
    assert look_anyway(tables, [NTM], REACH) == ()


def test_an_earlier_session_within_reach_counts_too(registry):
    rows = [row(0, "P", lot="L1"), row(30, "P", lot="L2"), row(5, "Q", lot="L1")]
    cases = [ntm(1, onset=20.0), ntm(2)]
    assert "lot L1" in look_anyway(registry(rows, cases), [NTM], REACH)[0]
    assert look_anyway(registry(rows, cases), [NTM], 40.0) == ()


def test_the_larger_group_first(registry):
    rows = [row(day, f"P{day}", practitioner="A", lot="L1" if day < 2 else "L2") for day in range(3)]
    said = look_anyway(registry(rows, [ntm(number) for number in range(3)]), [NTM], REACH)
    assert [sentence.split()[0] for sentence in said] == ["3", "2"]
