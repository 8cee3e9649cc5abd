"""Weighing exposures against each other."""

import numpy as np
import pytest
from scipy import integrate

from untoward.kernels.hypotheses import (
    LARGEST_RATIO,
    believe,
    bits_of_count,
    bits_of_yes_or_no,
    likely_ratio,
    log_bayes_factor,
)


def by_quadrature(c, total, q):
    """The average likelihood ratio, by adaptive integration over the log of the ratio."""

    def at(log_ratio):
        log_likelihood = c * log_ratio - total * np.log1p(np.expm1(log_ratio) * q)
        return np.exp(log_likelihood) / np.log(LARGEST_RATIO)

    peak = [np.log(c / total / q)] if c > total * q else None
    top = np.log(LARGEST_RATIO)
    return integrate.quad(at, 0, top, epsabs=0, epsrel=1e-11, limit=500, points=peak)[0]


@pytest.mark.parametrize(
    ("c", "total", "q"),
    [(7, 12, 0.01), (7, 12, 0.5), (0, 12, 0.1), (3, 12, 0.002), (40, 60, 0.3), (400, 600, 0.3)],
)
def test_equals_integration_over_the_ratio(c, total, q):
    assert log_bayes_factor(c, total, q) == pytest.approx(np.log(by_quadrature(c, total, q)), rel=1e-6)


def test_non_cases_speak_against_an_exposure():
    few, many = log_bayes_factor([7, 7], [12, 12], [0.01, 0.4])
    assert few > many


def test_an_exposure_of_nobody_or_everybody_tells_nothing():
    assert log_bayes_factor([0, 5], [5, 5], [0.0, 1.0]).tolist() == [0.0, 0.0]


def test_many_rows_equal_one_by_one():
    random = np.random.default_rng(3)
    total = random.integers(1, 40, 120_000)
    c = random.integers(0, total + 1)
    q = random.uniform(0.001, 0.9, total.size)
    together = log_bayes_factor(c, total, q)
    for at in (0, 19_999, 20_000, 119_999):
        assert together[at] == pytest.approx(float(log_bayes_factor(c[at], total[at], q[at])), rel=1e-12)


def test_likely_ratio_follows_the_cases():
    assert likely_ratio(1, 12, 1 / 12) < 10 < likely_ratio(9, 12, 0.01)


def test_beliefs_add_up_and_favour_the_larger_factor():
    belief = believe([5.0, 1.0, -2.0], [0.2, 0.2, 0.1])
    assert belief.each.sum() + belief.none == pytest.approx(1)
    assert belief.each[0] / belief.none == pytest.approx(np.exp(5) * 0.2 / 0.5)


def test_bits_of_a_question():
    assert bits_of_yes_or_no(1.0, 0.0) == pytest.approx(1.0)
    assert bits_of_yes_or_no(0.4, 0.4) == pytest.approx(0.0, abs=1e-12)
    # by hand: H(0.5) - (H(0.9) + H(0.2)) / 2 with H the entropy of the answer, mixed chance 0.55
    entropy = lambda p: -(p * np.log2(p) + (1 - p) * np.log2(1 - p))  # noqa: E731
    assert bits_of_yes_or_no(0.9, 0.2) == pytest.approx(entropy(0.55) - (entropy(0.9) + entropy(0.2)) / 2)


def test_asking_more_people_never_tells_less():
    told = [bits_of_count(asked, 0.15, 0.001) for asked in range(1, 8)]
    assert told == sorted(told)
    assert bits_of_count(1, 0.15, 0.001) == pytest.approx(bits_of_yes_or_no(0.15, 0.001))
