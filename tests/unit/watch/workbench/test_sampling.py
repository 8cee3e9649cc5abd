"""Matched controls from those at risk."""

from datetime import date

import polars as pl
import pytest

from untoward.watch.workbench.classify import classify
from untoward.watch.workbench.matched_table import matched_table
from untoward.watch.workbench.sampling import MatchPlan, sample_controls

LEVELS = {"suspect": {"term": "nodule", "onset_day": {"from": 7, "to": 100}}}
CASE = {"session_id": "S0", "patient_id": "CASE", "date": "2026-01-10", "clinic": "North", "age": 40.0}
ILL = {"reaction_id": "R0", "session_id": "S0", "term_id": "nodule", "onset_day": 20.0}
SOMETIME = {"onset_day": None, "onset_date": "2026-02", "onset_day_from": 22.0, "onset_day_to": 50.0}


def other(name, day="2026-01-12", clinic="North", **others):
    return {"session_id": f"S{name}", "patient_id": name, "date": day, "clinic": clinic, "age": 41.0} | others


def ill(name, day, term="nodule"):
    return {"reaction_id": f"R{name}", "session_id": f"S{name}", "term_id": term, "onset_day": day}


def sampled(make, define, sessions, reactions=(), components=(), **plan):
    classified = classify(make([CASE, *sessions], components, [ILL, *reactions]), define(LEVELS))
    return classified, sample_controls(classified, MatchPlan(**plan))


def controls(found, number=1):
    rows = found.members.filter((pl.col("set") == number) & (pl.col("role") == "control"))
    return set(rows["patient_id"])


class TestWhoIsAtRisk:
    def test_same_clinic_and_window(self, make, define):
        sessions = [
            other("near"), other("far", "2026-03-01"), other("early", "2025-12-01"), other("elsewhere", clinic="South"),
            other("nowhere", clinic=None),
        ]  # fmt: skip
        _c, found = sampled(make, define, sessions)
        assert controls(found) == {"near"}

    def test_a_later_case_is_a_control_before_its_onset_and_has_its_own_set(self, make, define):
        _c, found = sampled(make, define, [other("later"), other("well")], [ill("later", 30.0)])
        assert controls(found, 1) == {"later", "well"}
        assert controls(found, 2) == {"well"}
        later = found.members.filter((pl.col("set") == 1) & (pl.col("patient_id") == "later")).row(
            0, named=True
        )
        assert later["onset_later"] == date(2026, 2, 11)

    def test_who_was_ill_first_is_none(self, make, define):
        _c, found = sampled(make, define, [other("first"), other("well")], [ill("first", 10.0)])
        sets = {made.patient_id: made.number for made in found.sets}
        assert controls(found, sets["CASE"]) == {"well"}

    def test_who_cannot_be_told_is_none(self, make, define):
        _c, found = sampled(make, define, [other("unsure"), other("well")], [ill("unsure", 20.0, None)])
        assert controls(found) == {"well"}

    def test_a_session_after_the_onset_is_not_at_risk(self, make, define):
        _c, found = sampled(make, define, [other("after", "2026-02-05")], within_days=60)
        assert found.members.is_empty()

    def test_age(self, make, define):
        sessions = [other("close"), other("old", age=60.0), other("ageless", age=None)]
        _c, found = sampled(make, define, sessions, age_within=5)
        assert controls(found) == {"close"}


class TestSets:
    def test_nobody_twice_in_a_set_however_many_sessions(self, make, define):
        sessions = [
            other("a"),
            other("a", "2026-01-14", session_id="Sa2"),
            other("a", "2026-01-09", session_id="Sa3"),
            other("b"),
        ]
        _c, found = sampled(make, define, sessions, controls=4)
        members = found.members.filter(pl.col("role") == "control")
        assert sorted(members["patient_id"]) == ["a", "b"]
        assert members.filter(pl.col("patient_id") == "a")["session_id"].to_list() == ["Sa3"]

    def test_a_short_set_says_why(self, make, define):
        _c, found = sampled(make, define, [other("near"), other("south", clinic="South")], controls=3)
        (short,) = found.short
        assert (short.found, short.eligible) == (1, 1)
        assert ("another clinic, or none recorded", 1) in short.lost

    def test_a_set_without_controls_is_reported_and_not_in_the_table(self, make, define):
        _c, found = sampled(make, define, [other("south", clinic="South")])
        assert found.members.is_empty()
        assert [made.found for made in found.sets] == [0]

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"reactions": [ILL | SOMETIME]}, "the day the illness began is not known"),
            ({"case": CASE | {"clinic": None}}, "not recorded: clinic"),
        ],
    )  # fmt: skip
    def test_a_case_without_a_set_says_why(self, make, define, change, reason):
        registry = make([change.get("case", CASE), other("well")], reactions=change.get("reactions", [ILL]))
        found = sample_controls(classify(registry, define(LEVELS)), MatchPlan())
        assert found.without_set == (("CASE", reason),)

    def test_the_same_seed_draws_the_same_whatever_other_cases_there_are(self, make, define):
        sessions = [other(f"p{n:02}") for n in range(30)]
        _c, alone = sampled(make, define, sessions, seed=5)
        south = [other("x", clinic="South"), other("y", clinic="South")]
        _c, more = sampled(make, define, [*sessions, *south], [ill("x", 8.0)], seed=5)
        numbers = {made.patient_id: made.number for made in more.sets}
        assert controls(alone) == controls(more, numbers["CASE"])
        draws = {frozenset(controls(sampled(make, define, sessions, seed=seed)[1])) for seed in range(6)}
        assert len(draws) > 1


class TestTable:
    def test_yes_no_and_not_known(self, make, define):
        sessions = [other("a"), other("b"), other("c"), other("d")]
        parts = [
            {"session_id": "S0", "lot": "L1"}, {"session_id": "Sa", "lot": "L1"}, {"session_id": "Sb", "lot": "L2"},
            {"session_id": "Sc", "lot": None},
        ]  # fmt: skip
        classified, found = sampled(make, define, sessions, components=parts)
        table, left_out = matched_table(classified, found)
        assert dict(table.select("patient_id", "lot L1").iter_rows()) == {
            "CASE": "yes", "a": "yes", "b": "no", "c": None, "d": None,
        }  # fmt: skip
        assert (table.columns[:4], left_out) == (["set", "role", "ill", "patient_id"], 0)
        assert "clinic North" not in table.columns

    def test_the_same_stretch_of_time_counts_for_everyone(self, make, define):
        late = {"session_id": "S9", "patient_id": "CASE", "date": "2026-02-20", "clinic": "North"}
        parts = [
            {"session_id": "S0", "lot": "L1"},
            {"session_id": "S9", "lot": "L9"},
            {"session_id": "Sa", "lot": "L2"},
        ]
        classified, found = sampled(make, define, [late, other("a")], components=parts)
        assert [name for name in matched_table(classified, found)[0].columns if name.startswith("lot")] == [
            "lot L1"
        ]
