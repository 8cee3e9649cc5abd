"""What counts as a case, and of which sessions nobody can say."""

import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.watch.outcomes import registry_outcomes

GROUPS = {
    "swelling": "local",
    "nodule": "local",
    "abscess": "infection",
    "cellulitis": "infection",
    "urticaria": "allergy",
    "skin-necrosis": "local",
    "ulcer": "local",
    "mouth-ulcer": "systemic",
    "blanching": "vascular",
    "facial-palsy": "nerve",
    "scar": "skin-lasting",
}


def outcome(name, rows, off_course=None):
    """The outcome `name` of reactions given as (session, term id, onset day)."""
    reactions = pl.DataFrame(
        {
            "reaction_id": [f"r{number}" for number in range(len(rows))],
            "session_id": [row[0] for row in rows],
            "term_id": [row[1] for row in rows],
            "onset_day": [row[2] for row in rows],
        },
        schema_overrides={"term_id": pl.String, "session_id": pl.String, "onset_day": pl.Float64},
    )
    return by_name(reactions, off_course)[name]


def by_name(reactions, off_course=None):
    registry = Registry(
        sessions=pl.DataFrame(), components=pl.DataFrame(), reactions=reactions, observations=pl.DataFrame()
    )
    return {found.outcome.name: found for found in registry_outcomes(registry, GROUPS, off_course)}


@pytest.mark.parametrize(
    ("term", "day", "is_case"),
    [
        ("cellulitis", 0.5, True),
        ("nodule", 6.9, False),
        ("nodule", 7.0, True),
        ("nodule", 60.0, True),
        ("ulcer", 3.0, False),
        ("ulcer", 21.0, True),
        ("mouth-ulcer", 21.0, False),
        ("swelling", 30.0, False),
        ("abscess", None, True),
    ],
)
def test_infection(term, day, is_case):
    found = outcome("infection", [("s1", term, day)])
    assert found.session_ids.to_list() == (["s1"] if is_case else [])
    assert found.undetermined.to_list() == []


def test_a_lump_of_unknown_onset_is_neither_case_nor_healthy():
    found = outcome("infection", [("s1", "nodule", None)])
    assert found.session_ids.to_list() == []
    assert found.undetermined.to_list() == ["s1"]


@pytest.mark.parametrize("term", [None, "", "not-in-the-list"])
def test_an_unknown_term_leaves_its_session_open_except_for_any_reaction(term):
    for name in ("infection", "allergy", "tissue injury"):
        found = outcome(name, [("s1", term, 1.0)])
        assert (found.session_ids.to_list(), found.undetermined.to_list()) == ([], ["s1"])
    anything = outcome("any reaction", [("s1", term, 1.0)])
    assert (anything.session_ids.to_list(), anything.undetermined.to_list()) == (["s1"], [])


def test_a_sure_case_stays_a_case_beside_an_unsure_reaction():
    found = outcome("infection", [("s1", "nodule", None), ("s1", "cellulitis", 9.0)])
    assert found.session_ids.to_list() == ["s1"]
    assert found.undetermined.to_list() == []


@pytest.mark.parametrize("term", ["skin-necrosis", "ulcer", "blanching", "facial-palsy", "scar"])
def test_tissue_injury(term):
    assert outcome("tissue injury", [("s1", term, None)]).session_ids.to_list() == ["s1"]


def test_a_session_is_a_case_once():
    found = outcome("any reaction", [("s1", "swelling", 0.0), ("s1", "nodule", 9.0), ("s2", "scar", None)])
    assert found.session_ids.to_list() == ["s1", "s2"]
    assert found.reactions.height == 3


def test_the_onset_may_come_from_the_days_that_dates_allow():
    reactions = pl.DataFrame(
        {
            "reaction_id": ["r1", "r2"],
            "session_id": ["s1", "s2"],
            "term_id": ["nodule", "nodule"],
            "onset_day_from": [6.0, 4.0],
            "onset_day_to": [8.0, 6.0],
        }
    )
    assert by_name(reactions)["infection"].session_ids.to_list() == ["s1"]


def test_off_course_reactions_are_handed_in():
    rows = [("s1", "swelling", 0.0), ("s2", "swelling", 0.0)]
    found = outcome("left its expected course", rows, {"r1", "elsewhere"})
    assert found.session_ids.to_list() == ["s2"]
    assert found.undetermined.to_list() == []


def test_order_of_showing_and_the_outcome_that_nobody_judged():
    reactions = pl.DataFrame({"reaction_id": ["r1"], "session_id": ["s1"], "term_id": ["scar"]})
    everything = ["infection", "allergy", "tissue injury", "left its expected course", "any reaction"]
    assert list(by_name(reactions, off_course=set())) == everything
    assert list(by_name(reactions)) == [name for name in everything if name != "left its expected course"]


def test_no_reaction_at_all():
    reactions = pl.DataFrame(schema={"reaction_id": pl.String, "session_id": pl.String, "term_id": pl.String})
    assert all(found.session_ids.is_empty() for found in by_name(reactions, set()).values())


def test_definitions_say_why_late_lumps_count_and_what_is_left_out():
    reactions = pl.DataFrame({"reaction_id": ["r1"], "session_id": ["s1"], "term_id": ["scar"]})
    definition = by_name(reactions)["infection"].outcome.definition
    assert "7 days or more" in definition
    assert "mycobacteria" in definition
    assert "left out" in definition
