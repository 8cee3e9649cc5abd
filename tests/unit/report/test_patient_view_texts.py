"""Are the texts of the patient's page complete in four languages, easy to read, and free of what they must never say?"""

import re
import string

import pytest

from untoward.aftercare.readability import LONGEST_SENTENCE, reading_of, sentences_of
from untoward.evidence.load import load_evidence
from untoward.model.finding import Disposition
from untoward.model.terms import TermKind
from untoward.report.patient_view.signs import may_be_named, sign_data
from untoward.report.patient_view.texts import LANGUAGES, view_texts

OTHERS = [language for language in LANGUAGES if language != "en"]
READ = ("do", "not_sure", "time", "deadline", "come_back", "say_back", "show_this", "notice", "context")
SAME_AS_ENGLISH = {"because.sign", "deadline.clock"}

# Illnesses, and Latin and Greek of the clinic: none may reach the page, neither in a text nor in a name of a sign.
ILLNESSES = re.compile(
    r"sepsis|septic|anaphyla|anafila|cellulit|celulit|abscess|absceso|abcès|botulis|necros|nécros|embol|ischa|ischém|isquem"
    r"|granulom|mycobact|micobact|psoria|lichen|panniculit|paniculit|lupus|stroke|ictus|derrame cerebral|\bavc\b|thrombos|trombos"
    r"|infecti|infecci|infecç|allerg|alerg|nicolau|occlusi|oclusi|vasovagal|urticari|angio|o?edema|erythema|eritema",
    re.IGNORECASE,
)
DOSES = re.compile(r"\b(?:mg|ml|µg|mcg|iu|ui|mmol|milligram\w*|miligramo\w*)\b", re.IGNORECASE)
RULES = re.compile(r"\b[A-Z]{3}\d{2}\b")
REASSURING = re.compile(
    r"all is well|nothing to worry|you are fine|do not worry|todo (?:está|va) bien|no se preocupe|tudo (?:está|vai) bem"
    r"|não se preocupe|tout va bien|ne vous inquiétez pas",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def base():
    return load_evidence()


def placeholders(text):
    return sorted({name for _before, name, _spec, _conv in string.Formatter().parse(text) if name})


@pytest.mark.parametrize("language", OTHERS)
class TestComplete:
    def test_the_same_keys_in_the_same_order(self, language):
        assert list(view_texts(language).entries) == list(view_texts("en").entries)

    def test_the_same_words_to_fill_in(self, language):
        ours, english = view_texts(language).entries, view_texts("en").entries
        assert {k for k in english if placeholders(ours[k]) != placeholders(english[k])} == set()

    def test_nothing_left_in_english(self, language):
        ours, english = view_texts(language).entries, view_texts("en").entries
        assert {k for k, text in ours.items() if text == english[k]} <= SAME_AS_ENGLISH


@pytest.mark.parametrize("language", LANGUAGES)
class TestPlain:
    def test_reading_age_of_about_ten_to_twelve(self, language):
        entries = view_texts(language).entries.items()
        reading = reading_of(
            [t.replace("{number}", "112") for k, t in entries if k.split(".")[0] in READ], language
        )
        assert reading.easy_enough, reading

    def test_no_sentence_longer_than_twenty_words(self, language):
        entries = view_texts(language).entries.items()
        assert {k for k, t in entries if any(len(s) > LONGEST_SENTENCE for s in sentences_of(t))} == set()

    def test_no_illness_dose_rule_or_false_comfort(self, language):
        said = "\n".join(view_texts(language).entries.values())
        found = [pattern.findall(said) for pattern in (ILLNESSES, DOSES, RULES, REASSURING)]
        assert found == [[], [], [], []]

    def test_no_decimals(self, language):
        assert [t for t in view_texts(language).entries.values() if re.search(r"\d[.,]\d", t)] == []

    def test_each_answer_has_its_texts(self, language):
        texts = view_texts(language)
        wanted = [f"{part}.{d.value}" for d in Disposition for part in ("heading", "do", "deadline")]
        assert [key for key in wanted if not texts.has(key)] == []

    def test_every_piece_of_advice_circumstance_and_question_has_its_text(self, language):
        texts, data = view_texts(language), sign_data()
        wanted = [f"do.{advice.key}" for advice in data.advice]
        wanted += [f"context.{term}" for term in data.contexts]
        wanted += [f"ask.{question}" for question in data.attributes.values()]
        assert [key for key in wanted if not texts.has(key)] == []


class TestSigns:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_sign_that_may_be_named_names_no_illness(self, base, language):
        named = [term for term in base.terms.terms.values() if may_be_named(term)]
        plain = {term.id: term.plain.get(language, "") for term in named}
        assert {term: name for term, name in plain.items() if ILLNESSES.search(name)} == {}

    def test_every_term_is_in_the_list(self, base):
        data = sign_data()
        named = set(data.described) | data.contexts
        for advice in data.advice:
            named |= advice.signs | advice.not_with
        assert sorted(term for term in named if term not in base.terms) == []

    def test_what_is_described_is_a_reaction(self, base):
        kinds = {base.terms[term].kind for term in sign_data().described}
        assert kinds == {TermKind.REACTION}

    @pytest.mark.parametrize(
        "term",
        ["sepsis", "anaphylaxis", "cellulitis", "botulism", "stroke", "mycobacterial-infection", "allergy"],
    )
    def test_a_diagnosis_may_not_be_named(self, base, term):
        assert not may_be_named(base.terms[term])

    def test_every_record_behind_advice_exists(self, base):
        assert [k for advice in sign_data().advice for k in advice.records if k not in base.records] == []

    def test_an_unknown_language_is_an_error(self):
        with pytest.raises(KeyError):
            view_texts("de")
