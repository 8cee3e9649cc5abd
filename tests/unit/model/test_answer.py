"""Kleene's three-valued logic, and counting with unknowns."""

from itertools import combinations_with_replacement, product

import pytest

from untoward.model.answer import Answer, all_of, any_of, at_least

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

# Kleene, Introduction to Metamathematics (1952), section 64: the strong tables.
TABLES = [
    (YES, YES, YES, YES),
    (YES, NO, NO, YES),
    (YES, UNKNOWN, UNKNOWN, YES),
    (NO, YES, NO, YES),
    (NO, NO, NO, NO),
    (NO, UNKNOWN, NO, UNKNOWN),
    (UNKNOWN, YES, UNKNOWN, YES),
    (UNKNOWN, NO, NO, UNKNOWN),
    (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
]


@pytest.mark.parametrize(("first", "second", "both", "either"), TABLES)
def test_and_and_or(first, second, both, either):
    assert all_of([first, second]) is both
    assert any_of([first, second]) is either


def test_of_nothing_all_are_yes_and_none_is():
    assert all_of([]) is YES
    assert any_of([]) is NO
    assert at_least(0, []) is YES
    assert at_least(1, []) is NO


@pytest.mark.parametrize(("value", "answer"), [(True, YES), (False, NO), (None, UNKNOWN)])
def test_from_a_truth_value_or_none(value, answer):
    assert Answer.of(value) is answer


@pytest.mark.parametrize("answer", list(Answer))
def test_an_answer_is_never_taken_for_a_truth_value(answer):
    with pytest.raises(TypeError, match="three values"):
        bool(answer)


def could_be(answers):
    """Every way in which the unknown ones may turn out."""
    return product(*([YES, NO] if answer is UNKNOWN else [answer] for answer in answers))


def by_trying_all(count, answers):
    found = {sum(answer is YES for answer in world) >= count for world in could_be(answers)}
    return UNKNOWN if len(found) == 2 else Answer.of(found.pop())


@pytest.mark.parametrize("size", range(6))
def test_at_least_is_what_every_possible_world_agrees_on(size):
    for answers in combinations_with_replacement(Answer, size):
        for count in range(size + 2):
            assert at_least(count, answers) is by_trying_all(count, answers), (count, answers)


def test_answers_are_read_once():
    """A generator is as good as a list."""
    assert at_least(2, iter([YES, UNKNOWN])) is UNKNOWN
    assert any_of(iter([NO, UNKNOWN])) is UNKNOWN
    assert all_of(iter([YES, NO])) is NO
