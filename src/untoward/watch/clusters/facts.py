"""Which single fact that nobody has yet would best part two explanations of the same cases.

Three kinds of fact are tried: an exposure that was not recorded for a case, a culture of what was injected, and
asking people with one of the two exposures who are not known to be ill. Each is judged by how much its answer is expected to tell
about which of the two holds, given that one does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from untoward.kernels.hypotheses import bits_of_count, bits_of_yes_or_no, likely_ratio
from untoward.model.clusters import FactKind, SeparatingFact
from untoward.watch.clusters.ground import ScannedGround
from untoward.watch.clusters.weighing import BoolArray, Layout, Weighed
from untoward.watch.clusters.wording import place_name
from untoward.watch.wording import many

MOST_FACTS = 3
MOST_ASKED = 5
CULTURED = frozenset({"vial", "lot", "diluent", "product", "device", "mix"})

GROWS_IF_GUILTY = 35 / 51
"""Of 51 vials recovered of one contaminated lot 35 grew the organism: Civen and others, Clin Infect Dis 2006;43:831."""

GROWS_IF_NOT = 0.01
"""A stray growth; our assumption."""

NOT_YET_TOLD = 0.5
"""Share of people who fell ill after an exposure and are found only by asking; our assumption."""

_CULTURE_ASSUMES = (
    "Takes for granted that a guilty one grows the organism as often as in a published outbreak (35 of 51 vials) and an innocent"
    " one in 1 of 100."
)
_ASKING_ASSUMES = "Takes for granted that half of those who fell ill are found only by asking."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rival:
    """One of the two explanations: its place, the sessions that belong to it, and the cases it counts."""

    node: int
    sessions: BoolArray
    cases: BoolArray
    ratio: float
    share: float


def rival_of(scanned: ScannedGround, layout: Layout, weighed: Weighed, node: int) -> Rival:
    """Everything about one place that the facts need."""
    cases = np.zeros(scanned.cases.person.size, dtype=np.bool_)
    cases[scanned.counted.case[scanned.counted.node == node]] = True
    share = float(weighed.share[node])
    return Rival(
        node=node,
        sessions=layout.sessions_with(scanned, node),
        cases=cases,
        ratio=likely_ratio(float(weighed.with_place[node]), float(weighed.recorded[node]), share),
        share=share,
    )


def separating_facts(
    scanned: ScannedGround, layout: Layout, first: Rival, second: Rival, belief_in_first: float
) -> tuple[SeparatingFact, ...]:
    """The most telling facts, best first. `belief_in_first` is the probability of the first when one of the two holds."""
    facts = [
        *_look_ups(scanned, layout, first, second, belief_in_first),
        *_cultures(scanned, first, second, belief_in_first),
        *_questions(scanned, first, second, belief_in_first),
    ]
    telling = [fact for fact in facts if fact.bits > 0]
    return tuple(sorted(telling, key=lambda fact: -fact.bits)[:MOST_FACTS])


def _look_ups(
    scanned: ScannedGround, layout: Layout, first: Rival, second: Rival, belief: float
) -> Iterable[SeparatingFact]:
    """For each of the two, the case without a record on its axis whose answer would tell most."""
    for mine, other, is_first in ((first, second, True), (second, first, False)):
        axis = scanned.names.axis(mine.node)
        best: SeparatingFact | None = None
        for case in _unrecorded(scanned, layout, axis):
            if_mine = _chance(mine.ratio, mine.share)
            if_other = _meet(layout, mine, other) if other.cases[case] else mine.share
            pair = (if_mine, if_other) if is_first else (if_other, if_mine)
            fact = _look_up(scanned, case, axis, mine, bits_of_yes_or_no(*pair, belief))
            if best is None or fact.bits > best.bits:
                best = fact
        if best is not None:
            yield best


def _look_up(scanned: ScannedGround, case: int, axis: str, mine: Rival, bits: float) -> SeparatingFact:
    row = scanned.case_rows.row(case, named=True)
    return SeparatingFact(
        kind=FactKind.LOOK_UP,
        what=f"the {axis} of reaction {row['reaction_id']} (session {row['session_id']})",
        why=f"It is not recorded; if it is {place_name(scanned.names.where(mine.node))}, that speaks for it.",
        bits=bits,
    )


def _unrecorded(scanned: ScannedGround, layout: Layout, axis: str) -> list[int]:
    """Cases that have no place on the axis."""
    on_axis = layout.axis_of_node[scanned.counted.node] == layout.axes.index(axis)
    seen = np.zeros(scanned.cases.person.size, dtype=np.bool_)
    seen[scanned.counted.case[on_axis]] = True
    return [int(case) for case in np.flatnonzero(~seen)]


def _cultures(scanned: ScannedGround, first: Rival, second: Rival, belief: float) -> Iterable[SeparatingFact]:
    for mine, other, is_first in ((first, second, True), (second, first, False)):
        if scanned.names.axis(mine.node) not in CULTURED:
            continue
        pair = (GROWS_IF_GUILTY, GROWS_IF_NOT) if is_first else (GROWS_IF_NOT, GROWS_IF_GUILTY)
        yield SeparatingFact(
            kind=FactKind.CULTURE,
            what=_to_culture(scanned, mine, other),
            why=f"Growth of the patients' organism speaks for {place_name(scanned.names.where(mine.node))}.",
            bits=bits_of_yes_or_no(*pair, belief),
            assumption=_CULTURE_ASSUMES,
        )


def _to_culture(scanned: ScannedGround, mine: Rival, other: Rival) -> str:
    """What to send: of two that were used in the same sessions only the part that the other does not hold can tell."""
    name = place_name(scanned.names.where(mine.node))
    axis = scanned.names.axis(mine.node)
    if axis == "vial":
        return f"what is left of {name}"
    if axis == "device":
        return f"swabs of {name} and of what it is cleaned with"
    inside = bool((other.sessions & ~mine.sessions).sum() == 0)
    unopened = "an unopened pack" if axis in {"lot", "diluent", "product"} else "what is left"
    others = f", not from {place_name(scanned.names.where(other.node))}" if inside else ""
    return f"{unopened} of {name}{others}"


def _questions(
    scanned: ScannedGround, first: Rival, second: Rival, belief: float
) -> Iterable[SeparatingFact]:
    ground = scanned.ground
    person = np.repeat(np.arange(ground.first.size - 1), np.diff(ground.first))
    ill = np.zeros(ground.first.size - 1, dtype=np.bool_)
    ill[scanned.cases.person] = True
    usual = float(ill.mean()) if ill.size else 0.0
    for mine, other, is_first in ((first, second, True), (second, first, False)):
        had, had_other = _persons(person, mine.sessions, ill.size), _persons(person, other.sessions, ill.size)
        well = had & ~had_other & ~ill
        asked = min(MOST_ASKED, int(well.sum()))
        if not asked:
            continue
        rate = NOT_YET_TOLD * float((had & ill).sum()) / float(had.sum())
        pair = (rate, NOT_YET_TOLD * usual) if is_first else (NOT_YET_TOLD * usual, rate)
        only = f"{place_name(scanned.names.where(mine.node))} and not {place_name(scanned.names.where(other.node))}"
        yield SeparatingFact(
            kind=FactKind.ASK,
            what=f"{asked} of the {many(int(well.sum()), 'person')} with {only} who are not known to be ill",
            why="If several of them fell ill too, it is not the other one alone; if none did, it hardly is this one.",
            bits=bits_of_count(asked, *pair, belief),
            assumption=_ASKING_ASSUMES,
        )


def _persons(person: np.ndarray[tuple[int], np.dtype[np.int64]], sessions: BoolArray, size: int) -> BoolArray:
    had = np.zeros(size, dtype=np.bool_)
    had[person[sessions]] = True
    return had


def _chance(ratio: float, share: float) -> float:
    """The chance that a case had the exposure, when it multiplies the risk by the ratio."""
    return ratio * share / (1 + (ratio - 1) * share)


def _meet(layout: Layout, mine: Rival, other: Rival) -> float:
    """Among what was expected in the other's sessions, the part that falls on sessions of both."""
    whole = float(layout.due[other.sessions].sum())
    return float(layout.due[mine.sessions & other.sessions].sum()) / whole if whole > 0 else 0.0
