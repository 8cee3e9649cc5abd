"""Delays: from the registry's own cases, as published, or not known."""

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from untoward.model.tables import Registry
from untoward.watch.delays import (
    Delay,
    PublishedDelay,
    day_of,
    days_since_1970,
    delay_of,
    elapsed_share,
    onset_density,
    reversed_time_shares,
)
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import ANY_REACTION, OutcomeCases

START = datetime(2025, 1, 1)
PUBLISHED = PublishedDelay(
    mu=np.log(30), sigma=0.4, longest=114, n=279, source="two outbreaks", evidence=("k1", "k2")
)


def made(days, delays, reporting=None, persons=None):
    """A registry of sessions so many days after the start, each with a reaction after its delay."""
    n = len(days)
    ids = [f"S{i}" for i in range(n)]
    onset = [None if np.isnan(day) else float(day) for day in delays]
    seen = [] if reporting is None else [
        {"reaction_id": f"R{i}", "day": onset[i] + float(reporting[i])} for i in range(n)
    ]  # fmt: skip
    registry = Registry(
        sessions=pl.DataFrame(
            {
                "session_id": ids,
                "patient_id": [f"P{i}" for i in range(n)] if persons is None else persons,
                "date_from": [START + timedelta(days=float(day)) for day in days],
            }
        ),
        components=pl.DataFrame(),
        reactions=pl.DataFrame(
            {"reaction_id": [f"R{i}" for i in range(n)], "session_id": ids, "onset_day": onset},
            schema_overrides={"onset_day": pl.Float64},
        ),
        observations=pl.DataFrame(seen),
    )
    cases = OutcomeCases(
        outcome=ANY_REACTION,
        reactions=registry.reactions.select("session_id", "reaction_id"),
        undetermined=pl.Series(dtype=pl.String),
    )
    return registry, case_persons(registry, cases)


def found(days, delays, *, end=10_000.0, published=None, **more):
    registry, persons = made(days, delays, **more)
    return delay_of("illness", registry, persons, START + timedelta(days=end), published)


class TestOwnCases:
    def test_with_all_risk_passed_it_is_the_plain_spread(self):
        delay = found(range(64), np.arange(64) + 0.5)
        assert delay.own
        assert delay.n == 64
        assert delay.onset_days == pytest.approx(np.arange(64) + 0.5)
        assert delay.known_days == pytest.approx(delay.onset_days)
        assert delay.reach == 64.0
        assert "64 cases" in delay.source

    def test_reporting_comes_on_top(self):
        delay = found(range(30), np.full(30, 10.0), reporting=np.full(30, 4.0))
        assert set(delay.onset_days) == {10.0}
        assert set(delay.known_days) == {14.0}

    def test_nineteen_cases_are_not_enough(self):
        assert found(range(20), np.full(20, 5.0)).own
        assert not found(range(19), np.full(19, 5.0)).own

    def test_recent_sessions_do_not_make_delays_look_short(self):
        """Cases of a constant stream, true delays 1 to 40 days, those not yet known left out."""
        random = np.random.default_rng(7)
        days, delays = random.uniform(0, 80, 4000), random.uniform(1, 40, 4000)
        seen = days + delays <= 80
        delay = found(days[seen], delays[seen], end=80.0)
        naive = float(np.mean(delays[seen]))
        assert naive < 18.5
        assert float(delay.onset_days.mean()) == pytest.approx(20.5, abs=0.6)

    def test_cases_known_after_the_day_do_not_exist(self):
        days, delays = np.zeros(60), np.r_[np.full(30, 5.0), np.full(30, 90.0)]
        assert found(days, delays, end=50.0).n == 30
        assert found(days, delays, end=100.0).n == 60

    def test_persons_with_one_session_are_preferred(self):
        several = found(
            [0, 20, *range(100, 150)],
            [np.nan, 2.0, *np.full(50, 30.0)],
            persons=["A", "A", *map(str, range(50))],
        )
        assert set(several.onset_days) == {30.0}
        assert several.n == 50
        assert "single session" in several.source
        # the case of person A began 2 days after a session, but also 22 days after another
        assert several.reach == 30.0

    def test_without_enough_of_them_all_are_used_and_it_says_so(self):
        days = np.repeat(np.arange(30.0) * 100, 2) + np.tile([0.0, 10.0], 30)
        delays = np.tile([np.nan, 3.0], 30)
        persons = [f"P{i // 2}" for i in range(60)]
        delay = found(days, delays, persons=persons)
        assert delay.own
        assert "last session before the onset" in delay.source

    def test_a_first_observation_before_the_onset_is_known_at_the_onset(self):
        delay = found(range(25), np.full(25, 10.0), reporting=np.full(25, -6.0))
        assert set(delay.known_days) == {10.0}


