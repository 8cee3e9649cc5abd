"""Who is a case, by what, and of whom it cannot be told."""

from datetime import date

import polars as pl
import pytest

from untoward.watch.workbench.classify import classify, still_in_window
from untoward.watch.workbench.line_list import line_list

LUMP = {"term": ["nodule", "abscess"], "onset_day": {"from": 7, "to": 100}}
LEVELS = {
    "confirmed": {"all": [LUMP, {"finding": "culture-positive"}]},
    "probable": {"all": [LUMP, {"finding": "fever"}]},
    "suspect": LUMP,
}


def session(number, patient, day, **others):
    return {"session_id": f"S{number}", "patient_id": patient, "date": day, "clinic": "North"} | others


def reaction(number, session_number, term="nodule", day=20.0, **others):
    return {
        "reaction_id": f"R{number}", "session_id": f"S{session_number}", "term_id": term, "onset_day": day,
    } | others  # fmt: skip


def seen(number, **findings):
    return {"reaction_id": f"R{number}", "day": 25.0} | findings


def levels_of(classified):
    return dict(classified.persons.select("patient_id", "level").iter_rows())


def one_person(make, define, reactions, observations=(), levels=LEVELS, **limits):
    registry = make([session(1, "A", "2026-01-01")], reactions=reactions, observations=observations)
    return classify(registry, define(levels, **limits)).persons.row(0, named=True)


class TestLevels:
    def test_the_highest_level_met(self, make, define):
        found = one_person(make, define, [reaction(1, 1)], [seen(1, culture="yes", fever="yes")])
        assert (found["level"], found["could_be"]) == ("confirmed", None)

    def test_a_culture_nobody_recorded_leaves_the_level_open(self, make, define):
        found = one_person(make, define, [reaction(1, 1)], [seen(1, fever="yes")])
        assert (found["level"], found["could_be"]) == ("probable", "confirmed")

    def test_a_negative_culture_closes_it(self, make, define):
        found = one_person(make, define, [reaction(1, 1)], [seen(1, culture="no", fever="no")])
        assert (found["level"], found["could_be"]) == ("suspect", None)

    def test_a_pending_culture_is_unknown(self, make, define):
        found = one_person(make, define, [reaction(1, 1)], [seen(1, culture="pending", fever="no")])
        assert (found["level"], found["could_be"]) == ("suspect", "confirmed")

    def test_a_culture_in_a_row_of_its_own(self, make, define):
        rows = [reaction(1, 1), reaction(2, 1, "culture-positive")]
        assert one_person(make, define, rows)["level"] == "confirmed"

    def test_one_positive_culture_beats_an_earlier_negative_one(self, make, define):
        found = one_person(
            make, define, [reaction(1, 1)], [seen(1, culture="no"), seen(1, culture="positive")]
        )
        assert found["level"] == "confirmed"

    def test_a_reaction_of_unknown_term_cannot_be_told(self, make, define):
        assert one_person(make, define, [reaction(1, 1, None)])["level"] == "cannot be told"

    def test_a_reaction_of_unknown_day_cannot_be_told(self, make, define):
        assert one_person(make, define, [reaction(1, 1, day=None)])["level"] == "cannot be told"

    def test_another_reaction_is_no_case(self, make, define):
        assert one_person(make, define, [reaction(1, 1, "bruise")])["level"] == "not a case"

    def test_nobody_without_a_reaction_is_a_case_or_dropped(self, make, define):
        registry = make(
            [session(1, "A", "2026-01-01"), session(2, "B", "2026-01-01")], reactions=[reaction(1, 1)]
        )
        assert levels_of(classify(registry, define(LEVELS))) == {"A": "suspect", "B": "not a case"}

    def test_everyone_is_counted_once(self, make, define):
        registry = make(
            [session(n, f"P{n}", "2026-01-01") for n in range(5)],
            reactions=[reaction(1, 1), reaction(2, 2, None), reaction(3, 3, "bruise")],
        )
        found = classify(registry, define(LEVELS))
        assert sum(found.counts.values()) == found.people.ids.len() == 5


