"""What is said of a term: denied, doubted, over, only feared, or somebody else's; and the sign that follows from it."""

import pytest

from untoward.coding.context import OTHERS_AFFECTED
from untoward.coding.signs import signs_of
from untoward.model.answer import Answer
from untoward.tasks.knowledge import case_names, evidence

CODER = case_names().text_reader().coder
TERMS = evidence().terms


def tells_of_others(coding):
    """Whether the text says that somebody else has the same trouble."""
    return any(coded.term == OTHERS_AFFECTED and not coded.negated for coded in coding.terms)


def coded(text, term):
    return [item for item in CODER.code(text).terms if item.term == term]


def sign(text, term):
    return signs_of(CODER.code(text), TERMS, text).signs.get(term)


def answer(text, term):
    found = sign(text, term)
    return None if found is None else found.answer


DENIED = [
    ("no tengo fiebre ni pus", ["fever", "pus"]),
    ("no he tenido fiebre en ningún momento", ["fever"]),
    ("no hay ninguna fiebre", ["fever"]),
    ("ninguna fiebre", ["fever"]),
    ("ya no tengo fiebre", ["fever"]),
    ("niega disnea, fiebre y dolor torácico", ["breathlessness", "fever", "chest-pain"]),
    ("fiebre: no", ["fever"]),
    ("não tenho febre", ["fever"]),
    ("febre? não", ["fever"]),
    ("sem febre nem pus", ["fever", "pus"]),
    ("sem nenhuma febre", ["fever"]),
    ("nega febre, calafrios e pus", ["fever", "chills", "pus"]),
    ("je n'ai pas de fièvre", ["fever"]),
    ("il n'y a pas de pus", ["pus"]),
    ("sans fièvre ni frissons", ["fever", "chills"]),
    ("aucune fièvre", ["fever"]),
    ("je n'ai jamais eu de fièvre", ["fever"]),
    ("pas de gonflement du visage", ["angioedema"]),
    ("my face is not swollen", ["angioedema"]),
    ("no swelling of lips or tongue", ["lip-swelling", "tongue-swelling"]),
    ("my lips are swollen, not blue", ["cyanosis"]),
    ("I can't see any redness", ["redness"]),
    ("denies fever, pus or chills", ["fever", "pus", "chills"]),
    ("the wound had no pus", ["pus"]),
    ("doctor ruled out infection", ["injection-site-infection"]),
]

STATED = [
    ("I can't breathe", "breathlessness"),
    ("no puedo respirar", "breathlessness"),
    ("ya no puedo respirar", "breathlessness"),
    ("não consigo respirar", "breathlessness"),
    ("je n'arrive plus à respirer", "breathlessness"),
    ("I can't see", "vision-loss"),
    ("no veo del ojo izquierdo", "vision-loss"),
    ("can't swallow", "dysphagia"),
    ("sin fiebre pero sale pus", "pus"),
    ("sem febre mas com pus", "pus"),
    ("pas de fièvre mais du pus", "pus"),
    ("no fever but face swollen", "angioedema"),
    ("inchaço no rosto", "angioedema"),
    ("dor no peito", "chest-pain"),
    ("no doubt there is pus", "pus"),
    ("no idea why there is pus", "pus"),
    ("not without fever", "fever"),
    ("fever has not gone", "fever"),
    ("no fever until today", "fever"),
    ("the pus went away but came back", "pus"),
    ("la fiebre se fue y volvió", "fever"),
    ("if I press it pus comes out", "pus"),
    ("fever, and I stopped the antibiotic", "fever"),
    ("my husband says my face is swollen", "angioedema"),
    ("my friend drove me, I have fever", "fever"),
]


@pytest.mark.parametrize(("text", "terms"), DENIED)
def test_denied(text, terms):
    for term in terms:
        assert answer(text, term) is Answer.NO, term


