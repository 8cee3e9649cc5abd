"""Intervals and order statistics against printed tables."""

import pytest

from untoward.kernels.intervals import clopper_pearson, wilson
from untoward.kernels.survival import expected_largest_normal


@pytest.mark.parametrize(
    ("cases", "n", "exact", "score"),
    [
        (81, 263, (0.2527, 0.3676), (0.2553, 0.3662)),
        (15, 148, (0.0578, 0.1617), (0.0624, 0.1605)),
        (0, 20, (0.0000, 0.1684), (0.0000, 0.1611)),
        (1, 29, (0.0009, 0.1776), (0.0061, 0.1718)),
    ],
)
def test_newcombe_single_proportions(cases, n, exact, score):
    # Newcombe, Stat Med 1998;17:857, Table I: Clopper-Pearson (method 5) and Wilson (method 3), 95 %.
    assert clopper_pearson(cases, n) == pytest.approx(exact, abs=5.1e-5)
    assert wilson(cases, n) == pytest.approx(score, abs=5.1e-5)


@pytest.mark.parametrize(
    ("cases", "n", "printed"),
    [
        (47, 69, "55.8-78.8"),  # adrenal cortex extract, Denver 1996, MMWR 45(33)
        (16, 105, "9.0-23.6"),  # mesotherapy, Paris region 2007, Carbonne 2009
        (17, 77, "13.4-33.0"),  # multi-dose vials, Balearic Islands 2009, Galmes-Truyols 2011
        (77, 2_984, "2.04-3.21"),  # intramuscular injections, Korea, Kim 2012
        (109, 1_002, "9.0-13.0"),  # acupuncture, Korea 2008, Clin Microbiol Infect 2010
        (66, 1_009, "5.1-8.2"),  # steroid injections, Tennessee 2012, Kainer 2012
        (749, 13_534, "5.15-5.93"),  # steroid injections, USA 2012, Smith 2013
    ],
)
def test_attack_rates_of_injection_outbreaks(cases, n, printed):
    # Counts as published; the limits, in per cent, come from a separate program and not from the papers.
    places = len(printed.partition("-")[0].partition(".")[2])
    low, high = clopper_pearson(cases, n)
    assert f"{100 * low:.{places}f}-{100 * high:.{places}f}" == printed


@pytest.mark.parametrize(
    ("n", "expected"), [(2, 0.56419), (3, 0.84628), (5, 1.16296), (10, 1.53875), (100, 2.50759)]
)
def test_expected_largest_of_normal_samples(n, expected):
    # Harter, Biometrika 1961;48:151, expected values of normal order statistics.
    assert expected_largest_normal(n) == pytest.approx(expected, abs=6e-6)
