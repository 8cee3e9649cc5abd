"""Every language has the same texts, and a child of ten can read them; the questions fit the rules they feed."""

import re

import pytest

from untoward.aftercare.readability import LONGEST_SENTENCE, reading_of
from untoward.aftercare.texts import LANGUAGES
from untoward.report.patient_view.signs import plain_name
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.check_in_questions import (
    BAD,
    CONCERNS,
    COURSE,
    HOW,
    SINCE,
    URGENT,
    Answers,
    findings_of,
    follow_ups,
    next_step,
    read_answers,
    with_answers,
)
from untoward.tasks.record.check_in_texts import check_in_texts, language_or
from untoward.tasks.record.emergency_card import emergency_card, numbers_to_call

FILLED = re.compile(r"{\w+}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_have_the_same_keys_and_words_to_fill_in(language):
    english, own = check_in_texts("en").entries, check_in_texts(language).entries
    assert list(own) == list(english)
    for key, text in own.items():
        assert sorted(FILLED.findall(text)) == sorted(FILLED.findall(english[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_easy_to_read(language):
    entries = check_in_texts(language).entries
    lines = [
        FILLED.sub("Ana", text)
        for key, text in entries.items()
        if not key.startswith(("country", "language"))
    ]
    reading = reading_of(lines, language)
    assert reading.easy_enough
    assert reading.longest_sentence <= LONGEST_SENTENCE


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_choice_has_words_and_each_sign_a_plain_name(language):
    texts, terms = check_in_texts(language), evidence().terms
    for group, choices in {
        "how": HOW,
        "what": CONCERNS,
        "since": SINCE,
        "bad": BAD,
        "course": COURSE,
    }.items():
        assert all(texts.has(f"{group}.{choice}") for choice in choices)
    for concern in CONCERNS.values():
        assert all(plain_name(terms[term], language) for term in concern.closer)
        assert concern.term is None or concern.term in terms.terms
    assert all(term in {t for concern in CONCERNS.values() for t in concern.closer} for term in URGENT)


def test_five_taps_and_one_for_what_has_closer_signs():
    answers, steps = {}, []
    taps = {"how": "something", "what": ["swelling"], "since": "today", "bad": "mild", "course": "same"}
    while step := next_step(read_answers(answers)):
        steps.append(step)
        answers[step] = taps[step]
    assert steps == ["how", "what", "since", "bad", "course"]
    assert next_step(Answers(how="something", what=("wound",))) == "which"
    assert next_step(Answers(how="something", what=("wound",), which=())) == "since"


@pytest.mark.parametrize(
    "answers",
    [
        Answers(how="fine"),
        Answers(how="emergency"),
        Answers(how="something", what=("swelling", "breathing")),
        Answers(how="something", what=("colour",), which=("livedo",)),
    ],
)
def test_nothing_more_is_asked_of_who_is_fine_or_cannot_wait(answers):
    assert next_step(answers) == ""


def test_what_was_not_said_is_no_finding():
    assert findings_of(Answers(how="something", what=("other",), which=())) == {}
    unsure = Answers(how="something", what=("pain",), since="unsure", bad="unsure", course="unsure")
    assert findings_of(unsure) == {"pain": {"present": True}}
    closer = Answers(how="something", what=("colour", "pain"), which=("bruise",))
    assert set(findings_of(closer)) == {"bruise", "pain"}


def test_what_is_no_choice_was_not_answered():
    read = read_answers(
        {"how": "'; drop", "what": ["pain", "x"], "which": ["pus", "x"], "since": 3, "words": "a\x00b"}
    )
    assert read == Answers(what=("pain",), which=("pus",), words="ab")


def test_not_sure_is_neither_yes_nor_no():
    asked = follow_ups(
        ["breathlessness", "nodule: growing", "pain: severity", "no such sign"], "en", {"nodule": True}
    )
    assert [one.key for one in asked] == ["breathlessness", "nodule.spreading"]
    found = with_answers({"nodule": True}, asked, {"breathlessness": "unsure", "nodule.spreading": "yes"})
    assert found == {"nodule": {"present": True, "spreading": True}, "breathlessness": None}
    assert follow_ups(["breathlessness", "nodule: growing"], "en", found) == ()
    assert with_answers({}, asked, {"breathlessness": "perhaps"}) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_names_what_cannot_wait_and_whom_to_call(language):
    card = emergency_card(language, "GB")
    assert card.numbers == ("999",)
    assert len(card.emergency) >= 8
    assert all("999" in text for text in (card.heading, card.do[0]))
    numbers = dict(card.table)
    assert numbers[check_in_texts(language)("country.EU")] == "112"
    assert numbers[check_in_texts(language)("country.PE")] == "106"
    assert reading_of([*card.emergency, *card.do, *card.same_day], language).easy_enough


def test_a_country_nobody_here_knows_gets_several_numbers():
    assert numbers_to_call("ZZ") == numbers_to_call(None) == ("112", "911", "999")
    assert numbers_to_call("es") == ("112",)
    assert language_or("xx", None, "fr") == "fr"
