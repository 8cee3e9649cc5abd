"""The fast scans against a slow twin that looks at every circle and window, and their null hypotheses."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from untoward.kernels.scan_bounds import room, slope
from untoward.kernels.scan_draws import BERNOULLI, PERMUTATION, POISSON, deal, null_of, stream
from untoward.kernels.scan_statistics import llr
from untoward.kernels.spatial_scan import Area, scan

NULLS = {"poisson": POISSON, "bernoulli": BERNOULLI, "permutation": PERMUTATION}


def circles(spots, people, share):
    """Every set of places within some distance of one of them."""
    found = set()
    for a in spots:
        far = [math.dist(a, b) for b in spots]
        for reach in far:
            members = frozenset(
                place for place, distance in enumerate(far) if distance <= reach * (1 + 1e-12)
            )
            if sum(people[place] for place in members) <= share * sum(people) * (1 + 1e-12):
                found.add(members)
    return found


def windows(periods, longest, time):
    if time == "none":
        return [(0, periods - 1)]
    runs = [(a, b) for a in range(periods) for b in range(a, min(a + longest, periods))]
    return [run for run in runs if time != "prospective" or run[1] == periods - 1]


def log_part(observed, rate):
    return observed * math.log(rate) if observed else 0.0


def statistic(c, n, cases, people, bernoulli):
    """As printed in textbooks: the likelihood with two rates over that with one."""
    expected = cases * n / people
    if c <= expected * (1 + 1e-12):
        return 0.0
    if not bernoulli:
        outside = (cases - c) / (cases - expected) if cases > c else 1.0
        return log_part(c, c / expected) + log_part(cases - c, outside)
    inside, outside = c / n, (cases - c) / (people - n) if people > n else 0.0
    two = log_part(c, inside) + log_part(n - c, 1 - inside)
    two += log_part(cases - c, outside) + log_part(people - n - cases + c, 1 - outside)
    return two - log_part(cases, cases / people) - log_part(people - cases, 1 - cases / people)


def every_window(spots, counts, base, share, model, time, longest):
    """(members, first, last) -> statistic."""
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    base = np.outer(rows, columns) if model == "permutation" else base
    whole = {frozenset(range(len(spots)))}
    around = whole if time == "only" else circles(spots, base.sum(axis=1), share)
    answer = {}
    for members in around:
        at = sorted(members)
        for first, last in windows(counts.shape[1], longest, time):
            c, n = (table[at, first : last + 1].sum() for table in (counts, base))
            value = statistic(int(c), float(n), int(counts.sum()), float(base.sum()), model == "bernoulli")
            answer[members, first, last] = value
    return answer


@st.composite
def surveys(draw):
    """Places on a small grid (some at one spot, many equally far), empty ones too, and what is asked of them."""
    model = draw(st.sampled_from(["poisson", "bernoulli", "permutation"]))
    times = ["retrospective", "prospective"] if model == "permutation" else [
        "none", "retrospective", "prospective", "only",
    ]  # fmt: skip
    time = draw(st.sampled_from(times))
    places, periods = draw(st.integers(2, 7)), draw(st.integers(2, 6))
    spots = [(float(draw(st.integers(0, 3))), float(draw(st.integers(0, 3)))) for _ in range(places)]
    cell = st.integers(0, 4) | st.sampled_from([0, 30])
    base = np.array([[draw(cell) for _ in range(periods)] for _ in range(places)], float)
    base[0, 0] += 1
    base[-1, -1] += 2
    counts = np.array([[min(draw(st.integers(0, 3)), int(most)) for most in row] for row in base])
    counts[0, 0] = 1
    if model == "poisson" and draw(st.booleans()):
        base = base * draw(st.floats(0.01, 3.0))
    if model == "bernoulli":
        base[-1, -1] += 1
    share = draw(st.sampled_from([0.3, 0.5, 1.0]))
    longest = draw(st.integers(1, max(1, periods // 2)))
    return spots, counts, base, share, model, time, longest


def run(survey, **options):
    spots, counts, base, share, model, time, longest = survey
    x, y = np.array(spots).T
    area = Area(tuple(map(str, range(len(spots)))), x, y, False)
    return scan(area, counts, base, model=model, time=time, largest_share=share, longest=longest, **options)


@given(surveys())
def test_the_clusters_are_those_of_the_slow_twin(survey):
    slow = every_window(*survey)
    found = run(survey, replicates=5).clusters
    top = max(slow.values(), default=0.0)
    assert bool(found) == (top > 0)
    taken = set()
    for cluster in found:
        left = [value for (members, _first, _last), value in slow.items() if not members & taken]
        assert cluster.llr == pytest.approx(max(left), rel=1e-9, abs=1e-12)
        where = (frozenset(cluster.members), 0, survey[1].shape[1] - 1)
        if survey[5] != "none":
            where = (where[0], cluster.first, cluster.last)
        assert slow[where] == pytest.approx(cluster.llr, rel=1e-9, abs=1e-12)
        taken |= where[0]
    assert all(a.llr >= b.llr for a, b in pairwise(found))


@given(surveys(), st.integers(0, 2**40))
def test_each_replicate_has_the_largest_statistic_of_the_slow_twin(survey, seed):
    spots, counts, base, share, model, time, longest = survey
    result = run(survey, replicates=4, seed=seed)
    weight = base
    if time == "none":
        counts, weight = counts.sum(axis=1, keepdims=True), base.sum(axis=1, keepdims=True)
    if time == "only":
        counts, weight = counts.sum(axis=0, keepdims=True), base.sum(axis=0, keepdims=True)
        spots = spots[:1]
    null = null_of(NULLS[model], np.ascontiguousarray(counts, np.int32), weight)
    cells = np.zeros(counts.size, np.int32)
    for replicate, largest in enumerate(result.largest):
        deal(null, np.uint64(stream(np.uint64(seed), np.uint64(replicate))), cells)
        slow = every_window(spots, cells.reshape(counts.shape), weight, share, model, time, longest)
        assert largest == pytest.approx(max(slow.values(), default=0.0), rel=1e-9, abs=1e-12)


@given(surveys())
@settings(max_examples=40)
def test_the_order_of_places_does_not_matter(survey):
    spots, counts, base, *rest = survey
    turned = (spots[::-1], counts[::-1], base[::-1], *rest)
    one, other = run(survey, replicates=3).clusters, run(turned, replicates=3).clusters
    assert [c.llr for c in one[:1]] == pytest.approx([c.llr for c in other[:1]], rel=1e-9)


@given(surveys())
@settings(max_examples=40)
def test_p_is_never_0_and_rises_down_the_list(survey):
    found = run(survey, replicates=19).clusters
    assert all(1 / 20 <= cluster.p <= 1 for cluster in found)
    assert all(a.p <= b.p for a, b in pairwise(found))


@given(st.integers(1, 500), st.integers(1, 10_000), st.floats(0.001, 0.999), st.floats(0, 1), st.booleans())
def test_the_bound_is_never_below_the_statistic(cases, controls, share, part, bernoulli):
    people = cases + controls
    inside = max(1, round(share * people))
    expected = cases * inside / people
    most = min(cases, inside) if bernoulli else cases
    count = math.ceil(expected + part * (most - expected))
    if not expected < count <= most:
        return
    value = llr(count, float(inside), cases, float(people), bernoulli)
    assert value <= (count - expected) ** 2 * slope(float(inside), cases, float(people), bernoulli) * (
        1 + 1e-9
    )
    reach = math.sqrt(value) * (1 - 1e-9)
    assert count >= expected + reach * room(float(inside), cases, float(people), bernoulli)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "time"),
    [
        ("poisson", "none"),
        ("bernoulli", "none"),
        ("poisson", "retrospective"),
        ("permutation", "prospective"),
    ],
)
def test_p_is_uniform_under_the_null(model, time):
    """600 surveys without any cluster; seeds are fixed, so the answer is always the same."""
    random = np.random.default_rng(20)
    x, y = random.random((2, 12))
    area = Area(tuple(map(str, range(12))), x, y, False)
    people = random.integers(100, 900, (12, 1)) * np.ones((1, 6))
    p = []
    for seed in range(600):
        counts = random.multinomial(400, (people / people.sum()).ravel()).reshape(people.shape)
        found = scan(area, counts, people, model=model, time=time, replicates=99, seed=seed).clusters
        p.append(found[0].p if found else 1.0)
    for level in (0.01, 0.05, 0.1, 0.5):
        below = sum(value <= level + 1e-9 for value in p)
        least, most = stats.binom.ppf([0.0005, 0.9995], len(p), level)
        assert least <= below <= most
