"""Laws of rates and expected counts, and fast counts against slow obvious ones."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from untoward.kernels.rates import fit_gamma, poisson_limits, shrunken
from untoward.watch.delays import Delay, elapsed_share, reversed_time_shares
from untoward.watch.expected import Axes, CountingRule, expected_cases, lay_out, tally

QUANTILES = np.array([3.0, 8.0, 15.0, 31.0])
NODES, REACH = 4, 31.0


def delay_known_after(more):
    return Delay(
        outcome="x",
        onset_days=QUANTILES,
        known_days=QUANTILES + more,
        reach=REACH,
        source="made up",
        own=False,
        n=9,
    )


@st.composite
def registries(draw, one_session=False):
    """Sessions of a few persons on whole days (at most one a day), with up to two lots each, and who fell ill when."""
    persons = draw(st.integers(1, 7))
    dates, owner, lots, cases = [], [], [], []
    for person in range(persons):
        days = draw(st.lists(st.integers(0, 90), min_size=1, max_size=1 if one_session else 4, unique=True))
        for day in sorted(days):
            dates.append(float(day))
            owner.append(person)
            lots.append(
                draw(st.sets(st.integers(0, NODES - 1), min_size=1, max_size=1 if one_session else 2))
            )
        if draw(st.booleans()):
            cases.append((person, max(days) + draw(st.integers(0, 40)) + 0.5))
    return dates, owner, lots, cases


def laid(made, now=1000.0, more=0.0):
    dates, owner, lots, cases = made
    member = np.zeros((len(dates), NODES), np.int8)
    for session, mine in enumerate(lots):
        member[session, list(mine)] = 1
    known = sparse.csr_array(np.ones((len(dates), 1), np.int8))
    last = {person: max(at for at, one in enumerate(owner) if one == person) for person in set(owner)}
    start = pl.datetime(1970, 1, 1, time_unit="us")
    rows = pl.DataFrame(
        {
            "patient_id": [str(person) for person, _onset in cases],
            "session_id": [f"S{last[person]}" for person, _onset in cases],
            "at": [onset for _person, onset in cases],
            "began": [dates[last[person]] for person, _onset in cases],
        },
        schema={"patient_id": pl.String, "session_id": pl.String, "at": pl.Float64, "began": pl.Float64},
    ).with_columns(
        (start + pl.duration(microseconds=(pl.col("at") * 86_400_000_000).cast(pl.Int64))).alias("onset"),
        (start + pl.duration(microseconds=(pl.col("began") * 86_400_000_000).cast(pl.Int64))).alias(
            "session_date"
        ),
    )
    return lay_out(
        Axes(sparse.csr_array(member), np.zeros(NODES, np.int64), known, ("lot",)),
        date=np.array(dates),
        person=np.array(owner),
        out=np.zeros(len(dates), bool),
        session_ids=pl.Series([f"S{at}" for at in range(len(dates))], dtype=pl.String),
        cases=rows,
        delay=delay_known_after(more),
        now=now,
    )


def counts(ground, rule):
    one = np.zeros(ground.rows.size, np.int64)
    found = tally(ground, rule, one, one, np.array([], np.int64))
    return found, expected_cases(found, ground)


def candidates(days, onset, rule):
    """The sessions of a person that a case counts for, the obvious way."""
    before = [day for day in days if day <= onset]
    if not before:
        return [min(days)]
    if rule is CountingRule.LAST:
        return [max(before)]
    return [day for day in before if onset - day <= REACH] or [max(before)]


@settings(max_examples=60)
@given(made=registries(), rule=st.sampled_from([CountingRule.OVERLAP, CountingRule.LAST]))
def test_counts_are_those_of_the_obvious_loop(made, rule):
    dates, owner, lots, cases = made
    seen, at_risk = np.zeros(NODES), np.zeros(NODES)
    for person in set(owner):
        mine = {day: lots[at] for at, day in enumerate(dates) if owner[at] == person}
        for onset in [onset for who, onset in cases if who == person]:
            for lot in set().union(*(mine[day] for day in candidates(mine, onset, rule))):
                seen[lot] += 1
        for day in mine:
            for delay in QUANTILES:
                for lot in set().union(*(mine[one] for one in candidates(mine, day + delay, rule))):
                    at_risk[lot] += 1 / QUANTILES.size
    found, _ = counts(laid(made), rule)
    assert found.cases[:NODES, 0].tolist() == pytest.approx(seen.tolist())
    # no node of a person with several sessions is left quite impossible: a hundredth of a session at least
    assert found.at_risk[:NODES, 0].tolist() == pytest.approx(at_risk.tolist(), abs=0.04)


@settings(max_examples=60)
@given(
    made=registries(one_session=True),
    rule=st.sampled_from(CountingRule),
    now=st.floats(95, 200),
    more=st.floats(0, 20),
)
def test_expected_adds_up_to_the_cases_where_each_person_has_one_value(made, rule, now, more):
    ground = laid(made, now, more)
    found, expected = counts(ground, rule)
    if found.at_risk[NODES:].sum() > 0:
        assert expected[:NODES].sum() == pytest.approx(found.cases[NODES:].sum())


@settings(max_examples=40)
@given(made=registries(one_session=True))
def test_with_all_risk_passed_expected_is_the_plain_share(made):
    ground = laid(made)
    _found, expected = counts(ground, CountingRule.OVERLAP)
    _dates, owner, lots, cases = made
    share = [sum(lot in mine for mine in lots) / len(owner) for lot in range(NODES)]
    assert expected[:NODES] == pytest.approx([len(cases) * one for one in share])


@settings(max_examples=60)
@given(made=registries(), now=st.floats(95, 160))
def test_shared_cases_are_whole_persons(made, now):
    """Over the sessions of a person the shares of a case sum to 1: no lot has more than all, the axis has all."""
    found, _ = counts(laid(made, now), CountingRule.FRACTIONAL)
    assert found.cases[NODES:].sum() == pytest.approx(len(made[3]))
    assert (found.cases[:NODES] <= len(made[3]) + 1e-9).all()


@given(
    dates=st.lists(st.floats(0, 100), min_size=1, max_size=20),
    now=st.floats(0, 200),
    later=st.floats(0, 50),
    more=st.floats(0, 20),
)
def test_elapsed_share_is_a_share_that_only_grows(dates, now, later, more):
    delay = delay_known_after(more)
    before, after = (elapsed_share(delay, np.array(dates), moment) for moment in (now, now + later))
    assert ((before >= 0) & (after <= 1)).all()
    assert (after >= before).all()


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=40))
def test_reversed_time_shares_are_those_of_the_product_limit(pairs):
    """Against the product written out: F before t is the product of 1 - d / n over all later times."""
    delays = np.array([one for one, _more in pairs], float)
    limits = delays + np.array([more for _one, more in pairs], float)
    shares = reversed_time_shares(delays, limits)
    assert shares.sum() == pytest.approx(1.0)
    for time in np.unique(delays):
        up_to = 1.0
        for later in np.unique(delays[delays > time]):
            n = ((delays <= later) & (later <= limits)).sum()
            up_to *= 1 - (delays == later).sum() / n
        assert shares[delays <= time].sum() == pytest.approx(up_to)


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0.05, 20)), min_size=5, max_size=40))
def test_shrunken_lies_between_the_unit_and_the_common_mean(rows):
    observed, expected = (np.array(column, float) for column in zip(*rows, strict=True))
    prior = fit_gamma(observed, expected)
    if hasattr(prior, "reason"):
        assert prior.reason
        return
    found = shrunken(observed, expected, prior)
    mean, own = prior.shape / prior.rate, observed / expected
    assert (found.value >= np.minimum(own, mean) - 1e-9).all()
    assert (found.value <= np.maximum(own, mean) + 1e-9).all()
    assert ((found.low <= found.value) & (found.value <= found.high)).all()


@given(count=st.integers(0, 500))
def test_poisson_limits_hold_the_count(count):
    limits = poisson_limits(np.array([float(count)]))
    assert limits.low[0] <= count <= limits.high[0]
