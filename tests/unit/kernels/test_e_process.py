"""E-processes against numerical integration; e-BH against its definition."""

import numpy as np
import pytest
from scipy import integrate, stats

from untoward.kernels.e_process import attributed_log_e, binomial_log_e, least_cases, poisson_log_e
from untoward.kernels.e_values import e_bh, e_bh_levels


def integrated(likelihood, density, low, high=np.inf):
    whole, _error = integrate.quad(lambda x: likelihood(x) * density(x), low, high, limit=200)
    mass, _error = integrate.quad(density, low, high, limit=200)
    return whole / mass


@pytest.mark.parametrize(("count", "expected"), [(0, 0.0), (0, 2.5), (3, 0.2), (7, 4.0), (12, 30.0)])
@pytest.mark.parametrize("excess_only", [False, True])
def test_poisson_equals_the_integral(count, expected, excess_only):
    slow = integrated(
        lambda t: t**count * np.exp(-(t - 1) * expected), stats.gamma(2, scale=2).pdf, float(excess_only)
    )
    fast = np.exp(poisson_log_e(count, expected, excess_only=excess_only))
    assert fast == pytest.approx(slow, rel=1e-7)


@pytest.mark.parametrize("shares", [[], [1.0, 1.0], [0.5], [0.2, 0.7, 1.0], [0.0, 0.3]])
@pytest.mark.parametrize("excess_only", [False, True])
def test_shared_cases_equal_the_integral(shares, excess_only):
    slow = integrated(
        lambda t: np.prod([1 - s + s * t for s in shares]) * np.exp(-(t - 1) * 0.7),
        stats.gamma(2, scale=2).pdf,
        float(excess_only),
    )
    assert np.exp(attributed_log_e(shares, 0.7, excess_only=excess_only)) == pytest.approx(slow, rel=1e-7)


def test_whole_cases_are_plain_counts():
    assert attributed_log_e([1.0] * 5, 0.4) == pytest.approx(float(poisson_log_e(5, 0.4)))


@pytest.mark.parametrize(("cases", "events", "p0"), [(0, 0, 0.3), (3, 4, 0.5), (2, 30, 0.2)])
@pytest.mark.parametrize("excess_only", [False, True])
def test_binomial_equals_the_integral(cases, events, p0, excess_only):
    slow = integrated(
        lambda q: (q / p0) ** cases * ((1 - q) / (1 - p0)) ** (events - cases),
        stats.beta(1, 1).pdf,
        p0 if excess_only else 0,
        1,
    )
    assert np.exp(binomial_log_e(cases, events, p0, excess_only=excess_only)) == pytest.approx(slow, rel=1e-7)


def test_too_few_cases_are_evidence_only_for_the_whole_mixture():
    assert np.exp(poisson_log_e(0, 15)) > 20
    assert np.exp(poisson_log_e(0, 15, excess_only=True)) < 1


def test_nothing_watched_says_nothing():
    assert poisson_log_e(0, 0) == pytest.approx(0)
    assert poisson_log_e(0, 0, excess_only=True) == pytest.approx(0)


def test_huge_counts_stay_finite():
    assert np.isfinite(poisson_log_e(1e6, 9e5))
    assert np.isfinite(poisson_log_e(1e6, 9e5, excess_only=True))


def test_least_cases_are_the_least():
    found = least_cases(0.5, 20)
    assert poisson_log_e(found, 0.5) >= np.log(20) > poisson_log_e(found - 1, 0.5)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: poisson_log_e(-1, 1), "count"),
        (lambda: poisson_log_e(1, -1), "expected"),
        (lambda: poisson_log_e(1, np.nan), "expected"),
        (lambda: poisson_log_e(1, 1, shape=0), "shape and rate"),
        (lambda: attributed_log_e([1.2], 1), "shares"),
        (lambda: binomial_log_e(3, 2, 0.5), "cases"),
        (lambda: binomial_log_e(1, 2, 1.0), "p0"),
    ],
)
def test_what_cannot_be_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


class TestEBH:
    def test_one_stream_needs_one_over_alpha(self):
        assert e_bh(np.log([20.0])).tolist() == [True]
        assert e_bh(np.log([19.9])).tolist() == [False]

    def test_several_lit_streams_help_each_other(self):
        # five streams: alone each needs 100; two at 50 light both
        assert e_bh(np.log([50, 50, 1, 1, 1])).tolist() == [True, True, False, False, False]
        assert e_bh(np.log([50, 49, 1, 1, 1])).tolist() == [False] * 5

    def test_streams_not_listed_count(self):
        assert e_bh(np.log([50.0, 50.0]), total=5).all()
        assert not e_bh(np.log([50.0, 50.0]), total=6).any()

    def test_an_unknown_stream_is_left_out(self):
        found = e_bh_levels([np.log(40), np.nan, np.log(1)])
        assert found[0] == pytest.approx(2 / 40)
        assert np.isnan(found[1])
        assert found[2] == 1

    def test_weights_move_the_threshold(self):
        assert e_bh(np.log([10.0, 100.0]), log_weights=np.log([4.0, 0.1])).tolist() == [True, False]

    def test_none_at_all(self):
        assert e_bh_levels([]).size == 0

    def test_what_cannot_be_is_refused(self):
        with pytest.raises(ValueError, match="total: got 1"):
            e_bh([0.0, 0.0], total=1)
        with pytest.raises(ValueError, match="alpha: got 0"):
            e_bh([0.0], 0)
