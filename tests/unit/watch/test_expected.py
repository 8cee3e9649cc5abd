"""Expected counts that know time, and the three rules for persons with several sessions."""

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from untoward.watch.delays import Delay
from untoward.watch.expected import Axes, CountingRule, expected_cases, lay_out, pooled_strata, tally

DAYS = np.array([10.0, 20.0, 30.0, 40.0])
DELAY = Delay(outcome="x", onset_days=DAYS, known_days=DAYS + 5, reach=40.0, source="made up", own=False, n=9)


def laid(dates, persons, members, cases, *, now=1000.0, out=None, known=None):
    """`members`: for each session the nodes it has, on one axis. `cases`: (session, days to onset or None) per person."""
    nodes = max((node for nodes in members for node in nodes), default=0) + 1
    member = np.zeros((len(dates), nodes), np.int8)
    for session, mine in enumerate(members):
        member[session, list(mine)] = 1
    some = member.any(axis=1) if known is None else np.array(known)
    axes = Axes(
        sparse.csr_array(member),
        np.zeros(nodes, np.int64),
        sparse.csr_array(some[:, None].astype(np.int8)),
        ("lot",),
    )
    ids = pl.Series([f"S{one}" for one in range(len(dates))], dtype=pl.String)
    start = pl.datetime(1970, 1, 1, time_unit="us")
    rows = pl.DataFrame(
        {
            "patient_id": [str(persons[session]) for session, _days in cases],
            "session_id": [f"S{session}" for session, _days in cases],
            "day": [float(dates[session]) for session, _days in cases],
            "after": [days for _session, days in cases],
        },
        schema={"patient_id": pl.String, "session_id": pl.String, "day": pl.Float64, "after": pl.Float64},
    )
    moments = rows.with_columns(
        (start + pl.duration(microseconds=(pl.col("day") * 86_400_000_000).cast(pl.Int64))).alias(
            "session_date"
        ),
        (
            start
            + pl.duration(microseconds=((pl.col("day") + pl.col("after")) * 86_400_000_000).cast(pl.Int64))
        ).alias("onset"),
    )
    return lay_out(
        axes,
        date=np.array(dates, float),
        person=np.array(persons),
        out=np.zeros(len(dates), bool) if out is None else np.array(out),
        session_ids=ids,
        cases=moments,
        delay=DELAY,
        now=now,
    )


def counted(ground, rule=CountingRule.OVERLAP, stratum=None):
    strata = np.zeros(ground.rows.size, np.int64) if stratum is None else np.array(stratum)[ground.rows]
    found = tally(ground, rule, strata, np.zeros_like(strata), np.array([], np.int64))
    return found, expected_cases(found, ground)[: ground.real]


class TestTime:
    def test_with_all_risk_passed_it_is_the_plain_share(self):
        ground = laid([0, 0, 0, 0], [0, 1, 2, 3], [[0], [0], [0], [1]], [(0, 20.0), (3, 20.0)])
        assert counted(ground)[1] == pytest.approx([1.5, 0.5])

    def test_a_session_of_yesterday_expects_nothing(self):
        """One lot long ago, one of yesterday: the case belongs to the old one, and the new one is neither calm nor alarming."""
        ground = laid([0, 0, 0, 999, 999, 999], range(6), [[0]] * 3 + [[1]] * 3, [(0, 20.0)])
        assert counted(ground)[1] == pytest.approx([1.0, 0.0])

    def test_half_the_risk_is_half_a_session(self):
        """By 25 days later two of four delays would be known (known after 15, 25, 35 and 45 days)."""
        ground = laid([0, 975], [0, 1], [[0], [1]], [(0, 20.0)])
        assert ground.ground.weight.tolist() == [1.0, 0.5]
        assert counted(ground)[1] == pytest.approx([2 / 3, 1 / 3])

    def test_sessions_still_to_come_do_not_count(self):
        assert laid([0, 1001], [0, 1], [[0], [1]], [(0, 20.0)]).rows.tolist() == [0]

    def test_it_adds_up_to_the_cases_within_each_stratum(self):
        ground = laid(
            [0, 0, 0, 0, 960, 960], range(6), [[0], [1], [0], [1], [0], [1]], [(0, 9.0), (1, 9.0), (4, 15.0)]
        )
        found, expected = counted(ground, stratum=[0, 0, 0, 0, 1, 1])
        assert expected.sum() == pytest.approx(3.0)
        assert expected == pytest.approx([1.5, 1.5])
        assert found.cases[: ground.real].sum() == 3


