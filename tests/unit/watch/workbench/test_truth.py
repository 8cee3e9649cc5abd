"""Yes, no and cannot be told."""

from itertools import product

import numpy as np
import pytest

from untoward.watch.workbench.truth import (
    CANNOT_TELL,
    NO,
    YES,
    at_least,
    best_of_rows,
    every,
    opposite,
    some,
)


def one(answer):
    return np.array([answer], dtype=np.int8)


@pytest.mark.parametrize(("left", "right"), list(product((YES, CANNOT_TELL, NO), repeat=2)))
def test_an_unknown_decides_only_where_the_other_does_not(left, right):
    """Against every way in which the unknown could turn out."""
    worlds = [(a, b) for a in ((left,) if left else (YES, NO)) for b in ((right,) if right else (YES, NO))]
    for combined, plain in ((every, min), (some, max)):
        outcomes = {plain(world) for world in worlds}
        expected = outcomes.pop() if len(outcomes) == 1 else CANNOT_TELL
        assert combined([one(left), one(right)])[0] == expected


def test_the_opposite_of_unknown_is_unknown():
    assert opposite(np.array([YES, CANNOT_TELL, NO], dtype=np.int8)).tolist() == [NO, CANNOT_TELL, YES]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_at_least_so_many(number):
    for answers in product((YES, CANNOT_TELL, NO), repeat=3):
        counts = {
            sum(answer == YES for answer in world)
            for world in product(*(((a,) if a else (YES, NO)) for a in answers))
        }
        outcomes = {YES if n >= number else NO for n in counts}
        expected = outcomes.pop() if len(outcomes) == 1 else CANNOT_TELL
        assert at_least(number, [one(answer) for answer in answers])[0] == expected


def test_a_person_without_a_row_has_none():
    rows = np.array([NO, CANNOT_TELL, YES], dtype=np.int8)
    assert best_of_rows(3, np.array([0, 0, 2], dtype=np.uint32), rows).tolist() == [CANNOT_TELL, NO, YES]
