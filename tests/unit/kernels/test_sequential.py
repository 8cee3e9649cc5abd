"""Exact sequential bounds against paths walked one by one and against simulation."""

from itertools import product
from math import inf, log

import numpy as np
import pytest

from untoward.kernels.sequential import (
    binomial_critical_value,
    binomial_crossing,
    binomial_llr,
    poisson_critical_value,
    poisson_crossing,
    poisson_llr,
)


def test_llr():
    assert poisson_llr(3, 1) == pytest.approx(3 * log(3) - 2)
    assert poisson_llr(1, 2) == 0
    assert poisson_llr(1, 0) == inf
    assert binomial_llr(3, 4, 0.5) == pytest.approx(3 * log(1.5) + log(0.5))
    assert binomial_llr(1, 4, 0.5) == 0
    assert binomial_llr(0, 0, 0.5) == 0


def slow_binomial_crossing(critical, events, p0, least):
    """All sequences of cases and controls."""
    crossed = 0.0
    for path in product((0, 1), repeat=events):
        cases = 0
        for looked, case in enumerate(path, start=1):
            cases += case
            if cases >= least and binomial_llr(cases, looked, p0) >= critical:
                crossed += p0 ** sum(path) * (1 - p0) ** (events - sum(path))
                break
    return crossed


@pytest.mark.parametrize("p0", [0.5, 0.25, 0.1])
@pytest.mark.parametrize("critical", [0.5, 1.5, 2.5])
@pytest.mark.parametrize("least", [1, 3])
def test_binomial_crossing_equals_all_paths(p0, critical, least):
    slow = slow_binomial_crossing(critical, 10, p0, least)
    assert binomial_crossing(critical, 10, p0, least_count=least) == pytest.approx(slow, abs=1e-12)


@pytest.mark.parametrize(
    ("events", "controls", "least", "value", "alpha"),
    [
        pytest.param(20, 1, 1, 3.09884, 0.046137), (50, 1, 1, 3.46574, 0.038805), (20, 3, 3, 2.73838, 0.049787),
        (30, 2, 4, 2.90393, 0.045954), pytest.param(50, 4, 4, 2.91776, 0.049746),
    ],
)  # fmt: skip
def test_binomial_critical_values_of_r_sequential(events, controls, least, value, alpha):
    """R prints a value just above the last one that would reject too often, we the first that rejects: one test."""
    p0 = 1 / (1 + controls)
    found = binomial_critical_value(events, p0, least_count=least)
    assert found > value - 1e-5
    assert binomial_crossing(found, events, p0, least_count=least) == pytest.approx(alpha, abs=6e-7)


def test_poisson_crossing_equals_simulation():
    random = np.random.default_rng(8)
    horizon, critical, runs = 5.0, 3.0, 20_000
    crossed = 0
    for _run in range(runs):
        times = np.cumsum(random.exponential(1, 40))
        times = times[times < horizon]
        crossed += any(poisson_llr(n, t) >= critical for n, t in enumerate(times, start=1))
    assert poisson_crossing(critical, horizon) == pytest.approx(crossed / runs, abs=0.006)


def test_critical_value_spends_alpha_exactly():
    value = poisson_critical_value(7.5, 0.03, least_count=2)
    assert poisson_crossing(value, 7.5, least_count=2) == pytest.approx(0.03, abs=1e-8)


def test_looks_do_not_exceed_alpha():
    looks = [0.7, 1.5, 4.0]
    value = poisson_critical_value(4.0, looks=looks)
    assert poisson_crossing(value, 4.0, looks=looks) <= 0.05


@pytest.mark.parametrize(("least", "value"), [(3, 3.064248), (4, 2.921561), (6, 2.690586)])
def test_least_counts_of_r_sequential(least, value):
    assert poisson_critical_value(10, least_count=least) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(("horizon", "alpha"), [(0, 0.05), (-1, 0.05), (5, 0), (5, 1)])
def test_settings_that_cannot_be_are_refused(horizon, alpha):
    with pytest.raises(ValueError, match="expected"):
        poisson_critical_value(horizon, alpha)
