"""The registry as it stood earlier."""

from datetime import datetime

import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.watch.known_by import known_by

MARCH = datetime(2026, 3, 31, 23, 59)


def registry():
    return Registry(
        sessions=pl.DataFrame(
            {
                "session_id": ["early", "late", "undated"],
                "patient_id": ["P1", "P2", "P3"],
                "date_from": [datetime(2026, 3, 1), datetime(2026, 4, 1), None],
            }
        ),
        components=pl.DataFrame({"session_id": ["early", "late", "undated"], "compound": ["a", "b", "c"]}),
        reactions=pl.DataFrame(
            [
                {"reaction_id": "quick", "session_id": "early", "onset_day": 3.0, "resolved_day": 10.0},
                {"reaction_id": "open", "session_id": "early", "onset_day": 3.0, "resolved_day": 60.0},
                {"reaction_id": "slow", "session_id": "early", "onset_day": 50.0, "resolved_day": None},
                {"reaction_id": "seen later", "session_id": "early", "onset_day": 3.0, "resolved_day": None},
                {"reaction_id": "no date", "session_id": "early", "onset_day": None, "resolved_day": None},
                {"reaction_id": "of late", "session_id": "late", "onset_day": None, "resolved_day": None},
                {
                    "reaction_id": "of undated",
                    "session_id": "undated",
                    "onset_day": 9.0,
                    "resolved_day": None,
                },
            ]
        ).with_columns(
            outcome=pl.lit("recovered"),
            resolved_day_to=pl.col("resolved_day"),
            resolved_date=pl.lit("some day"),
        ),
        observations=pl.DataFrame(
            [
                {"reaction_id": "quick", "day": 4.0},
                {"reaction_id": "quick", "day": 40.0},
                {"reaction_id": "quick", "day": None},
                {"reaction_id": "seen later", "day": 35.0},
            ]
        ),
        findings={"fever": "fever"},
    )


@pytest.fixture(scope="module")
def march():
    return known_by(registry(), MARCH)


def test_sessions_begun_by_then_and_those_without_a_date(march):
    assert march.sessions["session_id"].to_list() == ["early", "undated"]


def test_components_go_with_their_session(march):
    assert march.components["compound"].to_list() == ["a", "c"]


def test_reactions_that_were_known_and_those_without_a_date(march):
    assert march.reactions["reaction_id"].to_list() == ["quick", "open", "no date", "of undated"]


def test_observations_made_by_then_and_those_without_a_date(march):
    assert march.observations.rows() == [("quick", 4.0), ("quick", None)]


def test_later_ends_are_not_known_yet(march):
    ends = {row["reaction_id"]: row for row in march.reactions.rows(named=True)}
    assert ends["quick"]["resolved_day"] == 10.0
    assert ends["quick"]["outcome"] == "recovered"
    for column in ("resolved_day", "resolved_day_to", "resolved_date", "outcome"):
        assert ends["open"][column] is None


def test_an_end_in_a_span_that_reaches_past_the_moment_is_not_known_yet():
    vague = registry()
    spans = vague.reactions.with_columns(resolved_day=pl.lit(None, pl.Float64), resolved_day_to=pl.lit(31.0))
    changed = Registry(
        sessions=vague.sessions, components=vague.components, reactions=spans, observations=vague.observations
    )
    assert known_by(changed, MARCH).reactions["resolved_day_to"].to_list()[:2] == [None, None]
    assert known_by(changed, datetime(2026, 4, 1)).reactions["resolved_day_to"].to_list()[:2] == [31.0, 31.0]


def test_the_moment_itself_counts():
    assert "late" in known_by(registry(), datetime(2026, 4, 1)).sessions["session_id"].to_list()


def test_at_the_end_nothing_is_missing():
    everything = known_by(registry(), datetime(2030, 1, 1))
    for name in ("sessions", "components", "reactions", "observations"):
        assert getattr(everything, name).equals(getattr(registry(), name))
    assert everything.findings == {"fever": "fever"}


def test_a_later_moment_never_knows_less():
    counts = [
        [
            getattr(known_by(registry(), datetime(2026, month, 1)), name).height
            for name in ("sessions", "reactions")
        ]
        for month in range(1, 8)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_tables_without_optional_columns():
    bare = Registry(
        sessions=pl.DataFrame({"session_id": ["S"], "date_from": [datetime(2026, 1, 1)]}),
        components=pl.DataFrame(),
        reactions=pl.DataFrame({"reaction_id": ["R"], "session_id": ["S"]}),
        observations=pl.DataFrame(),
    )
    assert known_by(bare, MARCH).reactions.height == 1
