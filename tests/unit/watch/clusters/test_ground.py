"""One outcome laid out for the scan."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from untoward.watch.clusters.ground import LEAST_SHARE, ground_of, sessions_of
from untoward.watch.delays import Delay

NOW = datetime(2027, 1, 1)
DELAY = Delay(
    outcome="infection",
    onset_days=np.array([20.0, 30.0, 40.0]),
    known_days=np.array([20.0, 30.0, 40.0]),
    reach=60.0,
    source="made up",
    own=False,
    n=100,
)


@pytest.fixture
def laid_out(infection):
    """Lays out the infections of a registry."""

    def lay(tables, now=NOW, delay=DELAY):
        sessions = sessions_of(tables, now, stratify_by=())
        return ground_of(tables, sessions, infection(tables), delay, now)

    return lay


def row(day, patient, **places):
    return {"day": day, "patient_id": patient, "practitioner": "A" if day % 2 else "B", **places}


class TestPersons:
    def test_sessions_stand_person_after_person_by_date(self, registry, laid_out):
        found = laid_out(registry([row(5, "Q"), row(3, "P"), row(1, "Q"), row(0, None)]))
        assert found.session_ids.to_list() == ["S1", "S2", "S0", "S3"]
        assert found.person_ids.to_list() == ["P", "Q", "session:S3"]
        assert found.ground.first.tolist() == [0, 1, 3, 4]
        assert found.session_rows.tolist() == [1, 2, 0, 3]

    def test_a_person_is_a_case_once_with_the_first_onset(self, registry, laid_out):
        rows = [row(0, "P"), row(50, "P"), row(1, "Q")]
        cases = [{"session": 1, "onset": 10.0}, {"session": 0, "onset": 30.0}, {"session": 0, "onset": 31.0}]
        found = laid_out(registry(rows, cases))
        assert found.cases.person.tolist() == [0]
        assert found.case_rows.get_column("reaction_id").to_list() == ["R1"]
        assert sorted(found.case_rows.get_column("reaction_ids").to_list()[0]) == ["R0", "R1", "R2"]

    def test_sessions_without_a_person_are_persons_of_their_own(self, registry, laid_out):
        found = laid_out(registry([row(day, None) for day in range(4)], [{"session": 2, "onset": 30.0}]))
        assert found.person_ids.len() == 4
        assert found.cases.person.tolist() == [2]


class TestWhatCounts:
    def test_a_case_counts_at_every_session_within_reach(self, registry, laid_out):
        rows = [
            row(0, "P", lot="old"),
            row(70, "P", lot="L1"),
            row(100, "P", lot="L2"),
            row(1, "Q", lot="L3"),
        ]
        found = laid_out(registry(rows, [{"session": 2, "onset": 10.0}]))
        lots = {
            found.names.where(int(node))[0].value
            for node in found.counted.node
            if found.names.axis(int(node)) == "lot"
        }
        assert lots == {"L1", "L2"}

    def test_expected_adds_up_to_the_cases(self, registry, laid_out):
        rows = [row(day, f"P{day}", lot=f"L{day % 3}") for day in range(30)]
        cases = [{"session": number, "onset": 30.0} for number in (2, 11, 17)]
        found = laid_out(registry(rows, cases))
        lots = [found.names.axis(int(node)) == "lot" for node in found.ground.node]
        assert found.expected[lots].sum() == pytest.approx(3)

    def test_places_that_all_sessions_share_ask_nothing(self, registry, laid_out):
        rows = [row(day, f"P{day}", clinic="North", lot=f"L{day % 2}") for day in range(4)]
        found = laid_out(registry(rows))
        assert {found.names.axis(node) for node in range(len(found.names))} == {"lot", "practitioner"}

    def test_weight_is_the_part_of_the_risk_that_has_passed(self, registry, laid_out):
        rows = [row(day, f"P{day}") for day in (0, 335, 350)]
        found = laid_out(registry(rows), now=datetime(2026, 1, 1) + timedelta(days=366))
        assert found.ground.weight.tolist() == pytest.approx([1, 2 / 3, LEAST_SHARE])


class TestLeftOut:
    def test_undetermined_sessions(self, registry, laid_out):
        cases = [{"session": 0, "onset": 30.0}, {"session": 1, "onset": None}]
        cases += [{"session": 2, "term_id": "?", "term": "?"}]
        found = laid_out(registry([row(day, f"P{day}") for day in range(4)], cases))
        assert found.undetermined == 1
        assert found.session_ids.to_list() == ["S0", "S1", "S3"]

    def test_sessions_without_a_date_and_their_cases(self, registry, laid_out):
        rows = [row(0, "P"), {"day": None, "patient_id": "Q"}]
        found = laid_out(registry(rows, [{"session": 1, "onset": 30.0}]))
        assert (found.undated, found.cases_left_out) == (1, 1)
        assert found.cases.person.size == 0

    def test_a_case_without_an_onset_stands_at_its_session(self, registry, laid_out):
        found = laid_out(registry([row(0, "P"), row(8, "P")], [{"session": 1, "onset": None}]))
        assert found.onsets_unknown == 1
        assert found.cases.onset.tolist() == [found.ground.date[1]]


def test_what_is_not_recorded_is_known_as_such(registry, laid_out):
    found = laid_out(registry([row(1, "P", lot=None), row(0, "Q", lot="L1")]))
    assert found.known["lot"].tolist() == [False, True]
