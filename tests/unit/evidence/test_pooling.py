"""Which counts are put together, and which never are."""

import pytest

from untoward.evidence.load import load_evidence
from untoward.evidence.pooling import poolable, pooled_incidences
from untoward.evidence.records import CaseReport, Incidence


@pytest.fixture
def base_with(sound, write, record):
    """A base whose only counts are those given, each of its own population unless one is named."""

    def make(*counts, source_type="trial"):
        sound["sources"][0]["type"] = source_type
        sound["records"] = [
            record(f"r{number}", **{"kind": "incidence", "compound": "alpha", "term": "bruise", "of": 20 * (number + 1),
                                    "per": "person", "arm": "active", "population": f"town {number}", **fields})
            for number, fields in enumerate(counts)
        ]  # fmt: skip
        return load_evidence(write(sound))

    return make


def pooled(base):
    return pooled_incidences(base, "alpha", "bruise")


class TestTogether:
    def test_two_populations_of_one_kind(self, base_with):
        (found,) = pooled(base_with({"n": 5}, {"n": 12}))
        assert (found.per, found.arm, found.populations) == ("person", "active", 2)
        assert found.evidence == ("r0", "r1")
        assert found.low < found.share < found.high
        assert found.agree

    def test_those_that_disagree_say_so(self, base_with):
        (found,) = pooled(base_with({"n": 0, "of": 500}, {"n": 90, "of": 100}))
        assert found.i2 > 0.75
        assert not found.agree


class TestApart:
    def test_arms(self, base_with):
        assert pooled(base_with({"n": 5}, {"n": 12, "arm": "placebo"})) == ()
        assert pooled(base_with({"n": 5}, {"n": 12, "arm": "uncontrolled"})) == ()

    @pytest.mark.parametrize("unit", ["session", "injection", "lesion"])
    def test_units(self, base_with, unit):
        assert pooled(base_with({"n": 5}, {"n": 12, "per": unit})) == ()

    def test_reviews_count_the_same_people_again(self, base_with):
        assert pooled(base_with({"n": 5}, {"n": 12}, source_type="review")) == ()

    def test_the_same_people_are_counted_once(self, base_with):
        assert pooled(base_with({"n": 5}, {"n": 12, "of": 20, "population": "town 0"})) == ()

    def test_one_population_is_not_pooled(self, base_with):
        assert pooled(base_with({"n": 5})) == ()

    def test_other_reactions_and_compounds(self, base_with):
        assert pooled(base_with({"n": 5}, {"n": 12, "term": "lump"})) == ()
        assert pooled(base_with({"n": 5}, {"n": 12, "compound": "beta"})) == ()


class TestShipped:
    BASE = load_evidence()

    def test_no_group_mixes_anything(self):
        for compound, term in {(r.compound, r.term) for r in self.BASE.of_class(Incidence)}:
            for found in pooled_incidences(self.BASE, compound, term):
                records = [self.BASE.records[key] for key in found.evidence]
                assert all(isinstance(record, Incidence) for record in records)
                assert {(r.compound, r.term, r.per, r.arm or "not stated") for r in records} == {
                    (compound, term, found.per, found.arm)
                }
                assert len({(r.source, r.population) for r in records}) == len(records) == found.populations

    def test_single_cases_take_no_part(self):
        cases = {record.key for record in self.BASE.of_class(CaseReport)}
        groups = poolable(self.BASE, self.BASE.of_class(Incidence))
        assert not cases & {record.key for group in groups.values() for record in group}
