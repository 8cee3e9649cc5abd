"""Numbers in figures and words, ranges, halves, and what looks like a number and is none."""

import pytest

from untoward.coding.measure_data import measure_words
from untoward.coding.numbers import figure, numbers_of
from untoward.coding.tokens import tokens_of


def numbers(text):
    tokens = tokens_of(text)
    found = numbers_of(tokens, [token.word for token in tokens], measure_words())
    return [(one.low, one.high) for one in found.values()]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-five", 25),
        ("ninety nine", 99),
        ("one hundred and two", 102),
        ("three hundred and forty five", 345),
        ("nine hundred ninety nine", 999),
        ("treinta y ocho", 38),
        ("veintitrés", 23),
        ("ciento veinte", 120),
        ("doscientos cinco", 205),
        ("vinte e um", 21),
        ("cento e vinte e três", 123),
        ("dezesseis", 16),
        ("vingt et un", 21),
        ("soixante-dix", 70),
        ("soixante et onze", 71),
        ("quatre-vingts", 80),
        ("quatre-vingt-dix-neuf", 99),
        ("deux cent cinq", 205),
        ("dix-sept", 17),
        ("trente-huit et demi", 38.5),
        ("38 y medio", 38.5),
        ("dois e meio", 2.5),
        ("three and a half", 3.5),
        ("1 1/2", 1.5),
        ("3/4", 0.75),
        ("half an", 0.5),
        ("media", 0.5),
        ("a couple of", 2),
        ("several", 3),
        ("quelques", 3),
        ("dozens of", 12),
        ("une dizaine de", 10),
        ("zero", 0),
    ],
)
def test_a_number_in_words(text, value):
    assert numbers(text) == [(value, value)]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2-3", (2, 3)),
        ("2 to 3", (2, 3)),
        ("two or three", (2, 3)),
        ("dos o tres", (2, 3)),
        ("de 2 a 3", (2, 3)),
        ("deux à trois", (2, 3)),
        ("duas ou três", (2, 3)),
        ("38,5-39,5", (38.5, 39.5)),
    ],
)
def test_a_range_is_one_number(text, ends):
    assert numbers(text) == [ends]


@pytest.mark.parametrize("text", ["three, four", "tres. cuatro", "3 4", "one two", "3-2"])
def test_two_numbers_stay_two(text):
    assert len(numbers(text)) == 2


@pytest.mark.parametrize("text", ["10:30", "1.2.2026", "02/03/2026", "1234567", "1.500", "1,500", "no"])
def test_what_can_be_read_two_ways_or_is_no_number_is_left_alone(text):
    assert numbers(text) == []


@pytest.mark.parametrize(
    ("word", "value"),
    [("38.5", 38.5), ("7", 7.0), ("1/2", 0.5), ("8/10", None), ("1.500", None), ("10:30", None)],
)
def test_a_figure(word, value):
    assert figure(word) == value


def test_digits_glued_to_letters_are_marked():
    tokens = tokens_of("B12 and 12")
    found = numbers_of(tokens, [token.word for token in tokens], measure_words())
    assert [one.glued for one in found.values()] == [True, False]
