"""The evidence that comes with the package: sound, complete for the first set, and honest about itself."""

from collections import Counter

import pytest

from untoward.evidence.check import read_checked
from untoward.evidence.load import data_folder, evidence_files, load_evidence
from untoward.evidence.records import Claim, Incidence, Parameter, Timing, subjects_of
from untoward.model.names import fold
from untoward.model.terms import TermKind
from untoward.model.time import PartialDate

FIRST_SET = (
    "deoxycholic-acid", "phosphatidylcholine", "phosphatidylcholine-deoxycholate", "lidocaine", "procaine", "hyaluronidase",
    "l-carnitine", "vitamin-c", "hyaluronic-acid", "arnica",
)  # fmt: skip

BASE = load_evidence()

each_record = pytest.mark.parametrize("key", list(BASE.records))


def test_it_is_read_without_a_fault():
    _content, faults = read_checked(data_folder(), evidence_files(data_folder()))
    assert [str(fault) for fault in faults] == []


@pytest.mark.parametrize("key", FIRST_SET)
def test_each_compound_of_the_first_set_has_records(key):
    assert BASE.about(key)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("lecithin", "phosphatidylcholine"),
        ("Lecitina", "phosphatidylcholine"),
        ("Kybella", "deoxycholic-acid"),
        ("ácido desoxicólico", "deoxycholic-acid"),
        ("PC/DC", "phosphatidylcholine-deoxycholate"),
        ("xylocaine", "lidocaine"),
        ("carnitina", "l-carnitine"),
        ("ascorbic acid", "vitamin-c"),
    ],
)
def test_compounds_are_known_by_the_names_in_use(name, key):
    assert BASE.compound(name).key == key


def test_the_mixture_is_made_of_its_parts():
    assert set(BASE.compounds["phosphatidylcholine-deoxycholate"].parts) == {
        "phosphatidylcholine",
        "deoxycholic-acid",
    }


@each_record
def test_each_record_was_checked_on_a_day(key):
    record = BASE.records[key]
    date = PartialDate.parse(record.checked)
    assert date.year >= 2025
    assert record.grade in ("A", "B", "C")
    assert record.statement.rstrip()[-1] in ".?!)\"'%”"


@each_record
def test_what_was_seen_in_the_source_was_read_there(key):
    """A figure quoted by somebody else was not seen by us, and no figure is verified in a source nobody could open."""
    record = BASE.records[key]
    if record.read == "secondary":
        assert not record.verified
    if record.verified:
        assert BASE.source_of(record).opened is not None


def test_every_source_is_used():
    used = {record.source for record in BASE.records.values()}
    notes = " ".join(record.note or "" for record in BASE.records.values())
    assert sorted(key for key in BASE.sources if key not in used and key not in notes) == []


def test_every_compound_has_a_record():
    named = {key for record in BASE.records.values() for key in subjects_of(record)}
    assert sorted(set(BASE.compounds) - named) == []


def test_an_assumption_is_never_called_proven():
    for record in BASE.of_class(Parameter):
        if record.assumption:
            assert (record.grade, record.verified) == ("C", False), record.key


IN_THE_SYRINGE = ("incompatibility", "compatibility", "ph")


def test_grade_a_never_rests_on_a_single_case_a_survey_or_a_guess():
    """A laboratory study is the best there is for what happens in a syringe, and for nothing else."""
    best = [
        record
        for record in BASE.records.values()
        if record.grade == "A" and record.kind not in IN_THE_SYRINGE
    ]
    kinds = {BASE.source_of(record).type for record in best}
    assert not kinds & {"case-report", "survey", "assumption", "laboratory"}


def test_no_rate_comes_from_a_single_person():
    assert [record.key for record in BASE.of_class(Incidence) if record.of < 2] == []


def test_arnica_is_not_called_proven():
    states = {claim.state for claim in BASE.of_class(Claim) if claim.compound == "arnica"}
    assert states
    assert "proven" not in states


@pytest.mark.parametrize("record", BASE.of_class(Timing), ids=lambda record: record.key)
def test_times_are_of_reactions(record):
    assert BASE.terms[record.term].kind in (TermKind.REACTION, TermKind.SIGN)
    assert (
        any(value is not None for value in (record.median, record.mean, record.low, record.high))
        or record.resolved
    )


class TestTerms:
    def test_there_are_enough_and_each_has_english_and_spanish(self):
        reactions = [
            term for term in BASE.terms.terms.values() if term.kind in (TermKind.REACTION, TermKind.SIGN)
        ]
        assert len(reactions) >= 120
        for term in BASE.terms.terms.values():
            assert {"en", "es"} <= set(term.name), term.id

    def test_every_name_finds_its_own_term(self):
        lost = {
            name: term.id
            for term in BASE.terms.terms.values()
            for name in term.every_name()
            if BASE.terms.resolve(name) != term
        }
        assert lost == {}

    @pytest.mark.parametrize("text", ["lump", "Lumps", "nódulo", "nodulos", "BUMPS", "bump"])
    def test_a_lump_by_any_name(self, text):
        assert BASE.terms.resolve(text).id == "nodule"

    @pytest.mark.parametrize(
        ("text", "term"),
        [
            ("swelling", "swelling"),
            ("hinchazón", "swelling"),
            ("fiebre", "fever"),
            ("Bruises", "bruise"),
            ("moretones", "bruise"),
            ("pus", "pus"),
        ],
    )
    def test_common_words(self, text, term):
        assert BASE.terms.resolve(text).id == term

    def test_what_is_in_no_list_is_not_guessed(self):
        assert BASE.terms.resolve("purple elephants") is None
        assert BASE.terms.resolve("") is None
        assert "nodule" in BASE.terms

    def test_no_two_terms_have_one_pt_name(self):
        names = Counter(fold(term.pt) for term in BASE.terms.terms.values() if term.pt)
        assert [name for name, times in names.items() if times > 1] == []
