"""Typed look-ups over a base, records from data, thresholds and citations."""

from typing import get_type_hints

import pytest

from untoward.evidence.load import load_evidence
from untoward.evidence.records import (
    CLASS_OF_KIND,
    Incidence,
    Source,
    Threshold,
    Timing,
    record_from,
    subjects_of,
)


@pytest.fixture
def base(sound, write, record):
    sound["records"] += [
        record("mix-bruise", "incidence", compound="alpha-beta", term="bruise", n=1, of=4, per="session"),
        record("alpha-onset", "onset", compound="alpha", term="bruise", n=10, unit="hour", median=6,
               low=1, high=48, interval="range"),
        record("pair", "incompatibility", compounds=["alpha", "beta"], outcome="cloudy", severity="high"),
        record("care", "aftercare", measure="rest", remedy="beta", state="unproven", because="no trial"),
        record("fever", "criterion", standard="S", edition="1", confidence="P",
               thresholds=[{"name": "temperature", "operator": ">=", "value": 38, "unit": "celsius"},
                           {"name": "within", "operator": "<=", "value": 36, "unit": "hour"}]),
        record("visits", "parameter", name="visits", value=3.2, unit="proportion", assumption=True),
        record("hygiene", "practice", topic="asepsis"),
    ]  # fmt: skip
    return load_evidence(write(sound))


def keys(records):
    return [record.key for record in records]


def test_by_compound(base):
    assert keys(base.about("alpha")) == [
        "alpha-bruise",
        "alpha-bruise-days",
        "alpha-allowed",
        "alpha-onset",
        "pair",
    ]
    assert keys(base.about("beta")) == ["pair", "care"]
    assert base.about("gamma") == ()


def test_by_compound_and_term(base):
    assert keys(base.incidences("alpha", "bruise")) == ["alpha-bruise"]
    assert keys(base.durations("alpha", "bruise")) == ["alpha-bruise-days"]
    assert keys(base.onsets("alpha", "bruise")) == ["alpha-onset"]
    assert base.durations("beta", "bruise") == base.incidences("alpha", "lump") == ()


def test_by_class_in_the_order_of_the_files(base):
    assert keys(base.of_class(Incidence)) == ["alpha-bruise", "mix-bruise"]
    assert keys(base.of_class(Timing)) == ["alpha-bruise-days", "alpha-onset"]


def test_parameters_by_name_and_sources_by_record(base):
    assert base.parameters()["visits"].value == 3.2
    assert base.source_of(base.records["pair"]).title == "A trial"


def test_compounds_by_any_name(base):
    assert base.compound("ALPHOL").key == "alpha"
    assert base.compound("gamma") is None


def test_criteria_and_their_thresholds(base):
    criterion = base.criterion("fever")
    assert [criterion.threshold("temperature").met_by(value) for value in (37.9, 38.0, 38.1)] == [
        False,
        True,
        True,
    ]
    assert criterion.threshold("within").days == 1.5
    assert str(criterion.threshold("temperature")) == "temperature >= 38 celsius"
    with pytest.raises(KeyError, match="fever has no threshold 'pulse'"):
        criterion.threshold("pulse")
    with pytest.raises(KeyError, match="pair is a incompatibility, not a criterion"):
        base.criterion("pair")
    with pytest.raises(KeyError):
        base.criterion("no such")


@pytest.mark.parametrize(
    ("operator", "met"),
    [
        (">=", [False, True, True]), (">", [False, False, True]), ("=", [False, True, False]),
        ("<=", [True, True, False]), ("<", [True, False, False]),
    ],
)  # fmt: skip
def test_each_operator_at_its_boundary(operator, met):
    threshold = Threshold(name="x", operator=operator, value=5)
    assert [threshold.met_by(value) for value in (4.999, 5, 5.001)] == met


def test_what_does_not_compare_says_so():
    with pytest.raises(ValueError, match="in: 'one of' does not compare numbers"):
        Threshold(name="in", operator="one of", value=3).met_by(3)
    with pytest.raises(ValueError, match="cannot be turned into day"):
        _ = Threshold(name="x", operator=">", value=3, unit="cm").days


def test_words_that_python_keeps_for_itself(record):
    claim = record_from(
        record("c", "claim", compound="alpha", claim="x", state="unproven", because="y", **{"for": "z"})
    )
    assert claim.for_ == "z"
    assert subjects_of(claim) == ("alpha",)


def test_every_kind_builds_a_frozen_record_of_its_own_class():
    for kind, made in CLASS_OF_KIND.items():
        assert made.__dataclass_params__.frozen, kind
        assert "key" in get_type_hints(made)


@pytest.mark.parametrize(
    ("fields", "citation", "link"),
    [
        ({"authors": "Smith A.", "publisher": "J Test"}, "Smith A. A trial. J Test. 2020.", None),
        (
            {"doi": "10.1/x", "pmid": "5", "url": "https://example.org"},
            "A trial. 2020. doi:10.1/x.",
            "https://doi.org/10.1/x",
        ),
        ({"pmid": "5", "url": "https://example.org"}, "A trial. 2020. PMID 5.", "https://example.org"),
        ({"year": None}, "A trial. no date.", None),
    ],
)
def test_citations(fields, citation, link):
    source = Source(
        **{"key": "s", "title": "A trial", "year": 2020, "type": "trial", "opened": None, **fields}
    )
    assert (source.citation, source.link) == (citation, link)
