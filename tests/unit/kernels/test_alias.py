"""Drawing by weight."""

import numpy as np
import pytest
from scipy import stats

from untoward.kernels.alias import drawn, fill_alias
from untoward.kernels.splitmix import begin


@pytest.mark.parametrize(
    "weight", [[1.0], [0.0, 3.0, 1.0, 0.0, 6.0], [2.0] * 7, [1e-9, 1.0, 1e9], np.arange(1000.0) ** 2]
)
def test_the_tables_hold_the_weights(weight):
    weight = np.asarray(weight, float)
    kept, other = fill_alias(weight)
    chance = (np.bincount(other, 1 - kept, minlength=len(weight)) + kept) / len(weight)
    assert chance == pytest.approx(weight / weight.sum(), rel=1e-9, abs=1e-15)
    assert (kept >= 0).all()
    assert (kept <= 1).all()


def test_things_come_as_often_as_their_weights_say_and_never_without():
    weight, state = np.array([0.0, 3.0, 1.0, 0.0, 6.0]), np.zeros(1, np.uint64)
    kept, other = fill_alias(weight)
    begin(state, np.uint64(5), 0)
    seen = np.bincount([drawn(kept, other, state) for _one in range(20_000)], minlength=5)
    assert seen[[0, 3]].tolist() == [0, 0]
    assert stats.chisquare(seen[[1, 2, 4]], 20_000 * weight[[1, 2, 4]] / 10).pvalue > 0.001
