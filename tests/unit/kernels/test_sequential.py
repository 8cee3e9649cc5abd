"""Exact sequential bounds against paths walked one by one and against simulation."""

from itertools import product
from math import inf, log

import numpy as np
import pytest

from untoward.kernels.sequential import (
    poisson_boundaries,
    poisson_critical,
    poisson_critical_value,
    poisson_crossing,
    poisson_llr,
    poisson_performance,
)
from untoward.kernels.sequential_binomial import binomial_critical, binomial_crossing, binomial_llr
from untoward.kernels.sequential_conditional import (
    conditional_critical,
    conditional_crossing,
    conditional_llr,
)
from untoward.kernels.sequential_paths import chance_of_crossing


def test_llr():
    assert poisson_llr(3, 1) == pytest.approx(3 * log(3) - 2)
    assert poisson_llr(1, 2) == 0
    assert poisson_llr(1, 0) == inf
    assert binomial_llr(3, 4, 0.5) == pytest.approx(3 * log(1.5) + log(0.5))
    assert binomial_llr(1, 4, 0.5) == 0
    assert binomial_llr(0, 0, 0.5) == 0
    assert conditional_llr(2, 0.1, 10) == pytest.approx(10 * log(11 / 12) + 2 * log(2.2 / 1.2))
    assert conditional_llr(1, 0.1, 10) == 0


def test_many_earlier_cases_are_a_known_rate():
    assert conditional_llr(4, 1e-6, 1_000_000) == pytest.approx(poisson_llr(4, 1), abs=1e-4)


def slow_binomial_crossing(critical, events, p0, least, looks):
    """All sequences of cases and controls."""
    crossed = 0.0
    for path in product((0, 1), repeat=events):
        cases = 0
        for looked, case in enumerate(path, start=1):
            cases += case
            if looked in looks and cases >= least and binomial_llr(cases, looked, p0) >= critical:
                crossed += p0 ** sum(path) * (1 - p0) ** (events - sum(path))
                break
    return crossed


@pytest.mark.parametrize("p0", [0.5, 0.25])
@pytest.mark.parametrize("critical", [0.5, 1.5, 2.5])
@pytest.mark.parametrize("least", [1, 3])
@pytest.mark.parametrize("groups", [None, (3, 3, 2)])
def test_binomial_crossing_equals_all_paths(p0, critical, least, groups):
    looks = range(1, 9) if groups is None else (3, 6, 8)
    slow = slow_binomial_crossing(critical, 8, p0, least, looks)
    assert binomial_crossing(critical, 8, p0, least_count=least, groups=groups) == pytest.approx(
        slow, abs=1e-12
    )


def test_three_events_can_never_be_rare_enough():
    found = binomial_critical(3, 0.5)
    assert found.value is None
    assert found.alpha == pytest.approx(0.125)
    assert "3 cases in 3 events have a chance of 0.12" in found.reason


def test_more_cases_asked_for_than_events():
    assert "cannot occur" in binomial_critical(3, 0.5, least_count=4).reason


def simulated_crossing(random, horizon, runs, crosses):
    crossed = 0
    for _run in range(runs):
        times = np.cumsum(random.exponential(1, 40))
        crossed += crosses(times[times < horizon])
    return crossed / runs


def test_poisson_crossing_equals_simulation():
    random = np.random.default_rng(8)

    def crosses(times):
        return any(poisson_llr(n, t) >= 3 for n, t in enumerate(times, start=1))

    assert poisson_crossing(3.0, 5.0) == pytest.approx(
        simulated_crossing(random, 5, 20_000, crosses), abs=0.006
    )


def test_a_delay_is_seen_when_it_is_over():
    random = np.random.default_rng(9)

    def crosses(times):
        early = int((times < 2).sum())
        late = any(poisson_llr(n, t) >= 2 for n, t in enumerate(times, start=1) if t >= 2)
        return late or poisson_llr(early, 2) >= 2

    found = poisson_crossing(2.0, 5.0, delay=2.0)
    assert found == pytest.approx(simulated_crossing(random, 5, 20_000, crosses), abs=0.007)


def simulated_end(random, risk, runs, ends):
    found = [ends(np.cumsum(random.exponential(1 / risk, 60))) for _run in range(runs)]
    return np.mean([signal for signal, _end in found]), np.mean([end for _signal, end in found])


