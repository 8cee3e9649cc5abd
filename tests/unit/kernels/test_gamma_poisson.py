"""The gamma-Poisson mixture: likelihood, gradient, fit, scores and quantiles against slow, obvious versions."""

from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, special, stats

from untoward.kernels import gamma_mixture
from untoward.kernels.gamma_poisson import (
    STARTS,
    FitFailed,
    Points,
    Prior,
    fit_prior,
    mixture_quantile,
    negative_log_likelihood,
    points,
    scores,
    squash,
)
from untoward.kernels.negative_binomial import Likelihood
from untoward.kernels.squashing import coarse, joined, unreported

PRIOR = Prior(3.0, 0.4, 2.0, 1.9, 0.07)
TRUE = Prior(2.0, 0.25, 6.0, 6.0, 0.1)
FORMS = ("full", "component", "mixture")

positive = st.floats(0.02, 50)
priors = st.builds(Prior, positive, positive, positive, positive, st.floats(0.001, 0.999))


def made(pairs, seed=1, prior=TRUE):
    """Counts drawn from a prior."""
    random = np.random.default_rng(seed)
    e = np.exp(random.normal(-0.5, 1.5, pairs))
    first = random.random(pairs) < prior.share
    ratio = np.where(
        first,
        random.gamma(prior.alpha1, 1 / prior.beta1, pairs),
        random.gamma(prior.alpha2, 1 / prior.beta2, pairs),
    )
    return random.poisson(ratio * e).astype(float), e


def slow_negative_binomial(n, e, alpha, beta):
    return exp(
        lgamma(n + alpha) - lgamma(alpha) - lgamma(n + 1)
        + alpha * log(beta / (beta + e)) + n * log(e / (beta + e))
    )  # fmt: skip


def slow_likelihood(prior, n, e, form):
    a1, b1, a2, b2, share = prior
    total = 0.0
    for count, due in zip(n, e, strict=True):
        f1, f2 = slow_negative_binomial(count, due, a1, b1), slow_negative_binomial(count, due, a2, b2)
        z1, z2 = slow_negative_binomial(0, due, a1, b1), slow_negative_binomial(0, due, a2, b2)
        if form == "component":
            total -= log(share * f1 / (1 - z1) + (1 - share) * f2 / (1 - z2))
        elif form == "mixture":
            total -= log((share * f1 + (1 - share) * f2) / (1 - share * z1 - (1 - share) * z2))
        else:
            total -= log(share * f1 + (1 - share) * f2)
    return total


