"""Which explanation accounts best for cases and non-cases, and which fact would tell."""

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest

from untoward.model.clusters import FactKind
from untoward.model.tables import Registry
from untoward.watch.clusters.explain import explain
from untoward.watch.clusters.search import ClusterOptions, find_clusters, search_clusters
from untoward.watch.outcomes import registry_outcomes

START = datetime(2026, 1, 5, 9)
NOW = datetime(2026, 9, 1)
GROUPS = {"abscess": "infection"}
OPTIONS = ClusterOptions(replicates=199, stratify_by=())


def registry(*, vials, practitioners, ill, lots=None, clinics=None):
    """One session a day of one person each; lists run over the sessions, `ill` numbers the sessions that were followed."""
    many = len(vials)
    ids = [f"S{number}" for number in range(many)]
    sessions = pl.DataFrame(
        {
            "session_id": ids,
            "patient_id": [f"P{number}" for number in range(many)],
            "date_from": [START + timedelta(days=number % 120) for number in range(many)],
            "practitioner": practitioners,
            "clinic": clinics or ["North"] * many,
        }
    )
    components = pl.DataFrame(
        {
            "session_id": ids,
            "compound": ["lidocaine"] * many,
            "vial": pl.Series(vials, dtype=pl.String),
            "lot": pl.Series(lots or [None] * many, dtype=pl.String),
        }
    )
    reactions = pl.DataFrame(
        {
            "reaction_id": [f"R{number}" for number in ill],
            "session_id": [f"S{number}" for number in ill],
            "term_id": ["abscess"] * len(ill),
            "onset_day": [30.0] * len(ill),
        },
        schema_overrides={"onset_day": pl.Float64},
    )
    return Registry(
        sessions=sessions,
        components=components,
        reactions=reactions,
        observations=pl.DataFrame(schema={"reaction_id": pl.String}),
    )


def explained(tables):
    infection = [one for one in registry_outcomes(tables, GROUPS) if one.outcome.name == "infection"]
    return find_clusters(tables, infection, now=NOW, options=OPTIONS)


@pytest.fixture(scope="module")
def one_vial():
    """2,000 sessions, a vial of 20 of which 6 fell ill, all by a practitioner of 1,000; two cases elsewhere."""
    many = 2000
    vials = [f"V{number // 20}" for number in range(many)]
    people = ["busy" if number < 1000 else "other" for number in range(many)]
    return registry(vials=vials, practitioners=people, ill=[100, 102, 105, 108, 110, 115, 1500, 1900])


def test_the_vial_is_believed_before_its_busy_practitioner(one_vial):
    (explanation,) = explained(one_vial).explanations
    best = explanation.hypotheses[0]
    assert best.where[0].value == "V5"
    assert (best.cases_with, best.cases_without, best.persons_with) == (6, 2, 20)
    assert best.probability > 0.9
    assert all(one.where[0].value != "busy" for one in explanation.hypotheses[:1])


def test_probabilities_are_ordered_and_leave_room_for_chance(one_vial):
    (explanation,) = explained(one_vial).explanations
    chances = [one.probability for one in explanation.hypotheses]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) + explanation.nothing_in_common <= 1 + 1e-9


def test_what_is_left_of_the_vial_is_cultured(one_vial):
    (explanation,) = explained(one_vial).explanations
    culture = [fact for fact in explanation.facts if fact.kind is FactKind.CULTURE]
    assert culture[0].what == "what is left of vial V5"
    assert "35 of 51" in culture[0].assumption
    assert all(0 < fact.bits <= 1 for fact in explanation.facts)
    assert [fact.bits for fact in explanation.facts] == sorted(
        (fact.bits for fact in explanation.facts), reverse=True
    )


def test_a_record_that_cannot_part_two_says_so_and_an_unopened_pack_can():
    many = 1000
    vials = [f"V{number // 20}" for number in range(many)]
    lots = [f"L{number // 20}" for number in range(many)]
    tables = registry(
        vials=vials, lots=lots, practitioners=["one"] * many, ill=[100, 102, 105, 108, 110, 115]
    )
    (explanation,) = explained(tables).explanations
    assert {one.where[0].value for one in explanation.hypotheses[:2]} == {"V5", "L5"}
    assert "exactly the same sessions" in explanation.reading
    assert any(fact.what == "an unopened pack of lot L5, not from vial V5" for fact in explanation.facts)


def test_an_unrecorded_vial_counts_neither_way_and_is_looked_up():
    many = 1000
    vials = [None if number == 108 else f"V{number // 20}" for number in range(many)]
    people = [f"D{number // 40}" for number in range(many)]
    tables = registry(vials=vials, practitioners=people, ill=[100, 102, 105, 108, 110])
    (explanation,) = explained(tables).explanations
    vial = next(one for one in explanation.hypotheses if one.where[0].axis == "vial")
    assert (vial.cases_with, vial.cases_without, vial.cases_unknown) == (4, 0, 1)
    looked_up = [fact for fact in explanation.facts if fact.kind is FactKind.LOOK_UP]
    assert looked_up[0].what == "the vial of reaction R108 (session S108)"


def test_a_second_outbreak_is_explained_without_the_first():
    many = 3000
    vials = [f"V{number // 20}" for number in range(many)]
    people = [f"D{number // 300}" for number in range(many)]
    first, second = [100, 102, 105, 108, 110, 115, 117], [2000, 2003, 2006, 2009, 2012, 2018]
    answer = explained(registry(vials=vials, practitioners=people, ill=[*first, *second]))
    best = [one.hypotheses[0].where[0].value for one in answer.explanations]
    assert best == ["V5", "V100"]
    assert answer.explanations[1].hypotheses[0].cases_without == 0


def test_nothing_is_explained_where_nothing_stands_out():
    many = 400
    tables = registry(
        vials=[f"V{number // 20}" for number in range(many)], practitioners=["one"] * many, ill=[10, 210]
    )
    assert explained(tables).explanations == ()


def test_other_outcomes_are_not_mixed_in(one_vial):
    infection = [one for one in registry_outcomes(one_vial, GROUPS) if one.outcome.name == "infection"]
    found = search_clusters(one_vial, infection, now=NOW, options=OPTIONS)
    other = [replace(cluster, outcome="allergy") for cluster in found.answer.clusters]
    assert explain(found.scanned["infection"].ground, other) == ()