@pytest.mark.parametrize("looks", [None, (1.0, 2.5, 4.0)])
def test_performance_equals_simulation(looks):
    random = np.random.default_rng(10)
    value = 2.5

    def ends(times):
        seen = (
            list(enumerate(times, start=1)) if looks is None else [((times < at).sum(), at) for at in looks]
        )
        for n, at in seen:
            if at <= 4 and poisson_llr(n, at) >= value:
                return True, at
        return False, 4.0

    power, end = simulated_end(random, 2.5, 20_000, ends)
    found = poisson_performance(value, 4.0, 2.5, looks=looks)
    assert found.power == pytest.approx(power, abs=0.012)
    assert found.expected_at_end == pytest.approx(end, abs=0.03)
    assert found.expected_at_signal * found.power + 4 * (1 - found.power) == pytest.approx(
        found.expected_at_end
    )


def test_conditional_crossing_equals_simulation():
    """The time behind the earlier cases runs on for any part of the wait for the next."""
    random, runs, earlier, cases = np.random.default_rng(11), 40_000, 5, 8
    time = random.gamma(earlier, size=runs) + random.random(runs) * random.exponential(size=runs)
    ratios = np.cumsum(random.exponential(size=(runs, cases)), axis=1) / time[:, None]
    llr = np.array(
        [[conditional_llr(n, r, earlier) for n, r in enumerate(row, start=1)] for row in ratios[:8000]]
    )
    crossed = (llr.max(axis=1) >= 2.5).mean()
    assert conditional_crossing(2.5, cases, earlier) == pytest.approx(crossed, abs=0.011)


def test_conditional_tends_to_the_known_rate():
    """With very many earlier cases the watch is that of a known rate that ends with a case."""
    found = conditional_critical(4, 500_000, least_count=1)
    boundaries = poisson_boundaries(found.value, 100.0)[:4]
    assert chance_of_crossing(boundaries) == pytest.approx(0.05, abs=1e-4)


def test_conditional_without_a_value():
    # the last of two cases is above the rate of 200 earlier ones quite often, but never 20 cases at once
    assert conditional_critical(2, 3, 0.9).value is None


def test_critical_value_spends_alpha_exactly():
    value = poisson_critical_value(7.5, 0.03, least_count=2)
    assert poisson_crossing(value, 7.5, least_count=2) == pytest.approx(0.03, abs=1e-8)


def test_small_alphas_are_exact_too():
    found = poisson_critical(5, 1e-9)
    assert found.alpha == pytest.approx(1e-9, rel=1e-5)


def test_long_horizons_are_quick_enough_to_be_tested_here():
    assert poisson_critical(1500).alpha == pytest.approx(0.05, abs=1e-8)


def test_looks_do_not_exceed_alpha():
    looks = [0.7, 1.5, 4.0]
    value = poisson_critical_value(4.0, looks=looks)
    assert poisson_crossing(value, 4.0, looks=looks) <= 0.05
    below = poisson_critical(4.0, looks=looks).above
    assert poisson_crossing(below - 1e-6, 4.0, looks=looks) > 0.05


def test_a_jump_of_the_chance_is_taken_from_its_safe_side():
    for horizon, delay in ((3.0, 2.5), (6.0, 5.9), (2.0, 1.9)):
        found = poisson_critical(horizon, delay=delay)
        assert found.value is None or found.alpha <= 0.05 + 1e-9


def test_no_value_is_said_with_its_reason():
    with pytest.raises(ValueError, match=r"rejecting at event 4, .* chance of 0\.019 within 1 expected"):
        poisson_critical_value(1, least_count=4)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"horizon": 0}, "horizon: got 0"),
        ({"horizon": -1}, "horizon: got -1"),
        ({"horizon": 1e6}, "horizon: got 1000000.0, expected more than 0 and up to 10,000"),
        ({"horizon": 5, "alpha": 0}, "alpha: got 0"),
        ({"horizon": 5, "alpha": 1}, "alpha: got 1"),
        ({"horizon": 5, "least_count": 0}, "least_count: got 0"),
        ({"horizon": 5, "delay": 5}, "delay: got 5"),
        ({"horizon": 5, "looks": []}, "looks: got"),
        ({"horizon": 5, "looks": [2, 2]}, "looks: got"),
        ({"horizon": 5, "looks": [2, 6]}, "looks: got 6"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        poisson_critical_value(settings.pop("horizon"), settings.pop("alpha", 0.05), **settings)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: binomial_critical(0, 0.5), "events: got 0"),
        (lambda: binomial_critical(5, 1.0), "p0: got 1"),
        (lambda: binomial_critical(5, 0.5, groups=[2, 2]), "groups: got"),
        (lambda: conditional_critical(0, 5), "cases: got 0"),
        (lambda: conditional_critical(5, 0), "earlier: got 0"),
        (lambda: poisson_performance(3.0, 5.0, 0.0), "relative_risk: got 0"),
    ],
)
def test_other_settings_that_cannot_be(call, said):
    with pytest.raises(ValueError, match=said):
        call()
