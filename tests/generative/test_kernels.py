"""Laws of the kernels, and fast code against slow, obvious twins.

The twins enumerate every table with the same margins in whole-number and rational arithmetic, or follow a
textbook's sentence in a plain loop.
"""

from fractions import Fraction
from math import comb, inf, log

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from untoward.kernels.intervals import clopper_pearson, poisson_exact, wilson
from untoward.kernels.survival import (
    expected_largest_normal,
    lognormal_from_median_and_max,
    lognormal_from_median_and_quantiles,
    lognormal_from_percent_resolved,
    lognormal_quantile,
    lognormal_surviving,
    pool_lognormal,
)
from untoward.kernels.two_by_two import (
    Table,
    benjamini_hochberg,
    chi_square,
    fisher_exact_greater,
    fisher_exact_two_sided,
    fisher_greater_many,
    holm,
    mid_p_two_sided,
    odds_ratio_conditional,
    odds_ratio_mid_p,
    odds_ratio_woolf,
    risk_difference_newcombe,
    risk_difference_wald,
    risk_ratio,
)

quick = settings(deadline=None, max_examples=80)

cells = st.integers(0, 40)
filled = st.integers(1, 40)
tables = st.builds(Table, cells, cells, cells, cells)
full_tables = st.builds(Table, filled, filled, filled, filled)
levels = st.floats(0.05, 0.999)
odds_ratios = st.sampled_from([odds_ratio_woolf, odds_ratio_conditional, odds_ratio_mid_p])
estimates = st.sampled_from(
    [
        risk_ratio,
        risk_difference_wald,
        risk_difference_newcombe,
        odds_ratio_woolf,
        odds_ratio_conditional,
        odds_ratio_mid_p,
    ]
)
p_values = st.lists(st.floats(0, 1) | st.just(float("nan")), max_size=30).map(np.array)
mus = st.floats(-1, 6)
sigmas = st.floats(0.05, 3)


def weights_twin(table, odds_ratio=1):
    """Unnormalised exact probability of each possible first cell."""
    first, last = max(0, table.ill - table.unexposed), min(table.exposed, table.ill)
    return {
        k: comb(table.exposed, k) * comb(table.unexposed, table.ill - k) * Fraction(odds_ratio) ** (k - first)
        for k in range(first, last + 1)
    }


def share_twin(weights, chosen):
    return sum(w for k, w in weights.items() if chosen(k, w)) / Fraction(sum(weights.values()))


def mirrored(estimate):
    """The estimate with exposed and unexposed exchanged: reciprocals, limits swapped, 0 for infinity."""
    value, low, high = (inf if x is None else x for x in (estimate.value, estimate.low, estimate.high))
    return tuple(1 / x if x else inf for x in (value, high, low))


def as_numbers(estimate):
    return tuple(inf if x is None else x for x in (estimate.value, estimate.low, estimate.high))


# Exact tests against enumeration


@quick
@given(tables)
def test_exact_p_values_equal_enumeration(table):
    weights = weights_twin(table)
    seen = weights[table.a]
    tie = seen + Fraction(seen, 10**7)
    two_sided = share_twin(weights, lambda k, w: w <= tie)
    greater = share_twin(weights, lambda k, w: k >= table.a)
    equal = share_twin(weights, lambda k, w: k == table.a)
    mid = 2 * min(greater - equal / 2, 1 - greater + equal / 2)
    assert fisher_exact_two_sided(table) == pytest.approx(float(two_sided), rel=1e-11)
    assert fisher_exact_greater(table) == pytest.approx(float(greater), rel=1e-11)
    assert mid_p_two_sided(table) == pytest.approx(float(mid), rel=1e-11)


@quick
@given(tables)
def test_fisher_p_equals_scipy(table):
    cells = [[table.a, table.b], [table.c, table.d]]
    assert fisher_exact_two_sided(table) == pytest.approx(stats.fisher_exact(cells).pvalue, rel=1e-9)
    greater = stats.fisher_exact(cells, alternative="greater").pvalue
    assert fisher_exact_greater(table) == pytest.approx(greater, rel=1e-9)


@quick
@given(st.integers(0, 2_000), st.integers(0, 30_000), st.integers(0, 300), st.integers(0, 1_000_000))
def test_screening_equals_scipy_in_large_totals(a, more_exposed, more_cases, others):
    exposed, cases = a + more_exposed, a + more_cases
    total = exposed + cases - a + others
    expected = stats.hypergeom.sf(a - 1, total, cases, exposed)
    assume(expected > 1e-250)
    assert fisher_greater_many(a, exposed, cases, total) == pytest.approx(expected, rel=1e-7)


