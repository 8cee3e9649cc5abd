"""What changed between two bases, and which answers hang on it."""

import copy

import pytest

from untoward.evidence.difference import FieldChange, difference
from untoward.evidence.load import load_evidence


@pytest.fixture
def compared(sound, write):
    """The difference between the sound base and a changed copy of it."""

    def compare(change):
        changed = copy.deepcopy(sound)
        change(changed)
        return difference(load_evidence(write(sound, "old")), load_evidence(write(changed, "new")))

    return compare


def test_nothing(compared):
    found = compared(lambda base: None)
    assert found.nothing
    assert (found.courses, found.rates, found.criteria, found.pairs) == ((), (), (), ())


def test_another_order_of_records_is_no_change(compared):
    assert compared(lambda base: base["records"].reverse()).nothing


def test_a_count_field_by_field(compared):
    found = compared(lambda base: base["records"][0].update(n=4))
    (change,) = found.changes
    assert (change.section, change.key, change.what) == ("records", "alpha-bruise", "changed")
    assert change.fields == (FieldChange(field="n", old=3, new=4),)
    (rate,) = found.rates
    assert (rate.compound, rate.term, rate.old, rate.new) == ("alpha", "bruise", ((3, 10),), ((4, 10),))


def test_a_duration_moves_the_band_of_the_compound_and_of_its_mixture(compared):
    found = compared(lambda base: base["records"][1].update(median=10))
    assert [(course.compound, course.term) for course in found.courses] == [
        ("alpha", "bruise"),
        ("alpha-beta", "bruise"),
    ]
    assert found.courses[0].old[1] == pytest.approx(7)
    assert found.courses[0].new[1] == pytest.approx(10)


def test_a_record_less_is_no_data(compared):
    found = compared(lambda base: base["records"].pop(1))
    assert [(change.key, change.what) for change in found.changes] == [("alpha-bruise-days", "removed")]
    assert found.courses[0].new is None


def test_a_mixture_that_is_none_any_more_loses_the_course_of_its_parts(compared):
    def change(base):
        del base["compounds"][2]["parts"]

    found = compared(change)
    assert [(course.compound, course.new) for course in found.courses] == [("alpha-beta", None)]


def test_pairs_and_sources_and_terms(compared, record):
    def change(base):
        base["records"].append(
            record(
                "alpha-with-beta",
                "incompatibility",
                compounds=["alpha", "beta"],
                outcome="clouds",
                severity="high",
            )
        )
        base["sources"][0]["title"] = "Another trial"
        base["terms"][1]["synonyms"]["en"].append("knot")

    found = compared(change)
    assert found.pairs == ("alpha-with-beta",)
    assert {(change.section, change.what) for change in found.changes} == {
        ("records", "added"), ("sources", "changed"), ("terms", "changed"),
    }  # fmt: skip


def test_there_and_back_are_mirror_images(sound, write):
    changed = copy.deepcopy(sound)
    changed["records"][1]["median"] = 10
    del changed["records"][2]
    old, new = load_evidence(write(sound, "old")), load_evidence(write(changed, "new"))
    there, back = difference(old, new), difference(new, old)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(c.key, turned[c.what]) for c in there.changes] == [(c.key, c.what) for c in back.changes]
    assert [(c.old, c.new) for c in there.courses] == [(c.new, c.old) for c in back.courses]
