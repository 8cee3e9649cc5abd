"""Clusters: cases closer in time and exposure than chance, what may explain them, and what would tell.

A cluster is an association in the record. Nothing here says that an exposure caused a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from untoward.model.counts import EpiCurve, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One value of one axis: this lot, that practitioner. A cluster at several places had all of them."""

    axis: str
    value: str


class Overlap(Enum):
    """How the cases of another cluster stand to those of this one."""

    SAME = "same cases"
    INSIDE = "all cases of this one are among the other's"
    AROUND = "all cases of the other are among this one's"
    PARTLY = "some cases in common"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCases:
    """Another cluster (its position in the list, from 0) that has cases of this one, and how many."""

    cluster: int
    overlap: Overlap
    common: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCase:
    """One line of the line list behind a cluster. Dates are ISO; what nobody wrote down is None.

    `sessions` are those that may have caused it and belong to the cluster, `known_outbreak` the outbreak it was already
    counted to when the record was read.
    """

    reaction_id: str
    patient_id: str
    sessions: tuple[str, ...]
    session_date: str
    onset_date: str | None
    days_to_onset: float | None
    term: str
    clinic: str | None
    practitioner: str | None
    lots: tuple[str, ...] = ()
    vials: tuple[str, ...] = ()
    known_outbreak: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """More cases at one place, perhaps within a time window, than expected.

    `start` and `end` are the ISO dates of the first and last session counted; `in_window` says whether they are a time
    window that was searched for, or all the place's sessions. `observed` and `expected` count persons; `expected` knows
    how much of each session's risk window has passed. `p` is the chance that the largest excess anywhere, on any axis
    and in any window, reaches this one when outcomes have nothing to do with exposures (family-wise, never 0).
    `known_outbreaks` counts the cases already in a known outbreak, by its name.
    """

    where: tuple[Place, ...]
    start: str
    end: str
    in_window: bool
    outcome: str
    observed: int
    expected: float
    sessions: int
    persons: int
    relative_risk: Estimate
    llr: float
    p: float
    replicates: int
    cases: tuple[str, ...]
    shares: tuple[SharedCases, ...]
    reading: str
    line_list: tuple[ClusterCase, ...] = ()
    epi_curve: EpiCurve | None = None
    known_outbreaks: Mapping[str, int] = field(default_factory=dict)

    @property
    def explains_same_cases(self) -> tuple[int, ...]:
        """Positions of the clusters that have a case in common with this one."""
        return tuple(shared.cluster for shared in self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One explanation of the cases, weighed against the others by how well it accounts for cases and non-cases.

    `log_bayes_factor` is against "nothing in common"; `probability` among all hypotheses weighed, with their
    priors. `cases_with` of `cases` had the exposure, `cases_unknown` might have; `persons_with` had it in all.
    """

    where: tuple[Place, ...]
    label: str
    probability: float
    log_bayes_factor: float
    prior: float
    cases_with: int
    cases_without: int
    cases_unknown: int
    persons_with: int
    expected: float
    reading: str


class FactKind(Enum):
    """What must be done to learn a fact."""

    LOOK_UP = "look up in the papers"
    CULTURE = "send to the laboratory"
    ASK = "ask people who are not known to be ill"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatingFact:
    """One fact that nobody has yet and that would part the two best hypotheses.

    `bits` is how much it is expected to tell (mutual information with the choice between the two, 0 to 1);
    `assumption` says what that figure takes for granted.
    """

    kind: FactKind
    what: str
    why: str
    bits: float
    assumption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Hypotheses for one group of overlapping clusters, most probable first, and the facts that would tell, best first.

    `clusters` are the positions of the clusters explained; `nothing_in_common` is the probability left to chance.
    """

    clusters: tuple[int, ...]
    outcome: str
    method: str
    hypotheses: tuple[Hypothesis, ...]
    nothing_in_common: float
    facts: tuple[SeparatingFact, ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeScanned:
    """How one outcome was scanned: enough to do it again.

    `places` is the number of places with two cases or more that could have been found among all `places_all`; `counting_rule`
    and `delay` say in one sentence how several sessions of a person count, and which delays were taken for granted.
    """

    outcome: str
    definition: str
    cases: int
    persons: int
    sessions: int
    places_all: int
    places: int
    replicates: int
    strata: int
    counting_rule: str
    delay: str
    reading: str
    not_scanned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAnswer:
    """Everything `untoward clusters` found, most likely first."""

    as_of: str | None
    outcomes: tuple[OutcomeScanned, ...]
    clusters: tuple[Cluster, ...]
    explanations: tuple[Explanation, ...]
    look_anyway: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
