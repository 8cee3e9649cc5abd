"""The joint scan against a slow twin that takes nothing from it but the density of delays, and its null hypothesis."""

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from untoward.kernels import joint_scan
from untoward.kernels.joint_scan import Cases, Ground


def ground_of(sessions, *, delays=(10.0,), reach=30.0, now=np.inf, nodes=None):
    """``sessions``: person after person a list of (date, weight, stratum, nodes)."""
    rows = [row for person in sessions for row in person]
    held = [sorted(row[3]) for row in rows]
    return Ground(
        date=np.array([row[0] for row in rows], float),
        first=np.cumsum([0, *map(len, sessions)]),
        weight=np.array([row[1] for row in rows], float),
        stratum=np.array([row[2] for row in rows], np.int64),
        node_start=np.cumsum([0, *map(len, held)]),
        node=np.array(list(itertools.chain(*held)), np.int32),
        nodes=nodes or 1 + max(itertools.chain(*held), default=0),
        delays=np.array(delays, float),
        reach=reach,
        now=now,
    )


class Twin:
    """The definitions, one after the other, without any thought of speed."""

    def __init__(self, ground, cases):
        self.ground, self.cases, self.total = ground, cases, len(cases.person)
        self.start, self.step, self.height = joint_scan.delay_density(ground.delays)
        self.expected_rows = self.rows_expected(*self.weights())

    def candidates(self, person, onset):
        own = range(self.ground.first[person], self.ground.first[person + 1])
        date = self.ground.date
        near = [s for s in own if onset - self.ground.reach - 1e-6 <= date[s] <= onset + 1e-6]
        before = [s for s in own if date[s] <= onset + 1e-6]
        return near or before[-1:] or [own[0]]

    def density(self, delay):
        place = (delay - self.start) / self.step
        if not 0 < place < len(self.height) - 1:
            return 0.0
        part = place - int(place)
        return self.height[int(place)] * (1 - part) + self.height[int(place) + 1] * part

    def nodes_of(self, session):
        return range(self.ground.node_start[session], self.ground.node_start[session + 1])

    def rows(self, person, onset):
        """Node -> row of the likeliest candidate session in it."""
        chosen = {}
        for session in self.candidates(person, onset):
            rank = (self.density(onset - self.ground.date[session]), session)
            for row in self.nodes_of(session):
                node = int(self.ground.node[row])
                if node not in chosen or rank > chosen[node][0]:
                    chosen[node] = (rank, row)
        return {node: row for node, (_rank, row) in chosen.items()}

    def drawn_delays(self, session):
        all_ = self.ground.delays
        few = min(16, len(all_))
        kept = [all_[int((i + 0.5) * len(all_) / few)] for i in range(few)]
        return [d for d in kept if d <= self.ground.now - self.ground.date[session] + 1e-6] or kept[:1]

    def weights(self):
        g = self.ground
        floored = g.weight.astype(float)
        for stratum in set(g.stratum):
            inside = g.stratum == stratum
            mean = g.weight[inside].mean()
            floored[inside] = np.maximum(g.weight[inside], 0.01 * mean) if mean > 0 else 1.0
        fair = floored.copy()
        for stratum in set(g.stratum):
            inside = g.stratum == stratum
            fair[inside] *= (self.cases.stratum == stratum).sum() / floored[inside].sum()
        return fair, 0.01 * np.maximum(fair, floored * self.total / floored.sum())

    def rows_expected(self, fair, least):
        expected = np.zeros(len(self.ground.node))
        for person, (a, b) in enumerate(itertools.pairwise(self.ground.first)):
            for session in range(a, b):
                delays = self.drawn_delays(session)
                for delay in delays:
                    for row in self.rows(person, self.ground.date[session] + delay).values():
                        expected[row] += fair[session] / len(delays)
            if b - a > 1:
                for session in range(a, b):
                    for row in self.nodes_of(session):
                        expected[row] = max(expected[row], least[session])
        return expected

    def statistic(self, c, e):
        if c < 2 or c - e <= 1e-9 * self.total:
            return 0.0
        rest = (self.total - c) * math.log((self.total - c) / (self.total - e)) if c < self.total else 0.0
        return c * math.log(c / e) + rest

    def day(self, row):
        session = next(s for s in range(len(self.ground.date)) if row in self.nodes_of(s))
        return math.floor(self.ground.date[session])

    def excess(self, longest, pairs=None):
        """Per node: cases, expected, statistic, best window's score; for the cases or other (person, onset) pairs."""
        pairs = pairs or zip(self.cases.person, self.cases.onset, strict=True)
        hit = defaultdict(list)
        for person, onset in pairs:
            for node, row in self.rows(person, onset).items():
                hit[node].append(self.day(row))
        found = []
        for node in range(self.ground.nodes):
            rows = [row for row in range(len(self.ground.node)) if self.ground.node[row] == node]
            days = [self.day(row) for row in rows]
            e = sum(self.expected_rows[row] for row in rows)
            best = 0.0
            for first, last in itertools.product(sorted(set(days)), repeat=2):
                if 0 <= last - first <= longest:
                    inside = sum(
                        self.expected_rows[row]
                        for row, day in zip(rows, days, strict=True)
                        if first <= day <= last
                    )
                    value = self.statistic(sum(first <= d <= last for d in hit[node]), inside)
                    if value > 0:
                        best = max(best, value - 1 - math.log(max(e / inside, 1.0)))
            found.append((len(hit[node]), e, self.statistic(len(hit[node]), e), best))
        return np.array(found)

    def largest(self, longest, pairs=None):
        return self.excess(longest, pairs)[:, 2:].max()


