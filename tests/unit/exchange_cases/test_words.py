"""Free text: what is stated, denied, doubted, growing or over, in English and Spanish, and what is handed back unread."""

import pytest

from untoward.exchange.cases import cases_from_text
from untoward.model.answer import Answer
from untoward.tasks.knowledge import case_names

READER = case_names().text_reader()


def read(text):
    return READER.read(text)


def terms(text, answer):
    return {term for term, sign in read(text).signs.items() if sign.answer is answer}


STATED = [
    ("bruise", {"bruise"}),
    ("3 Nodules on my belly", {"nodule"}),
    ("moretones y bultos", {"bruise", "nodule"}),
    ("I can't breathe", {"breathlessness"}),
    ("I can’t breathe", {"breathlessness"}),
    ("no puedo respirar", {"breathlessness"}),
    ("me cuesta respirar", {"breathlessness"}),
    ("blue lips", {"cyanosis"}),
    ("drooping lid and double vision", {"ptosis", "double-vision"}),
    ("lopsided smile", {"facial-asymmetry"}),
    ("redness,swelling;pus", {"redness", "swelling", "pus"}),
    ("redness/pus", {"redness", "pus"}),
]

DENIED = [
    ("no fever", {"fever"}),
    ("sin fiebre", {"fever"}),
    ("no tengo fiebre", {"fever"}),
    ("niega fiebre y disnea", {"fever", "breathlessness"}),
    ("no signs of any pus", {"pus"}),
    ("there isn't any redness or warmth", {"redness", "warmth"}),
    ("no fever, chills or shortness of breath", {"fever", "chills", "breathlessness"}),
    ("denies fever, chills and breathlessness", {"fever", "chills", "breathlessness"}),
    ("sin fiebre, pus ni disnea", {"fever", "pus", "breathlessness"}),
    ("ni fiebre ni pus", {"fever", "pus"}),
    ("neither fever nor chills", {"fever", "chills"}),
    ("fever: no", {"fever"}),
    ("fever? no", {"fever"}),
    ("fever - no", {"fever"}),
    ("pus: negative", {"pus"}),
    ("fiebre no", {"fever"}),
    ("w/o fever", {"fever"}),
    ("afebrile", {"fever"}),
    ("painless", {"pain"}),
    ("pas de pus", {"pus"}),
]

NEVER_LOST = [
    ("no fever but pus", {"pus"}),
    ("sin fiebre pero con pus", {"pus"}),
    ("no fever, breathless", {"breathlessness"}),
    ("no fever and pus", {"pus"}),
    ("no hay fiebre y pus", {"pus"}),
    ("not sure if fever", {"fever"}),
    ("no sé si tengo fiebre", {"fever"}),
    ("I don't know whether it is pus", {"pus"}),
    ("cannot rule out fever", {"fever"}),
    ("not without fever", {"fever"}),
    ("no relief from the breathlessness", {"breathlessness"}),
    ("the pus does not stop", {"pus"}),
    ("no improvement in the redness", {"redness"}),
    ("redness not gone", {"redness"}),
    ("no, I have pus or fever", {"pus", "fever"}),
    ("not only fever", {"fever"}),
    ("never felt pain like this", {"pain"}),
    ("never had hives before", {"hives"}),
    ("no fever until today", {"fever"}),
    ("no fever yesterday", {"fever"}),
    ("does not deny fever", {"fever"}),
    ("no fever. fever since noon", {"fever"}),
    ("fever: no redness: yes", {"redness"}),
    ("fever no, pus yes", {"pus"}),
    ("no high fever", {"fever"}),
    ("no problems other than breathlessness", {"breathlessness"}),
    ("nothing except pus", {"pus"}),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_stated(text, expected):
    assert terms(text, Answer.YES) == expected


@pytest.mark.parametrize(("text", "expected"), DENIED)
def test_denied(text, expected):
    assert terms(text, Answer.NO) == expected
    assert terms(text, Answer.YES) == set()


@pytest.mark.parametrize(("text", "expected"), NEVER_LOST)
def test_a_doubtful_denial_counts_as_present(text, expected):
    assert expected <= terms(text, Answer.YES)


@pytest.mark.parametrize(
    "text", ["maybe fever", "fever?", "not sure if fever", "quizás fiebre", "no fever until today"]
)
def test_doubt_is_marked(text):
    assert read(text).signs["fever"].attributes == {"uncertain": True}


def test_said_for_certain_once_is_certain():
    assert read("maybe fever. Yes, fever").signs["fever"].attributes == {}


@pytest.mark.parametrize(
    ("text", "spreading"),
    [
        ("warm red lump, getting bigger", True),
        ("bulto que crece", True),
        ("el bulto es más grande", True),
        ("lump is not getting bigger", False),
        ("bulto, no crece", False),
        ("stable lump", False),
        ("the lump is not stable", None),
        ("the lump has not changed", False),
        ("bulto indoloro sin cambios", False),
        ("stable until today, now the lump is getting bigger", True),
        ("lump, not bigger yesterday but getting bigger today", True),
        ("lump", None),
    ],
)
def test_growth(text, spreading):
    assert read(text).signs["nodule"].attributes.get("spreading") is spreading


@pytest.mark.parametrize(
    ("text", "recovered"),
    [
        ("fainted at the needle, recovered lying flat within 2 minutes", True),
        ("se desmayó, se recuperó enseguida", True),
        ("fainted and has not come round", False),
        ("recovered from flu, then fainted", True),
        ("fainted", None),
    ],
)
def test_recovery(text, recovered):
    if text.startswith("recovered"):
        recovered = None  # what came before the faint says nothing about it
    assert read(text).signs["faint"].attributes.get("recovered") is recovered


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("bruise, my toes glimmer", ("my toes glimmer",)),
        ("Atemnot seit heute", ("Atemnot seit heute",)),
        ("bruise, otherwise well", ()),
        ("moretón, por lo demás bien", ()),
        ("bruise since 3 days, 5.1 cm wide lump", ()),
        ("I do not feel gribbly", ("I do not feel gribbly",)),
        ("", ()),
        ("...", ()),
    ],
)
def test_what_was_not_understood_is_handed_back(text, unread):
    assert read(text).unread == unread


def test_a_text_without_end_is_read_up_to_a_limit():
    reading = read("bruise " * 10_000)
    assert set(reading.signs) == {"bruise"}
    assert reading.unread == ("… 50000 more letters",)


def test_the_same_text_is_read_once():
    assert read("bruise on day 2") is read("bruise on day 2")


def test_the_day_that_a_text_tells_is_taken_when_none_is_given():
    (case,) = cases_from_text("lump 4 days after the injections", case_names(), day=None)
    assert case.observations[0].day == 4
    (case,) = cases_from_text("lump 4 days after the injections", case_names(), day=6)
    assert case.observations[0].day == 6
