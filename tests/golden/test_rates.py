"""Rates against printed tables and other programs."""

import numpy as np
import pytest
from scipy import integrate, stats

from untoward.kernels.rates import (
    Cells,
    GammaPrior,
    deficit_p,
    excess_p,
    fit_gamma,
    funnel,
    mantel_haenszel_rate_ratio,
    poisson_limits,
    shrunken,
)

# Male lip cancer in the 56 counties of Scotland, 1975-80: observed and expected cases as printed in Clayton and Kaldor,
# Biometrics 1987;43:671, and handed down with BUGS and R.
OBSERVED = np.array(
    [9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10, 16, 11, 5, 3, 7,
     8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0], dtype=float
)  # fmt: skip
EXPECTED = np.array(
    [1.4, 8.7, 3.0, 2.5, 4.3, 2.4, 8.1, 2.3, 2.0, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5, 22.7,
     8.8, 5.6, 15.5, 12.5, 6.0, 9.0, 14.4, 10.2, 4.8, 2.9, 7.0, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3, 18.8, 15.8, 4.3,
     14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7.0, 4.2, 1.8]
)  # fmt: skip


class TestExactLimits:
    def test_fourteen_events_in_400_person_years(self):
        """Help of a statistics program: 14 events in 400 person-years, exact 95 % 0.019135 to 0.058724."""
        low, high = poisson_limits(np.array([14.0]))
        assert low[0] / 400 == pytest.approx(0.019135, abs=5e-7)
        assert high[0] / 400 == pytest.approx(0.058724, abs=5e-7)

    def test_nothing_and_ten(self):
        """R epitools prints 3.689 for none; tables print 4.80 to 18.39 for ten."""
        limits = poisson_limits(np.array([0.0, 10.0]))
        assert limits.low.tolist() == pytest.approx([0.0, 4.80], abs=0.005)
        assert limits.high.tolist() == pytest.approx([3.689, 18.39], abs=0.005)


@pytest.mark.parametrize(
    ("cases", "at_risk", "printed"),
    [
        ((17, 3), (100_025, 122_268), (6.927, 2.03, 23.63)),
        ((8, 1), (78_531, 77_932), (7.939, 0.9931, 63.47)),
        ((25, 4), (178_556, 200_200), (7.008, 2.439, 20.13)),
    ],
)
def test_rate_ratio_of_one_table(cases, at_risk, printed):
    """OpenEpi, comparing two person-time rates: rate ratio with its limits. In one stratum Mantel-Haenszel is that ratio."""
    one = [np.array([float(value)]) for value in (cases[0], at_risk[0], sum(cases), sum(at_risk))]
    ratio = mantel_haenszel_rate_ratio(Cells(np.array([0]), *one), 1)
    assert [ratio.value[0], ratio.low[0], ratio.high[0]] == pytest.approx(printed, rel=5e-4)


def test_chance_of_as_many_cases():
    """Fewest cases on a mean whose chance is at most 0.05, and at most 0.05 / 1000: of very many cases it is Poisson."""
    means = np.array([0.02, 0.1, 0.2, 0.5, 1, 2, 5])
    for most, fewest in ((0.05, [1, 2, 2, 3, 4, 6, 10]), (0.05 / 1000, [3, 4, 5, 6, 8, 10, 17])):
        counts = np.arange(1.0, 30.0)
        plenty = np.full(29, 1e8)
        first = [int(counts[excess_p(counts, np.full(29, mean), plenty) <= most][0]) for mean in means]
        assert first == fewest


class TestFunnel:
    @pytest.mark.parametrize("level", [0.95, 0.998])
    @pytest.mark.parametrize("total", [1, 4, 25, 300, 5000])
    def test_counts_beyond_the_limits_are_those_of_the_exact_tails(self, level, total):
        """Against scipy's binomial distribution, at every count and 25 shares from 0.0001 to 0.99."""
        tail = (1 - level) / 2
        share = np.concatenate([np.geomspace(1e-4, 0.3, 18), np.linspace(0.4, 0.99, 7)])
        limits = funnel(total * share, np.full(25, float(total)), level)
        counts = np.arange(0, total + 1)
        for at, p in enumerate(share):
            above = counts >= limits.high[at] * total * p - 1e-9
            assert above.tolist() == (stats.binom.sf(counts - 1, total, p) <= tail * (1 + 1e-9)).tolist()
            below = stats.binom.cdf(counts, total, p) <= tail * (1 - 1e-9)
            assert (counts[below] <= limits.low[at] * total * p + 1e-9).all()
            assert (counts[~below] >= limits.low[at] * total * p - 1e-6).all()

    def test_the_tails_are_those_of_scipy(self):
        counts = np.arange(0.0, 41.0)
        for share in (0.003, 0.2, 0.9):
            mean, total = np.full(41, 40 * share), np.full(41, 40.0)
            assert excess_p(counts, mean, total) == pytest.approx(
                stats.binom.sf(counts - 1, 40, share), rel=1e-9
            )
            assert deficit_p(counts, mean, total) == pytest.approx(
                stats.binom.cdf(counts, 40, share), rel=1e-9
            )


class TestShrinkage:
    def test_prior_is_that_of_a_negative_binomial_regression(self):
        """statsmodels 0.15, NegativeBinomial(observed, 1, offset=log(expected)): mean 1.422060, 1 / alpha 1.879490."""
        prior = fit_gamma(OBSERVED, EXPECTED)
        assert isinstance(prior, GammaPrior)
        assert prior.shape == pytest.approx(1.879490, rel=1e-5)
        assert prior.shape / prior.rate == pytest.approx(1.422060, rel=1e-6)

    def test_estimates_by_numerical_integration(self):
        prior = fit_gamma(OBSERVED, EXPECTED)
        found = shrunken(OBSERVED, EXPECTED, prior)
        for at in (0, 1, 20, 48, 55):

            def weight(ratio, at=at):
                likelihood = stats.poisson.pmf(OBSERVED[at], EXPECTED[at] * ratio)
                return likelihood * stats.gamma.pdf(ratio, prior.shape, scale=1 / prior.rate)

            def area(power, stop, weight=weight):
                return integrate.quad(lambda x: x**power * weight(x), 0, stop, limit=300, points=[0.3, 1, 4])[
                    0
                ]

            whole = area(0, 20)
            assert found.value[at] == pytest.approx(area(1, 20) / whole, rel=1e-6)
            assert area(0, found.low[at]) / whole == pytest.approx(0.025, abs=1e-5)
            assert area(0, found.high[at]) / whole == pytest.approx(0.975, abs=1e-5)

    def test_small_counties_are_drawn_most(self):
        """Skye and Lochalsh, 9 cases on 1.4, falls from 6.4 to 4.0; Glasgow, 28 on 88.7, stays."""
        found = shrunken(OBSERVED, EXPECTED, fit_gamma(OBSERVED, EXPECTED))
        assert found.value[0] == pytest.approx(4.0, abs=0.01)
        assert found.value[48] == pytest.approx(28 / 88.7, abs=0.02)
