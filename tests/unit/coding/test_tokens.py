"""A text as words: numbers in one way of writing, signs as words, and places that point into the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untoward.coding.tokens import tokens_of


def words(text):
    return [token.word for token in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("½", ["0.5"]),
        ("1½ cm", ["1.5", "cm"]),
        ("1 ½ cm", ["1.5", "cm"]),
        ("¾ inch", ["0.75", "inch"]),
        ("⅓", ["0.3333"]),
        ("38,5", ["38.5"]),
        ("38'5", ["38.5"]),
        ("38’5", ["38.5"]),
        ("38.5.", ["38.5"]),
        ("1,500", ["1,500"]),
        ("38,5ºC", ["38.5", "°", "c"]),
        ("38 °C", ["38", "°", "c"]),
        ("38˚", ["38", "°"]),
        ("38℃", ["38", "celsius"]),
        ("101℉", ["101", "fahrenheit"]),
        ("2ª sesión", ["2", "ª", "sesion"]),
        ("3x4cm", ["3", "x", "4", "cm"]),
        ("3×4 cm", ["3", "x", "4", "cm"]),
        ("3 × 4 cm", ["3", "x", "4", "cm"]),
        ("10mm", ["10", "mm"]),
        ("24h", ["24", "h"]),
        ("2-3 cm", ["2", "-", "3", "cm"]),
        ("2 – 3 cm", ["2", "-", "3", "cm"]),
        ("post-op", ["post", "op"]),
        ("10:30", ["10:30"]),
        ("10h30", ["10", "h", "30"]),
        ("80/50", ["80/50"]),
        ("2026-03-02", ["2026", "-", "03", "-", "02"]),
        ("1.2.2026", ["1.2.2026"]),
        ('3" wide', ["3", "″", "wide"]),
        ("3″", ["3", "″"]),
        ("3'' wide", ["3", "″", "wide"]),
        ('said "day 3" to me', ["said", "day", "3", "to", "me"]),
        ("“day 3”", ["day", "3", "″"]),
        ("38.5€", ["38.5", "€"]),
        ("$ 38", ["$", "38"]),
        ("J+4", ["j", "+", "4"]),
        ("SpO2 86%", ["spo", "2", "86", "%"]),
        ("l'œil n'ai", ["l", "oeil", "n", "ai"]),
        ("don't", ["dont"]),
        ("Niña, ¿qué?", ["nina", "que"]),
        ("", []),
    ],
)
def test_the_words_of_a_text(text, expected):
    assert words(text) == expected


def test_a_comma_a_bracket_and_a_stop_are_kept_on_the_word_after_them():
    tokens = tokens_of("red, hot (very). Gone:\nyes")
    assert [token.comma for token in tokens] == [False, True, True, True, False]
    assert [token.stop for token in tokens] == ["", "", "", ".", "\n"]


def test_a_dash_between_words_parts_them_and_one_between_numbers_is_a_word():
    assert [token.comma for token in tokens_of("red — hot")] == [False, True]
    assert [token.comma for token in tokens_of("2 — 3")] == [False, False, False]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=100))
def test_places_point_into_the_text_in_order(text):
    last = 0
    for token in tokens_of(text):
        assert last <= token.start < token.end <= len(text)
        assert token.word
        last = token.end
