"""In which order clusters stand."""

from dataclasses import replace

from untoward.model.clusters import Cluster, Explanation, Hypothesis, Place
from untoward.model.counts import Estimate
from untoward.watch.clusters.order import by_p, likeliest_first

NONE = Estimate(value=None, low=None, high=None, method="none")


def cluster(value, p, llr, cases):
    return Cluster(
        where=(Place(axis="lot", value=value),), start="2026-01-01", end="2026-01-02", in_window=False,
        outcome="infection", observed=len(cases), expected=0.1, sessions=9, persons=9, relative_risk=NONE,
        llr=llr, p=p, replicates=999, cases=tuple(cases), shares=(), reading="",
    )  # fmt: skip


def hypothesis(value, probability):
    return Hypothesis(
        where=(Place(axis="lot", value=value),), label=value, probability=probability, log_bayes_factor=1.0,
        prior=0.1, cases_with=2, cases_without=0, cases_unknown=0, persons_with=9, expected=0.1, reading="",
    )  # fmt: skip


def explanation(clusters, *hypotheses):
    return Explanation(
        clusters=clusters, outcome="infection", method="", hypotheses=hypotheses, nothing_in_common=0.1,
        facts=(), reading="",
    )  # fmt: skip


def names(clusters):
    return [one.where[0].value for one in clusters]


CLUSTERS = by_p(
    [cluster("wide", 0.001, 20, "abc"), cluster("other", 0.001, 15, "xy"), cluster("late", 0.04, 9, "pq"),
     cluster("narrow", 0.002, 18, "abc")]
)  # fmt: skip


def test_by_p_then_by_statistic():
    assert names(CLUSTERS) == ["wide", "other", "narrow", "late"]
    assert CLUSTERS[0].explains_same_cases == (2,)


def test_the_likeliest_explanation_leads_its_group():
    group = explanation((0, 2), hypothesis("narrow", 0.9), hypothesis("wide", 0.05))
    clusters, (explained,) = likeliest_first(CLUSTERS, [group])
    assert names(clusters) == ["narrow", "wide", "other", "late"]
    assert explained.clusters == (0, 1)
    assert clusters[0].explains_same_cases == (1,)
    assert clusters[2].explains_same_cases == ()


def test_a_place_that_is_no_hypothesis_follows():
    clusters, _explained = likeliest_first(CLUSTERS, [explanation((0, 2), hypothesis("narrow", 0.01))])
    assert names(clusters) == ["narrow", "wide", "other", "late"]


def test_explanations_stand_in_the_order_of_their_clusters():
    groups = [explanation((3,), hypothesis("late", 0.3)), explanation((1,), hypothesis("other", 0.8))]
    clusters, explained = likeliest_first(CLUSTERS, groups)
    assert clusters == CLUSTERS
    assert [one.clusters for one in explained] == [(1,), (3,)]


def test_without_explanations_nothing_moves():
    assert likeliest_first(CLUSTERS, []) == (CLUSTERS, ())
    assert by_p([replace(one, shares=()) for one in CLUSTERS]) == CLUSTERS