@pytest.mark.parametrize(("text", "term"), STATED)
def test_never_lost(text, term):
    assert answer(text, term) is Answer.YES


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("not sure if fever", "fever"),
        ("maybe it's infected", "injection-site-infection"),
        ("is it infected?", "injection-site-infection"),
        ("I'm afraid it's infected", "injection-site-infection"),
        ("quizás fiebre", "fever"),
        ("no sé si tengo fiebre", "fever"),
        ("¿está infectado?", "injection-site-infection"),
        ("talvez febre", "fever"),
        ("não sei se tenho febre", "fever"),
        ("peut-être de la fièvre", "fever"),
        ("est-ce que c'est infecté ?", "injection-site-infection"),
        ("not much pain", "pain"),
        ("no mucho dolor", "pain"),
    ],
)
def test_a_doubt_counts_as_present(text, term):
    assert all(item.uncertain and not item.negated for item in coded(text, term))
    found = sign(text, term)
    assert found.answer is Answer.YES
    assert found.attributes["uncertain"] is True


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("I don't think it's infected", "injection-site-infection"),
        ("doesn't look infected", "injection-site-infection"),
        ("no creo que esté infectado", "injection-site-infection"),
        ("não acho que esteja infectado", "injection-site-infection"),
        ("je ne pense pas que ce soit infecté", "injection-site-infection"),
        ("belly blown up like a futball but im not hot", "fever"),
    ],
)
def test_a_denial_by_opinion_or_feeling_is_unknown(text, term):
    """A lay person's opinion neither gives the sign nor rules it out."""
    (item,) = coded(text, term)
    assert item.negated
    assert item.uncertain
    assert sign(text, term).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("call if fever or chills", "chills"),
        ("what if it gets infected", "injection-site-infection"),
        ("in case of fever what do I do", "fever"),
        ("qué hago si me da fiebre", "fever"),
        ("en caso de fiebre", "fever"),
        ("em caso de febre", "fever"),
        ("se tiver febre volto", "fever"),
        ("en cas de fièvre", "fever"),
        ("si j'ai de la fièvre je fais quoi", "fever"),
        ("they told me about the risk of infection", "injection-site-infection"),
    ],
)
def test_what_is_only_feared_gives_no_sign(text, term):
    assert all(item.conditional for item in coded(text, term))
    assert coded(text, term)
    assert sign(text, term) is None


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("last week I had fever, now gone", "fever"),
        ("tuve fiebre la semana pasada pero ya se me quitó", "fever"),
        ("tive febre mas já passou", "fever"),
        ("la fièvre est partie", "fever"),
        ("avant l'injection j'avais mal à la tête", "headache"),
        ("before the injection I had headaches", "headache"),
        ("antes de la inyección tenía dolor de cabeza", "headache"),
        ("antes da aplicação eu tinha dor de cabeça", "headache"),
        ("the redness has gone", "redness"),
    ],
)
def test_what_is_past_is_unknown_and_never_no(text, term):
    assert all(item.past for item in coded(text, term))
    found = sign(text, term)
    assert found.answer is Answer.UNKNOWN
    assert found.attributes["past"] is True


def test_what_was_and_is_now_denied_is_no():
    assert answer("yesterday I had a fever, no fever now", "fever") is Answer.NO


def test_what_was_and_is_again_is_yes():
    assert answer("last week I had fever, now gone. Fever since this morning", "fever") is Answer.YES


def test_a_faint_that_is_over_was_a_faint():
    found = sign("I fainted, it passed", "faint")
    assert found.answer is Answer.YES
    assert found.attributes["recovered"] is True


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("my friend has the same lumps, I have bruises", "nodule"),
        ("a mi hermana también le salió un absceso, a mi me duele", "abscess"),
        ("minha amiga também ficou com caroços, eu tenho dor", "nodule"),
        ("mon amie a eu des abcès aussi", "abscess"),
        ("une autre patiente a eu des abcès aussi", "abscess"),
    ],
)
def test_the_same_trouble_of_another_person(text, term):
    assert all(item.subject.value == "other" for item in coded(text, term))
    assert sign(text, term) is None or not tells_of_others(CODER.code(text))
    assert tells_of_others(CODER.code(text))
    assert answer(text, "others-affected") is Answer.YES


@pytest.mark.parametrize("text", ["my mother has diabetes, I have a lump", "my sister has psoriasis"])
def test_an_illness_in_the_family_is_not_the_same_trouble(text):
    assert not tells_of_others(CODER.code(text))


def test_a_text_about_nobody_else_is_about_the_patient():
    assert answer("my daughter has fever after the injection", "fever") is Answer.YES


def test_unread_parts_are_handed_back():
    text = "bruise, my toes glimmer"
    assert signs_of(CODER.code(text), TERMS, text).unread == ("my toes glimmer",)
