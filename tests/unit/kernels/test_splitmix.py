"""The generator of the replicates."""

import numpy as np
from scipy import stats

from untoward.kernels.splitmix import begin, uniform


def test_generators_of_replicates_are_uniform_and_apart():
    state, first, all_ = np.zeros(1, np.uint64), [], []
    for number in range(2000):
        begin(state, np.uint64(3), number)
        drawn = [uniform(state) for _one in range(5)]
        first.append(drawn[0])
        all_ += drawn
    assert stats.kstest(all_, "uniform").pvalue > 0.001
    assert stats.kstest(first, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 0.08
    assert len(set(all_)) == 10_000


def test_the_generator_gives_the_published_numbers():
    """Output of the reference splitmix64 for the state 1234567, its 53 high bits."""
    state = np.array([1234567], np.uint64)
    drawn = [int(uniform(state) * 2**53) for _one in range(3)]
    assert drawn == [v >> 11 for v in (6457827717110365317, 3203168211198807973, 9817491932198370423)]
