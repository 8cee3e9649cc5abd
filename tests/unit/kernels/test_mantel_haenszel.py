"""Ratios over strata against sums written out in fractions."""

from fractions import Fraction
from math import exp, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.kernels import disproportionality as dp
from untoward.kernels import mantel_haenszel as mh

Z = 1.959963984540054
# 2x2 tables (a, b, c, d) in strata; the second list has a stratum without the drug and one without the event
TABLES = (
    [(10, 90, 20, 880), (5, 20, 30, 400), (2, 50, 1, 60)],
    [(3, 5, 4, 80), (0, 0, 7, 30), (0, 9, 0, 50)],
)


def strata(tables):
    a, b, c, d = (np.array([[row[i] for row in tables]], float) for i in range(4))
    return mh.Strata(a, a + b, a + c, a + b + c + d)


def slow(tables):
    rr = [Fraction(0)] * 3
    r = s = pr = mixed = qs = Fraction(0)
    for a, b, c, d in tables:
        n = a + b + c + d
        rr[0] += Fraction(a * (c + d), n)
        rr[1] += Fraction(c * (a + b), n)
        rr[2] += Fraction((a + c) * (a + b) * (c + d) - a * c * n, n * n)
        along, across, p, q = Fraction(a * d, n), Fraction(b * c, n), Fraction(a + d, n), Fraction(b + c, n)
        r, s, pr, qs = r + along, s + across, pr + p * along, qs + q * across
        mixed += p * across + q * along
    prr = float(rr[0] / rr[1]), float(rr[2] / (rr[0] * rr[1]))
    ror = float(r / s), float(pr / (2 * r * r) + mixed / (2 * r * s) + qs / (2 * s * s))
    return [(v, v * exp(-Z * sqrt(w)), v * exp(Z * sqrt(w))) for v, w in (prr, ror)]


@pytest.mark.parametrize("tables", TABLES)
def test_ratios_equal_fractions(tables):
    prr, ror = slow(tables)
    assert [x[0] for x in mh.proportional_reporting_ratio(strata(tables))] == pytest.approx(prr)
    assert [x[0] for x in mh.reporting_odds_ratio(strata(tables))] == pytest.approx(ror)


@given(st.tuples(*[st.integers(1, 500)] * 4))
def test_one_stratum_is_no_stratum(table):
    a, b, c, d = table
    cells = dp.cells(a, a + b, a + c, a + b + c + d)
    one = strata([table])
    for stratified, whole in (
        (mh.proportional_reporting_ratio, dp.proportional_reporting_ratio),
        (mh.reporting_odds_ratio, dp.reporting_odds_ratio),
    ):
        assert [x[0] for x in stratified(one)] == pytest.approx([float(x) for x in whole(cells)])
    assert mh.expected(one) == pytest.approx((a + b) * (a + c) / (a + b + c + d))
    assert isnan(mh.heterogeneity(one, mh.reporting_odds_ratio(one).value).p[0])


def test_an_empty_stratum_adds_nothing():
    full = strata(TABLES[0])
    more = strata([*TABLES[0], (0, 0, 0, 0)])
    for of in (mh.proportional_reporting_ratio, mh.reporting_odds_ratio):
        assert [x[0] for x in of(more)] == pytest.approx([x[0] for x in of(full)])
    ror = mh.reporting_odds_ratio(full).value
    for one, other in zip(mh.heterogeneity(more, ror), mh.heterogeneity(full, ror), strict=True):
        assert one == pytest.approx(other)


def test_heterogeneity_solves_its_definition():
    table = strata(TABLES[0])
    ror = mh.reporting_odds_ratio(table).value
    found = mh.heterogeneity(table, ror)
    slow_bd, off, spread = 0.0, 0.0, 0.0
    for a, b, c, d in TABLES[0]:
        drug, event, n = a + b, a + c, a + b + c + d
        low, high = max(0, drug + event - n), min(drug, event)
        for _halving in range(200):  # the count in the stratum that has the common odds ratio
            x = (low + high) / 2
            below = x * (n - drug - event + x) < ror[0] * (drug - x) * (event - x)
            low, high = (x, high) if below else (low, x)
        variance = 1 / (1 / x + 1 / (drug - x) + 1 / (event - x) + 1 / (n - drug - event + x))
        slow_bd, off, spread = slow_bd + (a - x) ** 2 / variance, off + a - x, spread + variance
    assert found.breslow_day[0] == pytest.approx(slow_bd, rel=1e-9)
    assert found.tarone[0] == pytest.approx(slow_bd - off**2 / spread, rel=1e-9)
    assert found.freedom[0] == 2


def test_strata_that_agree_and_strata_that_do_not():
    agree = strata([(10, 90, 10, 900), (20, 180, 20, 1800)])
    differ = strata([(30, 70, 10, 900), (2, 198, 200, 1800)])
    p = [mh.heterogeneity(t, mh.reporting_odds_ratio(t).value).p[0] for t in (agree, differ)]
    assert p[0] > 0.9
    assert p[1] < 1e-6
