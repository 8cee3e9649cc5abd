"""`untoward code`: the document it prints, the view for people, and what it refuses."""

import json

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from untoward.cli.app import app
from untoward.errors import InputError, UsageError
from untoward.tasks.schemas import schema_of

RUN = CliRunner()
TEXT = "bulto de 3 cm desde ayer, sin fiebre, mi amiga tiene lo mismo"


def printed(*arguments, given=None):
    result = RUN.invoke(app, ["code", *arguments], input=given)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_document_fits_its_schema():
    document = json.loads(printed(TEXT, "--json"))
    assert list(jsonschema_rs.validator_for(schema_of("coding")).iter_errors(document)) == []
    by_id = {term["id"]: term for term in document["terms"]}
    assert by_id["nodule"]["attributes"]["size_cm"] == 3
    assert by_id["fever"]["negated"] is True
    assert "others-affected" in by_id
    assert document["lang"] == "es"
    assert all(TEXT[slice(*term["span"])] == term["said_as"] for term in document["terms"])


def test_a_text_may_come_from_stdin():
    assert json.loads(printed("-", "--json", given="red lump\n"))["lang"] == "en"


def test_the_view_for_people_shows_the_text_and_what_was_not_understood():
    shown = printed("bruise, no fever; my toes glimmer")
    assert "my toes glimmer" in shown
    assert "denied" in shown
    assert "Language: English" in shown


def test_a_text_without_a_term_reassures_nobody():
    assert "no sign that nothing is wrong" in printed("the weather is fine")


def test_an_extra_lexicon_is_used(tmp_path):
    file = tmp_path / "extra.yaml"
    file.write_text("synonyms:\n  nodule: {en: [gribble]}\n", encoding="utf-8")
    document = json.loads(printed("a gribble", "--json", "--lexicon", str(file)))
    assert [term["id"] for term in document["terms"]] == ["nodule"]


def test_a_faulty_lexicon_and_an_unknown_language_are_refused(tmp_path):
    file = tmp_path / "extra.yaml"
    file.write_text("synonyms:\n  nodul: {en: [gribble]}\n", encoding="utf-8")
    assert isinstance(RUN.invoke(app, ["code", "x", "--lexicon", str(file)]).exception, InputError)
    assert isinstance(RUN.invoke(app, ["code", "x", "--lang", "de"]).exception, UsageError)


@pytest.mark.parametrize("text", ["", " ", "[bold]red[/bold] lump"])
def test_text_is_never_taken_for_markup(text):
    assert text.strip() in printed(text)