@quick
@given(tables)
def test_screening_equals_the_single_test(table):
    p = fisher_greater_many(table.a, table.exposed, table.ill, table.total)
    assert p == pytest.approx(fisher_exact_greater(table), rel=1e-12)


# Odds ratios: what defines them, in rational arithmetic


@quick
@given(full_tables, levels)
def test_exact_limits_leave_their_tails(table, level):
    estimate = odds_ratio_conditional(table, level)
    tail = (1 - level) / 2
    upper = share_twin(weights_twin(table, estimate.low), lambda k, _: k >= table.a)
    lower = share_twin(weights_twin(table, estimate.high), lambda k, _: k <= table.a)
    assert float(upper) == pytest.approx(tail, rel=1e-9)
    assert float(lower) == pytest.approx(tail, rel=1e-9)


@quick
@given(full_tables)
def test_the_conditional_estimate_expects_what_was_seen(table):
    weights = weights_twin(table, odds_ratio_conditional(table).value)
    mean = sum(k * w for k, w in weights.items()) / sum(weights.values())
    assert float(mean) == pytest.approx(table.a, rel=1e-10)


@quick
@given(full_tables, levels)
def test_mid_p_limits_leave_their_tails(table, level):
    estimate = odds_ratio_mid_p(table, level)
    for odds_ratio, tail in [
        (estimate.low, (1 - level) / 2),
        (estimate.value, 0.5),
        (estimate.high, (1 + level) / 2),
    ]:
        weights = weights_twin(table, odds_ratio)
        above = share_twin(weights, lambda k, _: k > table.a)
        equal = share_twin(weights, lambda k, _: k == table.a)
        assert float(above + equal / 2) == pytest.approx(tail, rel=1e-9)


# Symmetries


@quick
@given(tables, odds_ratios)
def test_exchanging_exposed_and_unexposed_inverts_the_odds_ratio(table, measure):
    original, swapped = measure(table), measure(Table(table.c, table.d, table.a, table.b))
    if original.value is None and swapped.value is None:
        return
    if measure is odds_ratio_woolf and 0 in (table.a, table.b, table.c, table.d):
        assert {original.value, swapped.value} == {0.0, None}
        return
    assert mirrored(original) == pytest.approx(as_numbers(swapped), rel=1e-9)


@quick
@given(tables, odds_ratios)
def test_transposing_leaves_the_odds_ratio_unchanged(table, measure):
    transposed = measure(Table(table.a, table.c, table.b, table.d))
    assert as_numbers(measure(table)) == pytest.approx(as_numbers(transposed), rel=1e-9)


@quick
@given(tables)
def test_two_sided_tests_do_not_mind_which_group_is_called_exposed(table):
    swapped = Table(table.c, table.d, table.a, table.b)
    for test in (fisher_exact_two_sided, mid_p_two_sided):
        assert test(table) == pytest.approx(test(swapped), rel=1e-10)
    if chi_square(table).value is not None:
        assert chi_square(table).value == pytest.approx(chi_square(swapped).value, rel=1e-12)


# Intervals


@quick
@given(tables, estimates, levels)
def test_intervals_contain_their_estimate(table, measure, level):
    estimate = measure(table, level)
    slack = 1e-9
    if estimate.value is not None and estimate.low is not None:
        assert estimate.low <= estimate.value + slack * abs(estimate.value)
    if estimate.value is not None and estimate.high is not None:
        assert estimate.value <= estimate.high + slack * abs(estimate.high)
    assert estimate.value is not None or estimate.reason


@quick
@given(tables, estimates, levels, levels)
def test_a_higher_level_never_narrows(table, measure, one, other):
    narrow, wide = measure(table, min(one, other)), measure(table, max(one, other))
    assert narrow.value == wide.value
    if narrow.low is not None:
        assert wide.low <= narrow.low + 1e-9 * abs(narrow.low)
    if narrow.high is not None:
        assert wide.high >= narrow.high - 1e-9 * abs(narrow.high)


@quick
@given(full_tables, levels)
def test_mid_p_limits_lie_within_the_exact_ones(table, level):
    exact, mid = odds_ratio_conditional(table, level), odds_ratio_mid_p(table, level)
    assert exact.low <= mid.low * (1 + 1e-9)
    assert mid.high <= exact.high * (1 + 1e-9)


