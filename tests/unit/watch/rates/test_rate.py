"""Rates of a registry by every exposure."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from untoward.errors import UsageError
from untoward.model.tables import Registry
from untoward.watch.delays import Delay
from untoward.watch.expected import CountingRule
from untoward.watch.outcomes import ANY_REACTION, OutcomeCases
from untoward.watch.rates.axes import rate_axes
from untoward.watch.rates.rate import outcome_rates
from untoward.watch.rates.reasons import Enough

NOW = datetime(2026, 6, 30)
DAYS = np.linspace(5, 60, 64)
DELAY = Delay(
    outcome="any reaction", onset_days=DAYS, known_days=DAYS, reach=60.0, source="made up", own=False, n=9
)


def registry(sessions, ill=(), second=()):
    """`sessions`: dictionaries with `lot`, `day` before NOW and whatever else; `ill` their positions, ill after 20 days."""
    frame = pl.DataFrame(
        [
            {
                "session_id": f"S{at}",
                "patient_id": one.get("person", f"P{at}"),
                "date_from": NOW - timedelta(days=one.get("day", 400)),
                "practitioner": one.get("practitioner", "A"),
                "technique": one.get("technique"),
            }
            for at, one in enumerate(sessions)
        ],
        schema_overrides={"technique": pl.String, "practitioner": pl.String},
    )
    reactions = pl.DataFrame(
        [{"reaction_id": f"R{at}", "session_id": f"S{at}", "onset_day": 20.0} for at in ill]
        + [{"reaction_id": f"Q{at}", "session_id": f"S{at}", "onset_day": 21.0} for at in second],
        schema={"reaction_id": pl.String, "session_id": pl.String, "onset_day": pl.Float64},
    )
    return Registry(
        sessions=frame,
        components=pl.DataFrame(
            {
                "session_id": frame["session_id"],
                "compound": [one.get("compound", "c") for one in sessions],
                "lot": [one.get("lot") for one in sessions],
                "vial": [one.get("vial") for one in sessions],
            },
            schema_overrides={"lot": pl.String, "vial": pl.String},
        ),
        reactions=reactions,
        observations=pl.DataFrame(),
    )


def rates(where, *, by=(), pairs=(), rule=CountingRule.OVERLAP, enough=None, undetermined=()):
    cases = OutcomeCases(
        outcome=ANY_REACTION,
        reactions=where.reactions.select("session_id", "reaction_id"),
        undetermined=pl.Series(list(undetermined), dtype=pl.String),
    )
    return outcome_rates(
        where, cases, rate_axes(where, None, by, pairs), DELAY, NOW, rule=rule, enough=enough
    )


def row(found, axis, value):
    return found.table.row(by_predicate=(pl.col("axis") == axis) & (pl.col("value") == value), named=True)


def two_lots(a=100, b=100, **more):
    return [{"lot": "A", **more} for _ in range(a)] + [{"lot": "B"} for _ in range(b)]


class TestCounts:
    def test_plain_proportions_with_exact_intervals(self):
        """5 of 100 with lot A: Clopper-Pearson 1.64 to 11.28 %, Garwood for 6 reactions 2.202 to 13.059 per 100."""
        found = row(
            rates(registry(two_lots(), ill=[0, 1, 2, 3, 4, 150], second=[4]), by=("lot",)), "lot", "A"
        )
        assert (found["sessions"], found["persons"], found["reactions"]) == (100, 100, 6)
        assert (found["sessions_ill"], found["ill"], found["cases"]) == (5, 5, 5.0)
        assert found["per_session"] == found["per_person"] == 0.05
        assert found["per_session_low"] == pytest.approx(0.0164, abs=5e-5)
        assert found["per_session_high"] == pytest.approx(0.1128, abs=5e-5)
        assert found["reactions_per_session"] == 0.06
        assert found["reactions_per_session_low"] == pytest.approx(0.02202, abs=5e-6)
        assert found["reactions_per_session_high"] == pytest.approx(0.13059, abs=5e-6)

    def test_observed_over_expected_and_risk_ratio(self):
        found = row(rates(registry(two_lots(), ill=[0, 1, 2, 3, 4, 150]), by=("lot",)), "lot", "A")
        assert found["expected"] == pytest.approx(3.0)
        assert found["oe"] == pytest.approx(5 / 3)
        assert found["oe_low"] == pytest.approx(1.62349 / 3, rel=1e-5)
        assert found["rr"] == pytest.approx(5.0)
        assert found["reason"] == ""

    def test_a_person_counts_once(self):
        sessions = [{"lot": "A", "person": "P", "day": 400 - at} for at in range(30)] + two_lots(0, 30)
        found = row(rates(registry(sessions, ill=[0, 5, 9]), by=("lot",)), "lot", "A")
        assert (found["sessions"], found["persons"], found["cases"], found["reactions"]) == (30, 1, 1.0, 3)

    def test_a_recent_lot_without_a_case_is_not_called_safe(self):
        sessions = two_lots(200, 0) + [{"lot": "new", "day": 3} for _ in range(200)]
        found = row(rates(registry(sessions, ill=range(8)), by=("lot",)), "lot", "new")
        assert found["expected"] == 0.0
        assert found["oe"] is None
        assert found["position"] is None
        assert "not passed" in found["reason"]

    def test_a_recent_lot_with_cases_is_not_drowned(self):
        sessions = two_lots(300, 300) + [{"lot": "new", "day": 30} for _ in range(100)]
        found = rates(registry(sessions, ill=[0, 400, 600, 601, 602]), by=("lot",))
        assert found.table.row(0, named=True)["value"] == "new"
        assert found.table.row(0, named=True)["expected"] < 0.6


class TestStrata:
    def test_a_risky_technique_is_not_the_lot(self):
        """Lot A is used in the risky technique, where everybody has 20 %; against its own technique it is ordinary."""
        risky = [{"lot": "A", "technique": "x"} for _ in range(150)] + [
            {"lot": "B", "technique": "x"} for _ in range(50)
        ]
        tame = [{"lot": "A", "technique": "y"} for _ in range(100)] + [
            {"lot": "B", "technique": "y"} for _ in range(900)
        ]
        ill = [*range(30), *range(150, 160), *range(200, 202), *range(300, 318)]
        found = rates(registry(risky + tame, ill=ill), by=("lot", "technique"))
        lot = row(found, "lot", "A")
        assert lot["per_session"] == pytest.approx(32 / 250)
        assert lot["rr"] == pytest.approx(1.0, abs=0.01)
        assert lot["oe"] == pytest.approx(1.0, abs=0.01)
        assert found.strata == 2
        assert row(found, "technique", "x")["rr"] == pytest.approx(10.0, abs=0.01)


class TestReasons:
    def reason(self, sessions, ill=(0,), value="A", **more):
        return row(rates(registry(sessions, ill=ill), by=("lot",), **more), "lot", value)["reason"]

    def test_few_sessions(self):
        assert self.reason(two_lots(19, 60)) == "fewer than 20 sessions"
        assert self.reason(two_lots(20, 60)) == ""
        assert self.reason(two_lots(20, 60), enough=Enough(sessions=21)) == "fewer than 21 sessions"

    def test_exposure_mostly_unknown(self):
        unknown = [{"lot": None}] * 101
        assert "not recorded for more than half" in self.reason(two_lots(50, 50) + unknown)
        assert self.reason(two_lots(50, 50) + unknown[:100]) == ""

    def test_only_one_value(self):
        assert "nothing to compare" in self.reason(two_lots(50, 0))

    def test_no_case(self):
        assert self.reason(two_lots(), ill=()) == "no case of this outcome"

    def test_many_cases_on_few_sessions_stand_first_with_their_reason(self):
        found = rates(registry(two_lots(5, 500), ill=[0, 1, 2, 3, 100]), by=("lot",))
        first = found.table.row(0, named=True)
        assert (first["value"], first["position"], first["reason"]) == (
            "A",
            "above 99.8 %",
            "fewer than 20 sessions",
        )


class TestSummaries:
    def test_unknown_exposures_stand_apart(self):
        found = rates(registry([*two_lots(30, 30), {"lot": None}, {"lot": None}], ill=[0, 60]), by=("lot",))
        (lot,) = found.axes
        assert (lot.values, lot.compared, lot.sessions_known, lot.sessions_unknown, lot.cases_unknown) == (
            2,
            2,
            60,
            2,
            1,
        )
        assert found.table.height == 2
        assert row(found, "lot", "A")["expected"] == pytest.approx(0.5)

    def test_it_says_why_nothing_is_shrunken(self):
        (lot,) = rates(registry(two_lots(), ill=[0, 1]), by=("lot",)).axes
        assert "fewer than 5 values" in lot.not_shrunken
        assert lot.spread is None

    def test_shrunken_lies_between_the_value_and_the_mean(self):
        sessions = [{"lot": f"L{at % 12}"} for at in range(1200)]
        ill = [at for at in range(1200) if at % 12 == 0][:30] + list(range(1, 40, 3))
        found = rates(registry(sessions, ill=ill), by=("lot",))
        worst = row(found, "lot", "L0")
        assert 1 < worst["shrunken"] < worst["oe"]
        assert found.axes[0].shrunken_to == pytest.approx(1.0, abs=0.3)

    def test_left_out_is_said(self):
        found = rates(registry(two_lots(), ill=[0]), by=("lot",), undetermined=["S7", "S8"])
        assert found.sessions == 198
        assert found.left_out == ("2 sessions of which nobody can say whether the outcome followed",)


class TestAxes:
    def test_every_kind_is_there(self):
        names = {axis.axis for axis in rates(registry(two_lots(), ill=[0])).axes}
        assert {"lot", "vial", "vial age", "compound pair", "practitioner", "region"} <= names

    def test_vial_age(self):
        sessions = [{"lot": "A", "vial": "V", "day": 400 - age} for age in (0, 1, 3, 40)]
        found = rates(registry(sessions, ill=[3]), by=("vial age",), enough=Enough(sessions=1))
        assert row(found, "vial age", "over 28 days")["cases"] == 1.0
        assert found.table.height == 4

    def test_pairs_are_values_of_the_same_session(self):
        sessions = [{"lot": lot, "practitioner": who} for lot in "AB" for who in "XY" for _ in range(25)]
        found = rates(registry([*sessions, {"lot": None}], ill=range(6)), pairs=(("lot", "practitioner"),))
        assert found.table.height == 4
        first = found.table.row(0, named=True)
        assert (first["axis"], first["value"], first["cases"]) == ("lot × practitioner", "A × X", 6.0)
        assert first["sessions"] == 25
        assert found.axes[0].sessions_unknown == 1

    def test_a_pair_with_the_technique_is_compared_within_years(self):
        sessions = [{"lot": lot, "technique": how} for lot in "AB" for how in "XY" for _ in range(50)]
        found = rates(registry(sessions, ill=[*range(10), 110, 160]), pairs=(("lot", "technique"),))
        assert row(found, "lot × technique", "A × X")["expected"] == pytest.approx(3.0)

    def test_unknown_kinds_are_refused_with_those_there_are(self):
        with pytest.raises(UsageError, match=r"'lots'.*vial, lot"):
            rate_axes(registry(two_lots()), None, ("lots",))
        with pytest.raises(UsageError, match="two different"):
            rate_axes(registry(two_lots()), None, (), (("lot", "lot"),))

    def test_sessions_with_one_compound_are_known_to_have_no_pair(self):
        where = registry(two_lots(30, 30), ill=[0, 40])
        pair = pl.DataFrame(
            {
                "session_id": [f"S{at}" for at in range(30)],
                "compound": ["d"] * 30,
                "lot": [None] * 30,
                "vial": [None] * 30,
            },
            schema_overrides={"lot": pl.String, "vial": pl.String},
        )
        mixed = Registry(
            sessions=where.sessions,
            components=pl.concat([where.components, pair]),
            reactions=where.reactions,
            observations=where.observations,
        )
        found = row(rates(mixed, by=("compound pair",)), "compound pair", "c + d")
        assert found["expected"] == pytest.approx(1.0)


def test_a_registry_without_sessions():
    found = rates(
        Registry(
            sessions=registry(two_lots()).sessions.clear(),
            components=registry(two_lots()).components.clear(),
            reactions=registry(two_lots()).reactions.clear(),
            observations=pl.DataFrame(),
        )
    )
    assert (found.sessions, found.cases, found.table.height) == (0, 0, 0)
