"""Clusters on the page and in the terminal."""

from dataclasses import replace

import pytest

from untoward.model.clusters import ClusterAnswer
from untoward.report.cluster_section import clusters_summary, clusters_view, place_names, probability
from untoward.report.html import render_html


@pytest.fixture(scope="module")
def answer(review):
    return review.clusters


@pytest.fixture(scope="module")
def view(answer):
    return clusters_view(answer, {"R-0000": "case-R-0000"})


def test_the_summary_names_the_clearest_cluster_with_its_numbers(answer):
    said = clusters_summary(answer)
    assert said.startswith("Vial P2-V3: 7 persons with infection, 0.3 expected (p 0.001")
    assert "1 more cluster" in said


def test_nothing_clear_is_said_as_such(answer):
    faint = replace(answer, clusters=tuple(replace(one, p=0.4) for one in answer.clusters))
    assert clusters_summary(faint).startswith("No vial, lot, mix, person or place")


def test_not_scanned_is_not_nothing(answer):
    none = ClusterAnswer(as_of=None, outcomes=(answer.outcomes[1],), clusters=(), explanations=())
    assert "Nothing could be scanned" in clusters_summary(none)
    assert "a cluster needs two" in clusters_summary(none)
    assert "no outcome has two cases" in clusters_summary(replace(none, outcomes=()))


def test_a_card_counts_the_known_outbreak_and_says_when_none_is_recorded(view):
    first, second = (dict(card.facts)["Already in a known outbreak?"] for card in view.cards)
    assert first == "3 of 7 in Madrid 2026"
    assert second.startswith("none")


def test_a_card_links_the_clusters_that_share_its_cases(view):
    link, how = view.cards[0].shares[0]
    assert link.href == "#cluster-2"
    assert how == "all of these cases, and more (7 in common)"


def test_the_line_list_says_what_nobody_wrote_down(view):
    known, little = view.cards[0].line_list.rows[:2]
    assert known[0].links[0].href == "#case-R-0000"
    assert [cell.text for cell in little[4:10]] == ["not known", "not known", *["not recorded"] * 4]


def test_chance_stands_among_the_hypotheses(view):
    rows = view.explanations[0].rows
    assert [row.probability for row in rows] == ["93 %", "6 %", "under 1 %"]
    assert rows[-1].label == "Nothing in common"
    assert "of 1 it is not recorded" in rows[0].accounts


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "under 1 %"), (0.5, "50 %"), (0.9999, "over 99 %"), (1.0, "over 99 %")]
)
def test_probabilities_never_say_never_or_always(value, said):
    assert probability(value) == said


def test_two_compounds_of_one_syringe_read_as_a_pair(answer):
    place = answer.clusters[0].where[0]
    pair = (
        replace(place, axis="compound", value="lidocaine"),
        replace(place, axis="compound", value="arnica"),
    )
    assert place_names(pair) == "lidocaine with arnica"


def test_the_page_shows_the_section(review):
    html = render_html(review)
    for text in ("What would tell them apart", "Look, whatever the numbers say", 'id="cluster-1"', "P2-V3"):
        assert text in html


def test_without_a_search_the_page_says_so(review):
    html = render_html(replace(review, clusters=None))
    assert "Not looked for: that needs a registry" in html
    assert 'id="cluster-1"' not in html
