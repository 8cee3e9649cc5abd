"""What is known of each compound, what is not, and what nothing uses."""

from untoward.evidence.coverage import (
    COMMON_REACTIONS,
    QUESTIONS,
    attached_to,
    coverage,
    owner_by_key,
    unanswered,
    unused_records,
)
from untoward.evidence.load import load_evidence
from untoward.evidence.records import CLASS_OF_KIND, Pair

BASE = load_evidence()


def test_questions_ask_for_kinds_that_exist():
    assert {kind for kinds in QUESTIONS.values() for kind in kinds} <= set(CLASS_OF_KIND)


def test_every_common_reaction_is_a_term():
    assert [term for term in COMMON_REACTIONS if term not in BASE.terms] == []


def test_what_is_not_answered(sound, write):
    base = load_evidence(write(sound))
    assert "how often a reaction follows" not in unanswered(base.about("alpha"))
    assert set(unanswered(base.about("beta"))) == set(QUESTIONS)


def test_counts_of_records(sound, write):
    sound["terms"][0] = {**sound["terms"][0], "id": "bruise"}
    known = coverage(load_evidence(write(sound)))["alpha"]["bruise"]
    assert (known.how_often, known.how_long, known.cases, known.nothing) == (1, 1, 0, False)
    assert coverage(load_evidence(write(sound)))["beta"]["bruise"].nothing


class TestAttached:
    def test_practice_goes_to_the_longest_key(self):
        assert (
            owner_by_key(BASE, "cross-linked-hyaluronic-acid-delayed-maude") == "cross-linked-hyaluronic-acid"
        )
        assert (
            owner_by_key(BASE, "phosphatidylcholine-deoxycholate-ulcer") == "phosphatidylcholine-deoxycholate"
        )
        assert owner_by_key(BASE, "practice-sterile-water-only") is None

    def test_nothing_is_lost_and_nothing_twice(self):
        for compound in BASE.compounds:
            keys = [record.key for record in attached_to(BASE, compound)]
            assert len(keys) == len(set(keys))
            assert keys[: len(BASE.about(compound))] == [record.key for record in BASE.about(compound)]

    def test_pairs_of_its_class(self):
        classes = {r.key for r in BASE.of_class(Pair) if "NSAID" in r.classes}
        assert classes
        assert classes <= {record.key for record in attached_to(BASE, "ketorolac")}


def test_unused_are_those_on_no_page(sound, write, record):
    sound["records"].append(record("general-rule", "practice", topic="needles"))
    base = load_evidence(write(sound))
    assert unused_records(base, ()) == ("general-rule",)
    assert unused_records(base, ("general-rule",)) == ()