class TestOtherwise:
    def test_published_is_a_lognormal_at_its_middle_quantiles(self):
        delay = found([0.0], [30.0], published=PUBLISHED)
        assert not delay.own
        expected = stats.lognorm.ppf((np.arange(64) + 0.5) / 64, 0.4, scale=30)
        assert delay.onset_days == pytest.approx(expected)
        assert delay.known_days == pytest.approx(expected)
        assert delay.reach == 114.0
        assert delay.evidence == ("k1", "k2")
        assert "no days are added for reporting" in delay.source

    def test_reach_is_the_later_of_longest_and_99_percent(self):
        wide = PublishedDelay(mu=np.log(30), sigma=1.0, longest=50, n=9, source="x")
        assert found([0.0], [1.0], published=wide).reach == pytest.approx(
            stats.lognorm.ppf(0.99, 1.0, scale=30)
        )

    def test_nothing_known_counts_all_risk_as_passed(self):
        delay = found(range(3), [0.2, 4.4, np.nan])
        assert not delay.known
        assert delay.reach == 5.0
        assert set(elapsed_share(delay, np.array([0.0, 5.0]), 5.0)) == {1.0}
        assert "2 cases" in delay.source
        assert "as if all its risk had passed" in delay.source

    def test_without_a_day_the_registry_ends_with_what_it_holds(self):
        registry, persons = made(range(40), np.full(40, 3.0))
        assert delay_of("illness", registry, persons, None, None).n == 40


class TestReversedTime:
    def test_untruncated_every_case_stands_for_itself(self):
        shares = reversed_time_shares(np.array([3.0, 1.0, 2.0, 2.0]), np.full(4, 9.0))
        assert shares == pytest.approx([0.25] * 4)

    def test_worked_by_hand(self):
        """Delays 1, 2, 3 with limits 2, 5, 5. At 3, two could be seen with 3 or less and one came: F(2) = 1/2. At 2, two
        could be seen with 2 or less and one came: F(1) = 1/4.
        """
        shares = reversed_time_shares(np.array([1.0, 2.0, 3.0]), np.array([2.0, 5.0, 5.0]))
        assert shares == pytest.approx([0.25, 0.25, 0.5])

    def test_shares_sum_to_one(self):
        random = np.random.default_rng(3)
        delays = random.integers(0, 12, 300).astype(float)
        shares = reversed_time_shares(delays, delays + random.integers(0, 9, 300))
        assert shares.sum() == pytest.approx(1.0)
        assert (shares >= 0).all()

    def test_none(self):
        assert reversed_time_shares(np.zeros(0), np.zeros(0)).size == 0


def fixed(days):
    return Delay(
        outcome="x",
        onset_days=np.array(days),
        known_days=np.array(days),
        reach=60.0,
        source="",
        own=True,
        n=9,
    )


class TestElapsed:
    def test_share_known_by_now(self):
        delay = fixed([10.0, 20.0, 30.0, 40.0])
        dates = np.array([100.0, 95.0, 90.0, 80.0, 60.0, 0.0, 101.0, np.nan])
        assert elapsed_share(delay, dates, 100.0).tolist() == [0.0, 0.0, 0.25, 0.5, 1.0, 1.0, 0.0, 1.0]

    def test_it_never_falls(self):
        delay = fixed(np.sort(np.random.default_rng(1).gamma(2, 15, 64)))
        share = elapsed_share(delay, np.zeros(200), 0.0)
        grown = [float(elapsed_share(delay, np.zeros(1), day)[0]) for day in np.linspace(0, 200, 400)]
        assert share.max() == 0.0
        assert grown == sorted(grown)
        assert grown[-1] == 1.0


class TestDensity:
    def test_nearer_to_the_usual_day_is_likelier(self):
        delay = fixed([20.0, 25.0, 30.0, 35.0, 40.0])
        density = onset_density(delay, np.array([30.0, 3.0, 61.0, -1.0]))
        assert density[0] > density[1] > 0
        assert density[2] == density[3] == 0

    def test_flat_when_nothing_is_known(self):
        unknown = Delay(
            outcome="x", onset_days=np.zeros(64), known_days=np.zeros(64), reach=9.0, source="", own=False
        )
        assert onset_density(unknown, np.array([0.0, 9.0, 10.0])).tolist() == [1.0, 1.0, 0.0]


def test_days_since_1970():
    moments = pl.Series([datetime(1970, 1, 2, 12), None])
    assert days_since_1970(moments)[0] == 1.5
    assert np.isnan(days_since_1970(moments)[1])
    assert day_of(datetime(1970, 1, 2, 12)) == 1.5