class TestDays:
    @pytest.mark.parametrize(
        ("day", "level"), [(6.0, "not a case"), (7.0, "suspect"), (100.0, "suspect"), (101.0, "not a case")]
    )
    def test_both_ends_count(self, make, define, day, level):
        assert one_person(make, define, [reaction(1, 1, day=day)])["level"] == level

    def test_days_are_calendar_days(self, make, define):
        registry = make(
            [session(1, "A", "2026-01-01T20:00")],
            reactions=[reaction(1, 1, onset_date="2026-01-08", day=6.6)],
        )
        assert classify(registry, define(LEVELS)).persons["level"].to_list() == ["suspect"]

    def test_an_earlier_session_may_have_caused_it(self, make, define):
        sessions = [session(1, "A", "2026-01-01"), session(2, "A", "2026-01-20")]
        registry = make(sessions, reactions=[reaction(1, 2, day=2.0)])
        found = classify(registry, define(LEVELS)).persons.row(0, named=True)
        assert (found["level"], found["session_id"], found["onset"]) == ("suspect", "S1", date(2026, 1, 22))

    def test_unless_only_the_last_is_asked_for(self, make, define):
        sessions = [session(1, "A", "2026-01-01"), session(2, "A", "2026-01-20")]
        registry = make(sessions, reactions=[reaction(1, 2, day=2.0)])
        levels = {"suspect": LUMP | {"after": "last session"}}
        assert levels_of(classify(registry, define(levels))) == {"A": "not a case"}

    def test_a_later_session_cannot_have_caused_it(self, make, define):
        sessions = [session(1, "A", "2026-01-01"), session(2, "A", "2026-06-01", clinic="South")]
        registry = make(sessions, reactions=[reaction(1, 1, day=None)])
        found = classify(registry, define({"suspect": {"term": "nodule"}}, place={"clinic": ["South"]}))
        assert levels_of(found) == {"A": "not a case"}

    def test_an_onset_known_to_the_month_may_lie_within_or_not(self, make, define):
        rows = [reaction(1, 1, day=None, onset_date="2026-01", onset_day_from=0.0, onset_day_to=31.0)]
        assert one_person(make, define, rows)["level"] == "cannot be told"
        assert one_person(make, define, rows, levels={"suspect": {"term": "nodule"}})["level"] == "suspect"

    def test_dates_of_onset(self, make, define):
        early = one_person(make, define, [reaction(1, 1)], time={"onset": {"to": "2026-01-20"}})
        late = one_person(make, define, [reaction(1, 1)], time={"onset": {"to": "2026-01"}})
        assert (early["level"], late["level"]) == ("not a case", "suspect")

    def test_who_may_still_fall_ill(self, make, define):
        registry = make([session(1, "A", "2026-01-01"), session(2, "B", "2026-04-01")])
        found = classify(registry, define(LEVELS))
        assert still_in_window(found, date(2026, 4, 12)) == 1
        assert still_in_window(found, None) is None


class TestScope:
    def test_other_places_are_outside(self, make, define):
        registry = make(
            [session(1, "A", "2026-01-01"), session(2, "B", "2026-01-01", clinic="South")],
            reactions=[reaction(1, 1), reaction(2, 2)],
        )
        found = classify(registry, define(LEVELS, place={"clinic": ["north"]}))
        assert levels_of(found) == {"A": "suspect", "B": "outside"}

    def test_a_place_nobody_recorded_cannot_be_told(self, make, define):
        registry = make([session(1, "A", "2026-01-01", clinic=None)], reactions=[reaction(1, 1)])
        found = classify(registry, define(LEVELS, place={"clinic": ["North"]}))
        assert levels_of(found) == {"A": "cannot be told"}

    def test_sessions_within_a_month(self, make, define):
        registry = make([session(1, "A", "2026-01-31"), session(2, "B", "2026-02-01")])
        found = classify(registry, define(LEVELS, time={"sessions": {"from": "2026-01", "to": "2026-01"}}))
        assert levels_of(found) == {"A": "not a case", "B": "outside"}

    def test_age_and_sex(self, make, define):
        registry = make(
            [
                session(1, "A", "2026-01-01", age=17.0, sex="F"),
                session(2, "B", "2026-01-01", age=18.0, sex="f"),
                session(3, "C", "2026-01-01", age=None, sex="F"),
                session(4, "D", "2026-01-01", age=40.0, sex="M"),
            ],
            reactions=[reaction(n, n) for n in range(1, 5)],
        )
        found = classify(registry, define(LEVELS, person={"age": {"from": 18}, "sex": "F"}))
        assert levels_of(found) == {"A": "outside", "B": "suspect", "C": "cannot be told", "D": "outside"}