@given(priors, st.lists(st.tuples(st.integers(1, 40), st.floats(0.05, 30)), min_size=1, max_size=5))
def test_likelihood_equals_the_slow_one(prior, pairs):
    n, e = (np.array(part, float) for part in zip(*pairs, strict=True))
    for form in FORMS:
        found = negative_log_likelihood(prior, points(n, e), form)
        assert found == pytest.approx(slow_likelihood(prior, n, e, form), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("prior", [PRIOR, Prior(0.2, 0.06, 1.4, 1.8, 0.1), Prior(40.0, 3.0, 0.05, 0.02, 0.6)])
def test_gradient_is_the_slope_of_the_likelihood(form, prior):
    n, e = made(300)
    likelihood = Likelihood(points(np.maximum(n, 1), e), form)
    theta = np.array([*np.log(prior[:4]), special.logit(prior.share)])
    slope = optimize.approx_fprime(theta, lambda x: likelihood(x)[0], 1e-6)
    assert likelihood(theta)[1] == pytest.approx(slope, rel=1e-3, abs=1e-2)


def test_weights_count_as_repetitions():
    n, e = np.array([1.0, 2.0]), np.array([0.5, 0.7])
    twice = negative_log_likelihood(PRIOR, points(np.tile(n, 2), np.tile(e, 2)), "component")
    assert negative_log_likelihood(PRIOR, Points(n, e, np.full(2, 2.0)), "component") == pytest.approx(twice)


def test_fit_recovers_the_prior_the_counts_were_drawn_from():
    n, e = made(60_000)
    fit = fit_prior(points(n, e), "full")
    for found, truth, error in zip(fit.prior, TRUE, fit.errors, strict=True):
        assert abs(found - truth) < 4 * error
    seen = n > 0
    truncated = fit_prior(points(n[seen], e[seen]), "mixture")
    assert truncated.prior.alpha1 / truncated.prior.beta1 == pytest.approx(8, rel=0.1)
    assert fit.gradient < 1e-6
    assert fit.starts == len(STARTS)


def test_fit_is_no_worse_than_a_search_by_another_program():
    n, e = made(3_000)
    seen = points(n[n > 0], e[n > 0])
    fit = fit_prior(seen, "mixture")

    def objective(theta):
        prior = Prior(*(float(x) for x in np.exp(theta[:4])), float(special.expit(theta[4])))
        return negative_log_likelihood(prior, seen, "mixture")

    start = np.array([0.0, -1.0, 1.0, 1.0, -2.0])
    other = optimize.minimize(
        objective, start, method="Nelder-Mead", options={"maxiter": 4000, "maxfev": 4000}
    )
    assert fit.nll <= other.fun + 1e-6


def test_own_starts_come_on_top():
    n, e = made(2_000)
    assert fit_prior(points(n, e), "full", (PRIOR,)).starts == len(STARTS) + 1


def test_no_summit_is_refused_with_the_reason():
    """All ratios are alike, so the likelihood rises as the gamma distributions become ever narrower."""
    random = np.random.default_rng(2)
    e = np.exp(random.normal(0, 1, 4_000))
    with pytest.raises(FitFailed, match="no summit"):
        fit_prior(points(random.poisson(e), e), "full")


def test_nothing_to_fit_is_refused():
    with pytest.raises(FitFailed, match="no pairs"):
        fit_prior(points([], []))


@pytest.mark.parametrize(("n", "e"), [([-1], [1.0]), ([1], [0.0]), ([1], [np.nan]), ([np.inf], [1.0])])
def test_points_that_cannot_be_are_refused(n, e):
    with pytest.raises(ValueError, match="got"):
        points(n, e)


@given(priors, st.integers(0, 200), st.floats(0.01, 200))
def test_scores_equal_integrals_over_the_posterior(prior, n, e):
    found = scores(n, e, prior)
    f1 = slow_negative_binomial(n, e, prior.alpha1, prior.beta1) * prior.share
    f2 = slow_negative_binomial(n, e, prior.alpha2, prior.beta2) * (1 - prior.share)
    if f1 + f2 > 0:
        assert found.q[0] == pytest.approx(f1 / (f1 + f2), rel=1e-6, abs=1e-12)
    q = found.q[0]
    parts = (stats.gamma(prior.alpha1 + n, scale=1 / (prior.beta1 + e)),
             stats.gamma(prior.alpha2 + n, scale=1 / (prior.beta2 + e)))  # fmt: skip
    for value, tail in ((found.low[0], 0.05), (found.high[0], 0.95)):
        assert q * parts[0].cdf(value) + (1 - q) * parts[1].cdf(value) == pytest.approx(tail, rel=1e-6)


def test_ebgm_is_the_geometric_mean():
    n, e = 4, 0.7
    found = scores(n, e, PRIOR)
    density = lambda x, a, b: stats.gamma.pdf(x, a + n, scale=1 / (b + e))  # noqa: E731
    mean_log = integrate.quad(
        lambda x: log(x) * (found.q[0] * density(x, 3.0, 0.4) + (1 - found.q[0]) * density(x, 2.0, 1.9)),
        1e-12,
        100,
        limit=500,
    )[0]
    assert found.ebgm[0] == pytest.approx(exp(mean_log), rel=1e-7)


@pytest.mark.parametrize(
    "prior",
    [
        PRIOR,
        Prior(20.957734, 1.657756, 1.738312, 1.564258, 0.034938),
        Prior(1.1528, 0.01523, 26.87, 30.087, 0.00477),
        Prior(0.2041, 0.05816, 1.415, 1.838, 0.0969),
        Prior(5.4719, 0.11357, 0.35041, 0.76601, 0.000134),
    ],
)
def test_fitted_curves_equal_exact_quantiles(prior):
    random = np.random.default_rng(5)
    n = np.minimum(random.geometric(0.3, 30_000), 40)
    e = np.exp(random.normal(-1, 2.5, 30_000))
    fast, exact = scores(n, e, prior), scores(n, e, prior, exact=True)
    np.testing.assert_allclose(fast.low, exact.low, rtol=1e-9)
    np.testing.assert_allclose(fast.high, exact.high, rtol=1e-9)
    np.testing.assert_array_equal(fast.ebgm, exact.ebgm)


def test_curves_are_used_at_all():
    calls = 0

    def log_quantile(n, x):
        nonlocal calls
        calls += len(n)
        return np.sin(x) + n

    n, e = np.ones(20_000), np.exp(np.linspace(-3, 3, 20_000))
    found = gamma_mixture.quantiles_by_count(n, e, log_quantile, np.zeros(20_000, bool))
    np.testing.assert_allclose(found, np.exp(np.sin(np.log(e)) + 1), rtol=1e-9)
    assert calls < 1_000


def test_mixture_quantile_with_one_component_is_that_of_a_gamma():
    found = mixture_quantile(0.05, *(np.array([x]) for x in (1.0, 3.0, 2.0, 9.0, 1.0)))
    assert found[0] == pytest.approx(stats.gamma.ppf(0.05, 3, scale=1 / 2), rel=1e-10)


def test_squash_keeps_pairs_and_their_sum():
    n, e = made(20_000)
    few = squash(n, e)
    assert few.weight.sum() == 20_000
    assert few.weight @ few.e == pytest.approx(e.sum())
    assert len(few.n) < 8_000
    assert few.n.max() == n.max()


def test_coarse_points_keep_pairs_and_sums():
    n, e = made(20_000)
    few = coarse(points(n, e))
    assert few.weight.sum() == 20_000
    assert few.weight @ few.e == pytest.approx(e.sum())
    assert few.weight @ few.n == pytest.approx(n.sum())
    assert few.weight @ few.e**2 == pytest.approx((e**2).sum())
    assert len(few.n) < 1_500


def test_coarse_points_have_nearly_the_likelihood_of_all():
    n, e = made(20_000)
    every, few = points(n, e), coarse(points(n, e))
    for prior in (TRUE, PRIOR, Prior(1.0, 0.05, 20.0, 22.0, 0.01)):
        found = negative_log_likelihood(prior, few, "full")
        assert found == pytest.approx(negative_log_likelihood(prior, every, "full"), rel=1e-5)


def margins(random, drugs, events):
    return random.integers(1, 400, drugs), random.integers(1, 3_000, events)


@pytest.mark.parametrize("size", [(7, 5), (1, 1), (300, 200)])
def test_unreported_pairs_are_all_the_others(size):
    random = np.random.default_rng(3)
    drugs, events = margins(random, *size)
    have = random.random(size) < 0.3
    at = np.nonzero(have)
    found = unreported(drugs, events, 5_000, (drugs[at[0]], events[at[1]]))
    e = np.outer(drugs, events) / 5_000
    assert found.weight.sum() == (~have).sum()
    assert found.weight @ found.e == pytest.approx(e[~have].sum())
    assert found.weight @ np.exp(-found.e) == pytest.approx(np.exp(-e[~have]).sum())
    assert (found.n == 0).all()


def test_unreported_pairs_in_bins_are_nearly_the_same(monkeypatch):
    from untoward.kernels import squashing

    random = np.random.default_rng(4)
    drugs, events = margins(random, 60, 50)
    have = random.random((60, 50)) < 0.5
    at = np.nonzero(have)
    reported = (drugs[at[0]], events[at[1]])
    exact = unreported(drugs, events, 90_000, reported)
    monkeypatch.setattr(squashing, "_EXACT_ZEROS", 0)
    binned = unreported(drugs, events, 90_000, reported)
    assert binned.weight.sum() == exact.weight.sum()
    assert binned.weight @ binned.e == pytest.approx(exact.weight @ exact.e)
    assert binned.weight @ np.sqrt(binned.e) == pytest.approx(exact.weight @ np.sqrt(exact.e), rel=1e-6)


def test_points_join():
    assert joined(points([1], [2.0]), points([3], [4.0])).n.tolist() == [1, 3]
