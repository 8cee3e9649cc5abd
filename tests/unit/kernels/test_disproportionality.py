"""Ratios, tests and shrunken ratios of 2x2 cells against slow, obvious versions in plain Python."""

from fractions import Fraction
from math import comb, exp, inf, isnan, log, log2, nan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from untoward.kernels import disproportionality as dp

Z = 1.959963984540054


@st.composite
def tables(draw, most=60):
    cell = st.integers(0, most) | st.sampled_from([0, 1, 5_000_000])
    return tuple(draw(cell) for _ in range(4))


def small_tables():
    return st.tuples(*[st.integers(0, 40)] * 4)


def as_cells(*abcd):
    return dp.Cells(*(np.array([float(x)]) for x in abcd))


def slow_ratio(value, variance):
    if value is None:
        return nan, nan, nan
    if value in (0, inf) or variance is None:
        return float(value), nan, nan
    reach = Z * sqrt(variance)
    return float(value), float(value) * exp(-reach), float(value) * exp(reach)


def slow_prr(a, b, c, d):
    if a + b == 0 or c + d == 0:
        return nan, nan, nan
    first, second = Fraction(a, a + b), Fraction(c, c + d)
    if second == 0:
        return (nan if first == 0 else inf), nan, nan
    variance = (
        None
        if a == 0
        else max(0, float(Fraction(1, a) - Fraction(1, a + b) + Fraction(1, c) - Fraction(1, c + d)))
    )
    return slow_ratio(first / second, variance)


def slow_ror(a, b, c, d):
    if b * c == 0:
        return (nan if a * d == 0 else inf), nan, nan
    variance = None if a * d == 0 else 1 / a + 1 / b + 1 / c + 1 / d
    return slow_ratio(Fraction(a * d, b * c), variance)


def slow_chi_square(a, b, c, d, yates):
    n = a + b + c + d
    below = (a + b) * (c + d) * (a + c) * (b + d)
    if below == 0:
        return nan
    distance = abs(a * d - b * c)
    if yates:
        distance = max(0, distance - Fraction(n, 2))
    return float(Fraction(n) * Fraction(distance) ** 2 / below)


def slow_tail(a, b, c, d):
    """P of as many or more, and of just as many, in whole numbers."""
    drug, event, n = a + b, a + c, a + b + c + d
    ways = [comb(drug, k) * comb(n - drug, event - k) for k in range(a, min(drug, event) + 1)]
    return Fraction(sum(ways), comb(n, event)), Fraction(ways[0], comb(n, event))


@given(tables())
def test_ratios_equal_the_slow_ones(abcd):
    cells = as_cells(*abcd)
    for fast, slow in (
        (dp.proportional_reporting_ratio, slow_prr),
        (dp.reporting_odds_ratio, slow_ror),
    ):
        found = [float(part[0]) for part in fast(cells)]
        assert found == pytest.approx(slow(*abcd), rel=1e-9, nan_ok=True)


@given(tables())
def test_chi_squares_equal_the_slow_ones(abcd):
    for yates in (False, True):
        found = dp.chi_square(as_cells(*abcd), yates=yates)[0]
        assert found == pytest.approx(slow_chi_square(*abcd, yates), rel=1e-9, abs=1e-12, nan_ok=True)


@given(small_tables())
def test_exact_tests_equal_the_slow_ones(abcd):
    tail, point = slow_tail(*abcd)
    fisher, mid = dp.fisher_upper_both(as_cells(*abcd))
    assert fisher[0] == pytest.approx(float(tail), rel=1e-9)
    assert mid[0] == pytest.approx(float(tail - point / 2), rel=1e-8, abs=1e-13)
    assert dp.fisher_upper(as_cells(*abcd))[0] == fisher[0]
    assert dp.fisher_upper(as_cells(*abcd), mid_p=True)[0] == mid[0]


def test_exact_tests_of_huge_tables_against_logs():
    a, b, c, d = 300, 40_000, 20_000, 8_000_000
    drug, event, n = a + b, a + c, a + b + c + d
    log_comb = lambda m, k: special.gammaln(m + 1) - special.gammaln(k + 1) - special.gammaln(m - k + 1)  # noqa: E731
    k = np.arange(a, a + 2000)
    terms = log_comb(drug, k) + log_comb(n - drug, event - k) - log_comb(n, event)
    assert dp.fisher_upper(as_cells(a, b, c, d))[0] == pytest.approx(
        np.exp(special.logsumexp(terms)), rel=1e-5
    )


@given(st.integers(0, 10_000), st.floats(1e-6, 1e6))
def test_information_component_solves_its_definition(n, e):
    found = dp.information_component(n, e)
    assert found.value == pytest.approx(log2((n + 0.5) / (e + 0.5)), rel=1e-12, abs=1e-12)
    for limit, tail in ((found.low, 0.025), (found.high, 0.975)):
        assert special.gammainc(n + 0.5, 2**limit * (e + 0.5)) == pytest.approx(tail, rel=1e-8)


def test_information_component_without_scipy_gamma_inverse():
    """Shape 3/2 has a closed distribution: erf(sqrt x) - 2 sqrt(x / pi) exp(-x)."""
    below = lambda x: special.erf(sqrt(x)) - 2 * sqrt(x / np.pi) * exp(-x) - 0.025  # noqa: E731
    quantile = optimize.brentq(below, 1e-9, 5)
    assert dp.information_component(1, 7).low == pytest.approx(log(quantile / 7.5) / log(2), rel=1e-9)


def test_information_component_keeps_the_shape():
    found = dp.information_component(np.ones((3, 2)), np.full(2, 0.5))
    assert found.low.shape == (3, 2)
    assert dp.information_component([], []).low.shape == (0,)


def test_one_drug_only_has_no_ratio():
    cells = dp.cells([3, 1], [10, 10], [3, 1], 10)
    assert all(isnan(x) for x in dp.proportional_reporting_ratio(cells).value)
    assert dp.fisher_upper(cells) == pytest.approx([1, 1])


def test_an_event_of_one_drug_alone_is_infinite_without_limits():
    found = dp.proportional_reporting_ratio(dp.cells(3, 10, 3, 100))
    assert found.value == inf
    assert isnan(found.low)
    assert isnan(found.high)


def test_impossible_margins_are_named():
    with pytest.raises(ValueError, match="pair 1: got n, n_drug, n_event, n_total = 5, 3, 9, 20"):
        dp.cells([1, 5], [3, 3], [9, 9], 20)
    with pytest.raises(ValueError, match="negative cell"):
        dp.cells(0, 15, 15, 20)


def test_expected():
    assert dp.expected([44, 0], [31, 5], 3356) == pytest.approx([44 * 31 / 3356, 0])