@quick
@given(st.integers(0, 400), st.integers(0, 400), levels)
def test_proportion_intervals(cases, well, level):
    n = cases + well
    assume(n > 0)
    low, high = clopper_pearson(cases, n, level)
    reference = stats.binomtest(cases, n).proportion_ci(level, method="exact")
    assert (low, high) == pytest.approx((reference.low, reference.high), rel=1e-9, abs=1e-12)
    score = stats.binomtest(cases, n).proportion_ci(level, method="wilson")
    assert wilson(cases, n, level) == pytest.approx((score.low, score.high), rel=1e-9, abs=1e-12)
    assert low <= cases / n <= high


@quick
@given(st.integers(0, 3_000), st.floats(1e-3, 1e6), levels)
def test_rate_intervals_leave_their_tails(count, exposure, level):
    low, high = poisson_exact(count, exposure, level)
    tail = (1 - level) / 2
    assert stats.poisson.cdf(count, high * exposure) == pytest.approx(tail, rel=1e-8)
    if count:
        assert stats.poisson.sf(count - 1, low * exposure) == pytest.approx(tail, rel=1e-8)
    assert low <= count / exposure * (1 + 1e-12)
    assert count / exposure <= high


# Adjusted p-values


def holm_twin(p):
    known = sorted(x for x in p if x == x)
    return [
        max(min(1, (len(known) - i) * q) for i, q in enumerate(known) if q <= x) if x == x else x for x in p
    ]


def benjamini_hochberg_twin(p):
    known = sorted(x for x in p if x == x)
    m = len(known)
    return [min(min(1, m * q / (i + 1)) for i, q in enumerate(known) if q >= x) if x == x else x for x in p]


@quick
@given(p_values)
def test_adjusted_p_values_equal_their_loops(p):
    np.testing.assert_allclose(holm(p), holm_twin(p), rtol=1e-12)
    np.testing.assert_allclose(benjamini_hochberg(p), benjamini_hochberg_twin(p), rtol=1e-12)


@quick
@given(p_values)
def test_adjusting_raises_keeps_the_order_and_holm_is_stricter(p):
    known = ~np.isnan(p)
    order = np.argsort(p[known])
    strict, lenient = holm(p)[known], benjamini_hochberg(p)[known]
    assert np.all(strict >= p[known])
    assert np.all(lenient >= p[known] * (1 - 1e-12))
    assert np.all(lenient <= strict * (1 + 1e-12))
    assert np.all(np.diff(strict[order]) >= 0)
    assert np.all(np.diff(lenient[order]) >= 0)


# Time to resolution


@quick
@given(mus, sigmas, st.floats(0.001, 0.999))
def test_survival_undoes_the_quantile(mu, sigma, q):
    assert lognormal_surviving(mu, sigma, lognormal_quantile(mu, sigma, q)) == pytest.approx(1 - q, rel=1e-6)


@quick
@given(mus, sigmas, st.lists(st.floats(0.01, 0.99), min_size=2, max_size=6, unique=True))
def test_prints_of_a_log_normal_give_it_back(mu, sigma, shares):
    assume(max(shares) - min(shares) > 0.01)
    assume(max(abs(q - 0.5) for q in shares) > 0.01)
    days = [(q, lognormal_quantile(mu, sigma, q)) for q in shares]
    median = lognormal_quantile(mu, sigma, 0.5)
    assert lognormal_from_median_and_quantiles(median, days) == pytest.approx((mu, sigma), rel=1e-6, abs=1e-9)
    percents = [(day, 100 * q) for q, day in days]
    assert lognormal_from_percent_resolved(percents) == pytest.approx((mu, sigma), rel=1e-6, abs=1e-9)


@quick
@given(mus, sigmas, st.integers(2, 5_000))
def test_a_maximum_where_it_is_expected_gives_the_spread_back(mu, sigma, n):
    median = lognormal_quantile(mu, sigma, 0.5)
    maximum = median * np.exp(sigma * expected_largest_normal(n))
    assert lognormal_from_median_and_max(median, maximum, n) == pytest.approx(
        (mu, sigma), rel=1e-9, abs=1e-12
    )


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 100_000))
def test_the_expected_largest_grows_with_the_sample(n):
    assert expected_largest_normal(n) < expected_largest_normal(n + 1) < (2 * log(n + 1)) ** 0.5 + 1e-9


@quick
@given(st.lists(st.tuples(mus, sigmas, st.integers(1, 500)), min_size=1, max_size=6))
def test_pooling_has_the_moments_of_everybody_together(series):
    # Slow twin: each person stands half at mu - sigma, half at mu + sigma, which has the same moments.
    points = [mu + sign * sigma for mu, sigma, n in series for sign in (-1, 1) for _ in range(n)]
    pooled = pool_lognormal(series)
    assert pooled == pytest.approx((np.mean(points), np.std(points), len(points) // 2), rel=1e-9, abs=1e-9)
