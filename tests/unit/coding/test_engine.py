"""Coding: which terms a text names, in four languages, each with its span, and what no text may ever do."""

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from untoward.coding.coder import LONGEST_TEXT
from untoward.model.terms import TermKind
from untoward.tasks.knowledge import case_names, evidence

CODER = case_names().text_reader().coder
TERMS = evidence().terms
RED_FLAGS = sorted(
    key for key, term in TERMS.terms.items() if term.red_flag and term.kind is not TermKind.VITAL
)


def named(text, lang="auto"):
    return {coded.term for coded in CODER.code(text, lang).terms}


def stated(text):
    return {
        coded.term
        for coded in CODER.code(text).terms
        if not (coded.negated or coded.past or coded.conditional) and coded.subject.value == "patient"
    }


APART = [
    ("my face is swollen", "angioedema"),
    ("the swelling of my face started an hour ago", "angioedema"),
    ("my left eyelid swelled up", "angioedema"),
    ("se me hinchó la cara", "angioedema"),
    ("tengo los párpados muy hinchados", "angioedema"),
    ("meu rosto inchou", "angioedema"),
    ("minhas pálpebras estão inchadas", "angioedema"),
    ("mon visage a gonflé", "angioedema"),
    ("visage gonflé", "angioedema"),
    ("my lips feel swollen", "lip-swelling"),
    ("se me hincharon los labios", "lip-swelling"),
    ("o lábio está inchado", "lip-swelling"),
    ("j'ai les lèvres toutes gonflées", "lip-swelling"),
    ("tongue is swelling", "tongue-swelling"),
    ("tengo la lengua hinchada", "tongue-swelling"),
    ("minha língua inchou", "tongue-swelling"),
    ("ma langue a gonflé", "tongue-swelling"),
    ("throat feels like it's closing", "throat-tightness"),
    ("se me cierra la garganta", "throat-tightness"),
    ("a garganta está fechando", "throat-tightness"),
    ("ma gorge se serre", "throat-tightness"),
    ("lips are blue", "cyanosis"),
    ("my fingers have turned blue", "cyanosis"),
    ("tengo los labios morados", "cyanosis"),
    ("os lábios ficaram roxos", "cyanosis"),
    ("mes lèvres sont bleues", "cyanosis"),
    ("left eye cannot see", "vision-loss"),
    ("perdí la vista del ojo derecho", "vision-loss"),
    ("não enxergo do olho esquerdo", "vision-loss"),
    ("je ne vois plus de l'œil gauche", "vision-loss"),
    ("it is hard to breathe", "breathlessness"),
    ("no puedo casi respirar", "breathlessness"),
    ("não consigo respirar", "breathlessness"),
    ("je n'arrive pas à respirer", "breathlessness"),
    ("can't really swallow", "dysphagia"),
    ("no puedo tragar", "dysphagia"),
    ("não consigo engolir", "dysphagia"),
    ("j'ai du mal à avaler", "dysphagia"),
    ("the skin there is turning black", "necrosis"),
    ("la piel se puso negra", "necrosis"),
    ("a pele ficou preta", "necrosis"),
    ("la peau devient noire", "necrosis"),
    ("a white patch on the nose", "pallor"),
    ("mancha blanca en la nariz", "pallor"),
    ("a pele ficou branca", "pallor"),
    ("une plaque blanche sur le nez", "pallor"),
    ("my heart is racing", "palpitations"),
    ("coração muito acelerado", "palpitations"),
    ("mon cœur bat trop vite", "palpitations"),
    ("me duele mucho el pecho", "chest-pain"),
    ("dor no peito", "chest-pain"),
    ("j'ai mal à la poitrine", "chest-pain"),
    ("my right arm is weak", "weakness"),
    ("la pierna está sin fuerza", "weakness"),
    ("perna sem força", "weakness"),
    ("ma jambe est faible", "weakness"),
    ("one side of my mouth droops", "facial-asymmetry"),
    ("tengo la boca chueca", "facial-asymmetry"),
    ("boca torta desde ontem", "facial-asymmetry"),
    ("la bouche de travers", "facial-asymmetry"),
    ("a red line going up my leg", "red-streak"),
    ("una línea roja que sube", "red-streak"),
    ("uma linha vermelha na perna", "red-streak"),
    ("une ligne rouge qui monte", "red-streak"),
    ("yellow stuff comes out of it", "pus"),
    ("sale un líquido amarillo", "pus"),
    ("saiu um líquido amarelo", "pus"),
    ("du liquide jaune", "pus"),
]