class TestSeveralSessions:
    """Person 0: sessions on day 0 with lot 0 and on day 25 with lot 1, ill on day 35. Person 1: day 0, lot 1, well."""

    dates, persons, members = [0, 25, 0], [0, 0, 1], [[0], [1], [1]]
    cases = ((1, 10.0),)

    def test_overlap_counts_every_exposure_within_reach(self):
        found, _ = counted(laid(self.dates, self.persons, self.members, self.cases))
        assert found.cases[:2, 0].tolist() == [1.0, 1.0]
        assert found.ill[:2].tolist() == [1, 1]

    def test_reach_ends(self):
        found, _ = counted(laid([0, 25, 0], self.persons, self.members, ((1, 30.0),)))
        assert found.cases[:2, 0].tolist() == [0.0, 1.0]

    def test_last_counts_the_last_alone(self):
        found, _ = counted(laid(self.dates, self.persons, self.members, self.cases), CountingRule.LAST)
        assert found.cases[:2, 0].tolist() == [0.0, 1.0]

    def test_fractional_shares_one_case(self):
        found, _ = counted(laid(self.dates, self.persons, self.members, self.cases), CountingRule.FRACTIONAL)
        assert found.cases[:2, 0].sum() == pytest.approx(1.0)
        assert (found.cases[:2, 0] > 0.1).all()

    def test_the_same_exposure_twice_counts_once(self):
        found, _ = counted(laid(self.dates, self.persons, [[0], [0], [1]], self.cases))
        assert found.cases[:2, 0].tolist() == [1.0, 0.0]

    def test_expected_follows_the_rule(self):
        """Person 0, delays 10, 20, 30 and 40: from day 0 the last two onsets come after day 25 and count for lot 1 as well;
        from day 25 the first (day 35) reaches back to day 0 and counts for lot 0 as well. Person 1 adds 1 to lot 1.
        """
        ground = laid(self.dates, self.persons, self.members, self.cases)
        found, _ = counted(ground)
        assert found.at_risk[:2, 0].tolist() == pytest.approx([1 + 1 / 4, 1 + 2 / 4 + 1])
        last, _ = counted(ground, CountingRule.LAST)
        assert last.at_risk[:2, 0].tolist() == pytest.approx([0.5, 2.5])
        fractional, _ = counted(ground, CountingRule.FRACTIONAL)
        assert fractional.at_risk[:2, 0].tolist() == [1.0, 2.0]

    def test_an_unknown_onset_stands_at_its_session(self):
        found, _ = counted(laid(self.dates, self.persons, self.members, ((0, None),)))
        assert found.cases[:2, 0].tolist() == [1.0, 0.0]


class TestLeftOut:
    def test_unknown_exposure_is_no_comparison(self):
        """Two sessions without a lot hold the other case: the baseline is that of the sessions with one."""
        ground = laid([0] * 6, range(6), [[0], [0], [1], [1], [], []], [(0, 20.0), (4, 20.0)])
        assert counted(ground)[1] == pytest.approx([0.5, 0.5])

    def test_known_to_have_none_of_them_is(self):
        ground = laid([0] * 4, range(4), [[0], [0], [], []], [(0, 20.0), (2, 20.0)], known=[True] * 4)
        assert counted(ground)[1] == pytest.approx([1.0])

    def test_undetermined_and_undated_sessions_are_counted_apart(self):
        ground = laid(
            [0, 0, np.nan], [0, 1, 2], [[0], [1], [1]], [(0, 20.0), (1, 20.0)], out=[False, True, False]
        )
        assert (ground.undetermined, ground.undated, ground.cases_left_out) == (1, 1, 1)
        assert ground.rows.tolist() == [0]

    def test_no_case_expects_nothing(self):
        ground = laid([0, 0], [0, 1], [[0], [1]], [])
        assert counted(ground)[1].tolist() == [0.0, 0.0]

    def test_no_session(self):
        ground = laid([], [], [[0]][:0], [])
        assert ground.rows.size == 0


class TestPooledStrata:
    def test_small_ones_go_together(self):
        stratum = np.repeat([0, 1, 2, 3], [500, 30, 400, 70])
        pooled = pooled_strata(stratum, np.ones(1000), 100)
        assert [int(pooled[at]) for at in (0, 500, 530, 930)] == [1, 0, 2, 3]
        few = pooled_strata(stratum, np.ones(1000), 20)
        assert [int(few[at]) for at in (0, 500, 530, 930)] == [1, 0, 2, 0]

    def test_few_cases_are_one_stratum(self):
        assert set(pooled_strata(np.arange(50) % 7, np.ones(50), 3)) == {0}

    def test_never_more_than_forty_and_the_rest(self):
        assert pooled_strata(np.arange(1000) % 100, np.ones(1000), 10_000).max() == 40
