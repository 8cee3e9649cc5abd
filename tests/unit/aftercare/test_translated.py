"""Is every claim, every use and every compound of the evidence said in each language, with nothing left in English?"""

import pytest

from untoward.aftercare.readability import LONGEST_SENTENCE, sentences_of
from untoward.aftercare.subjects import compound_name, in_english
from untoward.aftercare.texts import LANGUAGES, texts_of
from untoward.aftercare.topics import topics
from untoward.evidence.records import Claim, Regulatory

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.fixture(scope="module")
def claims(base):
    return {record.claim for record in base.of_class(Claim)}


@pytest.fixture(scope="module")
def uses(base):
    return {record.use for record in base.of_class(Regulatory)}


@pytest.mark.parametrize("language", LANGUAGES)
class TestEveryLanguage:
    def test_every_claim_has_a_text(self, claims, language):
        texts, known = texts_of(language), topics().claims
        assert [c for c in sorted(claims) if c not in known or not texts.has(f"claim.{known[c].text}")] == []

    def test_every_use_has_a_text(self, uses, language):
        texts, known = texts_of(language), topics()["uses"]
        assert [use for use in sorted(uses) if not texts.has(f"use.{known.get(use)}")] == []

    def test_every_compound_has_a_name(self, base, language):
        unnamed = [key for key, known in base.compounds.items() if language not in known.names]
        assert unnamed == []

    def test_a_status_reads_in_twenty_words(self, language):
        texts = texts_of(language)
        long = [
            (key, status)
            for key, use in texts.section("use").items()
            for status in texts.section("status")
            if any(len(s) > LONGEST_SENTENCE for s in sentences_of(texts(f"status.{status}", use=use)))
        ]
        assert long == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_compound_is_called_by_its_english_name_alone(base, language):
    texts = texts_of(language)
    marked = [
        key
        for key in base.compounds
        if compound_name(base, key, texts) == in_english(base.compounds[key].label, texts)
    ]
    assert marked == []


class TestNothingIdle:
    """A record that is reworded must take its text along."""

    def test_every_claim_worded_is_in_the_evidence(self, claims):
        assert sorted(set(topics().claims) - claims) == []

    def test_every_use_worded_is_in_the_evidence(self, uses):
        assert sorted(set(topics()["uses"]) - uses) == []

    def test_every_text_is_used(self):
        texts, found = texts_of("en"), topics()
        assert set(texts.section("claim")) == {claim.text for claim in found.claims.values()}
        assert set(texts.section("use")) == set(found["uses"].values())
