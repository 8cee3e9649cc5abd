"""What may explain a group of clusters that share cases: every place weighed against every other, and the facts that would tell.

Bayesian model comparison (see `kernels.hypotheses`): each hypothesis says that one place multiplies the risk by an unknown
factor. Two causes at work together are not weighed; a second group of clusters is weighed without the sessions of the
best explanation of the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from untoward.model.clusters import Cluster, Explanation, Hypothesis, SeparatingFact
from untoward.watch.clusters.facts import rival_of, separating_facts
from untoward.watch.clusters.find import STANDS_OUT
from untoward.watch.clusters.ground import ScannedGround
from untoward.watch.clusters.weighing import BoolArray, Layout, Weighed, layout_of, weigh
from untoward.watch.clusters.wording import figure, place_name
from untoward.watch.wording import many

MOST_HYPOTHESES = 6
LEAST_PROBABILITY = 0.001

METHOD = (
    "Bayesian model comparison: each hypothesis multiplies the risk of the exposed by one unknown factor between 1 and"
    " 1,000, averaged over on the log scale. Beforehand one half is given to nothing in common, the other half to all places"
    " alike. Cases and people for whom the exposure is not recorded count neither way."
)

_MEANING = {
    "vial": "this one vial",
    "lot": "the lot, before any vial of it was opened",
    "diluent": "the diluent",
    "device": "the device or how it is cleaned",
    "mix": "this mix as it is prepared",
    "compound pair": "these two compounds together",
    "product": "the product, whatever the lot",
    "compound": "the compound itself",
    "vial age": "how long the vial had been open",
    "practitioner": "how this person works",
    "clinic": "something shared at the clinic: water, room, cleaning",
    "site": "this part of the body",
    "technique": "the technique",
    "city": "something shared in the city",
    "region": "something shared in the region",
}


def explain(scanned: ScannedGround, clusters: Sequence[Cluster]) -> tuple[Explanation, ...]:
    """One explanation for each group of clusters of this ground's outcome that share cases, where one has p of 0.05 or less.

    `clusters` is the whole list that positions refer to.
    """
    groups = _groups(scanned.outcome.outcome.name, clusters)
    if not groups:
        return ()
    layout = layout_of(scanned)
    without: BoolArray | None = None
    found = []
    for group in groups:
        weighed = weigh(scanned, layout, without)
        order = _most_probable(weighed)
        if not order:
            continue
        found.append(_explanation(scanned, layout, weighed, order, group))
        explained = layout.sessions_with(scanned, order[0])
        without = explained if without is None else without | explained
    return tuple(found)


def _groups(outcome: str, clusters: Sequence[Cluster]) -> list[tuple[int, ...]]:
    """Positions of clusters linked by shared cases, the group with the likeliest cluster first."""
    mine = [at for at, cluster in enumerate(clusters) if cluster.outcome == outcome]
    left, groups = set(mine), []
    for start in mine:
        if start not in left:
            continue
        group, open_ = {start}, [start]
        while open_:
            linked = {other for other in clusters[open_.pop()].explains_same_cases if other in left} - group
            group |= linked
            open_.extend(linked)
        left -= group
        if min(clusters[at].p for at in group) <= STANDS_OUT:
            groups.append(tuple(sorted(group)))
    return groups


def _most_probable(weighed: Weighed) -> list[int]:
    """Places with two cases or more, the most probable first; of equals the first in order, which is the more specific."""
    enough = np.flatnonzero((weighed.with_place >= 2) & (weighed.log_factor > 0))
    ranked = enough[np.argsort(-weighed.belief.each[enough], kind="stable")]
    return [
        int(node)
        for at, node in enumerate(ranked[:MOST_HYPOTHESES])
        if at < 2 or weighed.belief.each[node] >= LEAST_PROBABILITY
    ]


def _explanation(
    scanned: ScannedGround, layout: Layout, weighed: Weighed, order: Sequence[int], group: tuple[int, ...]
) -> Explanation:
    hypotheses = tuple(_hypothesis(scanned, layout, weighed, node) for node in order)
    facts: tuple[SeparatingFact, ...] = ()
    if len(order) > 1:
        first, second = (rival_of(scanned, layout, weighed, node) for node in order[:2])
        both = weighed.belief.each[order[0]] + weighed.belief.each[order[1]]
        belief = float(weighed.belief.each[order[0]] / both)
        facts = separating_facts(scanned, layout, first, second, belief)
    return Explanation(
        clusters=group,
        outcome=scanned.outcome.outcome.name,
        method=METHOD,
        hypotheses=hypotheses,
        nothing_in_common=weighed.belief.none,
        facts=facts,
        reading=_reading(hypotheses, weighed.belief.none, _same_sessions(scanned, layout, order)),
    )


def _hypothesis(scanned: ScannedGround, layout: Layout, weighed: Weighed, node: int) -> Hypothesis:
    where = scanned.names.where(node)
    with_place, recorded = int(weighed.with_place[node]), int(weighed.recorded[node])
    persons, expected = _persons_with(scanned, layout, node), float(weighed.expected[node])
    return Hypothesis(
        where=where,
        label=f"{place_name(where)}: {_MEANING.get(scanned.names.axis(node), 'this exposure')}",
        probability=float(weighed.belief.each[node]),
        log_bayes_factor=float(weighed.log_factor[node]),
        prior=float(weighed.prior[node]),
        cases_with=with_place,
        cases_without=recorded - with_place,
        cases_unknown=weighed.cases - recorded,
        persons_with=persons,
        expected=expected,
        reading=(
            f"{many(with_place, 'case')} among {many(persons, 'person')} who had it, {figure(expected)} expected; "
            f"{recorded - with_place} of {many(recorded, 'case')} had something else."
        ),
    )


def _persons_with(scanned: ScannedGround, layout: Layout, node: int) -> int:
    ground = scanned.ground
    sessions = np.flatnonzero(layout.sessions_with(scanned, node))
    return int(np.unique(np.searchsorted(ground.first, sessions, side="right")).size)


def _same_sessions(scanned: ScannedGround, layout: Layout, order: Sequence[int]) -> bool:
    """Whether the two best were used in exactly the same sessions, so that the record cannot part them."""
    if len(order) < 2:
        return False
    first, second = (layout.sessions_with(scanned, node) for node in order[:2])
    return bool((first == second).all())


def _reading(hypotheses: Sequence[Hypothesis], nothing: float, same_sessions: bool) -> str:
    best = hypotheses[0]
    said = f"Best explanation: {best.label} ({_percent(best.probability)}). {best.reading}"
    if nothing > best.probability:
        said = f"Chance alone is still more probable ({_percent(nothing)}) than any one cause. {said}"
    if len(hypotheses) > 1:
        second = hypotheses[1]
        said = f"{said} Next: {second.label} ({_percent(second.probability)})."
        if same_sessions:
            said = f"{said} Both were used in exactly the same sessions: this record cannot part them."
    return said


def _percent(probability: float) -> str:
    if probability < 0.005:
        return "under 1 %"
    return "over 99 %" if probability > 0.995 else f"{100 * probability:.0f} %"