class TestConditions:
    def test_a_blank_lot_may_be_the_lot(self, make, define):
        parts = [
            {"session_id": "S1", "lot": "L1"}, {"session_id": "S1", "lot": None},
            {"session_id": "S2", "lot": "L2"}, {"session_id": "S2", "lot": None},
            {"session_id": "S3", "lot": "L2"},
        ]  # fmt: skip
        registry = make(
            [session(n, f"P{n}", "2026-01-01") for n in range(1, 5)],
            parts,
            [reaction(n, n) for n in range(1, 5)],
        )
        levels = {"suspect": {"all": [LUMP, {"exposure": "lot", "value": ["l1 "]}]}}
        found = classify(registry, define(levels))
        assert levels_of(found) == {
            "P1": "suspect", "P2": "cannot be told", "P3": "not a case", "P4": "cannot be told",
        }  # fmt: skip

    def test_one_device_answers_for_the_session(self, make, define):
        parts = [{"session_id": "S1", "device": "gun 1"}, {"session_id": "S1", "device": None}]
        registry = make([session(1, "A", "2026-01-01")], parts, [reaction(1, 1)])
        levels = {"suspect": {"all": [LUMP, {"exposure": "device", "value": "gun 2"}]}}
        assert levels_of(classify(registry, define(levels))) == {"A": "not a case"}

    def test_measures(self, make, define):
        levels = {"suspect": {"measure": "count", "from": 2}}
        for counted, level in ((3, "suspect"), (1, "not a case"), (None, "cannot be told")):
            assert (
                one_person(make, define, [reaction(1, 1)], [seen(1, count=counted)], levels)["level"] == level
            )

    def test_numbers_of_findings(self, make, define):
        levels = {"suspect": {"finding": "fever", "from": 38.5}}
        for fever, level in (("38.5", "suspect"), ("37", "not a case"), ("yes", "cannot be told")):
            assert (
                one_person(make, define, [reaction(1, 1)], [seen(1, fever=fever)], levels)["level"] == level
            )

    def test_absent_findings(self, make, define):
        levels = {"suspect": {"all": [LUMP, {"finding": "fever", "is": False}]}}
        for fever, level in (("no", "suspect"), ("yes", "not a case"), (None, "cannot be told")):
            assert (
                one_person(make, define, [reaction(1, 1)], [seen(1, fever=fever)], levels)["level"] == level
            )

    def test_none_and_at_least(self, make, define):
        levels = {
            "probable": {"at_least": 2, "of": [LUMP, {"finding": "fever"}, {"finding": "culture-positive"}]},
            "suspect": {"all": [LUMP, {"none": [{"finding": "fever"}]}]},
        }
        for told, level in (
            ({"fever": "yes", "culture": "no"}, "probable"),
            ({"fever": "no", "culture": "no"}, "suspect"),
            ({"fever": None, "culture": "no"}, "cannot be told"),
        ):
            assert one_person(make, define, [reaction(1, 1)], [seen(1, **told)], levels)["level"] == level


class TestWords:
    def test_a_lot_keeps_its_sign_and_a_term_reads_as_words(self, define):
        levels = {"suspect": {"all": [{"finding": "culture-positive"}, {"exposure": "lot", "value": "L-1"}]}}
        assert define(levels).levels["suspect"].label == "culture positive and lot L-1"

    def test_two_conditions_of_one_label_are_both_told(self, make, define):
        levels = {"probable": LUMP | {"label": "x"}, "suspect": {"term": "ulcer", "label": "x"}}
        found = classify(make([session(1, "A", "2026-01-01")]), define(levels))
        assert [label for label, _truth in found.conditions] == ["x", "x"]


class TestLineList:
    def test_ill_is_empty_where_it_cannot_be_told(self, make, define):
        registry = make(
            [session(n, f"P{n}", "2026-01-01", practitioner="N1") for n in range(1, 4)],
            [{"session_id": "S1", "lot": "L1", "vial": "V1"}],
            [reaction(1, 1), reaction(2, 2, None)],
        )
        table = line_list(classify(registry, define(LEVELS)))
        assert dict(table.select("patient_id", "ill").iter_rows()) == {"P1": "yes", "P2": None, "P3": "no"}
        first = table.row(by_predicate=pl.col("patient_id") == "P1", named=True)
        assert (first["lot"], first["days"], first["practitioner"]) == ("L1", 20, "N1")
        assert first["met"] == "nodule or abscess, begun day 7 to 100 after a session"
        assert first["cannot_be_told"] == "culture positive; fever"

    def test_a_level_that_does_not_count_is_neither_ill_nor_well(self, make, define):
        registry = make(
            [session(1, "A", "2026-01-01")],
            reactions=[reaction(1, 1)],
            observations=[seen(1, fever="no", culture="no")],
        )
        found = classify(registry, define(LEVELS, counts=["confirmed"]))
        assert (found.ill.tolist(), found.undecided.tolist()) == ([False], [True])
        assert line_list(found)["ill"].to_list() == [None]

    def test_what_was_injected_after_the_onset_is_not_listed(self, make, define):
        sessions = [session(1, "A", "2026-01-01"), session(2, "A", "2026-03-01")]
        parts = [{"session_id": "S1", "lot": "L1"}, {"session_id": "S2", "lot": "L2"}]
        table = line_list(classify(make(sessions, parts, [reaction(1, 1)]), define(LEVELS)))
        assert table["lot"].to_list() == ["L1"]

    def test_only_cases_when_asked(self, make, define):
        registry = make(
            [session(1, "A", "2026-01-01"), session(2, "B", "2026-01-01")], reactions=[reaction(1, 1)]
        )
        assert line_list(classify(registry, define(LEVELS)), cases_only=True)["patient_id"].to_list() == ["A"]