STAYS_LOCAL = [
    ("my thigh is swollen", "swelling"),
    ("el muslo está hinchado", "swelling"),
    ("a coxa está inchada", "swelling"),
    ("la cuisse est gonflée", "swelling"),
    ("my face is fine, thighs swollen", "swelling"),
    ("rodilla roja", "redness"),
    ("coxa vermelha", "redness"),
    ("cuisse rouge", "redness"),
]

INFLECTED = [
    ("nodules", "nodule"),
    ("nódulos", "nodule"),
    ("moretones", "bruise"),
    ("caroços", "nodule"),
    ("bolas", "nodule"),
    ("boutons de fièvre et hématomes", "haematoma"),
    ("vermelhas", "redness"),
    ("hinchadas", "swelling"),
]


@pytest.mark.parametrize(("text", "term"), APART)
def test_a_name_that_stands_apart_is_found(text, term):
    assert term in stated(text)


@pytest.mark.parametrize(("text", "term"), STAYS_LOCAL)
def test_another_part_of_the_body_keeps_the_local_term(text, term):
    assert stated(text) == {term}


@pytest.mark.parametrize(("text", "term"), INFLECTED)
def test_number_and_gender_do_not_matter(text, term):
    assert term in named(text)


def test_a_finding_may_be_of_several_places_and_a_place_have_several_findings():
    assert {"lip-swelling", "tongue-swelling"} <= stated("my lips and tongue are swollen")
    assert {"lip-swelling", "cyanosis"} <= stated("my lips are swollen and blue")


def test_a_finding_is_not_given_to_a_place_that_is_farther_away():
    assert "angioedema" not in named("red face and swollen ankles")


@pytest.mark.parametrize(
    ("text", "said_as"),
    [
        ("BRUISE on the leg", "BRUISE"),
        ("tengo un MORETÓN", "MORETÓN"),
        ("j'ai un œdème", "œdème"),
        ("I can’t breathe", "can’t breathe"),
        ("tengo hinchazo\u0301n", "hinchazo\u0301n"),  # a letter typed as a base and an accent
    ],
)
def test_the_span_stands_in_the_original_text(text, said_as):
    (coded,) = CODER.code(text).terms
    assert coded.said_as == said_as
    assert text[slice(*coded.span)] == said_as


def test_the_longest_name_goes_first_and_the_shorter_is_not_repeated():
    assert named("injection site swelling") == {"swelling"}
    assert named("chest pain") == {"chest-pain"}


@pytest.mark.parametrize(
    "text", ["the area feels hard", "está duro", "ficou dura", "the skin is firm and hard"]
)
def test_ambiguous_words_name_their_alternatives(text):
    hard = [coded for coded in CODER.code(text).terms if coded.term in ("induration", "nodule")]
    assert hard
    spoken = {hard[0].term, *hard[0].alternatives}
    assert "induration" in spoken


def test_numbers_belong_to_what_they_measure():
    (lump, temperature) = (
        next(
            coded
            for coded in CODER.code("3 hard lumps of 2 cm, temperature 38.5").terms
            if coded.term == term
        )
        for term in ("nodule", "temperature")
    )
    assert lump.attributes["count"] == 3
    assert lump.attributes["size_cm"] == 2
    assert temperature.attributes == {"value": 38.5}


def test_a_size_is_never_given_to_a_fever():
    terms = {coded.term: coded for coded in CODER.code("the lump is 3 cm and I have fever").terms}
    assert terms["nodule"].attributes["size_cm"] == 3
    assert "size_cm" not in terms["fever"].attributes


