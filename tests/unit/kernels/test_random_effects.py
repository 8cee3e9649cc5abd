"""The binomial-normal model, against its published example and by its laws."""

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untoward.kernels.random_effects import heterogeneity, pool_shares

# Bloodstream infections with catheters, 18 trials (Niël-Weise 2007), as used by Stijnen, Hamza and Özdemir,
# Stat Med 2010;29:3046. Cases and people with anti-infective catheters, then with standard ones.
COATED = (
    (0, 1, 2, 0, 5, 1, 1, 1, 1, 1, 0, 0, 3, 6, 0, 0, 1, 4),
    (116, 44, 208, 130, 151, 98, 174, 74, 97, 113, 66, 70, 188, 187, 118, 252, 345, 64),
)
STANDARD = (
    (3, 3, 9, 7, 6, 4, 3, 2, 19, 2, 7, 1, 5, 11, 0, 1, 3, 1),
    (117, 35, 195, 136, 157, 139, 177, 39, 103, 122, 64, 58, 175, 180, 105, 262, 362, 69),
)


class TestPublishedExample:
    """Their table II, binomial-normal model: logit, standard error and between-trial variance, shares with interval."""

    @pytest.mark.parametrize(("counts", "mu", "error", "tau2", "shares"), [
        (STANDARD, -3.50, 0.26, 0.81, (0.029, 0.018, 0.048)),
        (COATED, -4.81, 0.36, 0.83, (0.008, 0.004, 0.016)),
    ], ids=["standard", "coated"])  # fmt: skip
    def test_to_the_printed_digits(self, counts, mu, error, tau2, shares):
        found = pool_shares(*counts)
        assert (round(found.mu, 2), round(found.error, 2), round(found.tau2, 2)) == (mu, error, tau2)
        assert (round(found.mean, 3), round(found.low, 3), round(found.high, 3)) == shares
        assert found.populations == 18


class TestHeterogeneity:
    def test_by_hand(self):
        """10 of 40 and 30 of 60: logits ln(1/3) and 0, weights 1/(1/10 + 1/30) = 7.5 and 1/(2/30) = 15.

        Mean = 7.5 ln(1/3) / 22.5 = -0.36620, Q = 7.5 (0.73241)^2 + 15 (0.36620)^2 = 6.0347.
        """
        assert heterogeneity((10, 30), (40, 60)) == pytest.approx(5 * log(3) ** 2, rel=1e-12)
        assert heterogeneity((10, 30), (40, 60)) == pytest.approx(6.0347, abs=1e-4)

    def test_the_same_share_twice_is_none(self):
        found = pool_shares((5, 10), (20, 40))
        assert (found.q, found.i2, found.tau2) == (pytest.approx(0), 0, 0)
        assert found.mean == pytest.approx(0.25)

    def test_without_spread_it_is_one_share_of_all(self):
        """Standard error of the logit of 15 of 60 is 1 / sqrt(60 * 0.25 * 0.75)."""
        found = pool_shares((5, 10), (20, 40))
        assert found.error == pytest.approx((60 * 0.25 * 0.75) ** -0.5)


class TestWhatCannotBeEstimated:
    @pytest.mark.parametrize("counts", [((), ()), ((3,), (10,)), ((0, 0), (10, 20)), ((10, 20), (10, 20))])
    def test_is_none(self, counts):
        assert pool_shares(*counts) is None

    @pytest.mark.parametrize("counts", [((11, 1), (10, 20)), ((-1, 1), (10, 20)), ((1, 1), (10,)), ((0, 1), (0, 20)),
                                        ((1.5, 1), (10, 20))])  # fmt: skip
    def test_impossible_counts_are_refused(self, counts):
        with pytest.raises(ValueError, match="got"):
            pool_shares(*counts)

    def test_two_populations_predict_no_third(self):
        assert pool_shares((1, 9), (20, 20)).predicted is None


POPULATIONS = st.lists(
    st.integers(2, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=6
)


@settings(max_examples=40, deadline=None)
@given(POPULATIONS)
def test_laws(populations):
    cases, people = zip(*populations, strict=True)
    found = pool_shares(cases, people)
    if found is None:
        assert sum(cases) in (0, sum(people))
        return
    shares = [x / n for x, n in populations]
    assert 0 <= found.low <= found.mean <= found.high <= 1
    assert 0 <= found.i2 <= 1
    assert found.tau2 >= 0
    if found.predicted:
        assert found.predicted[0] <= found.low
        assert found.predicted[1] >= found.high
    if found.tau2 < 5:
        assert min(shares) - 0.02 <= found.mean <= max(shares) + 0.02
    turned = pool_shares(cases[::-1], people[::-1])
    assert turned.mean == pytest.approx(found.mean, abs=2e-3)
    assert turned.q == pytest.approx(found.q)
