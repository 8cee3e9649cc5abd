"""When reactions began, when they were known, and whose they were."""

from datetime import datetime

import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.watch.onsets import case_persons, reaction_moments, session_persons
from untoward.watch.outcomes import ANY_REACTION, OutcomeCases

DAY = datetime(2026, 3, 2)


def registry(reactions, observations=None, patients=("P1", "P1", None)):
    return Registry(
        sessions=pl.DataFrame(
            {
                "session_id": ["S1", "S2", "S3"],
                "patient_id": list(patients),
                "date_from": [DAY, datetime(2026, 3, 10), datetime(2026, 3, 20)],
            }
        ),
        components=pl.DataFrame(),
        reactions=pl.DataFrame(reactions, infer_schema_length=None),
        observations=pl.DataFrame() if observations is None else pl.DataFrame(observations),
    )


def persons(where):
    reactions = where.reactions.select("session_id", "reaction_id")
    return case_persons(
        where, OutcomeCases(outcome=ANY_REACTION, reactions=reactions, undetermined=pl.Series())
    )


def moments(reaction, observations=None):
    return reaction_moments(registry([reaction], observations)).row(0, named=True)


class TestMoments:
    def test_onset_is_the_session_and_the_day(self):
        found = moments({"reaction_id": "R1", "session_id": "S1", "onset_day": 1.5})
        assert found["onset"] == datetime(2026, 3, 3, 12)
        assert found["session_date"] == DAY

    def test_a_span_of_days_counts_from_its_middle(self):
        found = moments(
            {"reaction_id": "R1", "session_id": "S1", "onset_day_from": 10.0, "onset_day_to": 20.0}
        )
        assert found["onset"] == datetime(2026, 3, 17)

    def test_known_from_the_first_observation(self):
        seen = [
            {"reaction_id": "R1", "day": 9.0},
            {"reaction_id": "R1", "day": 5.0},
            {"reaction_id": "R2", "day": 1.0},
        ]
        assert moments({"reaction_id": "R1", "session_id": "S1", "onset_day": 2.0}, seen)[
            "known"
        ] == datetime(2026, 3, 7)

    @pytest.mark.parametrize(
        "seen", [None, [{"reaction_id": "R1", "day": None}], [{"reaction_id": "R9", "day": 1.0}]]
    )
    def test_without_a_dated_observation_known_from_the_onset(self, seen):
        found = moments({"reaction_id": "R1", "session_id": "S1", "onset_day": 2.0}, seen)
        assert found["known"] == found["onset"] == datetime(2026, 3, 4)

    def test_an_observation_in_a_span_of_days_counts_from_the_last(self):
        found = moments(
            {"reaction_id": "R1", "session_id": "S1"}, [{"reaction_id": "R1", "day": None, "day_to": 31.0}]
        )
        assert found["known"] == datetime(2026, 4, 2)
        assert found["onset"] is None

    def test_nothing_dated_is_unknown(self):
        found = moments({"reaction_id": "R1", "session_id": "S1"})
        assert found["onset"] is None
        assert found["known"] is None


class TestPersons:
    def test_a_person_is_a_case_once_with_the_first_onset(self):
        rows = persons(
            registry(
                [
                    {"reaction_id": "R1", "session_id": "S1", "onset_day": 30.0},
                    {"reaction_id": "R2", "session_id": "S2", "onset_day": 3.0},
                ],
                [{"reaction_id": "R1", "day": 40.0}, {"reaction_id": "R2", "day": 10.0}],
            )
        ).rows(named=True)
        assert len(rows) == 1
        assert rows[0]["patient_id"] == "P1"
        assert rows[0]["reaction_id"] == "R2"
        assert rows[0]["reaction_ids"] == ["R2", "R1"]
        assert rows[0]["session_id"] == "S2"
        assert rows[0]["onset"] == datetime(2026, 3, 13)
        assert rows[0]["known"] == datetime(2026, 3, 20)

    def test_a_known_onset_comes_before_an_unknown_one(self):
        rows = persons(
            registry(
                [
                    {"reaction_id": "R1", "session_id": "S1", "onset_day": None},
                    {"reaction_id": "R2", "session_id": "S2", "onset_day": 300.0},
                ]
            )
        )
        assert rows["reaction_id"].to_list() == ["R2"]

    def test_nobody_wrote_the_person_down(self):
        rows = persons(registry([{"reaction_id": "R1", "session_id": "S3", "onset_day": 1.0}]))
        assert rows["patient_id"].to_list() == ["session:S3"]

    def test_the_reaction_names_a_person_the_session_does_not(self):
        rows = persons(registry([{"reaction_id": "R1", "session_id": "S3", "patient_id": "P9"}]))
        assert rows["patient_id"].to_list() == ["P9"]

    def test_reactions_that_are_no_cases_do_not_count(self):
        where = registry(
            [{"reaction_id": "R1", "session_id": "S1"}, {"reaction_id": "R2", "session_id": "S3"}]
        )
        cases = OutcomeCases(
            outcome=ANY_REACTION,
            reactions=pl.DataFrame({"session_id": ["S3"], "reaction_id": ["R2"]}),
            undetermined=pl.Series(),
        )
        assert case_persons(where, cases)["reaction_id"].to_list() == ["R2"]

    def test_no_case_is_an_empty_table_of_the_same_form(self):
        where = registry(
            {"reaction_id": pl.Series([], dtype=pl.String), "session_id": pl.Series([], dtype=pl.String)}
        )
        found = persons(where)
        assert found.height == 0
        assert found.schema["onset"] == pl.Datetime("us")

    def test_persons_of_sessions(self):
        sessions = registry([{"reaction_id": "R1", "session_id": "S1"}]).sessions
        assert session_persons(sessions).to_list() == ["P1", "P1", "session:S3"]
