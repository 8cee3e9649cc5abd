"""Findings that share cases: which of them makes the others ordinary, and is to be looked at first.

What is left of a place when another one's sessions and cases are taken out says whether it is more than the other's shadow:
a busy practitioner who injected from a contaminated vial has ordinary numbers without it. Whole places are compared, not
their windows: a window is chosen to fit the cases, so little is left of it to judge by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy import special

from untoward.kernels.joint_scan import IntArray
from untoward.model.clusters import Overlap, SharedCases
from untoward.watch.clusters.find import Finding
from untoward.watch.clusters.ground import ScannedGround

ORDINARY = 0.05
"""What is left of a place is ordinary when so many cases or more have at least this chance without any excess."""

FADED = 0.05
"""And its excess has faded when so few cases have less than this chance, had it been spread over all its sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What is left of the place of one finding without the place of another.

    `p_excess` is the Poisson chance of so many cases or more when nothing is wrong there; `p_spread` the binomial chance
    of so few when the place's cases fall on what is left as on the whole of it, in proportion to what is expected.
    """

    sessions: int
    observed: int
    expected: float
    p_excess: float
    p_spread: float

    @property
    def ordinary(self) -> bool:
        """Whether what is left is no more than expected."""
        return self.p_excess >= ORDINARY

    @property
    def faded(self) -> bool:
        """Whether the excess is gone, with enough left to say so."""
        return self.ordinary and self.p_spread < FADED


class Standing(Enum):
    """How another finding that shares cases stands to this one."""

    BEHIND = "the other has ordinary numbers without this one"
    BEFORE = "this one has ordinary numbers without the other"
    ALIKE = "the numbers cannot tell them apart"
    APART = "each has more than expected without the other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadows:
    """For findings by position: what is left of one without another, of all pairs that share cases."""

    rests: dict[tuple[int, int], Rest]

    def beside(self, position: int, how: Standing) -> tuple[int, ...]:
        """The findings that stand so to this one, in order."""
        others = sorted(other for one, other in self.rests if one == position)
        return tuple(other for other in others if self.standing(position, other) is how)

    def standing(self, position: int, other: int) -> Standing:
        """How `other` stands to the finding at `position`."""
        of_other, of_this = self.rests[other, position], self.rests[position, other]
        if not of_other.ordinary and not of_this.ordinary:
            return Standing.APART
        if of_other.faded and of_this.faded:
            return Standing.ALIKE
        if of_other.faded or not of_this.ordinary:
            return Standing.BEHIND
        if of_this.faded or not of_other.ordinary:
            return Standing.BEFORE
        return Standing.ALIKE

    def look_first(self, position: int) -> int | None:
        """The finding to look at before this one: one that is nobody's shadow itself, where there is one."""
        before = self.beside(position, Standing.BEFORE)
        leading = [other for other in before if not self.beside(other, Standing.BEFORE)]
        return next(iter((*leading, *before)), None)


def shadows_of(laid_out: ScannedGround, findings: Sequence[Finding]) -> Shadows:
    """What is left of each finding's place without each other one that shares cases with it."""
    rests = {}
    for at, other in enumerate(findings):
        taken = np.zeros(laid_out.ground.date.size, dtype=np.bool_)
        taken[other.place_sessions] = True
        remain = _part_that_remains(laid_out, other)
        for position, finding in enumerate(findings):
            if position != at and finding.case_sessions.keys() & other.case_sessions.keys():
                left = finding.place_rows[~taken[finding.place_sessions]]
                observed = len(finding.place_cases - other.place_cases)
                rests[position, at] = _rest(laid_out, finding, left, observed, remain)
    return Shadows(rests=rests)


def _part_that_remains(laid_out: ScannedGround, other: Finding) -> float:
    """By how much fewer cases are to be expected everywhere when those of the other place are taken out."""
    total = laid_out.cases.person.size
    expected = float(laid_out.expected[other.place_rows].sum())
    return (total - len(other.place_cases)) / max(total - expected, 1e-12)


def _rest(laid_out: ScannedGround, finding: Finding, left: IntArray, observed: int, remain: float) -> Rest:
    expected, whole = float(laid_out.expected[left].sum()), float(laid_out.expected[finding.place_rows].sum())
    due = expected * remain
    return Rest(
        sessions=int(left.size),
        observed=observed,
        expected=due,
        p_excess=1.0 if observed == 0 else float(special.gammainc(observed, due)),
        p_spread=float(special.bdtr(observed, len(finding.place_cases), min(expected / whole, 1.0))),
    )


def shared_cases(position: int, clusters: Sequence[Sequence[str]]) -> tuple[SharedCases, ...]:
    """Which other clusters have cases of the one at this position; `clusters` holds the ids of the cases of each."""
    mine = frozenset(clusters[position])
    found = []
    for at, theirs in enumerate(clusters):
        common = mine & frozenset(theirs)
        if at != position and common:
            found.append(
                SharedCases(
                    cluster=at, overlap=_overlap(len(common), len(mine), len(theirs)), common=len(common)
                )
            )
    return tuple(found)


def _overlap(common: int, mine: int, theirs: int) -> Overlap:
    if common == mine == theirs:
        return Overlap.SAME
    if common == mine:
        return Overlap.INSIDE
    return Overlap.AROUND if common == theirs else Overlap.PARTLY
