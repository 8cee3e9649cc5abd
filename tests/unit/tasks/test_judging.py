"""Keeping the most urgent: a small heap against plain sorting."""

import pytest

from untoward.tasks.judging import _Most


@pytest.mark.parametrize("size", [1, 3, 10, 100])
def test_it_keeps_what_sorting_would_and_of_equals_the_earlier(rng, size):
    offered = [
        ((int(rank), int(day)), number) for number, (rank, day) in enumerate(rng.integers(0, 4, size=(40, 2)))
    ]
    most = _Most(size)
    for key, line in offered:
        most.offer(key, line)
    expected = [
        line for _key, line in sorted(offered, key=lambda pair: (tuple(-part for part in pair[0]), pair[1]))
    ]
    assert list(most.best_first()) == expected[:size]


def test_nothing_offered_nothing_kept():
    assert _Most(3).best_first() == ()
