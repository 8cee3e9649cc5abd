"""Structured findings: names in any form, values of any kind, measurements that cannot be."""

import pytest

from untoward.exchange.cases.signs import merged, signs_from_findings, stronger
from untoward.model.answer import Answer
from untoward.model.case import Sign
from untoward.tasks.knowledge import case_names, evidence

TERMS = evidence().terms
CODER = case_names().text_reader().coder


def read(findings):
    return signs_from_findings(findings, TERMS)


def sign(name, value):
    signs, unrecognised = read({name: value})
    assert unrecognised == []
    (found,) = signs.values()
    return found


class TestNames:
    @pytest.mark.parametrize(
        "name", ["nodule", "Nodules", "LUMP", "lumps", "bumps", "nódulo", "NODULOS", "bultos"]
    )
    def test_any_language_case_or_number(self, name):
        assert sign(name, True).term == "nodule"

    def test_what_is_not_known_is_kept(self):
        signs, unrecognised = read({"glimmering": True, "fever": False})
        assert unrecognised == ["glimmering"]
        assert set(signs) == {"fever"}

    def test_null_says_nothing(self):
        assert read({"fever": None, "glimmering": None}) == ({}, [])

    def test_a_denied_synonym_does_not_hide_a_stated_one(self):
        for findings in ({"lump": True, "nodule": False}, {"nodule": False, "lump": True}):
            assert read(findings)[0]["nodule"].answer is Answer.YES

    def test_of_two_synonyms_the_worse_attributes_stand_whichever_comes_first(self):
        one, other = {"size_cm": 2, "growing": True}, {"size_cm": 5, "growing": False}
        for findings in ({"lump": one, "nodule": other}, {"nodule": other, "lump": one}):
            assert read(findings)[0]["nodule"].attributes == {"size_cm": 5, "spreading": True}


class TestValues:
    @pytest.mark.parametrize(
        "value", [True, 1, 3, "yes", "sí", "Present", "severe", {}, {"size_cm": 2}, {"present": True}]
    )
    def test_yes(self, value):
        assert sign("swelling", value).answer is Answer.YES

    @pytest.mark.parametrize(
        "value",
        [False, 0, 0.0, "no", "NO", "none", "absent", {"present": False}, {"present": "no"}, {"count": 0}],
    )
    def test_no(self, value):
        assert sign("swelling", value).answer is Answer.NO

    @pytest.mark.parametrize("value", ["unknown", "?", "", "n/a", "not asked"])
    def test_unknown(self, value):
        assert sign("swelling", value).answer is Answer.UNKNOWN

    @pytest.mark.parametrize(
        ("given", "read_as"),
        [
            ({"diameter": "5,1 cm"}, {"size_cm": 5.1}),
            ({"size_mm": 51}, {"size_cm": 5.1}),
            ({"size": "51 mm"}, {"size_cm": 5.1}),
            ({"getting bigger": "yes"}, {"spreading": True}),
            ({"Growing": False}, {"spreading": False}),
            ({"empeora": True}, {"worse": True}),
            ({"tender": "no"}, {"painful": False}),
            ({"how many": "3"}, {"count": 3.0}),
            ({"colour": "dusky"}, {"colour": "dusky"}),
            ({"made up": 4}, {"made_up": 4.0}),
            ({"size_cm": None, "spreading": "perhaps"}, {}),
        ],
    )
    def test_attributes(self, given, read_as):
        assert sign("swelling", given).attributes == read_as

    @pytest.mark.parametrize(
        "value",
        [
            {"recovered": True},
            {"resolved": "yes"},
            {"recovered_after_minutes": 2},
            {"duration_min": 2},
            {"outcome": "recovered"},
        ],
    )
    def test_a_faint_that_is_over(self, value):
        assert sign("faint", value).attributes["recovered"] is True

    def test_recovered_beside_a_faint(self):
        assert read({"faint": True, "recovered": True})[0]["faint"].attributes == {"recovered": True}
        assert read({"faint": True, "recovered": False})[0]["faint"].attributes == {"recovered": False}

    @pytest.mark.parametrize(
        ("value", "read_as"),
        [
            ("mild", {"severity": "mild"}),
            ("severe", {"severity": "severe"}),
            ("leve", {"severity": "mild"}),
            ("purulent", {"said": "purulent"}),
            ("hasta el tobillo", {"said": "hasta el tobillo"}),
        ],
    )
    def test_a_text_is_a_degree_or_kept_as_said(self, value, read_as):
        assert sign("swelling", value).attributes == read_as


class TestFreeNames:
    """Names that are no name of a term are read as free text."""

    def read(self, findings):
        signs, unrecognised = signs_from_findings(findings, TERMS, CODER)
        return {term: found.answer for term, found in signs.items()}, unrecognised

    @pytest.mark.parametrize(
        ("name", "term"),
        [
            ("white blanching of the nose", "pallor"),
            ("very severe pain in the leg", "pain"),
            ("dolor muy intenso en la pierna", "pain"),
            ("lábios muito inchados", "lip-swelling"),
            ("visage très gonflé", "angioedema"),
            ("hinchason", "swelling"),
        ],
    )
    def test_terms_in_a_name_become_signs(self, name, term):
        answers, unrecognised = self.read({name: True})
        assert answers[term] is Answer.YES
        assert unrecognised == []

    def test_what_names_nothing_is_kept(self):
        assert self.read({"glimmering of the toes": True}) == ({}, ["glimmering of the toes"])

    def test_a_false_value_denies_only_a_single_term(self):
        assert self.read({"swelling of the left thigh": False})[0] == {"swelling": Answer.NO}
        assert set(self.read({"redness with pus": False})[0].values()) == {Answer.UNKNOWN}

    def test_a_name_that_denies(self):
        assert self.read({"no fever at all": True})[0] == {"fever": Answer.NO}
        assert self.read({"no fever at all": False})[0] == {"fever": Answer.UNKNOWN}

    def test_attributes_of_the_value_are_kept(self):
        signs, _unrecognised = signs_from_findings({"hard lump under the skin": {"size_cm": 3}}, TERMS, CODER)
        assert any(found.attributes.get("size_cm") == 3 for found in signs.values())

    def test_a_measurement_that_cannot_be_is_not_read_as_words(self):
        assert self.read({"heart_rate": -5}) == ({}, ["heart_rate: -5"])


