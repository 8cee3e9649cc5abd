"""How people say it, in four languages: each sentence with the terms it must give; a minus sign marks a term it denies."""

from pathlib import Path

import pytest
import yaml

from untoward.tasks.knowledge import case_names

CODER = case_names().text_reader().coder
FOLDER = Path(__file__).parents[2] / "fixtures" / "sayings"
BY_LANGUAGE = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
}


def sentences(kind):
    return [pytest.param(*_listed(item), id=f"{code}: {_listed(item)[0]}")
            for code, kinds in BY_LANGUAGE.items() for item in kinds.get(kind, ())]  # fmt: skip


def _listed(item):
    return item if isinstance(item, list) else [item]


def coded(text):
    """The terms said of the patient, each with a minus sign when it is denied."""
    return {
        ("-" if term.negated else "") + term.term
        for term in CODER.code(text).terms
        if term.subject.value == "patient" and not term.conditional
    }


def test_there_are_sentences_of_every_language_and_kind():
    assert set(BY_LANGUAGE) == {"en", "es", "fr", "pt"}
    assert all({"stated", "denied", "harmless"} <= kinds.keys() for kinds in BY_LANGUAGE.values())


@pytest.mark.parametrize(("text", "terms"), sentences("stated"))
def test_a_saying_gives_its_terms(text, terms):
    assert set(terms.split()) <= coded(text)


@pytest.mark.parametrize(("text", "terms"), sentences("denied"))
def test_a_denial_is_read_as_one(text, terms):
    found = coded(text)
    assert set(terms.split()) <= found
    assert not {term[1:] for term in terms.split() if term.startswith("-")} & found


@pytest.mark.parametrize(("text", "term"), sentences("stated_by_a_negation"))
def test_what_cannot_be_done_states_the_sign(text, term):
    found = coded(text)
    assert term in found
    assert f"-{term}" not in found


@pytest.mark.parametrize("text", sentences("harmless"))
def test_everyday_talk_names_nothing(text):
    assert CODER.code(text).terms == ()
