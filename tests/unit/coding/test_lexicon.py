"""The lexicon: its files fit the terms, an extra file adds to it, and every fault of such a file is told at once."""

import pytest

from untoward.coding.coder import Coder
from untoward.coding.lexicon import LANGUAGES, default_lexicon
from untoward.errors import InputError
from untoward.tasks.knowledge import evidence

TERMS = evidence().terms
LEXICON = default_lexicon()


def extra(tmp_path, text):
    file = tmp_path / "extra.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_pattern_and_word_names_a_known_term():
    ids = {pattern.term for pattern in LEXICON.patterns}
    ids |= {term for pattern in LEXICON.patterns for term in pattern.alternatives}
    ids |= {term for words in LEXICON.languages.values() for term in words.denied_in_one_word.values()}
    assert ids <= set(TERMS.terms)


def test_every_language_has_every_kind_of_word():
    for code in LANGUAGES:
        empty = [kind for kind, phrases in LEXICON.languages[code].kinds.items() if not phrases]
        assert empty == [], code


def test_every_concept_has_words_in_some_language():
    assert all(any(by_language.get(code) for code in LANGUAGES) for by_language in LEXICON.concepts.values())


def test_an_extra_file_adds_names_and_small_words(tmp_path):
    file = extra(
        tmp_path,
        "synonyms:\n  nodule: {es: [gurullo], en: [gribbly bit]}\nwords:\n  en: {denials: [nowt of]}\n",
    )
    coder = Coder(TERMS, LEXICON.with_extra(file, TERMS))
    assert [coded.term for coded in coder.code("tengo un gurullo").terms] == ["nodule"]
    assert [coded.term for coded in coder.code("two gribbly bits").terms] == ["nodule"]
    assert coder.code("nowt of fever").terms[0].negated
    assert not Coder(TERMS).code("tengo un gurullo").terms


def test_every_fault_of_an_extra_file_is_told_at_once(tmp_path):
    file = extra(
        tmp_path,
        "synonyms:\n  nodul: {en: [x1]}\n  pain: {en: [bruise, '...']}\n  temperature: {en: [warmness]}\n"
        "words:\n  en: {refusals: [nowt]}\n",
    )
    with pytest.raises(InputError) as raised:
        LEXICON.with_extra(file, TERMS)
    assert sorted(fault.what for fault in raised.value.faults) == [
        "a measured value is read by its number, not by a name",
        "has no letter to be found by",
        "is already a name of bruise",
        "no such kind of word",
        "no such term",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "synonyms: [a]",
        "words: {de: {denials: [kein]}}",
        "surprise: 1",
        "",
        "a: [",
        "synonyms:\n  pain: {en: bruise}",
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text):
    with pytest.raises(InputError):
        LEXICON.with_extra(extra(tmp_path, text), TERMS)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(InputError):
        LEXICON.with_extra(tmp_path / "none.yaml")
    tmp_path.joinpath("bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError):
        LEXICON.with_extra(tmp_path / "bytes.yaml")


def test_yes_and_no_are_words_and_no_truth_values():
    assert ("no",) in LEXICON.languages["en"].kinds["denials"]
    assert ("yes",) in LEXICON.languages["en"].kinds["answers_yes"]