class TestMeasurements:
    @pytest.mark.parametrize(
        ("name", "value", "term", "number"),
        [
            ("temperature_c", 38.6, "temperature", 38.6),
            ("temperature_c", "38,6 °C", "temperature", 38.6),
            ("temperature_c", 101.5, "temperature", 38.61),
            ("fiebre medida", None, None, None),
            ("heart_rate", "112 bpm", "heart-rate", 112),
            ("systolic_bp", "90/60", "systolic-bp", 90),
            ("BP", "120/80", "systolic-bp", 120),
            ("spo2_percent", "86%", "spo2", 86),
            ("respiratory_rate", {"value": 24}, "respiratory-rate", 24),
        ],
    )
    def test_numbers(self, name, value, term, number):
        signs, unrecognised = read({name: value})
        assert unrecognised == []
        assert {key: found.number("value") for key, found in signs.items()} == (
            {term: number} if term else {}
        )

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("temperature_c", 386),
            ("heart_rate", -5),
            ("spo2_percent", 860),
            ("spo2_percent", 0.97),
            ("heart_rate", True),
            ("avpu", "fine?"),
        ],
    )
    def test_what_no_person_can_have_is_unrecognised_and_unknown(self, name, value):
        assert read({name: value}) == ({}, [f"{name}: {value}"])

    @pytest.mark.parametrize(
        ("value", "level"),
        [
            ("A", "alert"),
            ("Alert", "alert"),
            ("v", "voice"),
            ("P", "pain"),
            ("U", "unresponsive"),
            ("confuso", "confusion"),
        ],
    )
    def test_consciousness(self, value, level):
        assert sign("avpu", value).attributes == {"level": level}

    @pytest.mark.parametrize(
        ("value", "answer"),
        [(True, Answer.YES), ("2 l", None), (0, Answer.NO), (40, Answer.YES), ("air", Answer.NO)],
    )
    def test_oxygen(self, value, answer):
        signs, _unrecognised = read({"on_oxygen": value})
        assert (signs["oxygen"].answer if signs else None) is answer


class TestMerging:
    YES, NO, UNKNOWN = (
        Sign(term="fever", answer=answer) for answer in (Answer.YES, Answer.NO, Answer.UNKNOWN)
    )

    @pytest.mark.parametrize(
        ("read_out", "entered", "stands"),
        [
            (YES, NO, Answer.YES),
            (NO, YES, Answer.YES),
            (NO, UNKNOWN, Answer.NO),
            (YES, UNKNOWN, Answer.YES),
            (UNKNOWN, NO, Answer.NO),
        ],
    )
    def test_a_text_that_states_is_not_hidden_by_a_denial(self, read_out, entered, stands):
        assert merged({"fever": read_out}, {"fever": entered})["fever"].answer is stands

    def test_what_was_entered_outweighs_what_was_read(self):
        read_out = Sign(term="nodule", answer=Answer.YES, attributes={"spreading": True, "uncertain": True})
        entered = Sign(term="nodule", answer=Answer.YES, attributes={"spreading": False})
        assert merged({"nodule": read_out}, {"nodule": entered})["nodule"].attributes["spreading"] is False

    @pytest.mark.parametrize("one", [YES, NO, UNKNOWN])
    @pytest.mark.parametrize("other", [YES, NO, UNKNOWN])
    def test_joining_does_not_depend_on_the_order(self, one, other):
        assert stronger(one, other) == stronger(other, one)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"course": "spreading"}, {"spreading": True}),
        ({"course": "slowly improving"}, {"better": True}),
        ({"size": "fist"}, {"size_cm": 8.0}),
        ({"duration": "2 weeks"}, {"duration_days": 14.0}),
        ({"description": "intense"}, {"severity": "severe"}),
        ({"evolución": "va mejorando"}, {"better": True}),
    ],
)
def test_what_an_attribute_says_in_words_is_read(attributes, expected):
    from untoward.exchange.cases.attributes import attributes_of

    assert expected.items() <= attributes_of(attributes).items()


@pytest.mark.parametrize(
    ("name", "value", "term", "attributes"),
    [
        ("fever", 39.2, "temperature", {"value": 39.2}),
        ("fever", 102, "temperature", {"value": 38.89}),
        ("pain", 8, "pain", {"value": 8.0}),
        ("nodules", 3, "nodule", {"count": 3.0}),
        ("severe pain", True, "pain", {"severity": "severe"}),
        ("worsening redness", True, "redness", {"worse": True}),
        ("severe pain", {"severity": "mild"}, "pain", {"severity": "mild"}),
    ],
)
def test_numbers_and_names_say_what_a_nurse_means_by_them(name, value, term, attributes):
    names = case_names()
    signs, unrecognised = signs_from_findings({name: value}, names.terms, names.text_reader().coder)
    assert (unrecognised, list(signs)) == ([], [term])
    assert attributes.items() <= signs[term].attributes.items()


def test_a_severe_pain_that_is_denied_has_no_degree():
    names = case_names()
    signs, _unrecognised = signs_from_findings({"severe pain": False}, names.terms, names.text_reader().coder)
    assert signs["pain"].attributes == {}
