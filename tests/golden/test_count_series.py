"""Count series against R surveillance 1.20.3: its weekly counts of Salmonella Agona in the United Kingdom, weeks 261-312.

Weeks are numbered from 1 as R does. The alarms and the first three bounds, to the printed digits.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from untoward.kernels.cusum import cusum
from untoward.kernels.ears import ears, normal_factor
from untoward.kernels.farrington import Flexible, Original, flexible, original

COUNTS = (
    pl.read_csv(Path(__file__).parent / "data" / "salmonella_agona.csv")["count"].to_numpy().astype(float)
)
FIRST = 260


def weeks(alarm):
    return [int(at) + 1 for at in np.flatnonzero(alarm) if at >= FIRST]


def test_the_series_is_whole():
    assert COUNTS.size == 312
    assert COUNTS[:4].tolist() == [1, 0, 5, 2]
    assert COUNTS[:FIRST].mean() == pytest.approx(2.826923, abs=1e-6)


@pytest.mark.parametrize(
    ("variant", "alpha", "alarms", "bounds"),
    [
        ("C1", 0.001, [283, 284, 294], (9.275069, 8.881218, 10.675665)),
        ("C2", 0.001, [264, 283, 284, 285], (8.904455, 9.450223, 9.275069)),
        ("C3", 0.025, [265, 266, 283, 284, 285, 286, 287, 296], (7.654264, 10.728595, 8.083265)),
    ],
)
def test_ears(variant, alpha, alarms, bounds):
    found = ears(COUNTS, variant, normal_factor(alpha), this_point=False)
    assert weeks(found.alarm) == alarms
    assert found.bound[FIRST : FIRST + 3] == pytest.approx(bounds, abs=6e-7)


def test_cusum_without_reset():
    found = cusum(COUNTS[FIRST:], COUNTS[:FIRST].mean(), reset=False)
    assert [int(at) + FIRST + 1 for at in np.flatnonzero(found.alarm)] == [264, 265, 266, *range(294, 299)]
    assert found.bound[:3] == pytest.approx((9.314712, 9.314712, 6.854730), abs=6e-7)


def test_cusum_with_reset_rings_once_for_each_rise():
    found = cusum(COUNTS[FIRST:], COUNTS[:FIRST].mean())
    rung = [int(at) + FIRST + 1 for at in np.flatnonzero(found.alarm)]
    assert rung == [264, 294, 296]


@pytest.mark.parametrize(
    ("settings", "alarms", "bounds", "left_out"),
    [
        (Original(years=5, alpha=0.05), [262, 263, 264, 284], (4.259295, 4.277442, 4.191437), 3),
        (Original(years=4, alpha=0.01), [262, 263, 264, 284, 285], (5.271781, 5.432469, 5.329283), 0),
    ],
)
def test_farrington(settings, alarms, bounds, left_out):
    found = [original(COUNTS, at, settings) for at in range(FIRST, COUNTS.size)]
    assert [at + FIRST + 1 for at, bound in enumerate(found) if bound.alarm] == alarms
    assert [bound.bound for bound in found[:3]] == pytest.approx(bounds, abs=6e-7)
    assert found[0].left_out == left_out


def test_farrington_flexible():
    found = [flexible(COUNTS, at, Flexible(years=4, alpha=0.01)) for at in range(FIRST, COUNTS.size)]
    assert [at + FIRST + 1 for at, bound in enumerate(found) if bound.alarm] == [262, 263, 264]
    assert [bound.bound for bound in found[:3]] == [4, 4, 4]
