"""Bad input: every fault at once, with its place, and nothing assessed."""

import json

import pytest

from untoward.errors import InputError
from untoward.exchange.cases import read_cases
from untoward.tasks.knowledge import case_names

GOOD = {"observations": [{"day": 2, "findings": {"bruise": True}}]}


def read(text):
    return read_cases(text, case_names(), file="cases.json")


def faults(text):
    with pytest.raises(InputError) as caught:
        read(text if isinstance(text, str) else json.dumps(text))
    return caught.value.faults


def only(text):
    (fault,) = faults(text)
    return fault


def with_component(**component):
    return {**GOOD, "sessions": [{"components": [{"compound": "lidocaine", **component}]}]}


class TestForms:
    def test_one_case(self):
        assert [case.id for case in read(json.dumps(GOOD))] == ["case-1"]

    def test_a_list_of_cases(self):
        assert [case.id for case in read(json.dumps([GOOD, {**GOOD, "id": "b"}]))] == ["case-1", "b"]

    def test_json_lines_keep_their_order_and_line_numbers(self):
        text = f"{json.dumps(GOOD)}\n\n{json.dumps({**GOOD, 'id': 7})}\n{json.dumps(GOOD)}\n"
        assert [case.id for case in read(text)] == ["line-1", "7", "line-4"]

    def test_a_case_over_several_lines(self):
        assert len(read(json.dumps(GOOD, indent=2))) == 1

    def test_a_byte_order_mark_and_windows_line_ends(self):
        line = json.dumps(GOOD)
        assert len(read(f"\ufeff{line}\r\n{line}\r\n")) == 2


class TestNotJson:
    @pytest.mark.parametrize("text", ["", "  \n ", "\ufeff"])
    def test_nothing(self, text):
        assert only(text).what == "empty"

    def test_an_empty_list(self):
        assert only("[]").what == "no case"

    def test_a_broken_case_over_several_lines_is_one_fault_at_its_line(self):
        fault = only('{\n "observations": [\n  {"day": 2,, }\n ]\n}')
        assert fault.what == "not JSON"
        assert fault.where.startswith("line 3, column ")

    def test_a_broken_line_among_good_ones(self):
        line = json.dumps(GOOD)
        fault = only(f"{line}\n{{'observations': []}}\n{line}")
        assert fault.where.startswith("line 2")

    @pytest.mark.parametrize("text", ["bruise on day 2", "<case/>", "{", '"', "[" * 100_000, "1" * 5000])
    def test_anything_else(self, text):
        assert only(text).what in ("not JSON", "nested too deeply")

    def test_every_line_is_reported(self):
        text = '{"observations": [{"day": -1}]}\n{"observations": []}\n{"observation": [1]}\n{bad}'
        assert [fault.where.split(",")[0] for fault in faults(text)] == [
            "line 4",
            "line 1",
            "line 2",
            "line 3",
            "line 3",
        ]


class TestValues:
    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
    def test_numbers_that_are_none(self, number):
        fault = only(f'{{"observations": [{{"day": 1, "findings": {{"fever": {number}}}}}]}}')
        assert (fault.what, fault.field) == ("not a number that can be used", "observations.0.findings.fever")

    def test_a_key_that_stands_twice(self):
        fault = only('{"observations": [{"findings": {"fever": true, "fever": false}}]}')
        assert (fault.what, fault.field) == ("a key stands twice in one object", "fever")

    def test_half_a_character(self):
        assert only('{"observations": [{"text": "\\ud800"}]}').what == "a text holds half a character"
        assert (
            only('{"observations": [{"findings": {"\\udfff": true}}]}').what
            == "a text holds half a character"
        )

    def test_nesting_without_end(self):
        deep = json.dumps(GOOD)[:-1] + ', "patient": ' + '{"a":' * 40 + "1" + "}" * 40 + "}"
        assert any(fault.what == "nested too deeply" for fault in faults(deep))


class TestSchema:
    def test_an_unknown_field_with_a_suggestion(self):
        fault = only({**GOOD, "sesions": []})
        assert (fault.what, fault.field) == ("unknown field", "sesions")
        assert "sessions" in fault.hint

    def test_an_unknown_field_deep_inside(self):
        fault = only(with_component(ammount=3))
        assert (fault.field, fault.hint) == ("sessions.0.components.0.ammount", "Did you mean 'amount'?")

    def test_no_observations(self):
        assert only({"id": "x"}).field == "observations"

    def test_a_negative_amount(self):
        fault = only(with_component(amount=-40, unit="mg"))
        assert (fault.field, fault.got, fault.expected) == (
            "sessions.0.components.0.amount",
            "-40",
            "at least 0",
        )

    def test_a_negative_day(self):
        assert only({"observations": [{"day": -1}]}).expected == "at least 0"

    def test_a_finding_that_is_a_list(self):
        fault = only({"observations": [{"findings": {"fever": [1, 2]}}]})
        assert (fault.what, fault.field) == ("not a finding", "observations.0.findings.fever")

    @pytest.mark.parametrize("document", [3, "bruise", None, True, [[]], [3]])
    def test_something_that_is_no_case(self, document):
        assert faults(document)

    def test_an_unknown_unit(self):
        fault = only(with_component(amount=40, unit="spoons"))
        assert (fault.what, fault.got) == ("unknown unit", "spoons")
        assert "mg" in fault.expected

    def test_an_amount_without_a_unit(self):
        assert only(with_component(amount=40)).what == "an amount without a unit"

    def test_a_date_that_is_none(self):
        fault = only({**GOOD, "sessions": [{"date": "400/13/2026"}]})
        assert (fault.what, fault.field) == ("not a date", "sessions.0.date")

    def test_all_faults_of_one_case_at_once(self):
        document = {
            "patient": {"age": -3, "weight": 4},
            "sessions": [{"licensed": "yes"}],
            "observations": [{"day": "4"}],
        }
        assert {fault.field for fault in faults(document)} == {
            "patient.age", "patient.weight", "sessions.0.licensed", "observations.0.day",
        }  # fmt: skip

    def test_units_and_dates_of_all_cases_at_once(self):
        bad = {
            **with_component(amount=1, unit="x"),
            "sessions": [{"date": "x", "components": [{"compound": "a", "amount": 1}]}],
        }
        assert len(faults([bad, with_component(amount=1, unit="y")])) == 3

    def test_units_and_dates_beside_faults_of_the_schema(self):
        document = {
            "observations": [{"day": -1}],
            "sessions": [{"date": "x", "components": [3, {"compound": 1, "unit": "x"}]}],
        }
        assert {fault.field for fault in faults(document)} == {
            "observations.0.day", "sessions.0.date", "sessions.0.components.0", "sessions.0.components.1.compound",
            "sessions.0.components.1.unit",
        }  # fmt: skip

    def test_a_long_value_is_shortened(self):
        fault = only({"observations": [{"day": "x" * 10_000}]})
        assert len(fault.got) < 100

    def test_null_means_unknown_everywhere(self):
        document = {
            "id": None, "patient": None, "sessions": None,
            "observations": [{"day": None, "text": None, "findings": {"fever": None}}],
        }  # fmt: skip
        (case,) = read(json.dumps(document))
        assert case.observations[0].signs == {}
