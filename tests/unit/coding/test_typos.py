"""Misspelt words: corrected when long and unknown, left alone when they are words of their own."""

import pytest

from untoward.tasks.knowledge import case_names

CODER = case_names().text_reader().coder


def named(text):
    return {coded.term for coded in CODER.code(text).terms}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("feveer", "fever"),
        ("shortnes of breth", "breathlessness"),
        ("swollennn lips", "lip-swelling"),
        ("my tounge is swolen", "tongue-swelling"),
        ("brusing", "bruise"),
        ("tengo hinchason", "swelling"),
        ("enrrojesimiento y dolor", "redness"),
        ("tengo diarea", "diarrhoea"),
        ("vermelidao e dor", "redness"),
        ("j'ai un gonflment", "swelling"),
        ("des demangaisons", "itch"),
        ("hinchazon", "swelling"),  # accents are never needed
    ],
)
def test_a_misspelt_name_is_found_and_shown_as_it_was_written(text, term):
    (coded,) = [coded for coded in CODER.code(text).terms if coded.term == term][:1]
    assert coded.said_as == text[slice(*coded.span)]


@pytest.mark.parametrize(
    "text",
    [
        "like a futball", "my building is popular", "the staff were sweet", "they tried to reach the store",
        "coffee with a friend",
        "la informacion de la escuela", "el barrio y la plaza", "una relacion bonita", "la playa", "a praça do bairro", "alegria",
        "as ferias na espanha", "la plage sous la pluie", "le paiement", "une relation", "pues nada",
    ],
)  # fmt: skip
def test_an_ordinary_word_is_no_term(text):
    assert named(text) == set()


@pytest.mark.parametrize("text", ["pis", "feva", "pan"])
def test_a_short_word_is_never_corrected(text):
    assert "fever" not in named(text)
    assert "pus" not in named(text)
    assert "pain" not in named(text)
