"""The language of short sentences as patients write them."""

import pytest

from untoward.tasks.knowledge import case_names

CODER = case_names().text_reader().coder

SENTENCES = {
    "en": [
        "my face is swollen and i cant breathe", "no fever", "red lump", "is this normal after 3 days", "hot and painful leg",
        "pus coming out of the hole", "small lump left, not painful", "cant see from left eye", "denies fever, chills",
        "it smells awful", "sore and tender to touch",
    ],
    "es": [
        "no tengo fiebre", "me salieron bolitas duras en la barriga", "sale pus", "no puedo respirar", "sin dolor",
        "es normal que este duro", "me pica todo el cuerpo", "mancha blanca en la nariz", "huele mal y supura",
    ],
    "pt": [
        "nao tenho febre", "meu rosto inchou", "dor no peito", "sai pus do local", "tem um caroço vermelho", "sem dor",
        "é normal ficar duro", "labios roxos", "a ferida não fecha", "tomei duas caixas de remedio e nada",
    ],
    "fr": [
        "je n'ai pas de fievre", "mon visage est gonflé", "ca fait mal", "pas de pus", "les levres bleues", "bleu sur la cuisse",
        "sans fievre", "ca coule jaune", "boutons rouges", "j'arrive pas a respirer",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "text"), [(lang, text) for lang, texts in SENTENCES.items() for text in texts]
)
def test_the_language_is_told_from_the_words(lang, text):
    assert CODER.code(text).lang == lang


def test_a_language_that_is_given_is_kept():
    assert CODER.code("fever", "fr").lang == "fr"


@pytest.mark.parametrize("text", ["", "...", "12", "zzz"])
def test_a_text_of_no_language_is_taken_for_english(text):
    assert CODER.code(text).lang == "en"


def test_no_means_in_the_in_portuguese():
    assert not CODER.code("caroço no braço").terms[0].negated
    assert CODER.code("no lump").terms[0].negated
