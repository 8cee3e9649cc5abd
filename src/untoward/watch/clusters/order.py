"""In which order clusters are shown: the group of cases least like chance first, and in it the best explanation first.

A statistic that may choose its time window favours broad places: a clinic in the fortnight of a contaminated vial fits the
cases as tightly as the vial. How well each place accounts for cases and non-cases says better where to look first; but a
place that is hardly more than chance does not stand before one that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from untoward.model.clusters import Cluster, Explanation
from untoward.watch.clusters.overlaps import shared_cases

CLEAR = 0.01
"""Up to this p a cluster is taken as clear when its group is put in order."""


def by_p(clusters: Sequence[Cluster]) -> tuple[Cluster, ...]:
    """By p, then by statistic; equals stay with the more specific axis first. Says who shares cases with whom."""
    return _sharing(sorted(clusters, key=lambda cluster: (cluster.p, -cluster.llr)))


def likeliest_first(
    clusters: Sequence[Cluster], explanations: Sequence[Explanation]
) -> tuple[tuple[Cluster, ...], tuple[Explanation, ...]]:
    """Clusters that one explanation covers stand together, by its probabilities; positions are brought up to date.

    `clusters` come from `by_p`. A group stands where its first cluster stood; in it clear clusters stand before others, and a
    place that is no hypothesis follows those that are.
    """
    group_of = {position: one for one in explanations for position in one.clusters}

    def rank(position: int) -> tuple[int, bool, float, int]:
        group, cluster = group_of.get(position), clusters[position]
        if group is None:
            return (position, False, 0.0, position)
        chances = {one.where: one.probability for one in group.hypotheses}
        return (min(group.clusters), cluster.p > CLEAR, -chances.get(cluster.where, 0.0), position)

    order = sorted(range(len(clusters)), key=rank)
    moved = {old: new for new, old in enumerate(order)}
    updated = [
        replace(one, clusters=tuple(sorted(moved[position] for position in one.clusters)))
        for one in explanations
    ]
    updated.sort(key=lambda one: one.clusters)
    return _sharing([clusters[old] for old in order]), tuple(updated)


def _sharing(ordered: Sequence[Cluster]) -> tuple[Cluster, ...]:
    cases = [cluster.cases for cluster in ordered]
    return tuple(
        replace(cluster, shares=shared_cases(position, cases)) for position, cluster in enumerate(ordered)
    )
