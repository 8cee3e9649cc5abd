"""What is fixed at the start, how cases and risk fall on streams, and what moves between looks."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from untoward.errors import UsageError
from untoward.kernels.e_process import attributed_log_e
from untoward.kernels.sequential import poisson_critical_value, poisson_llr
from untoward.model.tables import Registry
from untoward.watch.delays import Delay, day_of
from untoward.watch.exposures import AXES, registry_memberships
from untoward.watch.known_by import known_by
from untoward.watch.outcomes import INFECTION, OutcomeCases
from untoward.watch.sequential.attribution import attribute
from untoward.watch.sequential.documents import look_document, look_from, plan_document, plan_from
from untoward.watch.sequential.elapsed import EVEN_SHARE, risk_passed, risk_passed_between
from untoward.watch.sequential.evidence import weigh
from untoward.watch.sequential.looks import Look, Move, StreamState, WatchedOutcome, moved_since, states_of
from untoward.watch.sequential.plan import OutcomePlan, StatedBaseline, WatchPlan, outcome_plan
from untoward.watch.sequential.planned import Question, answer_question
from untoward.watch.sequential.streams import WHOLE, Stream, Streams, streams_of

START = datetime(2025, 1, 1)


def delay(days=(10.0, 20.0, 30.0, 40.0), reach=60.0):
    return Delay(
        outcome="infection",
        onset_days=np.array(days),
        known_days=np.array(days),
        reach=reach,
        source="given",
        own=False,
        n=40,
    )


def registry(sessions, reactions):
    """Sessions as (id, person, days after the start, lot, technique); reactions as (id, session, onset day)."""
    ids, persons, days, lots, techniques = (list(column) for column in zip(*sessions, strict=True))
    return Registry(
        sessions=pl.DataFrame(
            {
                "session_id": ids,
                "patient_id": persons,
                "date_from": [None if day is None else START + timedelta(days=day) for day in days],
                "technique": techniques,
            },
            schema_overrides={"date_from": pl.Datetime("us"), "technique": pl.String},
        ),
        components=pl.DataFrame({"session_id": ids, "compound": ["x"] * len(ids), "lot": lots}),
        reactions=pl.DataFrame(
            {
                "reaction_id": [one[0] for one in reactions],
                "session_id": [one[1] for one in reactions],
                "onset_day": [one[2] for one in reactions],
            },
            schema={"reaction_id": pl.String, "session_id": pl.String, "onset_day": pl.Float64},
        ),
        observations=pl.DataFrame(schema={"reaction_id": pl.String, "day": pl.Float64}),
    )


def all_cases(data):
    return OutcomeCases(
        outcome=INFECTION,
        reactions=data.reactions.select("session_id", "reaction_id"),
        undetermined=pl.Series([], dtype=pl.String),
    )


def plan(**changed):
    given = {
        "outcome": "infection", "rate": 0.01, "upper": 1.5, "by_technique": {}, "cases": 10, "at_risk": 1000.0,
        "source": "given", "delay": delay(), **changed,
    }  # fmt: skip
    return WatchPlan(start=START, alpha=0.05, axes=AXES, outcomes=(OutcomePlan(**given),))


def look_at(data, the_plan, days):
    memberships = registry_memberships(data)
    now = START + timedelta(days=days)
    return streams_of(data, memberships, all_cases(data), the_plan, the_plan.outcomes[0], now)


class TestElapsed:
    def test_nine_tenths_by_the_delays_one_tenth_even(self):
        found = risk_passed(delay(), np.array([0.0]), 25.0)
        assert found[0] == pytest.approx(0.9 * 0.5 + EVEN_SHARE * 25 / 80)

    def test_never_falls_and_ends_at_one(self):
        found = [risk_passed(delay(), np.array([0.0]), now)[0] for now in np.arange(-5.0, 100)]
        assert (np.diff(found) >= 0).all()
        assert found[0] == 0
        assert found[-1] == pytest.approx(1)

    def test_without_a_date_nothing_passes_during_the_watch(self):
        assert risk_passed_between(delay(), np.array([np.nan]), 0.0, 50.0).tolist() == [0.0]

    def test_an_unknown_delay_has_passed_at_once(self):
        unknown = delay(days=(0.0, 0.0))
        assert risk_passed_between(unknown, np.array([5.0, -5.0]), 0.0, 6.0).tolist() == [1.0, 0.0]


class TestAttribution:
    SESSIONS = pl.DataFrame(
        {
            "session_id": ["S1", "S2", "S3"],
            "patient_id": ["P1", "P1", "P2"],
            "date": [day_of(START), day_of(START) + 10, float("nan")],
        }
    )

    def cases(self, **changed):
        row = {
            "patient_id": "P1", "reaction_id": "R1", "session_id": "S2", "onset": START + timedelta(days=30),
            "known": START + timedelta(days=31), **changed,
        }  # fmt: skip
        return pl.DataFrame([row], schema_overrides={"onset": pl.Datetime("us"), "known": pl.Datetime("us")})

    def test_shares_follow_delay_and_baseline_and_add_up(self):
        rate = np.array([0.03, 0.01, 0.01])
        found = attribute(self.cases(), self.SESSIONS, rate, delay())
        # 30 days and 20 days are equally likely; the first session has three times the baseline
        assert sorted(zip(found.session.tolist(), found.share.round(4).tolist(), strict=True)) == [
            (0, 0.75),
            (1, 0.25),
        ]
        assert found.unplaced == 0

    def test_a_session_after_the_onset_has_no_part(self):
        found = attribute(self.cases(onset=START + timedelta(days=9)), self.SESSIONS, np.ones(3), delay())
        assert found.session.tolist() == [0]

    def test_beyond_reach_the_session_of_the_record_has_it_all(self):
        found = attribute(self.cases(onset=START + timedelta(days=200)), self.SESSIONS, np.ones(3), delay())
        assert (found.session.tolist(), found.share.tolist()) == ([1], [1.0])

    def test_an_unknown_onset_stands_where_it_was_known(self):
        found = attribute(self.cases(onset=None), self.SESSIONS, np.ones(3), delay())
        assert set(found.session.tolist()) == {0, 1}

    def test_a_case_of_an_undated_session_has_no_place(self):
        found = attribute(self.cases(patient_id="P2", session_id="S3"), self.SESSIONS, np.ones(3), delay())
        assert found.case.size == 0
        assert found.unplaced == 1


class TestStreams:
    DATA = registry(
        [
            ("S1", "P1", 0, "L1", "meso"), ("S2", "P1", 10, "L2", "meso"), ("S3", "P2", -5, "L1", "filler"),
            ("S4", "P3", -300, "L0", "meso"), ("S5", "P4", None, "L1", "meso"),
        ],
        [("R1", "S2", 20.0), ("R4", "S4", 30.0)],
    )  # fmt: skip

    def test_cases_known_before_the_start_belong_to_the_baseline(self):
        found = look_at(self.DATA, plan(), 45)
        assert found.cases == 1
        assert {stream.value for stream in found.lit_up if stream.axis == "lot"} == {"L1", "L2"}

    def test_shares_and_expectations_by_hand(self):
        found = look_at(self.DATA, plan(by_technique={"filler": 0.02}), 45)
        lots = {stream.value: stream for stream in found.lit_up if stream.axis == "lot"}
        assert lots["L1"].shares == pytest.approx([0.5])
        assert lots["L2"].shares == pytest.approx([0.5])
        first = risk_passed(delay(), np.array([0.0, -5.0]), 45.0) - risk_passed(
            delay(), np.array([0.0, -5.0]), 0.0
        )
        assert lots["L1"].expected == pytest.approx(0.01 * first[0] + 0.02 * first[1])
        assert lots["L1"].reactions == ("R1",)

    def test_sessions_whose_risk_had_passed_before_are_no_stream(self):
        found = look_at(self.DATA, plan(), 45)
        assert found.watched["lot"] == 2

    def test_the_whole_registry_is_a_stream_of_its_own(self):
        found = look_at(self.DATA, plan(), 45)
        (whole,) = [stream for stream in found.lit_up if stream.axis == WHOLE]
        assert whole.shares.tolist() == [1.0]
        assert whole.expected == pytest.approx(found.expected["lot"])

    def test_expectations_grow_from_look_to_look(self):
        due = [look_at(self.DATA, plan(), days).expected["lot"] for days in range(1, 90, 7)]
        assert (np.diff(due) >= 0).all()

    def test_two_sessions_with_one_lot_make_one_whole_case(self):
        data = registry([("S1", "P1", 0, "L1", None), ("S2", "P1", 10, "L1", None)], [("R1", "S2", 20.0)])
        (lot,) = [stream for stream in look_at(data, plan(), 45).lit_up if stream.axis == "lot"]
        assert lot.shares.tolist() == [1.0]

    def test_a_case_without_any_date_is_counted_apart(self):
        data = registry(
            [("S1", "P1", 0, "L1", None), ("S2", "P2", None, "L1", None)],
            [("R1", "S1", None), ("R2", "S2", 3.0)],
        )
        found = look_at(data, plan(), 45)
        assert (found.cases, found.unplaced) == (0, 2)

    def test_no_case_at_all(self):
        data = registry([("S1", "P1", 0, "L1", None)], [])
        found = look_at(data, plan(), 45)
        assert found.lit_up == ()
        assert found.watched["lot"] == 1


class TestPlan:
    def sessions(self, count, cases, technique="meso"):
        sessions = [(f"S{technique}{n}", f"P{technique}{n}", -200, "L", technique) for n in range(count)]
        return sessions, [(f"R{technique}{n}", f"S{technique}{n}", 20.0) for n in range(cases)]

    def plan_of(self, data, **changed):
        return outcome_plan(data, all_cases(data), START, **changed)

    def test_few_cases_give_way_to_the_upper_limit(self):
        found = self.plan_of(registry(*self.sessions(100, 1)))
        assert found.rate == pytest.approx(5.5716 / 100, rel=1e-3)
        assert found.upper == 1
        assert "upper 95 % limit" in found.source

    def test_enough_cases_are_the_rate_and_its_limit_is_kept(self):
        found = self.plan_of(registry(*self.sessions(400, 8)))
        assert found.rate == pytest.approx(8 / 400)
        assert found.upper == pytest.approx(15.7632 / 8, rel=1e-3)

    def test_a_technique_with_enough_behind_it_has_a_rate_of_its_own(self):
        one, other = self.sessions(400, 12), self.sessions(400, 2, "filler")
        found = self.plan_of(registry(one[0] + other[0], one[1] + other[1]))
        common = 14 / 800
        assert found.by_technique["filler"] == pytest.approx(3 / (400 + 1 / common))
        assert found.by_technique["meso"] == pytest.approx(13 / (400 + 1 / common))

    def test_a_stated_baseline_is_taken_with_its_source(self):
        found = self.plan_of(
            registry(*self.sessions(100, 9)), stated=StatedBaseline(rate=0.002, source="a trial")
        )
        assert (found.rate, found.upper, found.source) == (0.002, 1.0, "stated: a trial")

    def test_nothing_behind_the_start_cannot_be_watched(self):
        data = registry([("S1", "P1", 5, "L", None)], [])
        assert "that of 0 sessions, and a baseline needs 50" in self.plan_of(data).not_watched
        assert self.plan_of(data, stated=StatedBaseline(rate=0.002, source="a trial")).not_watched == ""

    def test_plans_survive_the_ledger(self):
        the_plan = plan(by_technique={"meso": 0.5})
        again = plan_from(plan_document(the_plan))
        assert plan_document(again) == plan_document(the_plan)
        assert again.start == START
        assert again.outcomes[0].delay.known_days.tolist() == delay().known_days.tolist()


def streams(lots, expected=0.1, many=10):
    """Lots with so many whole cases each, among `many` lots."""
    lit_up = tuple(
        Stream("lot", f"L{n}", np.ones(cases), expected, tuple(f"R{n}-{k}" for k in range(cases)))
        for n, cases in enumerate(lots)
    )
    return Streams("infection", lit_up, {WHOLE: 1, "lot": many}, {WHOLE: 1.0, "lot": 1.0}, sum(lots), 0)


class TestEvidence:
    def test_each_axis_has_its_part(self):
        (found,) = weigh([streams([3])], [1.0])
        e = np.exp(attributed_log_e([1.0] * 3, 0.1, excess_only=True))
        # two families, ten lots: the lot needs twenty times what a single stream would
        assert found.level == pytest.approx(min(20 / e, 1))

    def test_a_higher_baseline_weakens(self):
        (found,) = weigh([streams([4])], [3.0])
        assert found.level_high > found.level

    def test_no_case_no_evidence(self):
        assert weigh([streams([])], [1.0]) == ()


def look(lots, number=1, last=None, as_of="2025-06-01T00:00:00"):
    found = streams(lots)
    return Look(
        number=number,
        made="2025-06-02T00:00:00+00:00",
        as_of=as_of,
        inputs={"sessions.csv": "0" * 64},
        outcomes=(
            WatchedOutcome(
                outcome="infection",
                streams=found.watched,
                expected=found.expected,
                cases=found.cases,
                unplaced=0,
            ),
        ),
        states=states_of(weigh([found], [1.0]), 0.05, last),
    )


class TestLooks:
    def test_moves(self):
        before = look([1, 6, 2, 3])
        after = look([2, 6, 7, 1], 2, before)
        moves = {(moved.now or moved.before).value: [] for moved in moved_since(before, after)}
        for moved in moved_since(before, after):
            moves[(moved.now or moved.before).value].append(moved.move)
        assert moves == {"L0": [Move.MORE], "L2": [Move.LIT, Move.MORE], "L3": [Move.CORRECTED]}

    def test_a_withdrawn_case_puts_a_light_out_and_leaves_the_highest(self):
        before = look([6])
        after = look([1], 2, before)
        (state,) = after.states
        assert before.states[0].lit
        assert not state.lit
        assert state.highest_log10_e == before.states[0].log10_e > state.log10_e
        assert [moved.move for moved in moved_since(before, after)] == [Move.OUT, Move.CORRECTED]

    def test_a_stream_that_lost_its_only_case(self):
        moved = moved_since(look([1]), look([], 2))
        assert [(one.move, one.now) for one in moved] == [(Move.CORRECTED, None)]

    def test_a_first_case(self):
        assert [one.move for one in moved_since(look([]), look([1], 2))] == [Move.FIRST]

    def test_p_at_any_time_is_from_the_highest(self):
        state = look([4]).states[0]
        assert state.p_any_time == pytest.approx(10**-state.highest_log10_e)

    def test_looks_survive_the_ledger(self):
        one = look([3, 1])
        assert look_from(look_document(one)) == one

    def test_lit_come_first(self):
        assert [state.lit for state in look([1, 6, 2]).states] == [True, False, False]
        assert isinstance(look([1]).states[0], StreamState)


class TestPlanned:
    DATA = registry(
        [(f"S{n}", f"P{n}", 0, "L1" if n < 20 else "L2", None) for n in range(100)],
        [(f"R{n}", f"S{n}", 15.0 + n) for n in range(4)],
    )

    def ask(self, days=60, **changed):
        question = Question(**{"axis": "lot", "value": "L1", "horizon": 2.0, **changed})
        now = START + timedelta(days=days)
        data = known_by(self.DATA, now)
        return answer_question(
            question, data, registry_memberships(data), all_cases(data), plan().outcomes[0], START, now
        )

    def test_a_signal_and_its_day(self):
        found = self.ask()
        assert found.cases == 4
        assert found.expected == pytest.approx(20 * 0.01 * risk_passed(delay(), np.array([0.0]), 60.0)[0])
        assert found.critical == poisson_critical_value(2)
        assert found.llr == pytest.approx(poisson_llr(4, found.expected))
        # the second case, on day 16, already crosses: 2 on 0.01 * 20 * (0.9 / 4 + 0.02)
        assert found.signalled_on == "2025-01-17"
        assert "not proof" in found.reading

    def test_least_cases_delay_it(self):
        assert self.ask(least_cases=4).signalled_on == "2025-01-19"

    def test_what_came_before_the_case_is_no_signal(self):
        assert self.ask(days=14).signalled_on is None

    def test_the_horizon_ends_it(self):
        found = self.ask(horizon=0.3, value="L2")
        assert found.signalled_on is None
        assert found.remaining == 0
        assert found.critical is not None
        assert "over without a signal" in found.reading

    def test_a_question_without_a_test_says_why(self):
        found = self.ask(horizon=1.0, least_cases=4)
        assert found.critical is None
        assert "watch longer" in found.reason
        assert found.performance == ()

    def test_a_value_nobody_had(self):
        with pytest.raises(UsageError, match="no session has lot 'L9'"):
            self.ask(value="L9")

    def test_a_horizon_that_cannot_be(self):
        with pytest.raises(UsageError, match="horizon: got 0"):
            self.ask(horizon=0.0)
