"""What a text says was injected, and what it only mentions."""

import json

import pytest

from untoward.exchange.cases import read_cases
from untoward.exchange.cases.named_compounds import compounds_named
from untoward.tasks.knowledge import case_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("swollen 3 days after Lemon Bottle", ("Lemon Bottle",)),
        ("had KYBELLA in my chin, now numb", ("KYBELLA",)),
        ("me inyectaron lecitina y procaína hace 5 días", ("lecitina", "procaína")),
        ("aplicaram ácido desoxicólico ontem", ("ácido desoxicólico",)),
        ("I take heparin, no idea what they injected", ()),
        ("tomo cafeína todos los días", ()),
        ("allergic to lidocaine", ()),
        ("a lump on my thigh", ()),
        ("", ()),
    ],
)
def test_names(text, names):
    assert compounds_named(text, case_names().compounds) == names


def case(**document):
    (read,) = read_cases(json.dumps(document), case_names())
    return read


def test_a_case_without_sessions_takes_what_its_text_names():
    read = case(observations=[{"day": 3, "text": "swollen since the kybella"}])
    assert [part.compound for session in read.sessions for part in session.components] == ["deoxycholic-acid"]


def test_what_a_case_states_is_not_added_to():
    sessions = [{"components": [{"compound": "procaine"}]}]
    read = case(sessions=sessions, observations=[{"day": 3, "text": "swollen, not like after kybella"}])
    assert [part.compound for session in read.sessions for part in session.components] == ["procaine"]


def test_the_name_of_a_compound_is_not_handed_back_as_unread():
    read = case(observations=[{"text": "my belly is swollen, 3 days after lemon bottle"}])
    assert read.observations[0].unrecognised == ()
