"""Two and three drugs together, against arithmetic in fractions and reports counted one by one."""

from fractions import Fraction
from itertools import product
from math import isnan, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.kernels.interaction import arms, interaction, interaction_of_three


@st.composite
def four_arms(draw):
    totals = [draw(st.integers(1, 2_000)) for _ in range(4)]
    return [draw(st.integers(0, total)) for total in totals], totals


def odds(part, whole):
    return None if part == whole else Fraction(part, whole - part)


def slow_additive(events, totals):
    """Expected reports if the excess odds of the two drugs add up; None where an odds is infinite."""
    o10, o01, o00 = (odds(events[i], totals[i]) for i in (1, 2, 3))
    if None in (o10, o01, o00):
        return None
    both = max(o00, o10) + max(o00, o01) - o00
    return both / (1 + both) * totals[0]


@given(four_arms())
def test_additive_equals_fractions(table):
    events, totals = table
    found = interaction(arms(tuple(events), tuple(totals)))
    slow = slow_additive(events, totals)
    if slow is not None:
        assert found.expected == pytest.approx(float(slow), rel=1e-9, abs=1e-12)
        assert found.omega.value == pytest.approx(log2((events[0] + 0.5) / (float(slow) + 0.5)), abs=1e-9)


@given(four_arms())
def test_multiplicative_equals_fractions(table):
    events, totals = table
    found = interaction(arms(tuple(events), tuple(totals)), "multiplicative")
    f10, f01, f00 = (Fraction(events[i], totals[i]) for i in (1, 2, 3))
    if f00 > 0:
        assert found.expected == pytest.approx(float(min(f10 * f01 / f00, 1) * totals[0]), rel=1e-9)


def test_nothing_added_is_nothing_found():
    found = interaction(arms((10, 100, 100, 1000), (1_000, 10_000, 10_000, 100_000)))
    assert found.expected == pytest.approx(10)
    assert found.omega.low < 0 < found.omega.high


def test_a_drug_never_given_alone_cannot_be_judged():
    found = interaction(arms((3, 0, 5, 50), (10, 0, 100, 1_000)))
    assert isnan(found.expected)
    assert isnan(found.omega.low)


def test_impossible_arms_are_refused():
    with pytest.raises(ValueError, match="second"):
        arms((1, 1, 5, 1), (2, 2, 4, 2))


def counted(drugs, event):
    """Reports with at least each subset, from rows of three drugs and an event."""
    totals, events = [], []
    for subset in range(8):
        have = np.all([drugs[:, bit] | (not subset >> bit & 1) for bit in range(3)], axis=0)
        totals.append(int(have.sum()))
        events.append(int((have & event).sum()))
    return tuple(events), tuple(totals)


def slow_three(drugs, event):
    """Both expected counts, reports of each exact pattern counted one by one."""
    arm = {}
    for pattern in product((False, True), repeat=3):
        rows = (drugs == pattern).all(axis=1)
        arm[pattern] = (int(event[rows].sum()), int(rows.sum()))
    o = {pattern: (Fraction(e, n - e) if n > e else None) if n else False for pattern, (e, n) in arm.items()}
    none = o[False, False, False]
    singles = [o[True, False, False], o[False, True, False], o[False, False, True]]
    if none in (None, False) or any(single in (None, False) for single in singles):
        return None
    above = [max(single, none) - none for single in singles]
    by_singles = none + sum(above)
    by_pairs = by_singles
    for pattern, third in (((True, True, False), 2), ((True, False, True), 1), ((False, True, True), 0)):
        if o[pattern] is None:
            return None
        if o[pattern] is not False:
            by_pairs = max(by_pairs, max(o[pattern], none) + above[third])
    n = arm[True, True, True][1]
    return float(by_singles / (1 + by_singles) * n), float(by_pairs / (1 + by_pairs) * n)


@given(st.integers(0, 10**6))
def test_three_drugs_equal_reports_counted_one_by_one(seed):
    random = np.random.default_rng(seed)
    drugs = random.random((400, 3)) < random.uniform(0.1, 0.7, 3)
    event = random.random(400) < 0.1 + 0.5 * drugs.all(axis=1) * random.random()
    slow = slow_three(drugs, event)
    if slow is None:
        return
    found = interaction_of_three(*counted(drugs, event))
    assert (found.by_singles.expected, found.by_pairs.expected) == pytest.approx(slow, rel=1e-9)
    assert found.by_pairs.expected >= found.by_singles.expected - 1e-9


def test_contradicting_subsets_are_refused():
    with pytest.raises(ValueError, match="contradict"):
        interaction_of_three((1, 1, 1, 1, 1, 1, 1, 5), (10, 5, 5, 5, 5, 5, 5, 5))
