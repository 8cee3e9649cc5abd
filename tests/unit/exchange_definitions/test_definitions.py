"""Case definitions: what is taken, and everything that is wrong with one at once."""

import json
from importlib import resources

import jsonschema_rs
import pytest
import yaml

from untoward.errors import InputError
from untoward.evidence.load import load_evidence
from untoward.exchange.definitions import Wanted, definition_template, read_definition
from untoward.exchange.definitions.yaml_text import MOST_BYTES
from untoward.watch.workbench.definition import definition_from

SOUND = """
name: Abscess
levels:
  suspect: {term: absceso}
"""


def read(text):
    base = load_evidence()
    return read_definition(text, file="d.yaml", terms=base.terms, compounds=base.compound_names)


def faults(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.faults


def schema():
    path = resources.files("untoward.exchange") / "schema" / "case-definition.json"
    return json.loads(path.read_text(encoding="utf-8"))


class TestReading:
    @pytest.mark.parametrize("name", ["abscess", "Absceso", "ABCÈS", "abscesso", "abscesses"])
    def test_names_in_four_languages(self, name):
        document = read(f"name: x\nlevels: {{suspect: {{term: [{name}]}}}}").document
        assert document["levels"]["suspect"]["term"] == ["abscess"]

    def test_what_each_name_was_taken_for(self):
        assert read(SOUND).taken == (("absceso", "abscess"),)

    def test_compounds_by_any_name(self):
        text = "name: x\nlevels: {suspect: {all: [{term: nodule}, {exposure: compound, value: [Xylocaine, lidocaína]}]}}"
        assert read(text).document["levels"]["suspect"]["all"][1]["value"] == ["lidocaine"]

    def test_json_is_read_too(self):
        assert read(json.dumps(yaml.safe_load(SOUND))).document["name"] == "Abscess"

    def test_dates_stay_as_written(self):
        text = SOUND + "time: {sessions: {from: 2026-01-02, to: 2026-03}}"
        definition = definition_from(read(text).document)
        assert str(definition.sessions) == "2026-01-02 to 2026-03-31"


class TestFaults:
    def test_all_at_once_with_their_lines(self):
        found = faults(
            "name: ''\n"
            "person: {age: {from: 30, to: 3}}\n"
            "time: {sessions: {from: 03/04/2025}}\n"
            "levels:\n"
            "  confirmed: {term: abscess, finding: culture positive}\n"
            "  maybe: {term: abscess}\n"
            "  suspect:\n"
            "    all:\n"
            "      - term: abscces\n"
            "      - {exposure: lot}\n"
            "      - {measure: count}\n"
        )
        lines = {(fault.where, fault.what) for fault in found}
        assert lines == {
            ("line 1", "not allowed here"),
            ("line 2", "runs backwards"),
            ("line 3", "not a date"),
            ("line 5", "2 conditions in one"),
            ("line 6", "unknown field"),
            ("line 9", "no term of this name is known"),
            ("line 10", "a field is missing"),
            ("line 11", "a measure without limits"),
        }

    def test_an_unknown_name_gets_near_ones(self):
        (fault,) = faults("name: x\nlevels: {suspect: {term: abscces}}")
        assert "abscess" in fault.hint

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("", "is empty"),
            ("- a", "not allowed here"),
            ("name: [", "is not YAML"),
            ("name: a\nname: b\nlevels: {suspect: {term: nodule}}", "the field is given twice"),
            ("a: &x [1]\nb: *x", "an alias (*name)"),
            ("a: 1\n---\nb: 2", "a second document"),
            (f"a: {'[' * 60}{']' * 60}", "nested too deep"),
            ("a\0b", "is not YAML"),
            ("name: " + "x" * MOST_BYTES, "too large"),
            (SOUND + "counts: [confirmed]", "a level that the definition does not have"),
            ("name: x\nlevels: {suspect: {term: nodule, from: 3}}", "from and to do not go with term"),
            (
                "name: x\nlevels: {suspect: {finding: fever, is: true, from: 3}}",
                "is does not go with from and to",
            ),
            ("name: x\nlevels: {suspect: {at_least: 2, of: [{term: nodule}]}}", "more than there are"),
            ("name: x\nlevels: {suspect: {}}", "a condition without its kind"),
            (
                "name: x\nlevels: {suspect: {exposure: compound, value: moondust}}",
                "no compound of this name is known",
            ),
            ("name: x\nlevels: {suspect: {term: !!python/object/apply:os.system [ls]}}", "is not YAML"),
        ],
    )
    def test_each_kind(self, text, what):
        assert what in {fault.what for fault in faults(text)}


class TestTemplate:
    @pytest.mark.parametrize(
        "wanted",
        [
            Wanted(),
            Wanted(
                terms=("nódulo",),
                clinics=('A "quoted": clinic',),
                lots=("#7: x", "- y"),
                sessions_from="2026-01",
            ),
            Wanted(sessions_to="2026-03-31", onset_to_day=None, name="Ulcus\nafter"),
        ],
    )
    def test_is_valid_whatever_was_asked(self, wanted):
        text = definition_template(wanted)
        assert jsonschema_rs.is_valid(schema(), yaml.safe_load(text))
        definition = definition_from(read(text).document)
        assert definition.name == wanted.name
        assert definition.place.get("clinic", ()) == wanted.clinics
        assert tuple(definition.levels) == ("confirmed", "probable", "suspect")

    def test_the_schema_is_a_schema(self):
        assert jsonschema_rs.meta.is_valid(schema())