@st.composite
def registries(draw):
    """A small registry with crossing axes, same-day sessions, zero weights and a few cases."""
    delays = sorted(draw(st.lists(st.integers(1, 60), min_size=1, max_size=20)))
    visit = st.tuples(
        st.integers(0, 120), st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.integers(0, 1),
        st.sets(st.integers(0, 6), max_size=4),
    )  # fmt: skip
    visits = st.lists(visit, min_size=1, max_size=4)
    sessions = [
        sorted(person, key=lambda v: v[0]) for person in draw(st.lists(visits, min_size=3, max_size=8))
    ]
    ground = ground_of(
        sessions, delays=delays, reach=float(draw(st.integers(5, 70))), nodes=7,
        now=draw(st.sampled_from([np.inf, 100.0, 130.0])),
    )  # fmt: skip
    who = draw(st.sets(st.integers(0, len(sessions) - 1), min_size=1, max_size=6))
    person = np.array(sorted(who))
    onset = np.array([float(draw(st.integers(0, 180))) for _one in person])
    stratum = ground.stratum[joint_scan.likeliest_session(ground, person, onset)]
    return ground, Cases(person, onset, stratum)


@settings(max_examples=150, deadline=None)
@given(registries(), st.sampled_from([0.0, 20.0, 500.0]))
def test_observed_statistics_are_those_of_the_definitions(made, longest):
    ground, cases = made
    twin = Twin(ground, cases)
    scanned = joint_scan.scan(ground, cases, replicates=1, longest_window=longest)
    mine = np.stack(
        [scanned.excess.cases, scanned.excess.expected, scanned.excess.llr, scanned.excess.window_score], 1
    )
    assert mine == pytest.approx(twin.excess(longest), rel=1e-12, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(registries())
def test_rows_add_up_to_what_the_definitions_expect(made):
    ground, cases = made
    fair = joint_scan.calibrated(ground, cases)
    twin = Twin(ground, cases)
    assert fair.weight == pytest.approx(twin.weights()[0], rel=1e-12)
    by_hand = twin.rows_expected(fair.weight, 0.01 * fair.weight)
    assert joint_scan.expected(fair) == pytest.approx(by_hand, rel=1e-12)
    for stratum in set(ground.stratum):
        mine = fair.weight[ground.stratum == stratum].sum()
        assert mine == pytest.approx((cases.stratum == stratum).sum(), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(registries(), st.sampled_from([20.0, 500.0]))
def test_windows_found_hold_the_cases_and_expectation_they_state(made, longest):
    ground, cases = made
    found = joint_scan.scan(ground, cases, replicates=1, longest_window=longest).excess
    for node in np.flatnonzero(found.window_llr > 0):
        first, last = found.window_from[node], found.window_to[node]
        assert 0 <= last - first <= longest
        inside = joint_scan.members(ground, cases, int(node), first, last)
        assert len(inside) == found.window_cases[node]
        assert found.window_expected[node] <= found.expected[node] * (1 + 1e-12)


@settings(max_examples=25, deadline=None)
@given(registries())
def test_one_case_is_drawn_as_often_as_weights_and_delays_say(made):
    """With one case and a least of one case, the largest statistic takes few values, each with a known chance."""
    ground, cases = made
    one = Cases(cases.person[:1], cases.onset[:1], cases.stratum[:1])
    twin = Twin(ground, one)
    twin.statistic = lambda c, e: c * math.log(c / e) if c - e > 1e-9 else 0.0
    fair, _least = twin.weights()
    chance = defaultdict(float)
    for person, (a, b) in enumerate(itertools.pairwise(ground.first)):
        for session in (session for session in range(a, b) if fair[session] > 0):
            delays = twin.drawn_delays(session)
            for delay in delays:
                value = twin.largest(500.0, [(person, ground.date[session] + delay)])
                chance[round(value, 9)] += fair[session] / len(delays)
    drawn = joint_scan.scan(ground, one, replicates=2000, longest_window=500.0, least_cases=1).largest
    for value, share in chance.items():
        seen = int((np.abs(drawn - value) < 1e-8).sum())
        assert stats.binom.sf(seen - 1, 2000, min(share + 1e-6, 1)) > 1e-6
        assert stats.binom.cdf(seen, 2000, min(share + 1e-6, 1)) > 1e-6
    assert all(min(abs(value - known) for known in chance) < 1e-8 for value in set(drawn))


def test_p_is_that_of_all_permutations():
    """One session per person and equal weights: the null is every choice of cases, equally likely, and can be listed."""
    nodes = [{0, 4}, {0, 5}, {0, 4}, {1, 5}, {1, 4}, {2, 5}, {2, 4}, {2}]
    ground = ground_of(
        [[(day, 1.0, 0, held)] for day, held in zip([1, 1, 2, 3, 5, 8, 8, 9], nodes, strict=True)]
    )
    cases = Cases(np.array([0, 1, 2]), np.array([11.0, 11.0, 12.0]), np.zeros(3, np.int64))
    twin = Twin(ground, cases)
    onset = ground.date + 10.0
    all_ = [
        twin.largest(4.0, [(p, onset[p]) for p in chosen]) for chosen in itertools.combinations(range(8), 3)
    ]
    observed = twin.largest(4.0)
    exact = np.mean(np.array(all_) >= observed - 1e-9)
    scanned = joint_scan.scan(ground, cases, replicates=20_000, longest_window=4.0)
    assert observed == pytest.approx(max(scanned.excess.llr.max(), scanned.excess.window_score.max()))
    p = joint_scan.p_values(observed, scanned.largest)
    assert p == pytest.approx(exact, abs=5 * math.sqrt(exact * (1 - exact) / 20_000))
    assert set(np.round(scanned.largest, 9)) == set(np.round(all_, 9))


def null_registry(random, now, persons=250, axes=(60, 25, 8)):
    """Several sessions a person, axes that cross, two strata; weights are risk times the part of it that has passed."""
    visits = random.integers(1, 5, persons)
    first = np.concatenate([[0], np.cumsum(visits)])
    many = first[-1]
    date = np.concatenate([np.sort(random.integers(0, 300, n)) for n in visits]).astype(float)
    lots = np.stack([sum(axes[:i]) + random.integers(0, size, many) for i, size in enumerate(axes)], 1)
    delays = np.exp(3.0 + 0.6 * stats.norm.ppf((np.arange(16) + 0.5) / 16))
    passed = np.mean(date[:, None] + delays <= now, axis=1)
    stratum = random.integers(0, 2, many)
    weight = random.choice([0.5, 1.0, 2.0], many) * np.where(stratum == 1, 4.0, 1.0) * passed
    return Ground(
        date, first, weight, stratum, np.arange(many + 1) * len(axes), lots.astype(np.int32).ravel(), sum(axes),
        delays, 90.0, now,
    )  # fmt: skip


def null_cases(random, ground, many=14):
    """Cases that have nothing to do with the nodes, of distinct persons, all with an onset by now."""
    chance = ground.weight / ground.weight.sum()
    session = random.choice(len(ground.date), 4 * many, replace=False, p=chance)
    person = np.searchsorted(ground.first, session, side="right") - 1
    kept = np.sort(np.unique(person, return_index=True)[1])[:many]
    date = ground.date[session[kept]]
    onset = date + [random.choice(ground.delays[day + ground.delays <= ground.now]) for day in date]
    likeliest = joint_scan.likeliest_session(ground, person[kept], onset)
    return Cases(person[kept], onset, ground.stratum[likeliest])


@pytest.mark.slow
@pytest.mark.parametrize("now", [np.inf, 300.0])
def test_p_is_uniform_when_nothing_happens(now):
    random = np.random.default_rng(20261122)
    p, whole = [], []
    for turn in range(500):
        ground = null_registry(random, now)
        cases = null_cases(random, ground)
        found = joint_scan.scan(ground, cases, replicates=199, seed=turn)
        largest = max(found.excess.llr.max(), found.excess.window_score.max())
        p.append(float(joint_scan.p_values(largest, found.largest)))
        whole.append(float(joint_scan.p_values(found.excess.llr.max(), found.largest_whole)))
    for share in (0.01, 0.05, 0.1, 0.5):
        seen = int(np.sum(np.array(p) <= share))
        assert stats.binom.ppf(0.0005, 500, share) <= seen <= stats.binom.ppf(0.9995, 500, share), (
            share,
            seen,
        )
        assert np.sum(np.array(whole) <= share) <= stats.binom.ppf(0.9995, 500, share)
    assert stats.kstest(p, "uniform").pvalue > 0.001
