"""Every schema is a valid JSON Schema, and what the commands really print satisfies it."""

from dataclasses import fields, is_dataclass
from typing import Union, get_args, get_origin, get_type_hints

import jsonschema_rs
import pytest

from untoward.model.finding import Assessment
from untoward.model.review import Review
from untoward.tasks.schemas import schema_names, schema_of
from untoward.watch.outbreak import OutbreakExposure, OutbreakResult


def faults(name, document):
    errors = jsonschema_rs.validator_for(schema_of(name)).iter_errors(document)
    return [f"{'.'.join(map(str, error.instance_path))}: {error.message}" for error in errors]


@pytest.mark.parametrize("name", schema_names())
class TestEverySchema:
    def test_it_is_printed_and_valid(self, untoward, name):
        ran = untoward("schema", name)
        assert ran.code == 0
        jsonschema_rs.meta.validate(ran.document)
        assert ran.document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert ran.document["title"]

    def test_every_reference_leads_somewhere(self, name):
        document = schema_of(name)
        used = set(references(document))
        assert used <= {f"#/$defs/{definition}" for definition in document.get("$defs", {})}

    def test_a_field_nobody_declared_is_refused(self, name):
        """Otherwise a misspelt field would be overlooked."""
        if name == "evidence-record":
            return  # the kind decides; tests of the evidence loader cover each
        assert any("unheard-of" in fault for fault in faults(name, {"unheard-of": 1}))


def references(schema):
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def test_without_a_name_all_are_listed(untoward):
    assert untoward("schema").out.split() == list(schema_names())


class TestRealOutput:
    @pytest.mark.parametrize("example", ["balearic-2009", "lima-2004", "oswego-1940"])
    def test_reviews_and_outbreaks_of_line_lists(self, untoward, examples, example):
        assert faults("review", untoward("review", examples / example, "--json").document) == []
        assert faults("outbreak", untoward("outbreak", examples / example, "--json").document) == []

    def test_review_of_a_registry(self, untoward, registry):
        document = untoward("review", registry, "--json").document
        assert document["courses"]
        assert document["outcomes"]
        assert faults("review", document) == []

    def test_review_of_a_registry_with_gaps_and_unknown_names(self, untoward, tables):
        folder = tables(
            sessions="session_id,patient_id,date\nS1,P1,2026\nS2,P2,2026-03-20\n",
            components="session_id,compound\nS1,moon dust\n",
            reactions="reaction_id,session_id,term\nR1,S1,flurble\nR2,S2,abscess\n",
            observations=None,
        )
        document = untoward("review", folder, "--json", "--keep-good-rows").document
        assert document["unrecognised"]
        assert faults("review", document) == []

    def test_cases_and_their_assessments(self, untoward, examples):
        for file in sorted((examples / "case-files").glob("*.json")):
            document = untoward("assess", file, "--json").document
            assert faults("assessment", document) == [], file.name


# Where the definition goes by another name than the class.
DEFINITIONS = {
    "CaseLine": "case", "CourseSummary": "course-summary", "OutcomeScreen": "outcome", "ExposureResult": "exposure-result",
    "EpiCurve": "epi-curve", "EpiCurveBin": "bin", "MissingData": "missing", "ColumnTaken": "column", "RowLedger": "ledger",
    "EvidenceUsed": "evidence", "PublishedExample": "example", "PublishedFigure": "figure", "TwoByTwo": "table",
    "CourseStanding": "course-standing",
}  # fmt: skip


class TestReviewSchema:
    """The schema lists each field of the model once, and no other."""

    def test_every_field_of_the_model_is_described_and_no_other(self):
        document = schema_of("review")
        assert set(document["properties"]) == {"schema", "schema_version", *names_of(Review)}
        for value in values_within(Review) - {Review}:
            if value.__module__ == "untoward.model.clusters":
                continue  # as `untoward clusters` prints them, held against real answers
            name = DEFINITIONS.get(value.__name__, value.__name__.lower())
            if name in ("cannottell", "coded"):
                continue  # written in place
            assert set(document["$defs"][name]["properties"]) == names_of(value), value.__name__

    def test_the_words_of_the_schema_are_those_of_the_model(self):
        from untoward.model.finding import CourseState, Disposition

        definitions = schema_of("review")["$defs"]
        assert definitions["disposition"]["enum"] == [item.value for item in Disposition]
        assert definitions["course-state"]["enum"] == [item.value for item in CourseState]


class TestOutbreakSchema:
    def test_every_field_is_described_and_no_other(self):
        document = schema_of("outbreak")
        assert set(document["properties"]) == names_of(OutbreakResult)
        intervals = {"attack_rate_exposed_interval", "attack_rate_unexposed_interval"}
        assert set(document["$defs"]["exposure"]["properties"]) == names_of(OutbreakExposure) | intervals


def names_of(value):
    """What a value is made of; what is worked out later is no part of it, but the questions are printed."""
    worked_out = {"questions"} if value is Assessment else set()
    return {field.name for field in fields(value) if field.compare} | worked_out


def values_within(value):
    """Every dataclass that a dataclass holds, at any depth, and itself."""
    found, waiting = set(), [value]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        for hint in get_type_hints(current).values():
            waiting += [inner for inner in flat(hint) if is_dataclass(inner)]
    return found


def flat(hint):
    if get_origin(hint) is None and not get_args(hint):
        yield hint
    for inner in get_args(hint):
        if inner is not Union:
            yield from flat(inner)
