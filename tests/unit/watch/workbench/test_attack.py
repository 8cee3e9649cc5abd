"""Attack rates in persons, and the curve by level."""

from untoward.watch.workbench.attack import attack_rate, partly_recorded, person_memberships, screen_persons
from untoward.watch.workbench.classify import classify
from untoward.watch.workbench.curve import curve_by_level

LUMP = {"term": "nodule", "onset_day": {"from": 7, "to": 100}}
LEVELS = {"probable": {"all": [LUMP, {"finding": "fever"}]}, "suspect": LUMP}


def registry(make):
    """A and B are ill; C cannot be told; D to F are well; G is outside. A and D had two sessions."""
    sessions = [
        {"session_id": f"S{place}", "patient_id": person, "date": day, "clinic": clinic}
        for place, (person, day, clinic) in enumerate(
            [
                ("A", "2026-01-01", "North"), ("A", "2026-03-01", "North"), ("B", "2026-01-02", "North"),
                ("C", "2026-01-03", "North"), ("D", "2026-01-04", "North"), ("D", "2026-02-04", "North"),
                ("E", "2026-01-05", "North"), ("F", "2026-01-06", "North"), ("G", "2026-01-07", "South"),
            ]
        )
    ]  # fmt: skip
    lots = ["L1", "L9", "L1", "L1", "L1", "L2", "L2", None, "L1"]
    parts = [{"session_id": f"S{place}", "lot": lot} for place, lot in enumerate(lots)]
    reactions = [
        {"reaction_id": "R1", "session_id": "S0", "term_id": "nodule", "onset_day": 20.0},
        {"reaction_id": "R2", "session_id": "S2", "term_id": "nodule", "onset_day": 20.0},
        {"reaction_id": "R3", "session_id": "S3", "term_id": None, "onset_day": 20.0},
    ]
    seen = [
        {"reaction_id": "R1", "day": 21.0, "fever": "yes"},
        {"reaction_id": "R2", "day": 21.0, "fever": "no"},
    ]
    return make(sessions, parts, reactions, seen)


def classified(make, define, **others):
    return classify(registry(make), define(LEVELS, place={"clinic": ["North"]}, **others))


def test_persons_are_counted_once_and_only_until_they_fell_ill(make, define):
    screen = screen_persons(classified(make, define))
    tables = {(one.axis, one.value): (one.table, one.unknown) for one in screen.results}
    table, unknown = tables["lot", "L1"]
    assert (table.a, table.b, table.c, table.d, unknown) == (2, 1, 0, 1, 1)
    table, _unknown = tables["lot", "L2"]
    assert (table.a, table.b, table.c, table.d) == (0, 2, 2, 0)
    assert ("lot", "L9") not in tables
    assert screen.results[0].cases == ("A", "B")


def test_who_cannot_be_told_is_in_no_rate(make, define):
    rate = attack_rate(classified(make, define))
    assert (rate.cases, rate.n) == (2, 5)
    assert screen_persons(classified(make, define)).attack_rate == rate


def test_a_level_that_does_not_count_is_in_no_rate_either(make, define):
    rate = attack_rate(classified(make, define, counts=["probable"]))
    assert (rate.cases, rate.n) == (1, 4)


def test_only_persons_of_the_definition_are_units(make, define):
    assert person_memberships(classified(make, define)).units.to_list() == list("ABCDEF")


def test_an_ordinary_reaction_does_not_end_the_exposure_of_the_well(make, define):
    sessions = [
        {"session_id": "S1", "patient_id": "A", "date": "2026-01-01"},
        {"session_id": "S2", "patient_id": "A", "date": "2026-02-01"},
    ]
    parts = [{"session_id": "S1", "lot": "L1"}, {"session_id": "S2", "lot": "L2"}]
    bruise = [{"reaction_id": "R1", "session_id": "S1", "term_id": "bruise", "onset_day": 1.0}]
    found = classify(make(sessions, parts, bruise), define(LEVELS))
    assert found.persons.row(0, named=True)["onset"] is None
    units = person_memberships(found)
    assert set(units.exposures.filter(units.exposures["axis"] == "lot")["value"]) == {"L1", "L2"}


def test_persons_with_some_lots_recorded_are_counted(make, define):
    sessions = [{"session_id": "S1", "patient_id": "A", "date": "2026-01-01"}]
    parts = [{"session_id": "S1", "lot": "L1", "vial": "V1"}, {"session_id": "S1", "lot": None, "vial": "V2"}]
    assert partly_recorded(classify(make(sessions, parts), define(LEVELS))) == {"lot": 1}


def test_levels_share_the_bins_and_add_up(make, define):
    curve = curve_by_level(classified(make, define))
    assert curve.by_level == {"probable": (1, 0), "suspect": (0, 1)}
    for place, one in enumerate(curve.whole.bins):
        assert sum(found[place] for found in curve.by_level.values()) == one.n


def test_without_a_case_there_is_no_bin(make, define):
    curve = curve_by_level(
        classify(make([{"session_id": "S", "patient_id": "A", "date": "2026-01-01"}]), define(LEVELS))
    )
    assert (curve.whole.bins, curve.by_level) == ((), {"probable": (), "suspect": ()})
