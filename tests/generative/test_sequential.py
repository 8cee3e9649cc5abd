"""Laws of the sequential watch: fast code against slow twins, chances kept, and no change of a ledger unseen."""

import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from untoward.errors import InputError
from untoward.exchange.looks import LedgerState, append_lines, read_ledger
from untoward.kernels.e_process import attributed_log_e, binomial_log_e, poisson_log_e
from untoward.kernels.e_values import e_bh, e_bh_levels
from untoward.kernels.sequential import poisson_critical, poisson_crossing

log_values = st.lists(st.floats(-3, 12), min_size=1, max_size=12)


@given(log_e=log_values, alpha=st.floats(0.01, 0.5), unlisted=st.integers(0, 20))
def test_e_bh_is_its_definition(log_e, alpha, unlisted):
    total = len(log_e) + unlisted
    ranked = sorted(log_e, reverse=True)
    best = max((k for k, value in enumerate(ranked, 1) if k * np.exp(value) / total >= 1 / alpha), default=0)
    lit = e_bh(log_e, alpha, total=total)
    assert lit.sum() == sum(value >= ranked[best - 1] for value in log_e) if best else not lit.any()


@given(log_e=log_values)
def test_levels_are_where_the_light_goes_on(log_e):
    for level, at in zip(e_bh_levels(log_e), range(len(log_e)), strict=True):
        if 1e-4 < level < 0.99:
            assert e_bh(log_e, level * 1.000001)[at]
            assert not e_bh(log_e, level * 0.999999)[at]


@given(log_e=log_values, at=st.integers(0, 11), more=st.floats(0, 5))
def test_more_evidence_never_puts_a_light_out(log_e, at, more):
    stronger = list(log_e)
    stronger[at % len(log_e)] += more
    assert (e_bh(stronger) >= e_bh(log_e)).all()


@settings(deadline=None, max_examples=25)
@given(shares=st.lists(st.floats(0, 1), max_size=8), expected=st.floats(0, 8), excess_only=st.booleans())
def test_shared_cases_equal_numerical_integration(shares, expected, excess_only):
    def part(theta):
        return np.prod([1 - s + s * theta for s in shares]) * np.exp(-(theta - 1) * expected) * prior(theta)

    prior = stats.gamma(2, scale=2).pdf
    low = 1.0 if excess_only else 0.0
    slow = integrate.quad(part, low, 250, limit=400)[0] / integrate.quad(prior, low, 250, limit=400)[0]
    assert np.exp(attributed_log_e(shares, expected, excess_only=excess_only)) == pytest.approx(
        slow, rel=1e-6
    )


@given(expected=st.floats(0.01, 30), excess_only=st.booleans())
def test_the_mean_without_an_excess_is_one(expected, excess_only):
    """An e-value is worth one on average when nothing is wrong: the sum over all counts, to where they end."""
    counts = np.arange(0, 3000)
    mean = np.exp(
        poisson_log_e(counts, expected, excess_only=excess_only) + stats.poisson.logpmf(counts, expected)
    ).sum()
    assert mean == pytest.approx(1, abs=1e-6)


@given(events=st.integers(0, 60), p0=st.floats(0.02, 0.98), excess_only=st.booleans())
def test_the_mean_of_shares_without_an_excess_is_one(events, p0, excess_only):
    cases = np.arange(events + 1)
    log_e = binomial_log_e(cases, events, p0, excess_only=excess_only)
    assert np.exp(log_e + stats.binom.logpmf(cases, events, p0)).sum() == pytest.approx(1, abs=1e-8)


@given(count=st.integers(0, 50), expected=st.floats(0, 30))
def test_evidence_grows_with_cases_and_falls_with_what_was_expected(count, expected):
    now = poisson_log_e(count, expected, excess_only=True)
    assert poisson_log_e(count + 1, expected, excess_only=True) > now
    assert poisson_log_e(count, expected + 0.1, excess_only=True) < now


@settings(deadline=None, max_examples=20)
@given(
    horizon=st.floats(0.3, 40),
    alpha=st.floats(0.001, 0.3),
    least=st.integers(1, 6),
    delayed=st.floats(0, 0.9),
)
def test_a_critical_value_never_spends_more_than_alpha(horizon, alpha, least, delayed):
    found = poisson_critical(horizon, alpha, least_count=least, delay=delayed * horizon)
    if found.value is not None:
        spent = poisson_crossing(found.value, horizon, least_count=least, delay=delayed * horizon)
        assert spent == found.alpha
        assert spent <= alpha + 1e-8


@pytest.mark.slow
@pytest.mark.parametrize("excess_only", [False, True])
def test_an_e_process_looked_at_after_every_case_seldom_reaches_one_over_alpha(excess_only):
    """Ville: at most alpha. 4,000 runs of a stream whose cases are shared; the limit allows for their number."""
    random, runs, alpha = np.random.default_rng(20), 4_000, 0.05
    crossed = 0
    for _run in range(runs):
        times = np.cumsum(random.exponential(1, 30))
        times = times[times < 12]
        # a case belongs to this stream with the chance it is said to
        shares = random.choice([0.3, 0.6, 1.0], times.size)
        # stream and others: the share is a mark of the case, the stream's own expectation its mean
        mean_share = (0.3 + 0.6 + 1.0) / 3
        crossed += any(
            attributed_log_e(shares[: n + 1], mean_share * at, excess_only=excess_only) >= -np.log(alpha)
            for n, at in enumerate(times)
        )
    assert crossed <= stats.binom.ppf(0.999, runs, alpha)


def written(folder, words):
    path = Path(folder) / "looks.jsonl"
    append_lines(read_ledger(path), [{"word": word} for word in words])
    return path


@settings(deadline=None, max_examples=40)
@given(words=st.lists(st.text(max_size=8), min_size=2, max_size=6), data=st.data())
def test_any_line_changed_taken_away_or_moved_is_found(words, data):
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, words)
        lines = path.read_bytes().splitlines(keepends=True)
        kind = data.draw(st.sampled_from(["change", "drop", "swap", "repeat"]))
        at = data.draw(st.integers(0, len(lines) - 1))
        if kind == "change":
            place = data.draw(st.integers(0, len(lines[at]) - 2))
            byte = data.draw(st.integers(0, 255).filter(lambda b: b not in (lines[at][place], 10)))
            lines[at] = lines[at][:place] + bytes([byte]) + lines[at][place + 1 :]
        elif kind == "drop":
            del lines[at]
        elif kind == "repeat":
            lines.insert(at, lines[at])
        else:
            other = data.draw(st.sampled_from(list(combinations(range(len(lines)), 2))))
            lines[other[0]], lines[other[1]] = lines[other[1]], lines[other[0]]
        path.write_bytes(b"".join(lines))
        with pytest.raises(InputError):
            read_ledger(path)


@settings(deadline=None, max_examples=20)
@given(words=st.lists(st.text(max_size=8), min_size=1, max_size=4), cut=st.integers(1, 30))
def test_a_line_cut_short_while_it_was_added_is_told_from_forgery(words, cut):
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, words)
        seal = path.with_name(path.name + ".seal")
        before, sealed = path.read_bytes(), seal.read_bytes()
        append_lines(read_ledger(path), [{"word": "one more"}])
        added = path.read_bytes()[len(before) :]
        path.write_bytes(before + added[: min(cut, len(added) - 1)])
        seal.write_bytes(sealed)
        chain = read_ledger(path)
        assert chain.state is LedgerState.BROKEN_END
        assert [document["word"] for document in chain.documents] == words
