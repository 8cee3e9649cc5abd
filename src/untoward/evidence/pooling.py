"""How often, over several populations: which counts may be put together, and what comes out.

Together go counts of the same reaction after the same compound, per the same unit (person, session, injection
or lesion) and in the same kind of arm (active, placebo, without control), from different populations. Left
out are sources that are reviews, since they count the people of other records again, and a second record of
the same people. Single cases have no denominator and are not counts. The model is that of
`kernels.random_effects`; how much populations differ is part of the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Incidence
from untoward.kernels.random_effects import pool_shares

HIGH_HETEROGENEITY = 0.75
"""Above this I^2 populations disagree too much for one figure to stand first (Higgins, BMJ 2003;327:557)."""

Group = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledIncidence:
    """How often a term follows a compound over `populations`, by random effects on the logit scale.

    `share`, `low`, `high` (95 %) and `predicted` (95 % for a further population, from three populations on) are
    shares; `tau2` is the variance between populations on the logit scale, `i2` a share.
    """

    compound: str
    term: str
    per: str
    arm: str
    share: float
    low: float
    high: float
    tau2: float
    i2: float
    q: float
    predicted: tuple[float, float] | None
    populations: int
    evidence: tuple[str, ...]

    @property
    def agree(self) -> bool:
        """Whether the populations agree well enough for the one figure to stand first."""
        return self.i2 <= HIGH_HETEROGENEITY


def pooled_incidences(base: EvidenceBase, compound: str, term: str) -> tuple[PooledIncidence, ...]:
    """One figure for each unit and kind of arm that two or more populations count; none where there are not."""
    found = (
        _pooled(compound, term, group, records)
        for group, records in poolable(base, base.incidences(compound, term)).items()
    )
    return tuple(item for item in found if item is not None)


def poolable(base: EvidenceBase, records: Iterable[Incidence]) -> Mapping[Group, tuple[Incidence, ...]]:
    """Counts that may be put together, by unit and kind of arm: one for each population, no reviews."""
    groups: dict[Group, dict[tuple[str, str | None], Incidence]] = defaultdict(dict)
    for record in records:
        if base.source_of(record).type != "review":
            people = (record.source, record.population)
            groups[record.per, record.arm or "not stated"].setdefault(people, record)
    return {group: tuple(found.values()) for group, found in groups.items()}


def _pooled(compound: str, term: str, group: Group, records: tuple[Incidence, ...]) -> PooledIncidence | None:
    found = pool_shares([record.n for record in records], [record.of for record in records])
    if found is None:
        return None
    return PooledIncidence(
        compound=compound,
        term=term,
        per=group[0],
        arm=group[1],
        share=found.mean,
        low=found.low,
        high=found.high,
        tau2=found.tau2,
        i2=found.i2,
        q=found.q,
        predicted=found.predicted,
        populations=found.populations,
        evidence=tuple(record.key for record in records),
    )