@pytest.mark.parametrize(
    ("text", "day"),
    [("lump 4 days after the injections", 4), ("bulto a los 4 días de las inyecciones", 4), ("lump", None)],
)
def test_the_day_since_the_treatment(text, day):
    assert CODER.code(text).day == day


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("red lump, it's getting worse", "worse"),
        ("bulto rojo, cada vez peor", "worse"),
        ("caroço vermelho, está piorando", "worse"),
        ("boule rouge, ça empire", "worse"),
        ("bruise, much better now", "better"),
        ("no better, still a lump", "same"),
        ("el bulto no mejora", "same"),
        ("o caroço não some", "same"),
        ("la boule ne passe pas", "same"),
    ],
)
def test_a_trend_goes_to_the_terms_of_the_text(text, name):
    assert any(coded.attributes.get(name) is True for coded in CODER.code(text).terms)


@pytest.mark.parametrize(
    "text", ["no better, pain and swelling", "not improving, redness", "no mejora el dolor"]
)
def test_a_trend_denies_nothing(text):
    assert not any(coded.negated for coded in CODER.code(text).terms)


def test_the_same_text_is_coded_once():
    assert CODER.code("bruise on day 2") is CODER.code("bruise on day 2")


def test_what_is_too_long_is_handed_back():
    coding = CODER.code("bruise " * 4000)
    assert coding.unread == ((LONGEST_TEXT, 28_000),)


LETTERS = "abcdefghijklmnopqrstuvwxyz áéíóúñçãõêàèœ'’.,;:!?()-/0123456789\n\u0301"
NAMES = sorted({name for term in TERMS.terms.values() for name in term.every_name()})
SMALL = (
    "no not sin ni and or but pero mas mais sem sans pas ne nunca if si se my friend gone worse better 3 cm days , . ; ? : - / "
    "yesterday now before the injection call swollen face lips black hard"
).split()
texts = st.one_of(
    st.text(),
    st.text(alphabet=LETTERS, max_size=120),
    st.lists(st.sampled_from([*NAMES, *SMALL]), max_size=25).map(" ".join),
)


@given(texts)
@example("\ud800")
@example("\x00" * 50)
@example("no " * 500 + "fever")
@example("ﬁ İ ß ﷺ 𝔣𝔢𝔳𝔢𝔯")
@example("e\u0301" * 20)
def test_no_text_fails_and_every_span_is_what_was_said(text):
    coding = CODER.code(text)
    for coded in coding.terms:
        assert text[slice(*coded.span)] == coded.said_as != ""
        assert coded.term in TERMS
    for start, end in coding.unread:
        assert 0 <= start < end <= len(text)
    assert list(coding.terms) == sorted(coding.terms, key=lambda coded: coded.span[0])
    assert coding.lang in ("en", "es", "pt", "fr")


ORDINARY = [
    "the clinic was clean.", "I went there with my car.", "gracias por todo.", "obrigada pela ajuda.", "merci beaucoup.",
    "No pets allowed.", "We had dinner.", "El sábado fui al mercado.", "Fui ao mercado.", "Sans sucre, merci.",
]  # fmt: skip


@given(
    st.sampled_from(RED_FLAGS),
    st.lists(st.sampled_from(ORDINARY), max_size=3),
    st.lists(st.sampled_from(ORDINARY), max_size=3),
)
def test_ordinary_words_elsewhere_never_lose_a_red_flag(flag, before, after):
    text = " ".join([*before, f"I have {TERMS[flag].label}.", *after])
    assert any(TERMS[term].red_flag for term in stated(text)), text


@pytest.mark.parametrize(
    "unit", ["bruise ", "no. ", "swollen face ", "fever, no ", "lump. worse. ", "my friend ", "3 cm lump "]
)
def test_work_grows_with_the_length_only(unit):
    """Four times the text makes far less than the sixteen times the calls that a square would; counted on the second reading."""

    def calls(length):
        counted = 0

        def count(_frame, event, _what):
            nonlocal counted
            counted += event in ("call", "c_call")

        text = (unit * length)[:length]
        sys.setprofile(count)
        try:
            CODER.code(text)
        finally:
            sys.setprofile(None)
        return counted

    calls(999)
    assert calls(8_000) < 6 * calls(2_000)
