"""Are all four languages complete, easy to read, and free of what a patient text must never say?"""

import re
import string

import pytest

from untoward.aftercare.readability import LONGEST_SENTENCE, reading_of, sentences_of
from untoward.aftercare.texts import LANGUAGES, texts_of
from untoward.aftercare.topics import topics

OTHERS = [language for language in LANGUAGES if language != "en"]
READ = ("page", "injected", "normal", "do", "red", "check", "unknown", "consent", "reason")

# Words that are the same in both languages: names, units, and what is spelt alike.
SAME_AS_ENGLISH = {
    "es": {"country.AT", "country.AU", "country.IN", "country.ME", "country.PT", "red.number_short", "page.pair"},
    "pt": {"country.ME", "country.PT", "red.number_short", "page.pair"},
    "fr": {
        "red.number_short", "injected.lot", "injected.compound", "consent.signature", "consent.signatures", "consent.date",
        "consent.patient", "country.FR", "country.CA", "country.PH", "country.PT",
    },
}  # fmt: skip
FORMATS = ("date.", "often.", "language", "region")


def placeholders(text):
    return sorted({name for _before, name, _spec, _conv in string.Formatter().parse(str(text)) if name})


@pytest.mark.parametrize("language", OTHERS)
class TestComplete:
    def test_the_same_keys(self, language):
        assert set(texts_of(language).entries) == set(texts_of("en").entries)

    def test_nothing_empty(self, language):
        assert [key for key, text in texts_of(language).entries.items() if not str(text).strip()] == []

    def test_the_same_words_to_fill_in(self, language):
        ours, english = texts_of(language).entries, texts_of("en").entries
        assert {k for k in english if placeholders(ours[k]) != placeholders(english[k])} == set()

    def test_nothing_left_in_english(self, language):
        ours, english = texts_of(language).entries, texts_of("en").entries
        same = {k for k, text in ours.items() if text == english[k] and not k.startswith(FORMATS)}
        assert same <= SAME_AS_ENGLISH[language]

    def test_seven_weekdays_and_twelve_months(self, language):
        texts = texts_of(language)
        assert (len(set(texts.listed("date.weekdays"))), len(set(texts.listed("date.months")))) == (7, 12)


@pytest.mark.parametrize("language", LANGUAGES)
class TestPlain:
    def test_reading_age_of_about_ten_to_twelve(self, language):
        # Whole sentences only: labels of one or two words would make any text look easy.
        lines = [
            text
            for key, text in texts_of(language).entries.items()
            if key.split(".")[0] in READ and len(str(text).split()) >= 4
        ]
        reading = reading_of(lines, language)
        assert reading.easy_enough, reading

    def test_no_sentence_longer_than_twenty_words(self, language):
        texts = texts_of(language).entries.items()
        long = {k for k, text in texts if any(len(s) > LONGEST_SENTENCE for s in sentences_of(str(text)))}
        assert long == set()

    def test_never_all_is_well_never_a_diagnosis_never_a_dose(self, language):
        banned = {
            "en": r"all is well|nothing to worry|you are fine|do not worry|you have (?:an? )?(?:infection|allergy)|\bmg\b",
            "es": r"todo (?:está|va) bien|no se preocupe|usted tiene (?:una )?(?:infección|alergia)|\bmg\b",
            "pt": r"tudo (?:está|vai) bem|não se preocupe|você tem (?:uma )?(?:infecção|alergia)|\bmg\b",
            "fr": r"tout va bien|ne vous inquiétez pas|vous avez une (?:infection|allergie)|\bmg\b",
        }[language]
        said = "\n".join(str(text) for text in texts_of(language).entries.values())
        assert re.findall(banned, said, re.IGNORECASE) == []

    def test_arnica_says_that_it_is_not_shown(self, language):
        words = {"en": "not shown", "es": "no se ha demostrado", "pt": "não se mostrou", "fr": "non montré"}
        assert words[language] in texts_of(language)("do.arnica")


class TestTopics:
    def test_every_record_named_exists(self, base):
        assert [key for key in topics().record_keys() if key not in base.records] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_topic_has_its_text(self, language):
        texts, found = texts_of(language), topics()
        wanted = [f"do.{topic.key}" for topic in (*found.advice, *found.unshown)]
        wanted += [f"red.{sign.key}" for sign in (*found.emergency, *found.same_day)]
        wanted += [f"claim.{claim.text}" for claim in found.claims.values()]
        wanted += [f"reason.{claim.why}" for claim in found.claims.values() if claim.why]
        wanted += [f"reason.by_{state}" for state in ("proven", "limited", "unproven", "contradicted")]
        wanted += [f"use.{use}" for use in found["uses"].values()]
        wanted += [f"site.{place}" for place in found["places"]]
        wanted += [f"term.{term}" for term in found["usual"]]
        assert [key for key in wanted if not texts.has(key)] == []

    def test_every_term_worded_exists(self, base):
        worded = texts_of("en").section("term")
        assert [term for term in worded if term not in base.terms] == []

    def test_all_states_and_statuses_of_the_evidence_have_words(self, base):
        texts = texts_of("en")
        states = {r.state for r in base.records.values() if r.kind in ("aftercare", "claim")}
        statuses = {r.status for r in base.records.values() if r.kind == "regulatory"}
        wanted = [f"{kind}.{s}" for s in states for kind in ("state", "claim_state")]
        assert [key for key in [*wanted, *(f"status.{s}" for s in statuses)] if not texts.has(key)] == []
