"""The formulas, worked by hand on sentences whose words and syllables can be counted."""

import pytest

from untoward.aftercare.readability import reading_of, sentences_of, syllables


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("help", "en", 1), ("swelling", "en", 2), ("injection", "en", 3), ("ice", "en", 1), ("place", "en", 1),
        ("little", "en", 2), ("día", "es", 2), ("hinchazón", "es", 3), ("clínica", "es", 3), ("aguja", "es", 3),
        ("inchaço", "pt", 3), ("água", "pt", 2), ("injeção", "pt", 3), ("peau", "fr", 1), ("rouge", "fr", 1),
        ("piqûre", "fr", 2), ("clinique", "fr", 2),
    ],
)  # fmt: skip
def test_syllables(word, language, count):
    assert syllables(word, language) == count


class TestScores:
    # Each sentence: 4 words. Scores by hand from the published formulas.
    def test_english_grade(self):
        # help me right now: 4 syllables -> 0.39*4 + 11.8*1 - 15.59 = -2.23
        assert reading_of(["Help me right now."], "en").score == pytest.approx(-2.2)

    def test_spanish_ease(self):
        # la piel es roja: 5 syllables, 1.25 a word -> 206.84 - 75 - 4.08 = 127.76
        assert reading_of(["La piel es roja."], "es").score == pytest.approx(127.8)

    def test_portuguese_ease(self):
        # a dor passa hoje: 6 syllables, 1.5 a word -> 248.835 - 126.9 - 4.06 = 117.875
        assert reading_of(["A dor passa hoje."], "pt").score == pytest.approx(117.9)

    def test_french_ease(self):
        # le bras est chaud: 4 syllables -> 207 - 73.6 - 4.06 = 129.34
        assert reading_of(["Le bras est chaud."], "fr").score == pytest.approx(129.3)

    def test_hard_prose_is_refused(self):
        hard = (
            "Subcutaneous administration of polyunsaturated phospholipid formulations necessitates comprehensive "
            "dermatological evaluation preceding subsequent therapeutic interventions."
        )
        assert not reading_of([hard], "en").easy_enough

    def test_no_words_is_an_error(self):
        with pytest.raises(ValueError, match="no word"):
            reading_of(["12 / 13"], "en")


def test_a_colon_ends_a_sentence_and_numbers_are_no_words():
    assert sentences_of("Swelling: gone by 12 May 2026. Show it!") == [
        ["Swelling"],
        ["gone", "by", "May"],
        ["Show", "it"],
    ]
